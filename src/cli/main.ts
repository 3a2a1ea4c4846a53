#!/usr/bin/env node
import { nearestName } from "../files/options.js";
import { terminalText } from "../files/shown.js";
import { type CommandOutput, UsageError } from "./command.js";
import { commands } from "./commands.js";
import { alignColumns, shorten } from "./text-layout.js";

const help = `signmix: train, test, compare, mix and prune adapters of AdapterHub, PEFT and signmix.

Usage: signmix COMMAND [options] FOLDER...

${alignColumns(commands.map(({ name, summary }) => [`  ${name}`, summary])).replace(/^(\s+\S+)\s+/gm, (_, name) => name.padEnd(14))}

A FOLDER is what AdapterHub, PEFT or signmix saved; which of them, its files tell. For results it is one of stored
results. Results go to standard output, progress to standard error.
Exit codes: 0 done, 1 failed or done in part, 2 not understood.

  signmix train remarks.csv --out adapters/remarks     an adapter of your own table
  signmix advise adapters/a adapters/b --data a.csv --data b.csv   may they be mixed?
  signmix fsd adapters/*                              which of these disagree, and where
  signmix mix adapters/imdb adapters/sst2 --out mixed

signmix COMMAND --help tells more.
`;

/** Runs a command line; returns the exit code. */
async function main(args: string[], output: CommandOutput): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? output.err : output.out)(help);
    return name === undefined ? 2 : 0;
  }
  const listed = commands.find((candidate) => candidate.name === name);
  if (!listed) {
    const near = nearestName(
      name,
      commands.map((one) => one.name),
    );
    output.err(`signmix: there is no command "${name}"${near ? `; the nearest is "${near}"` : ""}.\n\n${help}`);
    return 2;
  }
  const command = await listed.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    output.out(command.help);
    return 0;
  }
  try {
    return (await command.run(rest, output)) ?? 0;
  } catch (error) {
    const misused = error instanceof UsageError;
    output.err(`signmix ${name}: ${(error as Error).message}\n`);
    if (misused) output.err(`Try: signmix ${name} --help\n`);
    return misused ? 2 : 1;
  }
}

/** Writes to the process's own streams; in a terminal one line of progress follows another in the same place. */
function standardOutput(): CommandOutput {
  const { stdout, stderr } = process;
  let progressShown = false;
  const clear = () => {
    if (progressShown) stderr.write("\r\x1b[K");
    progressShown = false;
  };
  const width = stdout.columns ?? 100;
  return {
    out(text) {
      clear();
      stdout.write(terminalText(text));
    },
    err(text) {
      clear();
      stderr.write(terminalText(text));
    },
    progress(text) {
      clear();
      progressShown = stderr.isTTY === true;
      const safe = terminalText(text);
      stderr.write(progressShown ? shorten(safe, (stderr.columns ?? 80) - 1) : `${safe}\n`);
    },
    width,
  };
}

// a reader such as `head` may close the pipe early
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

main(process.argv.slice(2), standardOutput()).then((code) => {
  process.exitCode = code;
});
