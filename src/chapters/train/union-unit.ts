import type { Adapter, AdapterMethod } from "../../adapters/adapter.js";
import { adapterConfig } from "../../adapters/create.js";
import { type Domain, domainHash, type Example } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import type { TensorData } from "../../engine/tensor-data.js";
import { packBits } from "../../results/bits.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import type { Study } from "../../study/study.js";
import { createEvaluator } from "../../training/evaluate.js";
import { argmaxRows } from "../../training/metrics.js";
import { trainAdapter } from "../../training/train.js";

/** The row of a `union` unit: one adapter trained on the texts of several domains at once. */
export interface UnionRow extends Row {
  domains: string[];
  method: string;
  seed: number;
  /** Accuracy on each domain's test examples, the answer restricted to the domain's own labels. */
  accuracies: number[];
  correct: string[];
  ran: string;
}

/** The unit that trains an adapter on a union; each domain gets the steps that it would get alone. */
export function unionUnit(study: Study, domains: readonly Domain[], method: AdapterMethod, seed: number): Unit {
  const { steps, batchSize, learningRate, warmupShare, weightDecay, maxLength, reductionFactor, rank } = study.settings;
  const config = adapterConfig(method === "lora" ? { method, rank, alpha: rank } : { method, reductionFactor });
  return {
    kind: "union",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domains: domains.map(({ name, hash }) => ({ name, hash: hash.slice(0, 32) })),
      config: config as unknown as Json,
      ...{ seed, steps, batchSize, learningRate, warmupShare, weightDecay, maxLength },
    },
    code: codeHash(["chapters/train/union-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Trains the adapter of a unit and tests it on each of its domains. */
export async function runUnionUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as {
    domains: { name: string; hash: string }[];
    config: Adapter["config"] & { [key: string]: Json };
    [key: string]: Json;
  };
  const domains = await Promise.all(settings.domains.map(({ name }) => study.domain(name)));
  const union = unionOf(domains);
  const { method, ...config } = settings.config;
  const seed = settings.seed as number;
  const loop = {
    steps: (settings.steps as number) * domains.length,
    batchSize: settings.batchSize as number,
    learningRate: settings.learningRate as number,
    warmup: settings.warmupShare as number,
    weightDecay: settings.weightDecay as number,
    maxLength: settings.maxLength as number,
  };
  const { adapter, head } = await trainAdapter(study.encoder, union, { ...loop, method, config, seed });
  const { logits } = createEvaluator(
    study.encoder,
    union.test,
    { adapter: adapter.config, head: head.config },
    loop,
  ).run(adapter, head);
  const correct: boolean[][] = [];
  let row = 0;
  let label = 0;
  for (const { test, labels } of domains) {
    const predictions = argmaxRows(columnsOf(logits, row, test.length, label, labels.length), labels.length);
    correct.push(test.map((example, i) => predictions[i] === example.label));
    row += test.length;
    label += labels.length;
  }
  const outcome: UnionRow = {
    domains: domains.map(({ name }) => name),
    method,
    seed,
    accuracies: correct.map((right) => right.filter(Boolean).length / right.length),
    correct: correct.map(packBits),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row: outcome };
}

/** One domain of all domains' examples; its labels are theirs, one list after the other. */
function unionOf(domains: readonly Domain[]): Domain {
  const starts = domains.map((_, d) => domains.slice(0, d).reduce((sum, { labels }) => sum + labels.length, 0));
  const together = (split: "train" | "dev" | "test"): Example[] =>
    domains.flatMap((domain, d) => domain[split].map((example) => ({ ...example, label: example.label + starts[d] })));
  const parts = {
    labels: domains.flatMap(({ name, labels }) => labels.map((label) => `${name}: ${label}`)),
    train: together("train"),
    dev: together("dev"),
    test: together("test"),
  };
  const name = domains.map((domain) => domain.name).join(" + ");
  const pair = domains.some((domain) => domain.pair);
  return { ...parts, name, pair, source: "union", hash: domainHash(parts) };
}

/** Some rows and columns of a matrix, row by row. */
function columnsOf({ shape, data }: TensorData, row: number, rows: number, column: number, columns: number) {
  const part = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const start = (row + i) * shape[1] + column;
    part.set(data.subarray(start, start + columns), i * columns);
  }
  return part;
}
