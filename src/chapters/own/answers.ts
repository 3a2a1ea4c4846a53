import { type Adapter, adapterHash } from "../../adapters/adapter.js";
import type { Head } from "../../adapters/head.js";
import type { Example } from "../../domains/domain.js";
import type { Encoder } from "../../encoder/encoder.js";
import { sha256, sha256OfTensors } from "../../files/hash.js";
import { appendJsonLines, readJsonLines } from "../../files/json-lines.js";
import { packBits, unpackBits } from "../../results/bits.js";
import { raceLooks } from "../../statistics/race.js";
import { createEvaluator, type EvaluateOptions, type Evaluator } from "../../training/evaluate.js";
import { type Member, shuffledRows } from "./member.js";

/** Tells which of a member's rows an adapter answers right. */
export interface Answers {
  /** Verdicts on the first `count` rows of a member, with that member's head. What is known is not computed again. */
  of(adapter: Adapter, target: number, count: number): boolean[];
  /** Rows of a member; 0 where it has none. */
  rows(target: number): number;
  /** Texts that went through the encoder, and those whose answers an earlier run had kept. */
  readonly computed: number;
  readonly kept: number;
}

/** One line of the file of kept answers: rows from `from` on. */
interface KeptLine {
  key: string;
  from: number;
  rows: number;
  bits: string;
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
  const earlier = keptIn === undefined ? new Map<string, boolean[]>() : readKept(keptIn);
  const known = new Map<string, boolean[]>();
  const targets = members.map(({ head }, i) => (rows[i].length > 0 && head ? keyOfTarget(head, rows[i]) : ""));
  const counts = { computed: 0, kept: 0 };

  /** Answers on rows that lie between two looks. The evaluator is made once: what no adapter acts on stays in it. */
  function compute(adapter: Adapter, target: number, from: number, to: number): boolean[] {
    const { head } = members[target];
    if (!head) throw new Error(`"${members[target].adapter.name}" has no head to be tested with.`);
    const part = rows[target].slice(from, to);
    const place = JSON.stringify([target, from, to, adapter.config]);
    const plan = { adapter: adapter.config, head: head.config };
    const evaluator = evaluators.get(place) ?? createEvaluator(encoder, part, plan, evaluation);
    evaluators.set(place, evaluator);
    const { predictions } = evaluator.run(adapter, head);
    counts.computed += part.length;
    return part.map(({ label }, i) => predictions[i] === label);
  }

  return {
    rows: (target) => rows[target].length,
    get computed() {
      return counts.computed;
    },
    get kept() {
      return counts.kept;
    },
    of(adapter, target, count) {
      const settings = [encoder.hash, targets[target], evaluation.maxLength ?? null];
      const key = sha256(JSON.stringify([adapterHash(adapter), ...settings])).slice(0, 32);
      let right = known.get(key);
      if (!right) {
        right = earlier.get(key) ?? [];
        counts.kept += right.length;
        known.set(key, right);
      }
      for (const to of raceLooks(rows[target].length)) {
        const from = right.length;
        if (from >= count || to <= from) continue;
        const part = compute(adapter, target, from, to);
        right.push(...part);
        if (keptIn !== undefined) {
          appendJsonLines(keptIn, { key, from, rows: part.length, bits: packBits(part) } satisfies KeptLine);
        }
      }
      return right.slice(0, count);
    },
  };
}

function readKept(path: string): Map<string, boolean[]> {
  const kept = new Map<string, boolean[]>();
  for (const { key, from, rows, bits } of readJsonLines<KeptLine>(path)) {
    const right = kept.get(key) ?? [];
    if (right.length === from) right.push(...unpackBits(bits, rows));
    kept.set(key, right);
  }
  return kept;
}

function keyOfTarget({ config, labels, tensors }: Head, rows: readonly Example[]): string {
  return sha256(JSON.stringify([config, labels, sha256OfTensors(tensors), rows]));
}
