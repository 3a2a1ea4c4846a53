import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import { evaluate } from "../../training/evaluate.js";
import { textEmbedding } from "../../training/text-embedding.js";
import type { Pool } from "../mix/pool.js";
import { pickFor, type TextEmbeddings } from "./pick.js";
import type { Picker } from "./picker.js";
import { pickers as allPickers } from "./pickers.js";
import type { PickerOptions } from "./regret.js";

/** What choosing costs, for every target and size of one pool. */
export interface PickerCost {
  picker: string;
  /** Milliseconds on this machine. For `best`, projected from one test. */
  milliseconds: number;
  /** Texts sent through the encoder. */
  texts: number;
}

/** Times every picker on one pool, now and here: adapters are loaded before the clock starts. */
export async function pickerCosts(
  study: Study,
  pool: Pool,
  { pickers = allPickers }: PickerOptions = {},
): Promise<PickerCost[]> {
  if (pool.rows.length === 0) throw new Error("pickerCosts takes a pool of one adapter or more; this one is empty.");
  const { batchSize, maxLength, similarityTexts } = study.settings;
  const domains = await Promise.all(pool.rows.map(({ domain }) => study.domain(domain)));
  for (const { adapter } of pool.rows) trainedAdapter(study, adapter);
  const all = (picker: Picker, texts: Pick<TextEmbeddings, "get">) =>
    pool.rows.map((_, target) => pickFor(study, pool, picker, target, texts));
  const costs = Object.entries(pickers).map(([name, picker]): PickerCost => {
    const embeddings = new Map<string, ArrayLike<number>>();
    let texts = 0;
    // embedded when the picker first looks at them
    const embed = (domain: string) => {
      const read = domains.find((one) => one.name === domain)?.train.slice(0, similarityTexts) ?? [];
      texts += read.length;
      embeddings.set(domain, textEmbedding(study.encoder, read, { batchSize, maxLength }));
      return embeddings.get(domain);
    };
    const start = performance.now();
    all(picker, { get: (domain) => embeddings.get(domain) ?? embed(domain) });
    return { picker: name, milliseconds: performance.now() - start, texts };
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
