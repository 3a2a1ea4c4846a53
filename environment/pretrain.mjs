// npm run pretrain: pre-trains an encoder such as data/signmix-mini from a folder of plain text.
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildSource, root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";

const HELP = `npm run pretrain -- --corpus FOLDER [options]

Pre-trains a small BERT encoder on plain text (hidden pieces and sentence pairs) and writes it in the Hugging Face layout.

  --corpus FOLDER       .txt files, one passage a line (or $SIGNMIX_SHARED/corpus)
  --exclude FILE        leave out a file of that folder; may be repeated
  --generated SHARE     share of text from the classroom generator's training templates (default 0.06)
  --output FOLDER       checkpoints, log.jsonl and, at the end, curve.svg (default .cache/pretraining)
  --resume FOLDER       go on from a checkpoint, with a fresh warm-up; may be the output folder or data/signmix-mini
  --export FOLDER       at the end, write the encoder there too, in float16, with its log and curve
  --steps N, --hours H  how long; whichever comes first (default 2 hours)
  --layers N, --width N, --heads N, --vocabulary N   shape (default 4, 192, 4, 8192)
  --time N, --rows N, --pair-rows N   tokens a row (default 64), rows a batch (24), of them sentence pairs (8);
                        --time 64,128 takes turns, with fewer rows where they are longer
  --learning-rate X, --warm-up N, --decay SHARE      schedule (default 0.001, 200 steps, last 0.2 of the run)
  --seed S              (default signmix-mini)
  --backend NAME, --threads N                        (default: the fastest that loads here, 1)

Ctrl-C writes a checkpoint and ends. The same seed, text and flags give the same batches.`;

/** The longest sequence the encoder will take, in tokens. */
const LONGEST = 128;

const flags = {
  corpus: { type: "string" },
  exclude: { type: "string", multiple: true, default: [] },
  generated: { type: "string", default: "0.06" },
  output: { type: "string" },
  resume: { type: "string" },
  export: { type: "string" },
  steps: { type: "string" },
  hours: { type: "string" },
  layers: { type: "string", default: "4" },
  width: { type: "string", default: "192" },
  heads: { type: "string", default: "4" },
  vocabulary: { type: "string", default: "8192" },
  time: { type: "string", default: "64" },
  rows: { type: "string", default: "24" },
  "pair-rows": { type: "string", default: "8" },
  "learning-rate": { type: "string", default: "0.001" },
  "warm-up": { type: "string", default: "200" },
  decay: { type: "string", default: "0.2" },
  seed: { type: "string", default: "signmix-mini" },
  backend: { type: "string" },
  threads: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
};

function readFlags() {
  try {
    return parseArgs({ options: flags }).values;
  } catch (error) {
    throw new Problem(`${error.message}\n\n${HELP}`);
  }
}

function number(values, name) {
  if (values[name] === undefined) return undefined;
  const value = Number(values[name]);
  if (!(value >= 0)) throw new Problem(`--${name} takes a number, not "${values[name]}".`);
  return value;
}

function corpusFolder(values) {
  if (values.corpus) return path.resolve(values.corpus);
  if (process.env.SIGNMIX_SHARED) return path.join(process.env.SIGNMIX_SHARED, "corpus");
  throw new Problem(`Say which text: --corpus FOLDER.\n\n${HELP}`);
}

/** A batch shape for each length of `--time`, all of about the same number of tokens. */
function batchShapes(values) {
  const times = values.time.split(",").map(Number);
  const wrong = times.find((time) => !(time >= 16 && time <= LONGEST));
  if (wrong !== undefined) throw new Problem(`--time takes lengths from 16 to ${LONGEST}, not "${values.time}".`);
  const rows = (name, time) => Math.max(1, Math.round((number(values, name) * times[0]) / time));
  return times.map((time) => ({ rows: rows("rows", time), time, pairRows: rows("pair-rows", time) }));
}

/** Passages of the classroom generator, so many that they make the given share of all characters. */
function generatedText(trainingText, passages, share) {
  if (share === 0) return [];
  if (share >= 1) throw new Problem("--generated takes a share below 1.");
  const characters = (texts) => texts.reduce((sum, text) => sum + text.length, 0);
  const sample = 1000;
  const each = characters(trainingText("pre-training", sample)) / sample;
  const wanted = (characters(passages) * share) / (1 - share);
  return trainingText("pre-training", Math.round(wanted / each));
}

async function main() {
  const values = readFlags();
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = corpusFolder(values);
  const output = path.resolve(values.output ?? path.join(root, ".cache", "pretraining"));
  const resume = values.resume && path.resolve(values.resume);
  if (existsSync(path.join(output, "model.safetensors")) && resume !== output) {
    throw new Problem(`"${output}" holds a checkpoint: add --resume "${output}" to go on, or name another --output.`);
  }
  const threads = number(values, "threads");
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_NUM_INTEROP_THREADS ??= "1";
  try {
    os.setPriority(10); // other work on the machine goes first
  } catch {
    // not allowed here: then at normal priority
  }
  await buildSource();
  const { setThreads } = await import("../dist/engine/threads.js");
  const { selectBackend } = await import("../dist/engine/backend.js");
  const { trainingText } = await import("../dist/domains/classroom/generate.js");
  const { readCorpus } = await import("../dist/pretraining/corpus.js");
  const { pretrain } = await import("../dist/pretraining/pretrain.js");
  const { pretrainingFigure } = await import("../dist/figures/pretraining.js");
  const { drawSvg } = await import("../dist/figures/svg/static-picture.js");
  const { readJsonLines } = await import("../dist/files/json-lines.js");
  const { writeFileAtomic } = await import("../dist/files/atomic.js");
  const { savePretraining } = await import("../dist/pretraining/checkpoint.js");
  setThreads(threads);
  await selectBackend(values.backend);
  const passages = readCorpus(folder, values.exclude).flatMap((file) => file.passages);
  passages.push(...generatedText(trainingText, passages, number(values, "generated")));
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (stopped) process.exit(130);
      stopped = true;
      console.error("writing a checkpoint; once more to end without it");
    });
  }
  const hours = number(values, "hours");
  const steps = number(values, "steps");
  const last = await pretrain({
    passages,
    output,
    resume,
    vocabularySize: number(values, "vocabulary"),
    layers: number(values, "layers"),
    width: number(values, "width"),
    heads: number(values, "heads"),
    maxPositions: LONGEST,
    batches: batchShapes(values),
    learningRate: number(values, "learning-rate"),
    warmUp: number(values, "warm-up"),
    decayShare: number(values, "decay"),
    pairWeight: 1,
    seed: values.seed,
    steps,
    hours: hours ?? (steps === undefined ? 2 : undefined),
    checkpointMinutes: 5,
    heldOutEvery: 250,
    stopped: () => stopped,
    report: (line) => console.error(line),
  });
  const log = readJsonLines(path.join(output, "log.jsonl")).filter(({ heldOut }) => heldOut);
  const curve = await drawSvg(pretrainingFigure(log, `Pre-training of ${values.seed}`));
  writeFileAtomic(path.join(output, "curve.svg"), curve);
  if (values.export) {
    const folder = path.resolve(values.export);
    savePretraining(last, folder, "float16");
    writeFileAtomic(path.join(folder, "pretraining-log.jsonl"), log.map((row) => `${JSON.stringify(row)}\n`).join(""));
    writeFileAtomic(path.join(folder, "curve.svg"), curve);
  }
  return 0;
}

runMain(main);
