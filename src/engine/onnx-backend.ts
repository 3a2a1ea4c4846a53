import tf = require("@tensorflow/tfjs");
import cpu = require("@tensorflow/tfjs-backend-cpu");

import { type ConstantData, Graph, type Value } from "./graph.js";
import { layOut } from "./graph-file.js";
import { kernelTable } from "./kernels/index.js";
import { type KernelWriter, NoNodeError } from "./kernels/table.js";
import { loadRuntime, Session } from "./session.js";
import { cachedSession } from "./session-cache.js";
import { type DType, type NamedTensorData, sizeOf } from "./tensor-data.js";

/** Name of the backend in tfjs. */
const BACKEND = "onnx";

/** Below this many elements JavaScript is done before ONNX Runtime has begun. */
const SMALL = 2048;

/** Bytes that a session takes beside its graph and twice what it computes (its arena doubles), measured on many of them. */
const SESSION = 256 * 1024;

/** tfjs's JavaScript backend, with the kernels of the table run by ONNX Runtime where they are large. */
class OnnxBackend extends cpu.MathBackendCPU {}

let registered = false;

/**
 * Makes the backend `onnx` known to tfjs: each operation is one small ONNX graph, run at once. It serves what is not
 * captured as a whole; see `capture`.
 * @throws where ONNX Runtime has no native library for this platform
 */
export function registerOnnxBackend(): void {
  if (registered) return;
  // else the library keeps a log of its telemetry, mat-debug-<pid>.log, in the folder for temporary files
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  loadRuntime();
  registered = true;
  tf.registerBackend(BACKEND, () => new OnnxBackend(), 0);
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
    const write = kernelTable[kernelName];
    const small = kernelFunc as (args: KernelCall) => tf.TensorInfo | tf.TensorInfo[];
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: write ? (args) => runKernel(kernelName, write, small, args as KernelCall) : kernelFunc,
    });
  }
}

/** What tfjs hands to a kernel. */
interface KernelCall {
  inputs: Record<string, tf.TensorInfo | undefined>;
  attrs?: Record<string, unknown>;
  backend: OnnxBackend;
}

/** Kernels that share numbers or only fill memory gain nothing from a graph. */
const PLAIN = new Set(["Identity", "Reshape", "ExpandDims", "Fill", "ZerosLike", "OnesLike", "Range"]);

function runKernel(
  name: string,
  write: KernelWriter,
  small: (args: KernelCall) => tf.TensorInfo | tf.TensorInfo[],
  call: KernelCall,
): tf.TensorInfo | tf.TensorInfo[] {
  const given = Object.entries(call.inputs).filter((entry): entry is [string, tf.TensorInfo] => !!entry[1]);
  const work = Math.max(0, ...given.map(([, { shape }]) => sizeOf(shape)));
  if (PLAIN.has(name) || work < SMALL || given.some(([, { dtype }]) => dtype === "string" || dtype === "complex64")) {
    return small(call);
  }
  const { backend } = call;
  const host: NamedTensorData = {};
  for (const [input, { shape, dtype, dataId }] of given) {
    const data = backend.data.get(dataId).values as Float32Array | Int32Array | Uint8Array;
    host[input] = { shape, dtype: dtype as DType, data: typed(data, dtype as DType) };
  }
  try {
    return runNode(name, write, host, call);
  } catch (error) {
    if (error instanceof NoNodeError) return small(call);
    throw error;
  }
}

function runNode(
  name: string,
  write: KernelWriter,
  host: NamedTensorData,
  { attrs, backend }: KernelCall,
): tf.TensorInfo | tf.TensorInfo[] {
  const shapes = Object.entries(host).map(([input, { shape, dtype }]) => `${input}:${dtype}[${shape}]`);
  const key = `eager:${name}(${shapes})${JSON.stringify(attrs ?? {})}`;
  const session = cachedSession(key, () => {
    const graph = new Graph();
    const inputs = Object.fromEntries(
      Object.entries(host).map(([input, { shape, dtype }]) => [input, graph.input(`in.${input}`, shape, dtype)]),
    );
    const written = [write(graph, inputs, attrs ?? {})].flat() as Value[];
    const encoded = layOut(graph, Object.fromEntries(written.map((value, i) => [i, value]))).encode();
    const results = written.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
    return { session: new Session(encoded), bytes: encoded.bytes.length + 2 * results + SESSION };
  });
  const outputs = session.run(Object.fromEntries(Object.entries(host).map(([input, value]) => [`in.${input}`, value])));
  const infos = Object.keys(outputs)
    .sort((a, b) => Number(a) - Number(b))
    .map((output) => {
      const { shape, dtype, data } = outputs[output];
      return backend.makeTensorInfo(shape, dtype, data as Float32Array);
    });
  return infos.length === 1 && name !== "Unpack" && name !== "SplitV" ? infos[0] : infos;
}

/** The JavaScript kernels keep some int32 and bool numbers in arrays of another type. */
function typed(data: ConstantData, dtype: DType): Float32Array | Int32Array | Uint8Array {
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return data instanceof make ? data : make.from(data as ArrayLike<number>);
}
