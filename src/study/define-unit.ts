import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Domain } from "../domains/domain.js";
import { instructionSet } from "../engine/instruction-set.js";
import { codeHash, compiled, methodsNamed } from "../results/code-hash.js";
import { noteResult } from "../results/origin.js";
import type { Outcome } from "../results/plan.js";
import type { Json, Unit } from "../results/unit.js";
import { registerKind, type UnitKind } from "./kinds.js";
import { type RunOptions, runStudy } from "./run.js";
import type { Study } from "./study.js";

/** All that a kind of unit is. Settings and rows are plain data: what JSON can hold. */
export interface UnitDefinition<Input, Settings extends object, Row extends object> {
  /** Its name: rows are stored under it. */
  kind: string;
  /** `import.meta.url` of the file that defines it: what is hashed, and what a worker loads. */
  module: string;
  /** Everything that the row depends on beside the encoder, which every unit names. Domains by `domainKey`. */
  settings(study: Study, input: Input): Settings | Promise<Settings>;
  /** Computes the row. `keep` takes a file that belongs to it, such as a trained adapter. */
  run(study: Study, settings: Settings, keep: (path: string, bytes: Uint8Array) => void): Row | Promise<Row>;
  /** Modules that decide the row beside those that the file imports, such as what a function of the reader's calls. */
  uses?(settings: Settings): string[];
  /** Criteria and strategies that the row depends on beside those that the settings name. */
  methods?: readonly string[];
}

/** A row with what it was computed on, backend and instruction set. */
export type Ran<Row> = Row & { ran: string };

/** A kind of unit, ready to be run. */
export interface DefinedUnit<Input, Row extends object> extends UnitKind {
  /** The unit of an input: its settings, and the hash of the code that would compute it. */
  unit(study: Study, input: Input): Promise<Unit>;
  /** The rows of inputs, in their order: stored ones are read, the others computed on the study's workers. */
  rows(study: Study, inputs: readonly Input[], options?: RunOptions): Promise<Ran<Row>[]>;
  /**
   * The stored row of an input, or undefined where there is none; nothing is computed.
   * @throws for a kind whose settings are found by reading
   */
  stored(study: Study, input: Input): Ran<Row> | undefined;
}

/**
 * Defines a kind of unit, one expensive step: its key, its code hash and the type of its rows come from the definition.
 * The file that calls this is named `<kind>-unit.ts` and has one line in `chapters/units.ts`.
 */
export function defineUnit<Input, Settings extends object, Row extends object>(
  definition: UnitDefinition<Input, Settings, Row>,
): DefinedUnit<Input, Row> {
  const { kind, module } = definition;
  const path = relative(compiled, fileURLToPath(module)).replaceAll("\\", "/");
  const codeOf = (settings: Settings) => {
    const modules = [path, "text/tokenizer.js", ...(definition.uses?.(settings) ?? [])];
    return codeHash(modules, [...methodsNamed(settings), ...(definition.methods ?? [])]).slice(0, 32);
  };
  const unitOf = (study: Study, settings: Settings): Unit => ({
    kind,
    settings: { encoder: encoderKey(study), ...(settings as Settings & Fields) },
    code: codeOf(settings),
  });
  const unit = async (study: Study, input: Input) => unitOf(study, await definition.settings(study, input));
  const defined: DefinedUnit<Input, Row> = {
    ...{ kind, module, unit },
    code: ({ settings }) => codeOf(settings as unknown as Settings),
    async run(study, { settings }): Promise<Outcome> {
      const files: { path: string; bytes: Uint8Array }[] = [];
      const keep = (name: string, bytes: Uint8Array) => files.push({ path: resolve(name), bytes });
      const row = await definition.run(study, settings as unknown as Settings, keep);
      return { row: { ...(row as Row & Fields), ran: `${study.backend.name} ${instructionSet()}` }, files };
    },
    async rows(study, inputs, options) {
      const units: Unit[] = [];
      for (const input of inputs) units.push(await unit(study, input));
      const results = await runStudy(study, units, options);
      return results.map(({ row }) => row as unknown as Ran<Row>);
    },
    stored(study, input) {
      const settings = definition.settings(study, input);
      if (settings instanceof Promise) throw new Error(`The settings of "${kind}" are found by reading: use rows.`);
      const result = study.store.get(unitOf(study, settings));
      return result && (noteResult(result).row as unknown as Ran<Row>);
    },
  };
  registerKind(defined);
  return defined;
}

type Fields = { [key: string]: Json };

/** What a key says of the encoder. */
export function encoderKey({ encoder }: Study): string {
  return encoder.hash.slice(0, 32);
}

/** What a key says of a domain: its name, and the hash of its texts and labels. */
export interface DomainKey {
  name: string;
  hash: string;
}

/** A domain as settings name it. */
export function domainKey({ name, hash }: Domain): DomainKey {
  return { name, hash: hash.slice(0, 32) };
}
