import tf = require("@tensorflow/tfjs");

import { hooksOf } from "../adapters/create.js";
import { createHead } from "../adapters/head.js";
import { under } from "../encoder/heads.js";
import { crossEntropy, linear } from "../engine/ops.js";
import { float32, int32 } from "../engine/tensor-data.js";
import { hasFields } from "../files/arguments.js";
import { listed } from "../files/listed.js";
import { shownValue } from "../files/shown.js";
import { argmaxRows } from "../training/metrics.js";
import { entityF1 } from "./entity-f1.js";
import type { Task } from "./task.js";
import { encodeWords } from "./words.js";

/** A text in words, with a tag for each. */
export interface TaggedExample {
  words: string[];
  /** Indices into the domain's `outputs`. */
  tags: number[];
}

/**
 * A tag for each word, such as which words name a person: one matrix on every token's last hidden state, cross-entropy at the
 * first token of each word, averaged over the words of a batch, as transformers' token classification does. Measured by F1 by
 * entity, and by the share of words whose tag is right.
 */
export const tagging: Task<TaggedExample, number[]> = {
  name: "tagging",
  measure: "entityF1",
  objective: {
    name: "tagging",
    targets: ["tags", "tagged"],
    outputs(plan, tensors, { inputIds, attentionMask, tokenTypeIds }) {
      const adapter = plan.adapter ? hooksOf(plan.adapter, under(tensors, "adapter")) : {};
      const { lastHiddenState } = plan.encoder.forward({ inputIds, attentionMask, tokenTypeIds }, { adapter });
      const { "out.weight": weight, "out.bias": bias } = under(tensors, "head");
      return linear(lastHiddenState, weight, bias); // [batch, time, tags]
    },
    losses(logits, { tags, tagged }) {
      const [batch, time, classes] = logits.shape as [number, number, number];
      const each = crossEntropy(tf.reshape(logits, [batch * time, classes]), tf.reshape(tags, [batch * time]));
      return tf.sum(tf.mul(tf.reshape(each, [batch, time]), tagged), -1); // [batch]
    },
    count: ({ tagged }) =>
      Math.max(
        1,
        (tagged.data as Float32Array).reduce((sum, one) => sum + one, 0),
      ),
  },
  problem(example, outputs) {
    if (!hasFields(example, { words: "list", tags: "list" })) return `${shownValue(example)} has no words and tags`;
    const { words, tags } = example;
    const strange = words.find((word) => typeof word !== "string" || word.trim() === "");
    if (words.length === 0 || strange !== undefined) return `${shownValue(strange)} is no word`;
    if (words.length !== tags.length) return `${words.length} words have ${tags.length} tags; give one for each`;
    const wrong = tags.find((tag) => !(Number.isInteger(tag) && tag >= 0 && tag < outputs.length));
    if (wrong === undefined) return undefined;
    return `the tag ${shownValue(wrong)} is not the place of one of the outputs (0 to ${outputs.length - 1}: ${listed(outputs)})`;
  },
  head: (encoder, { name, outputs }, seed) => createHead(encoder, outputs, { seed, name }),
  encode: (encoder, { words }, maxLength) => encodeWords(encoder, words, maxLength),
  targets(examples, encoded, time) {
    const tags = int32([examples.length, time]);
    const tagged = float32([examples.length, time]);
    encoded.forEach(({ firstTokens = [] }, row) => {
      firstTokens.forEach((token, word) => {
        tags.data[row * time + token] = examples[row].tags[word];
        tagged.data[row * time + token] = 1;
      });
    });
    return { tags, tagged };
  },
  read({ data, shape: [, time, classes] }, row, { firstTokens = [] }, { words }) {
    const all = argmaxRows(data.subarray(row * time * classes, (row + 1) * time * classes), classes);
    return words.map((_, word) => (word < firstTokens.length ? all[firstTokens[word]] : 0)); // a word cut off has the first
  },
  scores(predictions, examples, outputs) {
    const named = (lists: readonly (readonly number[])[]) => lists.map((tags) => tags.map((tag) => outputs[tag]));
    const wanted = examples.map(({ tags }) => tags);
    const words = wanted.flat();
    const right = predictions.flat().filter((tag, i) => tag === words[i]).length;
    return { entityF1: entityF1(named(predictions), named(wanted)), words: right / words.length };
  },
};
