import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";

/** An adapter (or none) with a head: what is attacked, or what an attack is made on. */
export interface Classifier {
  adapter?: Adapter;
  head: Head;
}
