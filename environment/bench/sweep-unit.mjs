// The unit of the sweep benchmark, run by `runUnits`: one mixture formed and tested on the texts of one domain.
import * as tf from "@tensorflow/tfjs";
import { classifierTensors, classify } from "../../dist/adapters/classify.js";
import { toTensors } from "../../dist/engine/tensor-data.js";
import { mixAdapters } from "../../dist/mixing/mix.js";
import { tokenBatch } from "../../dist/text/batching.js";
import { createEvaluator } from "../../dist/training/evaluate.js";
import { encodeExamples } from "../../dist/training/examples.js";
import { argmaxRows } from "../../dist/training/metrics.js";
import { domainsOf, examplesOf, openEncoder, settings, trainedOf } from "./sweep-work.mjs";

const { batchSize, maxLength } = settings;

/** As signmix sweeps: batches of like length, one captured function for all mixtures of a domain. */
function sweepTester(encoder, examples, { adapter, head }) {
  const plan = { adapter: adapter.config, head: head.config };
  const evaluator = createEvaluator(encoder, examples, plan, { batchSize, maxLength });
  return (mixture) => evaluator.run(mixture, head).predictions;
}

/** As one would write it down: examples in the order given, each batch padded to its longest, operation by operation. */
function plainTester(encoder, examples, { adapter, head }) {
  const encodings = encodeExamples(encoder, examples, maxLength);
  const plan = { encoder, adapter: adapter.config, head: head.config };
  return (mixture) => {
    const tensors = toTensors(classifierTensors(mixture, head));
    const predictions = [];
    for (let from = 0; from < encodings.length; from += batchSize) {
      const rows = encodings.slice(from, from + batchSize);
      const longest = Math.max(...rows.map(({ inputIds }) => inputIds.length));
      const batch = toTensors(tokenBatch(rows, longest, encoder.config.padTokenId));
      const logits = tf.tidy(() => classify(plan, tensors, batch).dataSync()); // [batch, classes]
      predictions.push(...argmaxRows(logits, head.labels.length));
      tf.dispose(batch);
    }
    tf.dispose(tensors);
    return predictions;
  };
}

let ready;

/** Everything that a worker makes once; each tester runs once, so that what is timed later is the sweep alone. */
async function prepare(folder, way, encoderName) {
  const encoder = await openEncoder(encoderName);
  const domains = domainsOf(folder);
  const trained = domains.map((domain) => trainedOf(folder, domain));
  const testers = [];
  for (const [i, domain] of domains.entries()) {
    const tester = (way === "sweep" ? sweepTester : plainTester)(encoder, examplesOf(folder, domain), trained[i]);
    tester(trained[i].adapter);
    testers.push(tester);
  }
  return { trained, testers };
}

/** The predictions of a mixture on its target's texts. */
export async function runUnit({ folder, way, encoder, target, members }) {
  ready ??= prepare(folder, way, encoder);
  const { trained, testers } = await ready;
  return testers[target](mixAdapters(members.map((member) => trained[member].adapter)));
}
