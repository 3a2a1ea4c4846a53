// The unit of the pool benchmark, run by `runUnits` and, without it, by processes of their own.
import { classify } from "../../dist/adapters/classify.js";
import { under } from "../../dist/encoder/heads.js";
import { selectBackend } from "../../dist/engine/backend.js";
import { compile } from "../../dist/engine/compile.js";
import { batchOf, prefixed } from "../../dist/training/step.js";
import { createWorkload } from "./workload.mjs";

let forward;
let workload;

/** Some forward passes of a 4-layer, 256-wide encoder with an adapter; the sum of the logits. */
export function runUnit({ passes }) {
  workload ??= createWorkload({ layers: 4, hidden: 256, firstTokenOnly: true });
  const { plan, parameters, tokens } = workload;
  forward ??= compile((inputs) => ({ logits: classify(plan, under(inputs, "parameter"), batchOf(inputs)) }));
  let sum = 0;
  for (let i = 0; i < passes; i++) {
    const { logits } = forward.run({ ...prefixed("parameter", parameters), ...tokens });
    for (const value of logits.data) sum += value;
  }
  return sum;
}

// Started as a program: computes as many units as each message asks for, and answers.
if (process.argv[2] === "alone") {
  await selectBackend("onnx", { quiet: true });
  process.on("message", ({ units, passes }) => {
    for (let i = 0; i < units; i++) runUnit({ passes });
    process.send("done");
  });
}
