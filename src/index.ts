export { type DomainCard, domainCard } from "./domains/card.js";
export { createDomain, type Domain, type DomainName, domainNames, type Example } from "./domains/domain.js";
export { domainFromFolder } from "./domains/folder.js";
export { type DomainFromTableOptions, domainFromTable } from "./domains/from-table.js";
export { findLeaks, type Leak, type LeakOptions } from "./domains/leaks.js";
export { type DomainStatistics, domainStatistics } from "./domains/statistics.js";
export { subsample } from "./domains/subsample.js";
export { createRandom, type Random } from "./engine/random.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
