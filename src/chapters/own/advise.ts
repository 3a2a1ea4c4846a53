import type { Encoder } from "../../encoder/encoder.js";
import { checkOptions, type OptionNames } from "../../files/options.js";
import { madeFrom } from "../../results/origin.js";
import { whyNotComparable } from "../../signs/comparable.js";
import { sharedInitialisation } from "../../signs/initialisation.js";
import type { EvaluateOptions } from "../../training/evaluate.js";
import { wilsonInterval } from "../../training/metrics.js";
import type { Advice, MemberFacts, SetAdvice } from "./advice.js";
import { answersOf } from "./answers.js";
import { checkMembers, type Member, shuffledRows } from "./member.js";
import { describeSigns, pairSigns } from "./pair-signs.js";
import { type RaceContext, raceSet, shareOf } from "./race-set.js";
import { weighSet } from "./weigh-set.js";

/** How advice is found. */
export interface AdviceOptions extends EvaluateOptions {
  /** Points of accuracy that a member may lose. Default 3. */
  margin?: number;
  /** Certainty of each verdict. Default 0.95. */
  level?: number;
  /** Most adapters of a set. Default: all. */
  maxSize?: number;
  /**
   * Factor on the summed changes from the start, θ₀ + λ Σ δ, in place of the plain average's 1/k. The adapters must be known
   * to share a start.
   */
  lambda?: number;
  /** Mix adapters whose encoders have equal shapes but different names. */
  anyEncoder?: boolean;
  /** File in which answers are kept, so that a stopped run goes on where it was. */
  keptIn?: string;
  onProgress?: (progress: AdviceProgress) => void;
  /** Stops the search: the promise is rejected with the signal's reason. What was answered is kept. */
  signal?: AbortSignal;
}

/** Where a search stands. */
export interface AdviceProgress {
  /** Texts that went through the encoder or were found kept. */
  texts: number;
  /** The set that is being tested. */
  set: string[];
}

const optionNames: OptionNames<AdviceOptions> = {
  ...({ batchSize: true, maxLength: true, margin: true, level: true, maxSize: true } as const),
  ...({ lambda: true, anyEncoder: true, keptIn: true, onProgress: true, signal: true } as const),
};

/**
 * Says which adapters may be mixed. Members with rows are tested: first all pairs, each by a race that stops where the
 * interval decides, then sets grown from the best pair that may be mixed, as long as they stay so; last, ways to weigh the
 * set that is left. Pairs without rows are compared by their signs, which decides nothing.
 *
 * @param encoder the frozen encoder; not needed where no member has rows
 * @throws if members share a name, or rows have labels that a head does not know
 */
export async function advise(
  encoder: Encoder | undefined,
  members: readonly Member[],
  options: AdviceOptions = {},
): Promise<Advice> {
  checkOptions(options, optionNames, "advise");
  checkMembers(members);
  const { margin = 3, level = 0.95, maxSize = members.length, anyEncoder, keptIn, batchSize, maxLength } = options;
  if (!(margin > 0 && margin < 100)) throw new Error(`The margin is a number of points above 0, not ${margin}.`);
  if (!(level > 0.5 && level < 1)) throw new Error(`The level is a share such as 0.95, not ${level}.`);
  const { lambda } = options;
  if (lambda !== undefined && !(lambda > 0 && lambda < 10)) throw new Error(`λ is a number above 0, not ${lambda}.`);
  if (lambda !== undefined && !sharedInitialisation(members.map(({ adapter }) => adapter))) {
    throw new Error("λ acts on the change from the start, and these adapters are not known to share one.");
  }
  const haveRows = members.filter(({ rows = [] }) => rows.length > 0);
  if (haveRows.length > 0 && !encoder) throw new Error("Testing on rows needs the encoder of the adapters.");
  const pairs = allPairs(members.length);
  const notes: string[] = [];
  if (!encoder || haveRows.length === 0) {
    return {
      ...{ margin, members: members.map(factsOf), pairs: pairs.map((pair) => outlook(pair, members, anyEncoder)) },
      ...{ grown: [], texts: { computed: 0, kept: 0, pairs: 0, allPairs: 0 }, notes },
    };
  }
  const answers = answersOf(encoder, members, {
    ...(batchSize !== undefined && { batchSize }),
    ...(maxLength !== undefined && { maxLength }),
    ...(keptIn !== undefined && { keptIn }),
  });
  const context: RaceContext = {
    ...{ members, answers, rule: { margin: margin / 100, level }, anyEncoder },
    ...(options.lambda !== undefined && { lambda: options.lambda }),
    onStep: async (set) => {
      options.signal?.throwIfAborted();
      const texts = answers.computed + answers.kept;
      options.onProgress?.({ texts, set: set.map((i) => members[i].adapter.name) });
      await new Promise((resolve) => setImmediate(resolve)); // lets signals and output through
    },
  };
  const facts: MemberFacts[] = [];
  for (const [i, member] of members.entries()) {
    const fact = factsOf(member);
    facts.push(fact);
    if (fact.rows === 0) continue;
    await context.onStep?.([i]);
    fact.alone = shareOf(answers.of(member.adapter, i, fact.rows));
    if (wilsonInterval(fact.alone, fact.rows)[0] <= (fact.majority ?? 0)) {
      notes.push(
        `${fact.name} alone is not surely better than its most frequent label, so it has little to lose: train it better first.`,
      );
    }
  }
  const advised: SetAdvice[] = [];
  for (const pair of pairs) {
    const untested = pair.every((i) => answers.rows(i) === 0);
    const seen = outlook(pair, members, anyEncoder);
    const tested = untested || seen.verdict === "cannot be mixed" ? seen : await raceSet(pair, context);
    advised.push({ ...tested, ...(seen.signs && { signs: seen.signs }) });
  }
  const raced = answers.computed + answers.kept;
  const { set, grown } = await grow(pairs, advised, Math.min(maxSize, members.length), context);
  const tested = advised.concat(grown).find(({ members: names }) => sameNames(names, set, members));
  const proposal = tested && (await weighSet(set, tested.verdict, context));
  const { computed, kept } = answers;
  const texts = { computed, kept, pairs: raced, allPairs: textsOfAllPairs(members) };
  const advice = { margin, members: facts, pairs: advised, grown, ...(proposal && { proposal }), texts, notes };
  return madeFrom<Advice>(advice, members);
}

/** Texts of a search at most: each member alone and diluted, and every pair on all rows of both. */
export function textsOfAllPairs(members: readonly Member[]): number {
  const all = members.reduce((sum, { rows = [] }) => sum + rows.length, 0);
  return all * 2 + all * (members.length - 1);
}

/** Seconds that one text takes through the encoder with an adapter, measured on up to 64 rows of a member. */
export function secondsPerText(encoder: Encoder, member: Member, options: EvaluateOptions = {}): number {
  const rows = shuffledRows(member).slice(0, 64);
  const answers = answersOf(encoder, [{ ...member, rows }], options);
  answers.of(member.adapter, 0, rows.length); // compiles
  const started = performance.now();
  answersOf(encoder, [{ ...member, rows }], options).of(member.adapter, 0, rows.length);
  return (performance.now() - started) / 1000 / rows.length;
}

function factsOf({ adapter, head, rows = [] }: Member): MemberFacts {
  if (rows.length === 0) return { name: adapter.name, rows: 0 };
  const counts = new Map<number, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = head?.labels.length ?? 0;
  const stray = rows.find(({ label }) => label >= classes);
  if (stray) {
    throw new Error(
      `The rows of "${adapter.name}" have a label ${stray.label}, and its head knows ${classes}: 0 to ${classes - 1}.`,
    );
  }
  return { name: adapter.name, rows: rows.length, majority: Math.max(...counts.values()) / rows.length };
}

function allPairs(n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    Array.from({ length: n - i - 1 }, (_, j): [number, number] => [i, i + j + 1]),
  );
}

/** What can be said of a pair before any test. */
function outlook([i, j]: readonly [number, number], members: readonly Member[], anyEncoder?: boolean): SetAdvice {
  const [a, b] = [members[i].adapter, members[j].adapter];
  const names = { members: [a.name, b.name], targets: [] };
  const why = whyNotComparable(a, b, { anyEncoder });
  if (why !== undefined) return { ...names, verdict: "cannot be mixed", why };
  const signs = pairSigns(a, b, { anyEncoder });
  return { ...names, verdict: "not tested", why: describeSigns(signs), signs };
}

/**
 * Grows the best pair that may be mixed, one member at a time, as long as the set may be mixed too. Where no pair may be, the
 * set is the tested pair that loses least: other weights than the plain average may help it. Empty where none was tested.
 */
async function grow(
  pairs: readonly (readonly [number, number])[],
  advised: readonly SetAdvice[],
  maxSize: number,
  context: RaceContext,
): Promise<{ set: number[]; grown: SetAdvice[] }> {
  const worst = ({ targets }: SetAdvice) => Math.max(...targets.map(({ lost }) => lost.effect));
  const tested = pairs
    .map((pair, at) => ({ pair, advice: advised[at] }))
    .filter(({ advice }) => advice.targets.length > 0)
    .sort((a, b) => worst(a.advice) - worst(b.advice));
  const grown: SetAdvice[] = [];
  const first = tested.find(({ advice }) => advice.verdict === "mix");
  if (!first) return { set: tested.length > 0 ? [...tested[0].pair] : [], grown };
  const ofPair = (i: number, j: number) =>
    advised[pairs.findIndex(([a, b]) => (a === i && b === j) || (a === j && b === i))];
  const barred = ({ verdict }: SetAdvice) => verdict === "do not mix" || verdict === "cannot be mixed";
  let set: number[] = [...first.pair];
  while (set.length < maxSize) {
    const left = context.members
      .map((_, i) => i)
      .filter((i) => !set.includes(i) && set.every((j) => !barred(ofPair(i, j))))
      .map((i) => ({ i, loss: set.reduce((sum, j) => sum + lossWithout(ofPair(i, j)), 0) }))
      .sort((a, b) => a.loss - b.loss);
    let next: number[] | undefined;
    for (const { i } of left) {
      const wider = [...set, i].sort((a, b) => a - b);
      const advice = await raceSet(wider, context);
      grown.push(advice);
      if (advice.verdict !== "mix") continue;
      next = wider;
      break;
    }
    if (!next) break;
    set = next;
  }
  return { set, grown };
}

/** The mean loss of a pair, for an order; one that was not tested comes last. */
function lossWithout({ targets }: SetAdvice): number {
  if (targets.length === 0) return 100;
  return targets.reduce((sum, { lost }) => sum + lost.effect, 0) / targets.length;
}

function sameNames(names: readonly string[], set: readonly number[], members: readonly Member[]): boolean {
  return names.length === set.length && set.every((i) => names.includes(members[i].adapter.name));
}
