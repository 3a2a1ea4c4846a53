import type { Adapter } from "../adapters/adapter.js";
import { classifierTensors } from "../adapters/classify.js";
import type { Head } from "../adapters/head.js";
import { under } from "../encoder/heads.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { requireAllFinite } from "../files/finite.js";
import { type AdamwSettings, adamwDefaults, biasCorrections } from "./adamw.js";
import type { Loop, TrainingCheckpoint, TrainingHistory } from "./loop-options.js";
import { linearSchedule } from "./schedule.js";
import { prefixed, type TrainingStep } from "./step.js";

/** A head, with the adapter where there is one. */
interface Trained {
  adapter?: Adapter;
  head: Head;
}

/** What differs from one kind of task to another. */
export interface Steps {
  stepOf(settings: AdamwSettings): TrainingStep;
  /** Tokens or features, and targets, of one batch after another. */
  nextBatch(): NamedTensorData;
  /** How well it does on the dev examples, the more the better. */
  score?(trained: Trained): number;
}

/**
 * Trains a head, and an adapter if given, from where they stand, for the steps of a loop.
 *
 * @param name the domain's, for messages
 * @returns new ones; those given stay as they are
 * @throws if the loss or a weight is no finite number
 */
export async function runSteps(
  name: string,
  start: Trained,
  loop: Loop,
  { stepOf, nextBatch, score }: Steps,
): Promise<Trained & { history: TrainingHistory }> {
  const { steps, evaluateEvery } = loop;
  const settings: AdamwSettings = { ...adamwDefaults, weightDecay: loop.weightDecay, clipNorm: loop.clipNorm };
  const step = stepOf(settings);
  const history: TrainingHistory = structuredClone(loop.resume?.history) ?? {
    losses: [],
    dev: [],
    selectedStep: steps,
  };
  let state = initialState(classifierTensors(start.adapter, start.head));
  if (loop.resume) state = resumed(loop.resume, state, steps);
  let best = loop.resume?.best ?? { state, accuracy: Number.NEGATIVE_INFINITY };
  const first = (loop.resume?.step ?? 0) + 1;
  for (let done = 1; done < first; done++) nextBatch(); // the order goes on where it was
  try {
    for (let done = first; done <= steps; done++) {
      loop.signal?.throwIfAborted();
      const learningRate = loop.learningRate * linearSchedule(done - 1, steps, Math.round(loop.warmup * steps));
      const rates = scalars({ learningRate, ...biasCorrections(settings, done) });
      const { loss, ...next } = step.run({ ...state, ...nextBatch(), ...rates });
      state = next;
      history.losses.push(loss.data[0]);
      if (!Number.isFinite(loss.data[0])) {
        throw new Error(`Training on "${name}" diverged at step ${done}; lower the learning rate.`);
      }
      if (done === steps || (score && done % evaluateEvery === 0)) requireConverged(state, name, done);
      if (score && (done % evaluateEvery === 0 || done === steps)) {
        const accuracy = score(trainedOf(start, state));
        history.dev.push({ step: done, accuracy });
        if (loop.select === "best-on-dev" && accuracy > best.accuracy) {
          best = { state, accuracy };
          history.selectedStep = done;
        }
      }
      if (done < steps && done % loop.checkpointEvery === 0) {
        const kept = loop.select === "best-on-dev" && { best };
        loop.onCheckpoint?.({ step: done, state, ...kept, history: structuredClone(history) });
      }
      loop.onProgress?.({ step: done, steps, loss: loss.data[0] });
      await new Promise((resolve) => setImmediate(resolve)); // lets signals and output through
    }
  } finally {
    step.forget();
  }
  return { ...trainedOf(start, loop.select === "last" ? state : best.state), history };
}

/** The loss of a step is taken before the step: what the last one did shows in the numbers alone. */
function requireConverged(state: NamedTensorData, name: string, step: number): void {
  try {
    requireAllFinite(under(state, "parameter"), "what was trained");
  } catch (error) {
    throw new Error(`Training on "${name}" diverged at step ${step}; lower the learning rate.`, {
      cause: error,
    });
  }
}

/** Parameters and zero moments, named as the training step takes them. */
function initialState(parameters: NamedTensorData): NamedTensorData {
  const zeros = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, float32(shape)]));
  return { ...prefixed("parameter", parameters), ...prefixed("first", zeros), ...prefixed("second", zeros) };
}

/** A checkpoint's numbers. @throws if it is of another training than one that begins with `state` */
function resumed(checkpoint: TrainingCheckpoint, state: NamedTensorData, steps: number): NamedTensorData {
  const shapes = (tensors: NamedTensorData) =>
    Object.entries(tensors)
      .map(([name, { shape }]) => `${name} [${shape}]`)
      .sort()
      .join();
  const { step, history } = checkpoint;
  if (!(step < steps && history.losses.length === step && shapes(checkpoint.state) === shapes(state))) {
    throw new Error(`The checkpoint after ${step} steps is of another training; begin anew without it.`);
  }
  return checkpoint.state;
}

function scalars(values: Record<string, number>): NamedTensorData {
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, float32([], Float32Array.of(x))]));
}

/** The adapter and head that began as `start`, with the numbers of a state. */
function trainedOf(start: Trained, state: NamedTensorData): Trained {
  const parameters = under(state, "parameter");
  const head: Head = { ...start.head, tensors: under(parameters, "head") };
  return start.adapter ? { adapter: { ...start.adapter, tensors: under(parameters, "adapter") }, head } : { head };
}
