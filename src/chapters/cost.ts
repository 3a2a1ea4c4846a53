import { readJsonObject } from "../files/json.js";
import { projectPath } from "../files/project.js";
import type { Json, Unit } from "../results/unit.js";
import type { DomainKey } from "../study/define-unit.js";
import type { Study } from "../study/study.js";
import { paddedLengths } from "../text/batching.js";

/** What a unit computes, whatever the encoder. Tokens are padded ones: texts times the length that they are padded to. */
export interface Work {
  /** Tokens that the encoder reads, forward alone. */
  read: number;
  /** Tokens that an adapter is trained on, forward and backward. */
  trained: number;
}

/** Shape of an encoder: its layers and its width. */
export interface EncoderSize {
  layers: number;
  width: number;
}

/** Seconds that one core takes, measured on one encoder. */
interface MeasuredEncoder extends EncoderSize {
  name: string;
  /** For a token that is read, and one that an adapter is trained on. */
  read: number;
  trained: number;
}

/** Measured rates, `data/rates.json`; `npm run bench -- --only cost` makes them. */
export interface Rates {
  /** What they were measured on. */
  about: Record<string, string | number>;
  encoders: MeasuredEncoder[];
  /** Seconds of a unit of each kind beside its tokens: making an adapter, words of an attack, what is written. */
  fixed: Record<string, number>;
}

/**
 * The rates of this project, or of a file that the benchmark has made elsewhere.
 * @throws naming the file and what it lacks
 */
export function readRates(file = projectPath("data", "rates.json")): Rates {
  const rates = readJsonObject(file) as unknown as Rates;
  const isRate = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value > 0;
  const complete =
    Array.isArray(rates.encoders) &&
    rates.encoders.length > 0 &&
    rates.encoders.every((one) => [one?.layers, one?.width, one?.read, one?.trained].every(isRate));
  if (complete && typeof rates.fixed === "object" && rates.fixed !== null) return rates;
  throw new Error(`${file} holds no rates of encoders; npm run bench -- --only cost makes such a file.`);
}

/** Multiplications that a token costs, up to a factor: 12 × layers × width². */
const sizeOf = ({ layers, width }: EncoderSize) => layers * width ** 2;

/**
 * Floating-point operations of an encoder's matrix products: 2 × 12 × layers × width² for a token that is read, and as many
 * again for one that is trained on, since gradients pass through a frozen encoder to its adapters and not into its weights.
 */
export function operationsOf({ read, trained }: Work, encoder: EncoderSize): number {
  return 2 * 12 * sizeOf(encoder) * (read + 2 * trained);
}

/**
 * Seconds for a token on one core at an encoder's size, on a line between the measured ones on logarithmic axes, and beyond
 * them in proportion to layers × width².
 */
export function secondsPerToken(rates: Rates, encoder: EncoderSize): { read: number; trained: number } {
  const known = [...rates.encoders].sort((a, b) => sizeOf(a) - sizeOf(b));
  const size = sizeOf(encoder);
  const above = known.findIndex((one) => sizeOf(one) >= size);
  const [low, high] = above <= 0 ? [known.at(above), known.at(above)] : [known[above - 1], known[above]];
  if (!low || !high) throw new Error("The rates name no encoder; run npm run bench -- --only cost.");
  const between = (a: number, b: number) => {
    const [from, to] = [Math.log(sizeOf(low)), Math.log(sizeOf(high))];
    if (from === to) return (a * size) / sizeOf(low);
    return Math.exp(Math.log(a) + ((Math.log(size) - from) / (to - from)) * (Math.log(b) - Math.log(a)));
  };
  return { read: between(low.read, high.read), trained: between(low.trained, high.trained) };
}

/** What the cost of a unit needs to know of a domain. */
interface DomainFacts {
  train: number;
  dev: number;
  test: number;
  /** Mean length that its texts are padded to, in tokens. */
  tokens: number;
}

/** Texts whose words are counted, of each domain. */
const counted = 200;
/** Tokens that a word and its marks make, about, in the vocabularies of BERT and RoBERTa. */
const tokensPerWord = 1.35;

/** Says of each unit of a study what it costs. Texts that are not at hand count as long as texts may be. */
export class UnitCost {
  private readonly domains = new Map<string, Promise<DomainFacts>>();

  constructor(
    private readonly study: Study,
    private readonly rates: Rates = readRates(),
  ) {}

  /** Seconds on one core. */
  async seconds(unit: Unit): Promise<number> {
    return this.secondsOf(unit.kind, await this.work(unit));
  }

  /** Seconds on one core of a unit whose work is known. */
  secondsOf(kind: string, { read, trained }: Work): number {
    const { layers, hiddenSize: width } = this.study.encoder.config;
    const perToken = secondsPerToken(this.rates, { layers, width });
    return (this.rates.fixed[kind] ?? 0) + read * perToken.read + trained * perToken.trained;
  }

  async work({ kind, settings }: Unit): Promise<Work> {
    const named = [settings.domain, ...(Array.isArray(settings.domains) ? settings.domains : [])];
    const keys = named.filter((one): one is { [key: string]: Json } => typeof one === "object" && one !== null);
    const facts = await Promise.all(keys.map((key) => this.facts((key as unknown as DomainKey).name)));
    const sum = (of: (one: DomainFacts) => number) => facts.reduce((total, one) => total + of(one), 0);
    const tested = sum(({ dev, test, tokens }) => (dev + test) * tokens);
    const tokens = sum((one) => one.tokens) / Math.max(1, facts.length);
    const { steps = 0, batchSize = 0, rows = 0, texts = 0 } = settings as Record<string, number | undefined>;
    const trained = steps * batchSize * tokens;
    const { testRows, maxLength } = this.study.settings;
    const ofTask = maxLength / 2; // tokens of a sentence or two of news, about
    switch (kind) {
      case "task":
        return { read: testRows * ofTask, trained: steps * batchSize * ofTask };
      case "task-mixture":
        return { read: testRows * ofTask, trained: 0 };
      case "train":
      case "union":
        return { read: tested, trained };
      case "baseline": // the frozen encoder reads each text once; what it gives is kept
        return {
          read:
            tested +
            Math.min(
              steps * batchSize * tokens,
              sum((one) => one.train * one.tokens),
            ),
          trained: 0,
        };
      case "fgsm": // a gradient for each text, then each strength is read
        return { read: rows * tokens * (settings.epsilons as Json[]).length, trained: rows * tokens };
      case "attacked":
        return { read: 2 * rows * tokens, trained: 0 };
      case "textfooler": // one forward pass for each word left out, about as many for candidates
        return { read: 2 * tokens * tokens, trained: 0 };
      case "text":
        return { read: texts * tokens, trained: 0 };
      case "similarity":
        return { read: 2 * sum((one) => one.dev * one.tokens), trained: 0 };
      case "prune":
      case "layer-sparse":
        return { read: sum((one) => one.test * one.tokens), trained: 0 };
      case "sparse-mixture":
        return { read: settings.split === "test" ? sum((one) => one.test * one.tokens) : tested, trained: 0 };
      default:
        return { read: tested, trained: 0 };
    }
  }

  private facts(name: string): Promise<DomainFacts> {
    let known = this.domains.get(name);
    if (!known) {
      known = this.look(name);
      this.domains.set(name, known);
    }
    return known;
  }

  private async look(name: string): Promise<DomainFacts> {
    const { train, dev, test } = await this.study.domain(name);
    const { maxLength } = this.study.settings;
    const padded = paddedLengths(maxLength);
    const lengths = test.slice(0, counted).map(({ text, textPair = "" }) => {
      const tokens = tokensPerWord * `${text} ${textPair}`.split(/\s+/).length + 3;
      return padded.find((length) => length >= tokens) ?? maxLength;
    });
    const tokens = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
    return { train: train.length, dev: dev.length, test: test.length, tokens: tokens || maxLength };
  }
}
