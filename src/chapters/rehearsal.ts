import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapterShapes, createAdapter } from "../adapters/create.js";
import { createHead } from "../adapters/head.js";
import type { AdapterConfig } from "../adapters/methods.js";
import { domainCard } from "../domains/card.js";
import { classroomDomain } from "../domains/classroom/generate.js";
import { type Domain, domainNames, type Example } from "../domains/domain.js";
import { capped, loadDomain } from "../domains/load.js";
import type { EncoderConfig } from "../encoder/config.js";
import { createEncoder, type Encoder } from "../encoder/encoder.js";
import { writeFileAtomic } from "../files/atomic.js";
import { sha256 } from "../files/hash.js";
import { ResultStore } from "../results/store.js";
import { encodeTrained } from "../results/trained-file.js";
import { type Row, type Unit, unitKey } from "../results/unit.js";
import { type Experiment, pendingUnits } from "../study/pending.js";
import { loadProfile, type Profile, type Settings } from "../study/profile.js";
import { paperRegime } from "../study/regime.js";
import type { Study } from "../study/study.js";
import { adapterPath } from "../study/trained-adapter.js";
import { verdicts } from "../study/verdicts.js";
import { type EncoderSize, operationsOf, type Rates, readRates, UnitCost, type Work } from "./cost.js";

/** Encoders whose size is known without their files, by hub id or name. */
const knownSizes: Readonly<Record<string, EncoderSize>> = {
  "data/signmix-mini": { layers: 4, width: 192 },
  "sentence-transformers/all-MiniLM-L6-v2": { layers: 6, width: 384 },
  "google-bert/bert-base-uncased": { layers: 12, width: 768 },
  "FacebookAI/roberta-base": { layers: 12, width: 768 },
  "FacebookAI/roberta-large": { layers: 24, width: 1024 },
};

export interface RehearsalOptions {
  profile: string;
  /** Settings to change, such as `poolSize` and `encoder`. */
  set?: Partial<Settings>;
  /** Folder of real data, for the lengths of its texts; without it texts count as long as they may be. */
  data?: string;
  /** Size of an encoder whose name is not known here. */
  size?: EncoderSize;
  /** File of the rates of other machines; `data/rates.json` unless given. */
  rates?: string;
}

/** Units of one kind in one stage. */
export interface KindCost {
  kind: string;
  units: number;
  /** On one core. */
  seconds: number;
  /** The longest unit, below which no number of shards brings a stage. */
  longest: number;
}

/** What can be computed at once, when the stages before it are stored. */
export interface StageCost {
  kinds: KindCost[];
  units: Unit[];
  /** Seconds of each unit on one core, in their order. */
  seconds: number[];
  work: Work;
}

/** A whole study, planned without its data, its encoder or a single result. */
export interface Rehearsal {
  profile: Profile;
  encoder: EncoderSize & { name: string };
  /** Where the lengths of texts come from. */
  texts: string;
  stages: StageCost[];
  /** Bytes of trained adapters, and of rows. */
  bytes: { adapters: number; rows: number };
  /** What the encoder computes in all, whatever computes it. */
  work: Work & { operations: number };
}

/**
 * Plans a whole study from nothing, stage by stage, with no data, encoder or result at hand: the experiments are run with
 * stand-ins of the right number of labels, texts and layers, so that the units are those that a real run will have.
 *
 * @throws naming an encoder whose size is not known
 */
export async function rehearse(experiments: readonly Experiment[], options: RehearsalOptions): Promise<Rehearsal> {
  const profile = loadProfile(options.profile, { ...paperRegime, ...options.set });
  const { encoder: name } = profile.settings;
  const size = options.size ?? knownSizes[name];
  if (!size) {
    const known = Object.keys(knownSizes).join(", ");
    throw new Error(`The size of the encoder "${name}" is not known; give --size LAYERSxWIDTH. Known are ${known}.`);
  }
  const folder = mkdtempSync(join(tmpdir(), "signmix-rehearsal-"));
  try {
    const domains = new Map<string, Promise<Domain>>();
    const whole = (name: string) => {
      const known = domains.get(name) ?? domainLike(name, profile.settings, options.data);
      domains.set(name, known);
      return known;
    };
    const study = standIn(profile, size, folder, whole);
    const rates = readRates(options.rates);
    const stages: StageCost[] = [];
    const assumed = new Map<string, Row>();
    const seen = new Set<string>();
    for (;;) {
      const pending = await pendingUnits(study, experiments, { assume: (key) => assumed.get(key) });
      const units: Unit[] = [];
      for (const unit of pending) {
        const key = unitKey(unit);
        if (seen.has(key)) continue;
        seen.add(key);
        units.push(unit);
        const row = await assumedRow(study, unit, key);
        if (row) assumed.set(key, row);
      }
      if (units.length === 0) break;
      stages.push(await costOf(units, { ...study, domain: whole }, size, rates));
    }
    const work = {
      read: stages.reduce((sum, stage) => sum + stage.work.read, 0),
      trained: stages.reduce((sum, stage) => sum + stage.work.trained, 0),
    };
    return {
      ...{ profile, encoder: { name, ...size }, stages },
      work: { ...work, operations: operationsOf(work, size) },
      texts: textsFrom(profile, options.data),
      bytes: {
        adapters: stages.flatMap(({ units }) => units).reduce((sum, unit) => sum + adapterBytes(unit, size), 0),
        rows: stages.reduce((sum, { units }) => sum + units.length * bytesPerRow, 0),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stored row with its key, as the classroom's have it on average, twice: in the committed file and the working store. */
const bytesPerRow = 2 * 900;

function textsFrom({ settings }: Profile, data: string | undefined): string {
  if (data) return "as long as those of the folder";
  return settings.source === "classroom" ? "as long as the generated ones" : "as long as they may be";
}

async function costOf(units: Unit[], study: Study, size: EncoderSize, rates: Rates): Promise<StageCost> {
  const cost = new UnitCost({ ...study, encoder: sizedEncoder(size) }, rates);
  const seconds: number[] = [];
  const work: Work = { read: 0, trained: 0 };
  for (const unit of units) {
    const own = await cost.work(unit);
    seconds.push(cost.secondsOf(unit.kind, own));
    work.read += own.read;
    work.trained += own.trained;
  }
  const kinds = new Map<string, KindCost>();
  for (const [i, { kind }] of units.entries()) {
    const known = kinds.get(kind) ?? { kind, units: 0, seconds: 0, longest: 0 };
    known.units++;
    known.seconds += seconds[i];
    known.longest = Math.max(known.longest, seconds[i]);
    kinds.set(kind, known);
  }
  return { kinds: [...kinds.values()].sort((a, b) => b.seconds - a.seconds), units, seconds, work };
}

function configOf(layers: number, width: number): EncoderConfig {
  const sizes = { layers, hiddenSize: width, heads: 1, intermediateSize: 4 * width };
  const tables = { vocabSize: 8, maxPositions: 8, typeVocabSize: 2, padTokenId: 0 };
  return { family: "bert", ...sizes, ...tables, layerNormEpsilon: 1e-12, activation: "gelu" };
}

/** An encoder of which only the size is looked at. */
function sizedEncoder({ layers, width }: EncoderSize): Encoder {
  return { config: configOf(layers, width) } as Encoder;
}

/** Stand-in adapters are this wide: their layers and starts are looked at, their numbers are not. */
const narrow = 16;

function standIn(profile: Profile, { layers }: EncoderSize, folder: string, whole: Study["domain"]): Study {
  const { settings } = profile;
  // What follows from how a mixture did on each text takes memory, and how many texts there are decides no unit but attacks.
  const few = { maxTrain: 8, maxDev: 8, maxTest: settings.attackRows };
  const domains = new Map<string, Promise<Domain>>();
  const encoder = createEncoder(configOf(layers, narrow), { seed: "rehearsal", pooler: false });
  return {
    options: { profile: profile.name },
    ...{ profile, settings, encoder, label: profile.name, fresh: false, workers: 1 },
    backend: { name: "cpu", device: "CPU", why: "Nothing is computed." },
    store: new ResultStore(profile.name, { folder: join(folder, "results"), cache: join(folder, "cache") }),
    domain(name) {
      const known = domains.get(name) ?? whole(name).then((domain) => capped(domain, few));
      domains.set(name, known);
      return known;
    },
    figure: () => Promise.reject(new Error("A rehearsal draws nothing.")),
    table: () => {
      throw new Error("A rehearsal draws nothing.");
    },
  };
}

/** A domain at the profile's size: the real one where its texts are at hand, or else as many texts of full length. */
async function domainLike(name: string, settings: Settings, data: string | undefined): Promise<Domain> {
  const sizes = { maxTrain: settings.trainRows, maxDev: settings.devRows, maxTest: settings.testRows };
  if (data) return loadDomain(name, { data, ...sizes });
  if (settings.source === "classroom") return capped(classroomDomain(name), sizes);
  if (!(domainNames as readonly string[]).includes(name)) {
    throw new Error(`How large "${name}" is cannot be known; give --data the folder that holds it.`);
  }
  const { labels, pair, sizes: published, devFromTrain = 0, testFromTrain = 0 } = domainCard(name);
  const all = Object.values(published);
  const test = published.test ?? published.validation ?? published.validation_matched ?? testFromTrain;
  const dev = published.dev ?? devFromTrain;
  const text = "word ".repeat(settings.maxLength);
  const texts = (rows: number): Example[] =>
    Array.from({ length: Math.max(1, rows) }, (_, i) => ({
      ...{ text, ...(pair && { textPair: text }), label: i % labels.length },
    }));
  return {
    ...{ name, labels, pair, source: "rehearsal", hash: sha256(name) },
    train: texts(Math.min(sizes.maxTrain, Math.max(...all))),
    dev: texts(Math.min(sizes.maxDev, dev || all[0])),
    test: texts(Math.min(sizes.maxTest, test || all[0])),
  };
}

const assumedMeasure = "assumed";

/** A row that lets experiments go on after a unit; undefined for the kinds that no other unit follows from. */
async function assumedRow(study: Study, { settings, kind }: Unit, hash: string): Promise<Row | undefined> {
  if (kind === "similarity") return { threshold: 0.8, pairs: 1 };
  if (kind === "textfooler") return { verdict: "failed", substitutions: [] };
  if (kind === "task-mixture") return { scores: { [assumedMeasure]: 1 } };
  if (kind === "task") {
    keepAdapter(study, hash, settings.config as unknown as AdapterConfig, { seed: settings.seed as number });
    return { task: "assumed", measure: assumedMeasure, adapter: hash, scores: { [assumedMeasure]: 1 }, moved: 1 };
  }
  if (kind !== "evaluate" && kind !== "train") return undefined;
  const { name } = settings.domain as { name: string };
  const { dev, test } = await study.domain(name);
  const tested = {
    ...verdicts(
      [...dev, ...test].map(() => true),
      dev.length,
    ),
  };
  if (kind === "evaluate") return tested;
  const seed = settings.seed as number;
  const config = settings.config as unknown as AdapterConfig;
  keepAdapter(study, hash, config, { seed, start: settings.start as string | undefined });
  return {
    ...{ domain: name, method: config.method, seed, adapter: hash, head: hash, ...tested },
    ...{ devRows: dev.length, testRows: test.length, moved: 1, losses: [] },
  };
}

/** An untrained adapter of a narrow encoder, under the name of the one that will be trained. */
function keepAdapter(
  study: Study,
  hash: string,
  config: AdapterConfig,
  { seed, start }: { seed: number; start?: string },
): void {
  const adapter = createAdapter(study.encoder, { ...config, seed: start ?? seed });
  const head = createHead(study.encoder, ["a", "b"], { seed });
  writeFileAtomic(adapterPath(study, hash, seed), encodeTrained({ adapter, head }));
}

/** Bytes of the adapter that a unit trains. */
function adapterBytes({ kind, settings }: Unit, { layers, width }: EncoderSize): number {
  if (kind !== "train" && kind !== "task") return 0;
  const base = { family: "bert", hiddenSize: width, intermediateSize: 4 * width, layers };
  const shapes = Object.values(adapterShapes(settings.config as unknown as AdapterConfig, base));
  return 4 * shapes.reduce((sum, shape) => sum + shape.reduce((product, side) => product * side, 1), 0);
}
