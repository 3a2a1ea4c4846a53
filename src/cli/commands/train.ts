import { join } from "node:path";
import { exportAdapter } from "../../adapters/folder.js";
import { type AdapterMethod, methods } from "../../adapters/methods.js";
import { modelCard, writeModelCard } from "../../adapters/model-card.js";
import { checkDomain } from "../../chapters/own/domain-checks.js";
import { trainingTable } from "../../chapters/own/tables.js";
import { describeTraining, type OwnTraining, ownSettings, trainOwn } from "../../chapters/own/train-own.js";
import { formatSeconds } from "../../display/progress.js";
import { tableContent } from "../../display/table.js";
import { textTable } from "../../display/table-print.js";
import type { Domain } from "../../domains/domain.js";
import type { EncoderFamily } from "../../encoder/config.js";
import { standardHead } from "../../encoder/heads.js";
import { writeFolderAtomic } from "../../files/atomic.js";
import { cacheFolder } from "../../files/hub.js";
import { readArguments } from "../arguments.js";
import {
  type Command,
  countOption,
  jsonOutput,
  numberOption,
  requireNewFolder,
  UsageError,
  wordOption,
} from "../command.js";
import { readOwnDomain, tableHelp, tableOptions } from "../own-domain.js";
import { encoderHelp, openEncoder } from "../own-encoder.js";
import { bulletList } from "../text-layout.js";
import { FORMATS } from "./mix.js";

const methodNames = Object.keys(methods) as AdapterMethod[];

/** `signmix train`: an adapter of one's own. */
export const trainCommand: Command = {
  help: `signmix train TABLE|DOMAIN --out FOLDER [options]

Trains an adapter with its head, and says whether it beats the most frequent label and a bag of
words on the dev rows. A tenth of the rows is kept for dev and a fifth for test, unless --split
says. The same training is read, not done again; --fresh does it again.

${encoderHelp}
  --method ${methodNames.join("|")}   default pfeiffer     --rank N | --reduction N   its size
  --steps N   default 100 to 800 by rows   --lr X   default by the encoder's width   --batch N
  --seed TEXT   default 1: adapters of one seed and method share their start   --max-length N
  --format signmix|adapterhub|peft   default signmix, which alone keeps the seed, and so the start
  --name TEXT   --encoder-name HUB-ID   --license ID   --language CODE   for the model card
  --fresh   --force   --json

${tableHelp}

Example: signmix train remarks.csv --text remark --label verdict --out adapters/remarks
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = readArguments(args, {
      ...tableOptions,
      ...{ out: text, encoder: text, method: text, rank: text, reduction: text, steps: text, lr: text, batch: text },
      ...{ "max-length": text, seed: text, format: text, name: text, license: text, language: text },
      ...{ "encoder-name": text, fresh: flag },
      ...{ force: flag, json: flag },
    });
    if (positionals.length !== 1) throw new UsageError("Name one table or domain to train on.");
    const { out, force, json } = values;
    if (!out) throw new UsageError("Say where to write the adapter: --out FOLDER.");
    const method = wordOption("method", values.method, methodNames) ?? "pfeiffer";
    const format = wordOption("format", values.format, FORMATS) ?? "signmix";
    const [rank, reduction] = [countOption("rank", values.rank), numberOption("reduction", values.reduction)];
    if (rank !== undefined && method !== "lora")
      throw new UsageError("--rank belongs to lora; others have --reduction.");
    if (reduction !== undefined && method === "lora")
      throw new UsageError("--reduction has no effect on lora; it has --rank.");
    if (format === "peft" && method !== "lora")
      throw new UsageError(`PEFT has no ${method} adapters: --method lora, or another --format.`);
    requireNewFolder(out, force);
    const notes: string[] = [];
    const read = await readOwnDomain(positionals[0], values, { note: (note) => notes.push(note) });
    const domain: Domain = { ...read, name: values.name ?? read.name };
    const encoder = await openEncoder(values.encoder, [], output, json, values["encoder-name"]);
    const settings = ownSettings(encoder, domain, {
      method,
      config: {
        ...(rank !== undefined && { rank, alpha: rank }),
        ...(reduction !== undefined && { reductionFactor: reduction }),
      },
      ...(format === "peft" && { head: peftHead(encoder.config.family) }),
      ...optional("steps", countOption("steps", values.steps)),
      ...optional("learningRate", numberOption("lr", values.lr)),
      ...optional("batchSize", countOption("batch", values.batch)),
      ...optional("maxLength", countOption("max-length", values["max-length"], { least: 8 })),
      ...optional("seed", values.seed),
    });
    const { warnings } = checkDomain(domain, { encoder, maxLength: settings.maxLength });
    const sizes = `${domain.train.length} rows to train on, ${domain.dev.length} of dev, ${domain.test.length} of test`;
    if (!json) output.out(`${domain.name}: ${sizes}; labels ${domain.labels.slice(0, 12).join(", ")}.\n`);
    if (!json && notes.length + warnings.length > 0)
      output.out(`${bulletList([...notes, ...warnings], Math.min(output.width, 100))}\n`);
    output.progress("bag of words");
    const started = performance.now();
    const trained = await trainOwn(encoder, domain, settings, {
      ...(!values.fresh && { keptIn: join(cacheFolder(), "own", "train") }),
      onProgress: ({ step, steps, loss }) => {
        if (step % 10 !== 0 && step !== steps) return;
        const left = ((performance.now() - started) / 1000 / step) * (steps - step);
        output.progress(`step ${step} of ${steps}, loss ${loss.toFixed(3)}, about ${formatSeconds(left)} left`);
      },
    });
    const card = cardOf(trained, domain, format, { license: values.license, language: values.language, notes });
    writeFolderAtomic(out, (folder) => {
      exportAdapter(trained.adapter, folder, format, { head: trained.head });
      writeModelCard(folder, card);
    });
    if (json) {
      output.out(
        jsonOutput({
          out,
          format,
          encoder: encoder.name,
          ...summaryOf(trained, domain),
          notes: [...notes, ...warnings],
        }),
      );
      return 0;
    }
    const rows = trainingTable([trained]);
    output.out(`\n${textTable(tableContent(rows), rows.length)}\n\n`);
    output.out(`Dev accuracy while training: ${curveOf(trained)}\n`);
    output.out(`${describeTraining(trained)}\n`);
    output.out(
      `${trained.kept ? "Read from an earlier run of the same settings. " : ""}Written to ${out} (${format}), with a model card.\n`,
    );
    return 0;
  },
};

/** PEFT keeps the model's own kind of classifier only; BERT's reads the pooler, which is a head of two matrices. */
function peftHead(family: EncoderFamily) {
  return family === "bert" ? ({ input: "firstToken", layers: 2, activation: "tanh" } as const) : standardHead(family);
}

function optional<K extends string, T>(name: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, T>);
}

/** "20: 61%, 40: 68%, …" */
function curveOf({ history }: OwnTraining): string {
  return history.dev.map(({ step, accuracy }) => `${step}: ${(100 * accuracy).toFixed(0)}%`).join(", ");
}

function summaryOf(trained: OwnTraining, domain: Domain) {
  const { adapter, history, settings, dev, devRows, majority, bagOfWords, overMajority, overBagOfWords, kept } =
    trained;
  const sizes = { train: domain.train.length, dev: domain.dev.length, test: domain.test.length };
  return {
    ...{ name: adapter.name, labels: domain.labels, rows: sizes, settings, dev, devRows, majority, bagOfWords },
    ...{ overMajority, overBagOfWords, beatsMajority: overMajority.low > 0, beatsBagOfWords: overBagOfWords.low > 0 },
    ...{ curve: history.dev, losses: history.losses, config: adapter.config, kept },
  };
}

function cardOf(
  trained: OwnTraining,
  domain: Domain,
  format: (typeof FORMATS)[number],
  { license, language, notes }: { license?: string; language?: string; notes: readonly string[] },
): string {
  const { settings, dev, devRows, majority, bagOfWords } = trained;
  const { method, config, steps, batchSize, learningRate, maxLength, seed } = settings;
  const source = domain.source.split(/[/\\]/).filter(Boolean).pop() ?? domain.source;
  return modelCard(trained, format, {
    ...(license !== undefined && { license }),
    ...(language !== undefined && { language }),
    data: {
      ...{ name: domain.name, source, hash: domain.hash },
      ...{ train: domain.train.length, dev: domain.dev.length, test: domain.test.length },
    },
    settings: {
      method,
      ...(config as Record<string, string | number>),
      steps,
      "batch size": batchSize,
      "learning rate": learningRate,
      "tokens read": maxLength,
      seed,
    },
    results: [
      { name: "this adapter, dev", accuracy: dev.effect, rows: devRows },
      { name: "most frequent label, dev", accuracy: majority, rows: devRows },
      { name: "bag of words, dev", accuracy: bagOfWords, rows: devRows },
    ],
    notes: [describeTraining(trained), ...notes.map((note) => note.replaceAll(domain.source, source))],
  });
}
