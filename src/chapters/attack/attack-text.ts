import { type AttackedExample, createTextFooler } from "../../attacks/textfooler.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import { evaluate } from "../../training/evaluate.js";
import type { TrainRow } from "../train/train-unit.js";
import { attackSimilarity, openAttackSimilarity } from "./attack-similarity.js";
import { synonymsOf } from "./textfooler-unit.js";

/**
 * Attacks a text of the reader's own through a trained adapter. What the adapter says of it counts as its label, so that
 * there is something to lose. Nothing is stored.
 */
export async function attackText(
  study: Study,
  single: TrainRow,
  text: string,
  textPair?: string,
): Promise<AttackedExample> {
  const { encoder, settings } = study;
  const { batchSize, maxLength } = settings;
  const victim = trainedAdapter(study, single.adapter);
  const example = textPair === undefined ? { text, label: 0 } : { text, textPair, label: 0 };
  const { predictions } = evaluate(encoder, victim, [example], { batchSize: 1, maxLength });
  const similarity = openAttackSimilarity(study, await attackSimilarity(study));
  const plan = { adapter: victim.adapter.config, head: victim.head.config };
  const options = { synonyms: synonymsOf(study), similarity, batchSize, maxLength };
  const fooler = createTextFooler(encoder, plan, options);
  try {
    return fooler.attack(victim, { ...example, label: predictions[0] }, 0);
  } finally {
    fooler.dispose();
    similarity.dispose?.();
  }
}
