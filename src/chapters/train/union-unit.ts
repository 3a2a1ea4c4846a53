import type { AdapterMethod } from "../../adapters/methods.js";
import { type Domain, domainHash, type Example } from "../../domains/domain.js";
import type { TensorData } from "../../engine/tensor-data.js";
import { packBits } from "../../results/bits.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { shareOf } from "../../study/verdicts.js";
import { createEvaluator } from "../../training/evaluate.js";
import { argmaxRows } from "../../training/metrics.js";
import { trainAdapter } from "../../training/train.js";
import { adapterConfigOf, loopOf, loopOptions } from "./loop.js";

/** One adapter trained on the texts of several domains at once. */
export interface UnionResult {
  domains: string[];
  method: string;
  seed: number;
  /** Accuracy on each domain's test examples, the answer restricted to the domain's own labels. */
  accuracies: number[];
  correct: string[];
}

/** The row of a `union` unit. */
export type UnionRow = Ran<UnionResult>;

/** Trains an adapter on a union and tests it on each of its domains; each domain gets the steps that it would get alone. */
export const unionUnit = defineUnit({
  kind: "union",
  module: import.meta.url,
  async settings(
    study,
    { domains, method, seed }: { domains: readonly string[]; method: AdapterMethod; seed: number },
  ) {
    const loaded = await Promise.all(domains.map((name) => study.domain(name)));
    const loops = loaded.map((domain) => loopOf(study, domain));
    const steps = loops.reduce((sum, loop) => sum + loop.steps, 0);
    return { domains: loaded.map(domainKey), config: adapterConfigOf(study, method), seed, ...loops[0], steps };
  },
  async run(study, settings): Promise<UnionResult> {
    const { seed, batchSize, maxLength } = settings;
    const { method, ...config } = settings.config;
    const domains = await Promise.all(settings.domains.map(({ name }) => study.domain(name)));
    const union = unionOf(domains);
    const loop = loopOptions(settings);
    const { adapter, head } = await trainAdapter(study.encoder, union, { ...loop, method, config, seed });
    const plan = { adapter: adapter.config, head: head.config };
    const { logits } = createEvaluator(study.encoder, union.test, plan, { batchSize, maxLength }).run(adapter, head);
    const correct: boolean[][] = [];
    let row = 0;
    let label = 0;
    for (const { test, labels } of domains) {
      const predictions = argmaxRows(columnsOf(logits, row, test.length, label, labels.length), labels.length);
      correct.push(test.map((example, i) => predictions[i] === example.label));
      row += test.length;
      label += labels.length;
    }
    return {
      ...{ domains: domains.map(({ name }) => name), method, seed },
      ...{ accuracies: correct.map(shareOf), correct: correct.map(packBits) },
    };
  },
});

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
