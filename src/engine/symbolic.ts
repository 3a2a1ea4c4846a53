import tf = require("@tensorflow/tfjs");

import { type ConstantData, Graph, type Value } from "./graph.js";
import { kernelTable } from "./kernels/index.js";
import { NoNodeError, sameShape } from "./kernels/table.js";
import type { DType, NamedTensors } from "./tensor-data.js";

/** Name under which tfjs knows the backend that records. */
const BACKEND = "onnx-capture";

/** Whether a function is being recorded: what depends on constants alone is then computed once, when its graph is made. */
export function isCapturing(): boolean {
  return tf.getBackend() === BACKEND;
}

/** Thrown where a function cannot be captured; the message names the operator and the remedy. */
export class CaptureError extends Error {}

/** tfjs operations that draw random numbers on the host, where a capture would freeze them. */
const RANDOM = /^(random|rand|truncatedNormal|multinomial|dropout)/;

/** Parts of tfjs's engine that its types leave out. */
interface EngineState {
  scopeStack: { name: string }[];
  activeTape: { saved: tf.Tensor[] }[] | null;
}

function engineState(): EngineState {
  return (tf.engine() as unknown as { state: EngineState }).state;
}

/**
 * A tfjs backend that computes nothing: every tensor stands for a value of the graph being recorded, and every kernel
 * adds its nodes. Tensors of other backends are constants, read once and never moved.
 */
class SymbolicBackend extends tf.KernelBackend {
  graph = new Graph();
  // Constants that `fn` keeps (tf.keep) outlive one trace.
  private readonly values = new Map<object, { value: Value; graph: Graph; references: number }>();
  private closures = new Map<object, Value[]>();

  begin(): void {
    this.graph = new Graph();
    this.closures = new Map();
  }

  /** A tensor that stands for a value. */
  tensor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.info(value), this);
  }

  info(value: Value): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, { value, graph: this.graph, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.dtype as DType };
  }

  /** The value that a tensor stands for. */
  graphValue(tensor: tf.TensorInfo): Value {
    const own = this.values.get(tensor.dataId);
    if (own?.value.constant || own?.graph === this.graph) return own.value;
    if (own)
      throw new CaptureError("A captured function used a tensor that an earlier capture kept; return it instead.");
    // Tensors of several shapes may share their numbers.
    const known = this.closures.get(tensor.dataId) ?? [];
    let value = known.find(({ shape }) => sameShape(shape, tensor.shape));
    if (!value) {
      const data = known[0]?.constant ?? (tf.engine().readSync(tensor.dataId) as ConstantData);
      value = this.graph.constant(data, tensor.shape.slice(), tensor.dtype as DType);
      this.closures.set(tensor.dataId, [...known, value]);
    }
    return value;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const random = engineState().scopeStack.find((scope) => RANDOM.test(scope.name));
    if (random) {
      const name = random.name.replace(/__op$/, "");
      throw new CaptureError(
        `tf.${name} draws random numbers inside a captured function, where they would stay the same in every run; ` +
          "draw them outside and pass them as an input.",
      );
    }
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
      throw new CaptureError(`A captured function made a tensor of type ${dtype}; use float32, int32 or bool.`);
    }
    return this.info(this.graph.constant(typed(values, dtype), shape.slice(), dtype)).dataId;
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const value = this.values.get(dataId)?.value;
    if (value?.constant && value.dtype !== "int64") return value.constant as Float32Array;
    throw new CaptureError(
      "A captured function read the numbers of a tensor (dataSync, arraySync or array), which are not known yet; " +
        "let the decision depend on shapes, or use tf.where.",
    );
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: object, force = false): boolean {
    const held = this.values.get(dataId);
    if (held && --held.references > 0 && !force) return false;
    this.values.delete(dataId);
    return true;
  }

  override incRef(dataId: object): void {
    const held = this.values.get(dataId);
    if (held) held.references++;
  }

  override refCount(dataId: object): number {
    return this.values.get(dataId)?.references ?? 0;
  }

  override numDataIds(): number {
    return this.values.size;
  }

  override memory() {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}
}

function typed(values: tf.backend_util.BackendValues, dtype: DType): ConstantData {
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return values instanceof make ? values : make.from(values as ArrayLike<number>);
}

let backend: SymbolicBackend | undefined;

function register(): SymbolicBackend {
  if (backend) return backend;
  const made = new SymbolicBackend();
  tf.registerBackend(BACKEND, () => made, 0);
  for (const [kernelName, write] of Object.entries(kernelTable)) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc({ inputs, attrs }) {
        const values = Object.fromEntries(
          Object.entries(inputs)
            .filter(([, input]) => input)
            .map(([name, input]) => [name, made.graphValue(input as tf.TensorInfo)]),
        );
        const result = written(kernelName, () => write(made.graph, values, (attrs ?? {}) as Record<string, unknown>));
        return Array.isArray(result) ? result.map((value) => made.info(value)) : made.info(result as Value);
      },
    });
  }
  backend = made;
  return made;
}

function written<T>(kernelName: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof NoNodeError)) throw error;
    throw new CaptureError(`The operator ${kernelName} has no ONNX node for ${error.message}.`);
  }
}

/** A recorded function. */
export interface Trace {
  graph: Graph;
  outputs: Record<string, Value>;
}

/**
 * Runs `fn` once on symbolic tensors and returns what it would compute. Leaves tfjs as it was: the same backend, the
 * same tensors where they are.
 * @throws CaptureError where `fn` cannot be recorded
 */
export function trace(
  fn: (inputs: NamedTensors) => NamedTensors,
  signature: Record<string, { shape: readonly number[]; dtype: DType }>,
): Trace {
  const before = tf.getBackend();
  if (before === BACKEND)
    throw new CaptureError("A captured function called another capture; call the plain function.");
  const symbolic = register();
  symbolic.begin();
  const { graph } = symbolic;
  void tf.setBackend(BACKEND); // Takes effect at once for a backend made without waiting.
  try {
    const outputs: Record<string, Value> = {};
    tf.tidy(() => {
      const inputs = Object.entries(signature).map(([name, { shape, dtype }]) => [
        name,
        symbolic.tensor(graph.input(name, shape, dtype)),
      ]);
      const named = fn(Object.fromEntries(inputs) as NamedTensors);
      for (const [name, tensor] of Object.entries(named)) outputs[name] = symbolic.graphValue(tensor);
    });
    return { graph, outputs };
  } catch (error) {
    throw refusal(error);
  } finally {
    // A gradient that failed midway leaves tensors that its tape has kept.
    const state = engineState();
    for (const { saved } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
    void tf.setBackend(before);
    symbolic.begin();
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof CaptureError) return error;
  const missing =
    error instanceof Error && /Kernel '(\w+)' not registered for backend 'onnx-capture'/.exec(error.message);
  if (missing) return new CaptureError(`The operator ${missing[1]} has no ONNX node, so it cannot be captured.`);
  return error;
}
