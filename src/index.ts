export { createRandom, type Random } from "./engine/random.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
