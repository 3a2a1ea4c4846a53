import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { blocksOf, commandsIn, commandsOf, documents } from "./documents.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-documents-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const fixtures = "test/fixtures/reference";
let outputs = 0;

const ownTables = "needs tables of the reader's; test/cli/own.test.ts runs it on tables that it makes";

/** Commands that need more than a test has, each with the reason. */
const cannotRun: Record<string, string> = {
  "npm test": "runs this test",
  "npm ci": "installs all packages again",
  "npm run scorecard": "writes the front page; a test of its own tells where that is behind",
  "npm run lab": "opens JupyterLab and stays open",
  "npm run class -- --folder FOLDER": "the command without the flag is run in another folder",
  "npm run lab -- class --workers 1 --memory 500": "opens JupyterLab and stays open; a test reads the flags",
  "npm run lab -- class": "opens JupyterLab and stays open",
  "npm run class -- --offline": "downloads all packages, for minutes",
  "npm run class -- --reset": "a test of its own makes and resets a class's folder elsewhere",
  "npm run pretrain": "needs a corpus, and takes hours; its --help is run",
  "npm run pretrain -- --corpus FOLDER --output RUN --hours 3": "takes three hours",
  "npm run pretrain -- --corpus FOLDER --output RUN --resume RUN --hours 1.5 --export data/signmix-mini":
    "takes hours, and replaces the encoder",
  "npm run pretrain -- --corpus FOLDER --exclude datasets.txt --seed signmix-general --output RUN": "takes hours",
  "npm run measure -- --profile compact --data FOLDER --encoder random --encoder RUN": "trains for an hour",
  "npm run measure": "trains adapters for minutes or hours; its --help is run",
  "npm run reproduce -- --profile mine --only 02":
    "needs a profile of the reader's, of which the next line has the test",
  "npx signmix results merge data/results/classroom --profile mine":
    "writes into data/results; test/study/profile.test.ts makes profiles of one's own, elsewhere",
  "npm run fuzz -- kills --places 20": "runs the tour forty times",
  "npm run fuzz -- soak --runs 24": "runs the tour 26 times",
  "npm run bench": "measures for minutes, and wants the machine for itself; its --help is run",
  "npm run bench -- --only cost --backend tensorflow": "measures for minutes, on a machine with TensorFlow",
  "npx signmix submit slurm --profile paper --nodes 1 --rates data/rates-tensorflow.json --dry-run":
    "its rates are what the command above measures; test/chapters/cost.test.ts reads such a file",
  "npm run setup:peers": "downloads some 5 GB",
  "npm run setup:tensorflow": "builds an addon where Python has TensorFlow; its --help is run",
  "npm run setup:tensorflow -- --install": "downloads 1.2 GB",
  "npm run setup:tensorflow -- --install --cuda": "downloads 6 GB",
  "npm run setup:tensorflow -- --python PATH": "needs a Python that has TensorFlow",
  "npm run setup:tensorflow -- --official": "downloads from a host that is often out of reach",
  "npm run setup:use": "downloads 26 MB where they are not in the cache; its --help is run",
  "node environment/checks/textattack.mjs --python PATH": "needs a Python with TextAttack; its --help is run",
  "node environment/checks/adapterhub-training.mjs --python PATH": "a test of its own runs it where there are peers",
  "node environment/checks/decay.mjs": "trains adapters for minutes; its --help is run",
  "node environment/checks/round-trips.mjs": "needs the peers, for minutes; its --help is run",
  "node environment/checks/verdicts.mjs": "tests pairs for half an hour; its --help is run",
  "node environment/foretell.mjs": "writes data/foretold-loss.json; a test of its own computes what it writes",
  "npm install --no-save webgpu @tensorflow/tfjs-backend-webgpu@4.22.0": "downloads 132 MB",
  "SIGNMIX_BACKEND=webgpu npm run reproduce": "needs a GPU and the two packages",
  "node environment/clean-clone.mjs": "clones and installs everything",
  "node environment/lab-check.mjs": "needs JupyterLab and Chromium",
  "node environment/kernel-check.mjs": "needs JupyterLab and Chromium",
  "node environment/checks/site.mjs": "needs Chromium",
  "node environment/checks/first-edition.mjs": "reads git's history, which a shallow clone lacks",
  "npx signmix results adopt --profile compact --data FOLDER --encoder FOLDER": "trains for minutes, on real texts",
  "node environment/checks/paper-size.mjs --data FOLDER": "computes for half an hour",
  "npm pack": "a test of its own packs and uses a copy",
  "npm install --omit=dev": "installs all packages again",
  "npx signmix new-domain remarks.csv --text remark --label verdict --out domains/remarks": ownTables,
  "npx signmix train domains/remarks --out adapters/remarks": ownTables,
  "npx signmix evaluate adapters/remarks domains/remarks": ownTables,
  "npx signmix advise adapters/remarks adapters/reviews --data domains/remarks --data domains/reviews --out adapters/mixed":
    ownTables,
  "npx signmix new-domain": ownTables,
  "npm run bench -- --only kernel": "measures for minutes, and wants the machine for itself",
  "npm run bench -- --only cost": "computes for some twenty minutes; its --help is run",
  "npm run bench -- --only store --rows 1000000": "writes and reads a million rows for minutes; its --help is run",
  "npm install --prefix .cache/kubernetes kubernetes-models@4.5.1 yaml@2.9.1": "downloads 33 MB",
  "node environment/containers/in-chroot.mjs environment/containers/cpu.Dockerfile BASE IMAGE":
    "installs all packages, as root",
  "node environment/containers/in-chroot.mjs --run IMAGE --user 12345 --study STUDY node environment/signmix.mjs results plan --profile smoke --results /study":
    "needs the image",
  "npm run export-html -- FOLDER --out FOLDER --pictures": "needs Chromium; the command without flags is run",
};

const help = ["--help"];

/** Not among the user's own kernels. */
const kernel = (action: string) => ["dist/cli/main.js", "kernel", action, "--prefix", path.join(folder, "prefix")];

/** How a test runs the other commands: arguments that make them cheap. Those of `npx signmix` run as they are. */
const runsAs: Record<string, string[]> = {
  "npm run setup": ["environment/setup.mjs"],
  "npm run class": ["environment/class.mjs", "--folder", path.join(folder, "class")],
  "node environment/face.mjs": ["environment/face.mjs", "--check"],
  "node environment/setup.mjs": ["environment/setup.mjs"],
  "npm run gallery": ["environment/gallery.mjs", "--check"],
  "npm run export-html": ["environment/export-html.mjs", "--out", path.join(folder, "html")],
  "npm run fuzz -- --mutations 100000 --seed 1": ["environment/fuzz.mjs", "--mutations", "100", "--seed", "1"],
  "npm run fuzz -- --target all --seconds 60": ["environment/fuzz.mjs", "--target", "json", "--seconds", "1"],
  "npm run bench -- --help": ["environment/bench.mjs", ...help],
  "node environment/checks/first-layers.mjs --encoder FOLDER --layers 3 --out FOLDER": [
    ...["environment/checks/first-layers.mjs", "--encoder", "data/signmix-mini", "--layers", "3"],
    ...["--out", path.join(folder, "first-3")],
  ],
  // hours, and another clone: tests of their own run and merge
  "npx signmix study run --profile compact-three-layers --stage pairs --data FOLDER --encoder FOLDER": [
    ...["dist/cli/main.js", "study", ...help],
  ],
  "npx signmix study run --profile compact --seed 1 --minutes 300 --data FOLDER --encoder FOLDER": [
    ...["dist/cli/main.js", "study", ...help],
  ],
  "npx signmix results merge CLONE --profile compact": ["dist/cli/main.js", "results", ...help],
  "npx signmix kernel install": kernel("install"),
  "node environment/signmix.mjs kernel install": kernel("install"),
  "npx signmix kernel install --name mine": [...kernel("install"), "--name", "mine"],
  "npx signmix kernel remove": kernel("remove"),
};

/** The smallest part of a study: the tour, trained for two steps. */
const tour = ["--only", "00", "--set", "steps=2", "--set", "schedule=equal", "--profile", "smoke"];
const study = ["--profile", "smoke", "--results", path.join(folder, "study")];
const results = (...args: string[]) => ["dist/cli/main.js", "results", ...args];
Object.assign(runsAs, {
  "npx signmix results plan --profile smoke --results FOLDER": results("plan", ...tour, ...study),
  "npx signmix results plan --profile smoke --results FOLDER --shard 1/4": results(
    "plan",
    ...tour,
    ...study,
    "--shard",
    "1/4",
  ),
  "npx signmix results run --profile smoke --results FOLDER --shard 1/4": results(
    "run",
    ...tour,
    ...study,
    "--shard",
    "1/4",
  ),
  "npx signmix results merge --shards --profile smoke --results FOLDER": results("merge", "--shards", ...study),
  "npx signmix results run --profile smoke --results FOLDER": results("run", ...tour, ...study),
  // of all kinds it takes minutes
  "npx signmix results verify": results("verify", "--kind", "evaluate", "--sample", "1"),
  "npx signmix results verify --sample 4": results("verify", "--kind", "layer-sparse", "--sample", "1"),
  "npx signmix results merge FOLDER --profile smoke": results(
    "merge",
    path.join(folder, "study"),
    "--profile",
    "smoke",
    "--results",
    path.join(folder, "clone"),
  ),
});

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

function runNode(...args: string[]): Ran {
  return runNodeIn(projectPath(), args);
}

function runNodeIn(cwd: string, args: string[]): Ran {
  return spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
}

/** Adapters of the hubs, which are not part of the project: documents call their folder `hub`. */
const hub = process.env.SIGNMIX_SHARED && path.join(process.env.SIGNMIX_SHARED, "adapters");
if (hub) symlinkSync(path.resolve(hub), path.join(folder, "hub"), "junction");
const lacksHub = (command: string) => !hub && / hub\//.test(command);

function signmix(command: string): Ran {
  // Each FOLDER of a document is a place of its own.
  const args = command.split(" ").slice(2);
  const given = args.map((word) => (word === "FOLDER" ? path.join(folder, `out-${outputs++}`) : word));
  const cwd = / hub\//.test(command) ? folder : projectPath();
  return runNodeIn(cwd, [projectPath("dist", "cli", "main.js"), ...given]);
}

const ran = new Map<string, Ran>();

function run(command: string): Ran {
  const known = ran.get(command) ?? runAnew(command);
  ran.set(command, known);
  return known;
}

function runAnew(command: string): Ran {
  if (runsAs[command]) return runNode(...runsAs[command]);
  if (command.startsWith("npx signmix")) return signmix(command);
  const [, flags = ""] = command.split(" -- ");
  const given = flags.split(" ").map((word) => (word === "FOLDER" ? folder : word));
  return runNode("environment/reproduce.mjs", ...given.filter(Boolean), "--dry-run");
}

const canRun = (command: string) =>
  command in runsAs ||
  (command.startsWith("npx signmix ") && !(command in cannotRun)) ||
  (/^npm run reproduce( |$)/.test(command) && !(command in cannotRun));

const all = [...new Set(documents().flatMap(commandsOf))].filter((command) => command !== "npx signmix");

test("every command of a document is run by this test, or named here with the reason why not", () => {
  const scripts = JSON.parse(readFileSync(projectPath("package.json"), "utf8")).scripts;
  for (const command of all) {
    const script = /^npm run (\S+)/.exec(command)?.[1];
    if (script) assert.ok(scripts[script], `${command}: package.json has no such script`);
    if (command === "node own-domain.mjs") continue; // run below
    assert.ok(canRun(command) !== command in cannotRun, `${command}: say here how to run it, or why it cannot be run`);
  }
  const gone = [...Object.keys(cannotRun), ...Object.keys(runsAs)].filter((command) => !all.includes(command));
  assert.deepEqual(gone, [], "no document has these any more");
});

for (const command of all.filter(canRun)) {
  const skip = lacksHub(command) ? "SIGNMIX_SHARED, which holds adapters of the hubs, is not set" : false;
  test(command, { skip }, () => {
    const refused =
      command === "npx signmix fsd hub/adapterhub-pfeiffer-mbert-metaphor hub/peft-lora-distilbert-emotion";
    const { status, stderr } = run(command);
    assert.equal(status, refused ? 1 : 0, stderr);
  });
}

test("scripts that are only named tell how they are used", () => {
  for (const script of ["pretrain", "setup-tensorflow"]) {
    const { status, stdout, stderr } = runNode(`environment/${script}.mjs`, ...help);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /--/);
  }
});

test("shown outputs are what the commands print", () => {
  const shown = documents()
    .flatMap(blocksOf)
    .filter(({ language }) => language === "console");
  assert.ok(shown.length > 0);
  for (const block of shown) {
    const [command] = commandsIn(block);
    if (lacksHub(command)) continue; // the test of the command tells that it is skipped
    const output = block.text.slice(block.text.indexOf("\n") + 1);
    const { status, stdout, stderr } = run(command);
    const failure = stderr.slice(stderr.indexOf("signmix "));
    assert.equal((status === 0 ? stdout : failure).trimEnd(), output.trimEnd(), command);
  }
});

test("programs of the documents run, with fewer steps and texts", { timeout: 300_000 }, () => {
  symlinkSync(projectPath("dist"), path.join(folder, "dist"), "junction");
  mkdirSync(path.join(folder, "data"));
  symlinkSync(projectPath("data", "signmix-mini"), path.join(folder, "data", "signmix-mini"), "junction");
  const remarks = Array.from(
    { length: 60 },
    (_, i) => `Remark ${i} is ${i % 2 ? "fine" : "bad"},${i % 2 ? "praise" : "blame"}`,
  );
  writeFileSync(path.join(folder, "remarks.csv"), `remark,verdict\n${remarks.join("\n")}\n`);
  for (const [name, from] of Object.entries({ imdb: "lora_a", sst2: "lora_b", rte: "lora_a" })) {
    cpSync(projectPath(fixtures, "peft", from), path.join(folder, "adapters", name), { recursive: true });
  }
  const programs = documents()
    .flatMap(blocksOf)
    .filter(({ language }) => language === "js");
  assert.equal(programs.length, 3);
  for (const [at, { text }] of programs.entries()) {
    const cheap = text.replace("steps: 200", "steps: 2").replace('("sst2")', '("sst2", { maxTrain: 64, maxTest: 8 })');
    const file = path.join(folder, `program-${at}.mjs`);
    writeFileSync(file, cheap);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const printed = [
      /alone: [\d.]+,\s+mixed: [\d.]+,\s+fsd: 0\.\d+,\s+tested: \d+\s+\}\s*$/,
      /0\.\d+\s*$/,
      /^(?:\{ spearman: .*\n){2}(?:\{ entityF1: .*\n){2}$/m,
    ];
    assert.match(stdout, printed[at]);
    assert.ok(text.trim().split("\n").length <= 12, "ten lines after the import and an empty one");
  }
});
