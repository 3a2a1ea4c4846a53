import tf = require("@tensorflow/tfjs");

/** Element types that signmix computes with. */
export type DType = "float32" | "int32" | "bool";

/** A tensor on the host: row-major numbers with a shape and a type, owned by no backend. */
export interface TensorData {
  shape: number[];
  dtype: DType;
  data: Float32Array | Int32Array | Uint8Array;
}

/** Host tensors by name. */
export type NamedTensorData = Record<string, TensorData>;

/** Backend tensors by name. */
export type NamedTensors = Record<string, tf.Tensor>;

/** Number of elements of a shape; 1 for rank 0. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A float32 host tensor over `data`, which is used, not copied. */
export function float32(shape: number[], data: Float32Array = new Float32Array(sizeOf(shape))): TensorData {
  if (data.length !== sizeOf(shape)) {
    throw new Error(`${data.length} numbers do not fill the shape [${shape}]; give ${sizeOf(shape)}.`);
  }
  return { shape, dtype: "float32", data };
}

/** An int32 host tensor over `data`, which is used, not copied. */
export function int32(shape: number[], data: Int32Array = new Int32Array(sizeOf(shape))): TensorData {
  if (data.length !== sizeOf(shape)) {
    throw new Error(`${data.length} numbers do not fill the shape [${shape}]; give ${sizeOf(shape)}.`);
  }
  return { shape, dtype: "int32", data };
}

/** Copies a host tensor to the active backend. The caller disposes the result. */
export function toTensor(host: TensorData): tf.Tensor {
  return tf.tensor(host.data, host.shape, host.dtype);
}

/** Copies host tensors to the active backend, names kept. The caller disposes the results. */
export function toTensors(host: NamedTensorData): NamedTensors {
  return Object.fromEntries(Object.entries(host).map(([name, value]) => [name, toTensor(value)]));
}

/** Reads a backend tensor into host memory; the tensor stays alive. */
export function toHost(tensor: tf.Tensor): TensorData {
  const data = tensor.dataSync() as Float32Array | Int32Array | Uint8Array;
  return { shape: tensor.shape.slice(), dtype: tensor.dtype as DType, data: data.slice() };
}
