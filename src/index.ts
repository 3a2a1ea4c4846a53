export { createDomain, type Domain, type DomainName, domainNames, type Example } from "./domains/domain.js";
export { createRandom, type Random } from "./engine/random.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
