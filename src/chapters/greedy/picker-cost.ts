import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { evaluate } from "../../training/evaluate.js";
import { textEmbedding } from "../../training/text-embedding.js";
import type { Pool } from "../mix/pool.js";
import { type Picker, pickers, pickFor, type TextEmbeddings } from "./pickers.js";

/** What choosing costs, for every target and size of one pool. */
export interface PickerCost {
  picker: Picker | "best";
  /** Milliseconds on this machine. For `best`, projected from one test. */
  milliseconds: number;
  /** Texts sent through the encoder. */
  texts: number;
}

/** Times every picker on one pool, now and here: adapters are loaded before the clock starts. */
export async function pickerCosts(study: Study, pool: Pool): Promise<PickerCost[]> {
  const { batchSize, maxLength, similarityTexts } = study.settings;
  const domains = await Promise.all(pool.rows.map(({ domain }) => study.domain(domain)));
  for (const { adapter } of pool.rows) trainedAdapter(study, adapter);
  const all = (picker: Picker, texts: TextEmbeddings) =>
    pool.rows.map((_, target) => pickFor(study, pool, picker, target, texts));
  const costs = pickers.map((picker): PickerCost => {
    const start = performance.now();
    const read = picker === "text" ? domains.map(({ train }) => train.slice(0, similarityTexts)) : [];
    const embeddings = new Map(
      read.map((texts, i) => [domains[i].name, textEmbedding(study.encoder, texts, { batchSize, maxLength })]),
    );
    all(picker, embeddings);
    const texts = read.reduce((sum, { length }) => sum + length, 0);
    return { picker, milliseconds: performance.now() - start, texts };
  });
  const own = trainedAdapter(study, pool.rows[0].adapter);
  const rows = domains.map(({ dev, test }) => dev.length + test.length);
  const examples = [...domains[0].dev, ...domains[0].test];
  const start = performance.now();
  evaluate(study.encoder, own, examples, { batchSize, maxLength });
  const each = (performance.now() - start) / examples.length;
  const texts = rows.reduce((sum, count) => sum + count * (2 ** (rows.length - 1) - 1), 0);
  return [...costs, { picker: "best", milliseconds: each * texts, texts }];
}
