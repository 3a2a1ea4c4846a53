import { createHash } from "node:crypto";

import tf = require("@tensorflow/tfjs");

import { createRandom } from "../engine/random.js";
import { float32, type NamedTensorData, type NamedTensors, sizeOf, toTensors } from "../engine/tensor-data.js";
import type { Compiled } from "../engine/tensor-function.js";
import { hasFields, refuseArgument } from "../files/arguments.js";
import { requireOptions } from "../files/options.js";
import type { Tokenizer } from "../text/tokenizer.js";
import { type EncoderConfig, encoderShapes } from "./config.js";
import { type EncoderOutput, type ForwardOptions, forward, type TokenTensors } from "./forward.js";

/** What an encoder is made of. */
export interface EncoderParts {
  name: string;
  config: EncoderConfig;
  /** Tensors by their Hugging Face BERT name, without prefix, for every family. */
  weights: NamedTensorData;
  /** Heads of the checkpoint, where it has any: `classifier.…` and `mlm.…`. */
  heads?: NamedTensorData;
  /** Class names of the checkpoint's classifier. */
  labels?: string[];
  /** Absent where the checkpoint came without one. */
  tokenizer?: Tokenizer;
}

/** A frozen pre-trained encoder. */
export interface Encoder extends EncoderParts {
  heads: NamedTensorData;
  /** SHA-256 (hex) of config and weights, heads left out. */
  readonly hash: string;
  /**
   * The weights on the active backend. They are made at the first call on a backend and kept, so they show up once in
   * `tf.memory().numTensors`; `dispose` frees them. Never dispose them one by one.
   */
  tensors(): NamedTensors;
  /** The checkpoint's heads on the active backend, kept in the same way. */
  headTensors(): NamedTensors;
  /** Runs the encoder, with an adapter's hooks if given. The caller disposes the output, or tidies. */
  forward(batch: TokenTensors, options?: ForwardOptions): EncoderOutput;
  /**
   * A compiled function of this encoder and of what `key` says alone: made at the first call with the key and kept with the
   * encoder, for whoever asks next.
   */
  compiled(key: string, make: () => Compiled): Compiled;
  /** Frees the kept tensors on every backend, and the compiled functions. The encoder can still be used; it makes them again. */
  dispose(): void;
}

/** Refuses what is no encoder. */
export function requireEncoder(value: unknown, whose: string): void {
  if (hasFields(value, { name: "text", config: "object", weights: "object" })) return;
  refuseArgument(value, `${whose} takes an encoder, as loadEncoder or createEncoder give it (await the first)`);
}

/** Makes an encoder of its parts, after checking that every tensor is there in its shape. */
export function encoderOf(parts: EncoderParts): Encoder {
  for (const [name, shape] of Object.entries(encoderShapes(parts.config))) {
    const found = parts.weights[name];
    if (!found) throw new Error(`The encoder "${parts.name}" lacks the tensor "${name}" [${shape}].`);
    if (found.shape.join() !== shape.join()) {
      throw new Error(
        `The encoder "${parts.name}" has "${name}" in shape [${found.shape}]; its config asks [${shape}].`,
      );
    }
  }
  const heads = parts.heads ?? {};
  const weights = keptTensors(parts.weights);
  const keptHeads = keptTensors(heads);
  const functions = new Map<string, Compiled>();
  let hash: string | undefined;
  return {
    ...parts,
    heads,
    get hash() {
      hash ??= hashOf(parts);
      return hash;
    },
    tensors: weights.get,
    headTensors: keptHeads.get,
    forward(batch, options) {
      const tensors = weights.get(); // outside the scope, which would dispose them
      return tf.tidy(() => forward(tensors, parts.config, batch, options) as EncoderOutput & tf.TensorContainerObject);
    },
    compiled(key, make) {
      const found = functions.get(key) ?? make();
      functions.set(key, found);
      return found;
    },
    dispose() {
      for (const each of functions.values()) each.dispose();
      functions.clear();
      weights.dispose();
      keptHeads.dispose();
    },
  };
}

/**
 * An encoder with random weights, initialised as BERT is before pre-training: matrices and embeddings from N(0, 0.02²),
 * biases zero, LayerNorms one and zero. Equal seeds give equal weights.
 */
export function createEncoder(
  config: EncoderConfig,
  options: { seed: string | number; name?: string; pooler?: boolean; maskedLmHead?: boolean },
): Encoder {
  requireOptions(config, "createEncoder (its configuration)", "family");
  requireOptions(options, "createEncoder", "seed");
  const { hiddenSize } = config;
  const shapes = encoderShapes(config);
  if (options.pooler ?? config.family === "bert") {
    Object.assign(shapes, { "pooler.dense.weight": [hiddenSize, hiddenSize], "pooler.dense.bias": [hiddenSize] });
  }
  const headShapes = {
    "mlm.dense.weight": [hiddenSize, hiddenSize],
    "mlm.dense.bias": [hiddenSize],
    "mlm.norm.weight": [hiddenSize],
    "mlm.norm.bias": [hiddenSize],
    "mlm.bias": [config.vocabSize],
  };
  return encoderOf({
    name: options.name ?? `random-${config.family}`,
    config,
    weights: randomTensors(shapes, options.seed),
    heads: options.maskedLmHead ? randomTensors(headShapes, options.seed) : {},
  });
}

function randomTensors(shapes: Record<string, number[]>, seed: string | number): NamedTensorData {
  const random = createRandom(seed);
  const fill = (name: string, shape: number[]) => {
    const data = new Float32Array(sizeOf(shape));
    if (/norm\.weight$/i.test(name)) return data.fill(1);
    if (name.endsWith(".bias")) return data;
    const { normal } = random.fork(name);
    return data.map(() => 0.02 * normal());
  };
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, float32(shape, fill(name, shape))]));
}

/** Host tensors with one kept copy on every backend that asks for them. */
function keptTensors(host: NamedTensorData): { get(): NamedTensors; dispose(): void } {
  const copies = new Map<object, NamedTensors>();
  return {
    get() {
      const backend = tf.backend();
      let tensors = copies.get(backend);
      if (!tensors) {
        tensors = toTensors(host);
        for (const tensor of Object.values(tensors)) tf.keep(tensor);
        copies.set(backend, tensors);
      }
      return tensors;
    },
    dispose() {
      for (const tensors of copies.values()) tf.dispose(tensors);
      copies.clear();
    },
  };
}

function hashOf(parts: EncoderParts): string {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(parts.config).sort()));
  for (const name of Object.keys(parts.weights).sort()) {
    const { shape, data } = parts.weights[name];
    hash.update(`${name}[${shape}]`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
