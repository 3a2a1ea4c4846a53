import { existsSync } from "node:fs";
import { join } from "node:path";
import { importAdapter } from "../../adapters/folder.js";
import type { Advice } from "../../chapters/own/advice.js";
import { advise, secondsPerText, textsOfAllPairs } from "../../chapters/own/advise.js";
import type { Member } from "../../chapters/own/member.js";
import { saveProposal } from "../../chapters/own/save-proposal.js";
import { describeAdvice } from "../../chapters/own/sentences.js";
import { lossTable, signTable, weighingTable } from "../../chapters/own/tables.js";
import { ownLength } from "../../chapters/own/train-own.js";
import { formatSeconds } from "../../display/progress.js";
import { type Cells, tableContent } from "../../display/table.js";
import { textTable } from "../../display/table-print.js";
import type { Encoder } from "../../encoder/encoder.js";
import { cacheFolder } from "../../files/hub.js";
import { nearestName } from "../../files/options.js";
import { readArguments, type Values } from "../arguments.js";
import {
  type Command,
  type CommandOutput,
  countOption,
  jsonOutput,
  numberOption,
  requireNewFolder,
  UsageError,
  wordOption,
} from "../command.js";
import { tableHelp, tableOptions } from "../own-domain.js";
import { encoderHelp, openEncoder } from "../own-encoder.js";
import { type RowChoice, readRows, rowChoices } from "../own-rows.js";
import { bulletList } from "../text-layout.js";
import { FORMATS } from "./mix.js";
import { type AdapterFolder, readAdapters } from "./read-adapters.js";

/** `signmix advise`: which adapters may be mixed. */
export const adviseCommand: Command = {
  help: `signmix advise ADAPTER ADAPTER... [--data TABLE...] [options]

With labelled rows it tests: every pair, on a few rows at first and on more until the interval
decides; then sets grown from the best pair; then ways to weigh it. "mix": each member surely loses
less than the margin. "do not mix": one surely loses more. Without rows it compares signs, starts
and distances, says what they foretell and how far that errs, gives no verdict, and says what would
settle it.

  --data TABLE|DOMAIN   once for each adapter, in their order; or NAME=TABLE for that adapter
  --rows dev|held-out|all   default dev, as "signmix train" deals it out; all: of unseen tables
  --margin POINTS   that a member may lose, default 3      --max-size N   most adapters of a set
  --lambda X   mix by θ₀ + λ Σ δ in place of the average (λ = 1/k), where adapters share a start
${encoderHelp}
  --out FOLDER   writes the best set, if there is one to mix   --format signmix|adapterhub|peft
  --dry-run   only prices it      --fresh   tests again what is kept from earlier runs
  --max-length N   --any-encoder   --license ID   --force   --json

${tableHelp}

Example: signmix advise adapters/a adapters/b --data a.csv --data b.csv --out adapters/mixed
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = readArguments(args, {
      ...tableOptions,
      data: { type: "string", multiple: true },
      ...{
        rows: text,
        margin: text,
        lambda: text,
        "max-size": text,
        encoder: text,
        out: text,
        format: text,
        "max-length": text,
      },
      ...{ license: text, "dry-run": flag, fresh: flag, "any-encoder": flag, force: flag, json: flag },
    });
    const { out, force, json } = values;
    const margin = numberOption("margin", values.margin) ?? 3;
    if (!(margin > 0 && margin < 100)) throw new UsageError("--margin takes points above 0, such as 3.");
    const maxSize = countOption("max-size", values["max-size"], { least: 2 });
    const lambda = numberOption("lambda", values.lambda);
    const which = wordOption("rows", values.rows, rowChoices) ?? "dev";
    const asked = wordOption("format", values.format, FORMATS);
    if (out) requireNewFolder(out, force);
    const folders = readAdapters(positionals, 2, output);
    const sources = assignData(values.data ?? [], folders);
    const notes = folders.flatMap(({ adapter, notes: own }) => own.map((note) => `${adapter.name}: ${note}`));
    const members = await readMembers(folders, sources, values, which, notes);
    const tested = members.filter(({ rows = [] }) => rows.length > 0);
    const encoder =
      tested.length > 0
        ? await openEncoder(
            values.encoder,
            folders.map(({ adapter }) => adapter),
            output,
            json,
          )
        : undefined;
    const fitted = encoder ? members.map((member, i) => fittedTo(member, folders[i], encoder)) : members;
    const maxLength =
      countOption("max-length", values["max-length"], { least: 8 }) ?? (encoder ? ownLength(encoder) : 128);
    const price = encoder && priceOf(encoder, fitted, maxLength);
    if (price) output.err(`${price.text}\n`);
    if (values["dry-run"]) {
      if (json) output.out(jsonOutput({ price: price ? { texts: price.texts, seconds: price.seconds } : null, notes }));
      else if (!price) output.out("Without rows nothing is tested, and it takes a moment.\n");
      return 0;
    }
    const advice = await advise(encoder, fitted, {
      margin,
      ...(maxSize !== undefined && { maxSize }),
      ...(lambda !== undefined && { lambda }),
      ...(encoder && { maxLength }),
      ...(values["any-encoder"] && { anyEncoder: true }),
      ...(encoder &&
        !values.fresh && { keptIn: join(cacheFolder(), "own", `answers-${encoder.hash.slice(0, 16)}.jsonl`) }),
      onProgress: ({ texts, set }) => output.progress(`testing ${set.join(" + ")}, ${texts} texts so far`),
    });
    if (which === "dev" && advice.pairs.some(({ verdict }) => verdict === "too close to call")) {
      notes.push(
        "More rows decide more: --rows held-out takes the test rows too, and leaves none to check the choice on.",
      );
    }
    const { license, "any-encoder": anyEncoder } = values;
    const format = asked ?? folders[0].format;
    const written =
      out !== undefined &&
      saveProposal(advice, fitted, out, { format, ...(license && { license }), ...(anyEncoder && { anyEncoder }) });
    if (written)
      notes.push("Test the mixture with a domain's own head: signmix evaluate MIXTURE TABLE --head ADAPTER.");
    if (json) {
      output.out(jsonOutput({ ...advice, notes: [...advice.notes, ...notes], out: written ? out : null }));
      return 0;
    }
    output.out(described(advice, notes, output));
    if (out)
      output.out(
        written ? `\nWritten to ${out}.\n` : `\nNothing is written to ${out}: no set is surely within the margin.\n`,
      );
    return 0;
  },
};

/** Which table belongs to which adapter: by name, or in their order. */
function assignData(data: readonly string[], folders: readonly AdapterFolder[]): (string | undefined)[] {
  const names = folders.map(({ adapter }) => adapter.name);
  const sources = new Array<string | undefined>(folders.length).fill(undefined);
  const given = data.flatMap((one) => (existsSync(one) || one.includes("=") ? [one] : one.split(",")));
  const unnamed: string[] = [];
  for (const one of given) {
    const at = existsSync(one) ? -1 : one.indexOf("=");
    if (at < 0) {
      unnamed.push(one);
      continue;
    }
    const index = names.indexOf(one.slice(0, at));
    if (index < 0) {
      const near = nearestName(one.slice(0, at), names);
      throw new UsageError(
        `No adapter is called "${one.slice(0, at)}"${near ? `; the nearest is "${near}"` : ""}. They are ${names.join(", ")}.`,
      );
    }
    sources[index] = one.slice(at + 1);
  }
  if (unnamed.length === 0) return sources;
  if (unnamed.length !== folders.length) {
    throw new UsageError(
      `${folders.length} adapters and ${unnamed.length} tables: give one for each, in their order, or name them (--data ${names[0]}=TABLE).`,
    );
  }
  return unnamed;
}

async function readMembers(
  folders: readonly AdapterFolder[],
  sources: readonly (string | undefined)[],
  values: Values<typeof tableOptions>,
  which: RowChoice,
  notes: string[],
): Promise<Member[]> {
  const members: Member[] = [];
  for (const [i, { adapter, head, folder }] of folders.entries()) {
    const source = sources[i];
    if (source === undefined) {
      members.push({ adapter });
      continue;
    }
    if (!head)
      throw new Error(`"${folder}" has no classification head, so it cannot be tested on ${source}; leave that out.`);
    const rows = await readRows(source, values, { which, labels: head.labels, note: (note) => notes.push(note) });
    members.push({ adapter, head, rows });
  }
  return members;
}

/** The member as its encoder completes it. */
function fittedTo(member: Member, { folder }: AdapterFolder, encoder: Encoder): Member {
  return { ...member, adapter: { ...importAdapter(folder, { encoder }).adapter, name: member.adapter.name } };
}

function priceOf(encoder: Encoder, members: readonly Member[], maxLength: number) {
  const largest = members.reduce((a, b) => ((b.rows?.length ?? 0) > (a.rows?.length ?? 0) ? b : a));
  const perText = secondsPerText(encoder, largest, { maxLength });
  const texts = textsOfAllPairs(members);
  const seconds = texts * perText;
  const each = `${(1000 * perText).toFixed(1)} ms each`;
  return {
    ...{ texts, seconds },
    text: `All pairs on all rows are ${texts} texts at ${each}, ${formatSeconds(seconds)}; the race stops earlier where it can. Larger sets and weights come on top.`,
  };
}

function described(advice: Advice, notes: readonly string[], output: CommandOutput): string {
  const show = (rows: readonly Cells[], caption?: string) =>
    rows.length > 0 ? [textTable(tableContent(rows), 100, caption)] : [];
  const tested = advice.pairs.some(({ targets }) => targets.length > 0);
  const apart = advice.pairs.filter(({ verdict }) => verdict === "cannot be mixed");
  const list = (texts: readonly string[]) => (texts.length > 0 ? [bulletList(texts, Math.min(output.width, 100))] : []);
  const parts = [
    ...show(lossTable(advice)),
    ...(tested ? show(weighingTable(advice), "Ways to weigh the nearest set") : []),
    ...show(
      signTable(advice).filter((row) => !("note" in row)),
      tested ? "Signs" : undefined,
    ),
    ...list([
      ...apart.map(({ members, why }) => `${members.join(" + ")} cannot be mixed: ${why}`),
      ...describeAdvice(advice),
      ...notes,
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}
