import tf = require("@tensorflow/tfjs");

import { tokenInputs } from "../adapters/classifier-runner.js";
import type { ClassifierPlan } from "../adapters/classify.js";
import { under } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import { valueAndGradients } from "../engine/gradients.js";
import { float32, type NamedTensorData, type NamedTensors } from "../engine/tensor-data.js";
import type { TensorFunction } from "../engine/tensor-function.js";
import { type AdamwSettings, adamwStep } from "./adamw.js";
import { classification, type Objective } from "./objective.js";

/** Training steps of one kind of task, ready to run. */
export interface TrainingStep {
  /**
   * One step. Takes `parameter.…`, `first.…`, `second.…` (the trained numbers, named as by `classifierTensors`, and their
   * Adam moments), the batch, its targets (`labels` [batch] for a classifier), the scalars `learningRate`, `correction1`,
   * `correction2`, and, for dropout, `headMask` [batch, hidden].
   *
   * @returns the same `parameter.…`, `first.…`, `second.…` after the step, and `loss`, the mean loss before it
   */
  run(inputs: NamedTensorData): NamedTensorData;
  /** Forgets what it kept of the texts. */
  forget(): void;
}

/**
 * Makes training steps of a kind of task ready, compiled once for an encoder. A batch is `inputIds`, `attentionMask`,
 * `tokenTypeIds` [batch, time]; or, for a head alone, `features` [batch, hidden], what it reads of the frozen encoder.
 *
 * Gradients are taken of a few texts at a time and added up, so that intermediate numbers stay in the processor's cache. What no
 * adapter acts on is kept for the texts of the next epoch, as far as the memory goes.
 */
export function trainingStep(
  plan: ClassifierPlan,
  settings: AdamwSettings,
  objective: Objective = classification,
): TrainingStep {
  const { encoder, adapter, head } = plan;
  const { name, targets } = objective;
  const slopes = gradientsOf(plan, objective);
  const onTokens = encoder.compiled(JSON.stringify(["gradients on tokens", name, adapter, head]), () =>
    compile(slopes, {
      independentRows: [...tokenInputs, ...targets, "headMask"],
      repeatedRows: tokenInputs,
      outputs: "sums",
    }),
  );
  const onFeatures = encoder.compiled(JSON.stringify(["gradients on features", name, head]), () => compile(slopes));
  const update = encoder.compiled(JSON.stringify(["update", settings]), () => compile(updated(settings)));
  return {
    run(inputs) {
      const ofUpdate = (input: string) => /^(first|second)\.|^(learningRate|correction[12])$/.test(input);
      const batch = Object.fromEntries(Object.entries(inputs).filter(([input]) => !ofUpdate(input)));
      const share = float32([], Float32Array.of(1 / objective.count(inputs)));
      const { loss, ...gradients } = (inputs.features ? onFeatures : onTokens).run({ ...batch, share });
      return { ...update.run({ ...inputs, ...gradients }), loss };
    },
    forget: () => onTokens.forget(),
  };
}

/** Of some rows of a batch: their losses times `share`, added up, and the gradients of that sum. */
function gradientsOf(plan: ClassifierPlan, { outputs, losses }: Objective): TensorFunction {
  return (inputs) => {
    const { value: loss, gradients } = valueAndGradients(
      (tensors) => tf.mul(tf.sum(losses(outputs(plan, tensors, inputs), inputs)), inputs.share),
      under(inputs, "parameter"),
    );
    return { loss, ...prefixed("gradient", gradients) };
  };
}

/** AdamW on `parameter.…`, `gradient.…`, `first.…`, `second.…` and the scalars. */
function updated(settings: AdamwSettings): TensorFunction {
  return (inputs) => {
    const moments = { first: under(inputs, "first"), second: under(inputs, "second") };
    const { learningRate, correction1, correction2 } = inputs;
    const rates = { learningRate, correction1, correction2 };
    const next = adamwStep(settings, under(inputs, "parameter"), under(inputs, "gradient"), moments, rates);
    return {
      ...prefixed("parameter", next.parameters),
      ...prefixed("first", next.moments.first),
      ...prefixed("second", next.moments.second),
    };
  };
}

/** The token tensors among a compiled function's inputs. */
export function batchOf(inputs: NamedTensors) {
  return { inputIds: inputs.inputIds, attentionMask: inputs.attentionMask, tokenTypeIds: inputs.tokenTypeIds };
}

/** The same values, each named `prefix.<name>`. */
export function prefixed<T>(prefix: string, values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}
