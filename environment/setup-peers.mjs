// npm run setup:peers — the programs that signmix is compared with (PyTorch, transformers, AdapterHub, PEFT, ONNX Runtime
// for Python, Jupyter, TextAttack), in a Python environment of their own outside the clone. Tests and benchmarks find it there.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { constraints, findPeers, peersFolder, pinsHash, programOf, requirements, stampFile } from "./peers/find.mjs";

const help = `npm run setup:peers -- [options]

  --folder PATH   where the environment lies (or SIGNMIX_PEERS); otherwise signmix/peers in the system's folder for caches
  --python PATH   the Python that makes it, 3.11 or newer; otherwise python3, then python
  --minutes N     the most it may take; default 25. What is installed by then stays, and the next call goes on from there
  --print         only print the interpreter's path, if the environment is there
  --remove        take the environment away

Some 6 GB, most of it PyTorch. Exit status: 0 it is there; 1 something failed; 3 it cannot be had here, or not in time.`;

const { values: options } = parseArgs({
  options: {
    folder: { type: "string", default: peersFolder() },
    python: { type: "string" },
    minutes: { type: "string", default: "25" },
    print: { type: "boolean", default: false },
    remove: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const folder = path.resolve(options.folder);
const deadline = Date.now() + Number(options.minutes) * 60_000;

/** Ends the script because this machine or this time does not suffice. */
class Missing extends Error {}

const say = (text) => console.log(`setup:peers  ${text}`);

/** Runs a program until it ends or the time is up; ended then with all that it started. */
function run(command, args) {
  const left = deadline - Date.now();
  if (left <= 0) throw new Missing(`${options.minutes} minutes are over; the same command goes on from here.`);
  return new Promise((resolve, reject) => {
    const ownGroup = process.platform !== "win32";
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: ownGroup });
    const end = () => (ownGroup ? process.kill(-child.pid, "SIGTERM") : child.kill());
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, left);
    process.once("SIGINT", end);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("SIGINT", end);
      if (late) reject(new Missing(`${options.minutes} minutes are over; the same command goes on from here.`));
      else resolve(code);
    });
  });
}

const versionScript = "import sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)";

/** A Python that the pins are for. */
function findPython() {
  const tried = [];
  for (const command of options.python ? [options.python] : ["python3", "python"]) {
    const { status, stdout } = spawnSync(command, ["-c", versionScript], { encoding: "utf8" });
    const [, major, minor, executable] = status === 0 ? stdout.trim().match(/^(\d+)\.(\d+) (.*)$/) : [];
    if (Number(major) === 3 && Number(minor) >= 11) return executable;
    tried.push(major ? `${command} is ${major}.${minor}` : `${command} does not run, or lacks venv`);
  }
  throw new Missing(
    `Python 3.11 or newer is needed (${tried.join("; ")}); install it, or name one with --python PATH.`,
  );
}

/** The packages by group, as requirements.txt has them: each with the words of its heading. */
function groups() {
  return readFileSync(requirements, "utf8")
    .split(/^# group: /m)
    .slice(1)
    .map((part) => {
      const [name, ...lines] = part.trim().split("\n");
      return { name, packages: lines.filter((line) => line && !line.startsWith("#")) };
    });
}

// All that tests and benchmarks import, in a process of its own. TextAttack is only looked for: it asks for NLTK's word
// lists at its import, which are downloads of their own.
const probe = `
import importlib, importlib.util
names = ["torch", "transformers", "adapters", "peft", "onnxruntime", "jupyterlab", "nbconvert", "nbclient", "jupyter_console",
         "ipykernel", "jupyter_kernel_test", "nbval"]
for name in names: importlib.import_module(name)
assert importlib.util.find_spec("textattack")
`;

/** Holds the folder for one process; another waits for it as long as it may itself. */
async function whileLocked(action) {
  const lock = path.join(folder, "lock");
  mkdirSync(folder, { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lock, `${process.pid}`, { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!alive(Number(readFileSync(lock, "utf8")))) rmSync(lock, { force: true });
      else if (Date.now() > deadline) throw new Missing("another process is still making the environment.");
      else {
        if (!waited) say("another process is making it; waiting");
        await sleep(1000);
      }
    }
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function make() {
  const python = programOf(folder, "python");
  if (findPeers(folder)) return say(`there already: ${python}`);
  if (spawnSync(python, ["-m", "pip", "--version"]).status !== 0) {
    const base = findPython();
    say(`making a virtual environment with ${base} in ${folder}`);
    if ((await run(base, ["-m", "venv", folder])) !== 0) {
      throw new Missing(`${base} makes no virtual environment; on Debian and Ubuntu: apt-get install python3-venv.`);
    }
  }
  for (const { name, packages } of groups()) {
    say(`${name}: ${packages.join(" ")}`);
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", constraints];
    if ((await run(python, [...args, ...packages])) !== 0) {
      throw new Missing(`pip could not supply ${packages.join(" ")}; see its message above.`);
    }
  }
  const began = Date.now();
  const status = await run(python, ["-W", "ignore", "-c", probe]);
  if (status !== 0) throw new Error("what was installed cannot be imported; see the message above.");
  writeFileSync(stampFile(folder), `${JSON.stringify({ pins: pinsHash() })}\n`);
  say(`all import (${Math.round((Date.now() - began) / 1000)} s): ${python}`);
}

try {
  if (options.help) console.log(help);
  else if (options.remove) rmSync(folder, { recursive: true, force: true });
  else if (options.print) {
    const python = findPeers(folder);
    if (!python) throw new Missing("not there; run npm run setup:peers.");
    console.log(python);
  } else await whileLocked(make);
} catch (error) {
  console.error(`setup:peers  ${error.message}`);
  process.exitCode = error instanceof Missing ? 3 : 1;
}
