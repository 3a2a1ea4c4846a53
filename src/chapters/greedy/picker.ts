import type { Adapter } from "../../adapters/adapter.js";

/** What a way to choose may look at, before any mixture is tested. */
export interface PickerContext {
  /** The adapters to choose from, of one method and one seed; positions count in this list. */
  readonly adapters: readonly Adapter[];
  /** Position of the adapter that the mixture is for; undefined where it is to serve all of its members. */
  readonly target: number | undefined;
  /** Names of the adapters' domains. */
  readonly domains: readonly string[];
  /** What the domains' texts are like, each a vector of the frozen encoder ({@link embedTexts}). */
  readonly texts: readonly ArrayLike<number>[];
  /** How far training moved each adapter from its start. */
  readonly moved: readonly number[];
}

/**
 * A way to choose what to mix: all positions in the order in which they join, the target's first where there is one. The
 * choice of size k is the first k.
 */
export type Picker = (context: PickerContext) => readonly number[];
