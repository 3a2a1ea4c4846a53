import { existsSync } from "node:fs";
import { type Adapter, adapterHash } from "../../adapters/adapter.js";
import type { Head } from "../../adapters/head.js";
import type { Example } from "../../domains/domain.js";
import type { Encoder } from "../../encoder/encoder.js";
import { sha256, sha256OfTensors } from "../../files/hash.js";
import { appendJsonLines, readJsonLines } from "../../files/json-lines.js";
import { packBits, unpackBits } from "../../results/bits.js";
import { createEvaluator, type EvaluateOptions, type Evaluator } from "../../training/evaluate.js";
import { type Member, shuffledRows } from "./member.js";

/** Tells which of a member's rows an adapter answers right. */
export interface Answers {
  /** Verdicts of rows `from` to `to` of a member, with that member's head. Kept ones are not computed again. */
  of(adapter: Adapter, target: number, from: number, to: number): boolean[];
  /** Rows of a member; 0 where it has none. */
  rows(target: number): number;
  /** Texts that went through the encoder so far, and those that were found in the kept answers. */
  readonly computed: number;
  readonly kept: number;
}

/** One line of the file of kept answers. */
interface KeptLine {
  key: string;
  bits: string;
  rows: number;
}

/**
 * Answers of adapters of one encoder on the rows of some members. With a file they are kept as they come, so that a stopped
 * run goes on where it was.
 *
 * @param options.keptIn path of the file
 */
export function answersOf(
  encoder: Encoder,
  members: readonly Member[],
  options: EvaluateOptions & { keptIn?: string } = {},
): Answers {
  const { keptIn, ...evaluation } = options;
  const rows = members.map(shuffledRows);
  const evaluators = new Map<string, Evaluator>();
  const known = new Map<string, boolean[]>();
  const lines = keptIn !== undefined && existsSync(keptIn) ? readJsonLines<KeptLine>(keptIn) : [];
  for (const { key, bits, rows: count } of lines) known.set(key, unpackBits(bits, count));
  const targets = members.map(({ head }, i) => (rows[i].length > 0 && head ? keyOfTarget(head, rows[i]) : ""));
  const counts = { computed: 0, kept: 0 };

  function evaluatorOf(adapter: Adapter, head: Head, target: number, from: number, to: number): Evaluator {
    const key = JSON.stringify([target, from, to, adapter.config]);
    const made =
      evaluators.get(key) ??
      createEvaluator(
        encoder,
        rows[target].slice(from, to),
        { adapter: adapter.config, head: head.config },
        evaluation,
      );
    evaluators.set(key, made);
    return made;
  }

  return {
    rows: (target) => rows[target].length,
    get computed() {
      return counts.computed;
    },
    get kept() {
      return counts.kept;
    },
    of(adapter, target, from, to) {
      const { head } = members[target];
      if (!head) throw new Error(`"${members[target].adapter.name}" has no head to be tested with.`);
      const settings = [encoder.hash, targets[target], evaluation.maxLength ?? null, from, to];
      const key = sha256(JSON.stringify([adapterHash(adapter), ...settings])).slice(0, 32);
      const found = known.get(key);
      if (found?.length === to - from) {
        counts.kept += to - from;
        return found;
      }
      const { predictions } = evaluatorOf(adapter, head, target, from, to).run(adapter, head);
      const right = rows[target].slice(from, to).map(({ label }, i) => predictions[i] === label);
      counts.computed += to - from;
      known.set(key, right);
      if (keptIn !== undefined) {
        appendJsonLines(keptIn, { key, bits: packBits(right), rows: right.length } satisfies KeptLine);
      }
      return right;
    },
  };
}

function keyOfTarget({ config, labels, tensors }: Head, rows: readonly Example[]): string {
  return sha256(JSON.stringify([config, labels, sha256OfTensors(tensors), rows]));
}
