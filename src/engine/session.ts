import { createRequire } from "node:module";
import type * as ort from "onnxruntime-node";
import type { EncodedGraph, ShapeData } from "./graph-file.js";
import type { DType, NamedTensorData, TensorData } from "./tensor-data.js";
import { getThreads } from "./threads.js";

/**
 * The part of onnxruntime-node's addon that runs a graph synchronously, as tfjs kernels must. The package's public
 * `session.run` wraps this same call in a promise. The package is pinned to one version, and a test covers this import.
 */
interface NativeSession {
  loadModel(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
    options: ort.InferenceSession.SessionOptions,
  ): void;
  run(
    feeds: Record<string, ort.Tensor>,
    fetches: Record<string, null>,
    options: ort.InferenceSession.RunOptions,
  ): Record<string, NativeTensor>;
  endProfiling(): void;
  dispose(): void;
}

interface NativeTensor {
  dims: readonly number[];
  type: string;
  data: Float32Array | Int32Array | Uint8Array;
}

interface NativeModule {
  initOrt(): void;
  binding: { InferenceSession: new () => NativeSession };
}

interface Runtime extends NativeModule {
  Tensor: typeof ort.Tensor;
}

let runtime: Runtime | undefined;

/**
 * Loads ONNX Runtime's native library; throws where this platform has none. A static import would throw there before
 * another backend could be chosen.
 */
export function loadRuntime(): Runtime {
  if (!runtime) {
    const require = createRequire(import.meta.url);
    const native = require("onnxruntime-node/dist/binding.js") as NativeModule;
    native.initOrt();
    const { Tensor } = require("onnxruntime-node") as typeof ort;
    runtime = { ...native, Tensor };
  }
  return runtime;
}

/** An ONNX graph ready to run. */
export class Session {
  private readonly session: NativeSession;
  private readonly inputNames: readonly string[];
  private readonly outputNames: readonly [name: string, fileName: string][];
  private readonly fetches: Record<string, null>;
  private readonly tables: Record<string, ort.Tensor>;

  constructor(
    { bytes, inputNames, outputNames, tables }: EncodedGraph,
    options: ort.InferenceSession.SessionOptions = {},
  ) {
    this.session = new (loadRuntime().binding.InferenceSession)();
    this.session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
      graphOptimizationLevel: "all",
      intraOpNumThreads: getThreads(),
      interOpNumThreads: 1,
      executionMode: "sequential",
      enableCpuMemArena: true,
      enableMemPattern: true,
      extra: {
        // Its kernel is five times slower than the Add and LayerNormalization it replaces.
        optimization: { disable_specified_optimizers: "SkipLayerNormFusion" },
        // Every session has threads of its own. Where they went on waiting busily after a run, they kept those of the
        // next session from a core: a training step is three sessions in turn.
        session: { force_spinning_stop: "1" },
      },
      ...options,
    });
    this.inputNames = inputNames;
    this.tables = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, feedOf(table)]));
    this.outputNames = Object.entries(outputNames);
    this.fetches = Object.fromEntries(this.outputNames.map(([, fileName]) => [fileName, null]));
  }

  /** Runs the graph on host tensors; inputs that it does not read are ignored. `shapes` are those of its layout. */
  run(inputs: NamedTensorData, shapes: Record<string, ShapeData> = {}): NamedTensorData {
    const feeds = { ...this.tables };
    for (const name of this.inputNames) feeds[name] = feedOf(inputs[name]);
    for (const [name, { shape, data }] of Object.entries(shapes)) {
      feeds[name] = new (loadRuntime().Tensor)("int64", data, shape);
    }
    const results = this.session.run(feeds, this.fetches, {});
    const outputs: NamedTensorData = {};
    for (const [name, fileName] of this.outputNames) {
      const { dims, type, data } = results[fileName];
      outputs[name] = { shape: [...dims], dtype: type as DType, data };
    }
    return outputs;
  }

  dispose(): void {
    this.session.dispose();
  }
}

function feedOf({ dtype, data, shape }: TensorData): ort.Tensor {
  const { Tensor } = loadRuntime();
  if (dtype === "float32") return new Tensor("float32", data as Float32Array, shape);
  if (dtype === "int32") return new Tensor("int32", data as Int32Array, shape);
  return new Tensor("bool", data as Uint8Array, shape);
}
