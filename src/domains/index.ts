/** More of domains: cards, tables, options and statistics as types. */
export type { CardFile, DomainCard } from "./card.js";
export { type ClassroomOptions, trainingText } from "./classroom/generate.js";
export type { SplitName } from "./domain.js";
export type { DomainFromHubOptions } from "./from-hub.js";
export type { DomainFromTableOptions } from "./from-table.js";
export type { HeaderOptions } from "./header.js";
export type { Leak, LeakOptions } from "./leaks.js";
export type { DomainOptions, DomainSelection } from "./load.js";
export type { ExampleColumns, RowOptions } from "./rows.js";
export type { DomainStatistics } from "./statistics.js";
export type { SubsampleOptions } from "./subsample.js";
export type { TableFormat, TableOptions } from "./table.js";
