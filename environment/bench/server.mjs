// One engine of signmix in a process of its own: answers the commands of client.mjs, as peer.py does.
import { createInterface } from "node:readline";
import * as tf from "@tensorflow/tfjs";
import { classify } from "../../dist/adapters/classify.js";
import { under } from "../../dist/encoder/heads.js";
import { selectBackend } from "../../dist/engine/backend.js";
import { compile } from "../../dist/engine/compile.js";
import { float32 } from "../../dist/engine/tensor-data.js";
import { biasCorrections } from "../../dist/training/adamw.js";
import { batchOf, prefixed, trainingStep } from "../../dist/training/step.js";
import { createWorkload } from "./workload.mjs";

let workload;
let forward;
let step;
let state;
let steps;
let rate;
let keeps;

const scalar = (value) => float32([], Float32Array.of(value));

function reset() {
  const { parameters } = workload;
  const zeros = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, float32(shape)]));
  state = { ...prefixed("parameter", parameters), ...prefixed("first", zeros), ...prefixed("second", zeros) };
  steps = 0;
}

function runForward() {
  return forward.run({ ...prefixed("parameter", workload.parameters), ...workload.tokens }).logits;
}

function runTraining() {
  steps++;
  if (!keeps) step.forget();
  const corrections = biasCorrections(workload.settings, steps);
  const { loss, ...next } = step.run({
    ...state,
    ...workload.tokens,
    labels: workload.labels,
    learningRate: scalar(rate),
    correction1: scalar(corrections.correction1),
    correction2: scalar(corrections.correction2),
  });
  state = next;
  return loss.data[0];
}

const commands = {
  async setup({ backend, model, learningRate, keeps: given }) {
    keeps = given; // what no adapter acts on, from one step to the next
    const { device } = await selectBackend(backend, { quiet: true });
    workload = createWorkload(model);
    rate = learningRate;
    const { plan } = workload;
    const logits = (inputs) => classify(plan, under(inputs, "parameter"), batchOf(inputs));
    const independentRows = ["inputIds", "attentionMask", "tokenTypeIds"];
    forward = compile((inputs) => ({ logits: logits(inputs) }), { independentRows });
    step = trainingStep(plan, workload.settings);
    reset();
    runForward();
    return { version: `${backend} on the ${device}`, how: forward.how };
  },
  check({ steps: count }) {
    reset();
    const { plan, parameters, tokens } = workload;
    const hidden = compile((inputs) => {
      const probe = { ...plan, encoder: { ...plan.encoder, forward: keepOutput } };
      let last;
      function keepOutput(...args) {
        const output = plan.encoder.forward(...args);
        last = output.lastHiddenState;
        return output;
      }
      classify(probe, under(inputs, "parameter"), batchOf(inputs));
      return { last };
    });
    const { last } = hidden.run({ ...prefixed("parameter", parameters), ...tokens });
    hidden.dispose();
    const logits = runForward();
    const firstLoss = runTraining();
    const { beta1 } = workload.settings;
    // After one step from zero, Adam's first moment is (1 − β₁) times the gradient.
    const gradients = Object.entries(prefixed("parameter", under(state, "first"))).map(([name, { data }]) => [
      name,
      Array.from(data, (value) => value / (1 - beta1)),
    ]);
    return {
      logits: [...logits.data],
      hidden: [...last.data.subarray(0, 4096)],
      gradients: Object.fromEntries(gradients),
      losses: [firstLoss, ...Array.from({ length: count - 1 }, runTraining)],
    };
  },
  time({ task, repeats }) {
    const run = { forward: runForward, train: runTraining }[task];
    const start = performance.now();
    for (let i = 0; i < repeats; i++) run();
    return { seconds: (performance.now() - start) / 1000 / repeats };
  },
  peak({ rows, inner, columns, seconds }) {
    // Many products in one run: the numbers going in and out are not what is measured.
    const products = 8;
    const chain = compile(({ a, b }) => {
      let total = tf.scalar(0);
      for (let i = 0; i < products; i++) total = tf.add(total, tf.sum(tf.matMul(tf.add(a, i), b)));
      return { total };
    });
    const random = (shape) => float32(shape, Float32Array.from({ length: shape[0] * shape[1] }, Math.random));
    const inputs = { a: random([rows, inner]), b: random([inner, columns]) };
    chain.run(inputs);
    let best = Infinity;
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      const start = performance.now();
      chain.run(inputs);
      best = Math.min(best, (performance.now() - start) / 1000 / products);
    }
    chain.dispose();
    return { gigaflops: (2e-9 * rows * inner * columns) / best };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[name](rest);
  } catch (error) {
    answer = { error: error.message };
  }
  console.log(JSON.stringify(answer));
}
