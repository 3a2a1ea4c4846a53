import type { UnitRunner } from "./plan.js";
import type { ResultStore } from "./store.js";
import type { Unit } from "./unit.js";

/** What computing stored rows again needs; a study gives it. */
export interface ResultsContext {
  store: ResultStore;
  /** Runs units with today's code, on the study's workers. */
  run: UnitRunner;
  /** The code hash that a unit has today; undefined where no kind of its name is known. */
  codeOf(unit: Unit): string | undefined;
  /** Whether a unit is about the study's encoder and about texts that the study has. */
  hasTodaysInputs(unit: Unit): Promise<boolean>;
  /** Whether the file of a trained adapter is at hand. */
  hasAdapter(hash: string): boolean;
  /**
   * Trains again the adapters that units name, where their files are gone: of results that were committed as rows alone.
   * @throws where training gives another row than the one that is stored
   */
  restore(units: readonly Unit[], signal?: AbortSignal): Promise<void>;
}
