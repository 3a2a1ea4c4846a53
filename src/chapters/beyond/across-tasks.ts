import { mean } from "simple-statistics";
import type { AdapterMethod } from "../../adapters/methods.js";
import { formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import { claimMean } from "../../study/claim-effects.js";
import { inRegime } from "../../study/in-regime.js";
import type { Recipe } from "../../study/recipe.js";
import { type RunOptions, restoring } from "../../study/run.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { GAIN } from "../mix/counted-targets.js";
import { testRecipes } from "../mix/mixtures.js";
import type { TrainRow } from "../train/train-unit.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";
import { taskNames } from "./task-domains.js";
import { taskMixtureUnit } from "./task-mixture-unit.js";
import { taskUnit } from "./task-unit.js";

/** A mixture across kinds of tasks, tested on one of its members by that member's own measure, a share or a correlation. */
export interface AcrossTasksRow {
  target: string;
  task: string;
  measure: string;
  members: string[];
  size: number;
  /** Whether another member is of another kind of task than the target. */
  across: boolean;
  /** The target's own adapter alone. */
  single: number;
  mixed: number;
  /** The target's own head with the adapter as it was before training. */
  floor: number;
  /** single − mixed, in points. */
  drop: number;
}

/** A member: an adapter of a classification, or of another kind of task. */
interface Member {
  domain: string;
  task: string;
  measure: string;
  adapter: string;
  single: number;
  /** The row of a classification. */
  row?: TrainRow;
}

/**
 * Mixes adapters of classifications with those of a regression and of a tagging, from one start: every two of them, and all.
 *
 * @param singles adapters of classifications, of one method and one seed, from the shared start
 */
export async function mixAcrossTasks(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<AcrossTasksRow[]> {
  const controlled = inRegime(study, "controlled");
  const [{ method, seed }] = singles;
  const inputs = taskNames.map((name) => ({ name, method: method as AdapterMethod, seed }));
  const trained = await taskUnit.rows(controlled, inputs, restoring(controlled, options));
  const members: Member[] = [
    ...singles.map((row) => ({
      ...{ domain: row.domain, task: "classification", measure: "accuracy" },
      ...{ adapter: row.adapter, single: row.accuracy, row },
    })),
    ...trained.map(({ task, measure, adapter, scores }, i) => ({
      ...{ domain: taskNames[i], task, measure, adapter, single: scores[measure] },
    })),
  ];
  const positions = enumerateMixtures(members.length, { sizes: [2, members.length] });
  const sets = positions.map((set) => set.map((i) => members[i]));
  const tests = sets.flatMap((set) => set.map((own) => ({ own, set })));
  const mixtures = tests.map(({ own, set }) => ({
    own,
    recipe: { make: "mixture", of: set.map(({ adapter }) => adapter) } as Recipe,
  }));
  const floors = members.map((own) => ({ own, recipe: { make: "start", of: own.adapter } as Recipe }));
  const values = await measure(controlled, [...mixtures, ...floors], options);
  const floorOf = new Map(members.map(({ domain }, i) => [domain, values[tests.length + i]]));
  return tests.map(({ own, set }, i) => {
    const { domain: target, task, measure, single } = own;
    const [mixed, floor] = [values[i], floorOf.get(target) as Measured];
    const row: AcrossTasksRow = {
      ...{ target, task, measure, members: set.map(({ domain }) => domain), size: set.length },
      across: set.some((other) => other.task !== task),
      ...{ single, mixed: mixed.value, floor: floor.value, drop: 100 * (single - mixed.value) },
    };
    return madeFrom(row, mixed.row, floor.row, set.map(({ row }) => row).filter(Boolean), trained);
  });
}

interface Measured {
  value: number;
  row: object;
}

/** What adapters made by recipes reach on their targets, in the order of the tests. */
async function measure(
  study: Study,
  tests: readonly { own: Member; recipe: Recipe }[],
  options: RunOptions,
): Promise<Measured[]> {
  const ofTexts = tests.filter(({ own }) => own.row);
  const others = tests.filter(({ own }) => !own.row);
  const classified = await testRecipes(
    study,
    ofTexts.map(({ own, recipe }) => ({ own: own.row as TrainRow, recipe })),
    options,
  );
  const inputs = others.map(({ own, recipe }) => ({ name: own.domain, headOf: own.adapter, recipe }));
  const rest = await taskMixtureUnit.rows(study, inputs, options);
  return tests.map((test) => {
    const row = test.own.row ? classified[ofTexts.indexOf(test)] : rest[others.indexOf(test)];
    return { value: "accuracy" in row ? row.accuracy : row.scores[test.own.measure], row };
  });
}

/** The pairs whose target gained over its floor what a claim's target must: others have nothing to lose. */
const countedPairs = (rows: readonly AcrossTasksRow[]) =>
  rows.filter(({ size, single, floor }) => size === 2 && 100 * (single - floor) >= GAIN);

/** The numbers of the question on tasks, in the order of its predictions. */
export function acrossTasksEffects(rows: readonly AcrossTasksRow[]): ClaimEffect[] {
  const pairs = countedPairs(rows);
  const targets = [...new Set(pairs.map(({ target }) => target))];
  const across = pairs.filter((row) => row.across);
  const classified = targets.filter((name) =>
    pairs.some(({ target, task }) => target === name && task === "classification"),
  );
  const within = (target: string) =>
    mean(pairs.filter((row) => row.target === target && !row.across).map(({ drop }) => drop));
  return [
    claimMean(across, ({ single, mixed, floor }) => (100 * (mixed - floor)) / (single - floor), targets),
    claimMean(across, ({ target, drop }) => drop - within(target), classified),
  ].map((effect) => madeFrom(effect, rows));
}

/** A target's measure alone and mixed; NaN where there is no such mixture. */
interface Kept {
  target: string;
  task: string;
  measure: string;
  alone: number;
  ownKind: number;
  otherKind: number;
  all: number;
  floor: number;
}

/** What each target keeps: alone, with a partner of its own kind, with one of another kind, with all, and its floor. */
function keptOf(rows: readonly AcrossTasksRow[]): { kept: Kept[]; most: number } {
  const most = Math.max(...rows.map(({ size }) => size));
  const kept = [...new Set(rows.map(({ target }) => target))].map((target) => {
    const own = rows.filter((row) => row.target === target);
    const mixed = (which: (row: AcrossTasksRow) => boolean) => {
      const some = own.filter(which);
      return some.length > 0 ? mean(some.map((row) => row.mixed)) : Number.NaN;
    };
    const [{ task, measure, single: alone, floor }] = own;
    return {
      ...{ target, task, measure, alone, floor },
      ownKind: mixed(({ size, across }) => size === 2 && !across),
      otherKind: mixed(({ size, across }) => size === 2 && across),
      all: mixed(({ size }) => size === most),
    };
  });
  return { kept, most };
}

/** Bars of what each target keeps. */
export function acrossTasksFigure(rows: readonly AcrossTasksRow[]): Figure {
  const { kept, most } = keptOf(rows);
  const bar = (name: string, of: (one: Kept) => number) => ({
    name,
    categories: kept.map(({ target, measure }) => `${target} (${measureNames[measure] ?? measure})`),
    values: kept.map((one) => 100 * of(one)),
  });
  const groups = [
    bar("own adapter", ({ alone }) => alone),
    bar("with one of the same kind of task", ({ ownKind }) => ownKind),
    bar("with one of another kind", ({ otherKind }) => otherKind),
    bar(`all ${most} mixed`, ({ all }) => all),
    bar("untrained adapter, own head", ({ floor }) => floor),
  ];
  return madeFrom(
    barFigure(groups, {
      title: "Adapters of three kinds of task, alone and mixed",
      subtitle:
        "each target by its own measure; pairs averaged over partners; a gap where no other is of the same kind",
      ...{ x: "target (its measure)", y: "measure × 100", width: 900 },
    }),
    rows,
  );
}

const measureNames: Record<string, string> = { spearman: "Spearman's ρ", entityF1: "F1 by entity" };

/** One row a target: its measure alone and mixed. */
export function acrossTasksTable(rows: readonly AcrossTasksRow[]): Cells[] {
  const { kept, most } = keptOf(rows);
  const cells = kept.map(({ target, task, measure, alone, ownKind, otherKind, all, floor }) => ({
    ...{ target, task, measure, alone, "with its own kind": ownKind, "with another kind": otherKind },
    ...{ [`all ${most}`]: all, "untrained adapter": floor },
  }));
  return madeFrom(cells, rows);
}

/** What mixing across kinds of tasks keeps, and whether another kind harms more. */
export function describeAcrossTasks(rows: readonly AcrossTasksRow[]): string {
  const effects = acrossTasksEffects(rows);
  const [kept, more] = effects;
  const verdicts = readPredictions("tasks").map((one, i) => decideBeyond(one, effects[i]));
  const pairs = countedPairs(rows);
  const all = [...new Set(rows.map(({ target }) => target))];
  const idle = all.filter((name) => !pairs.some(({ target }) => target === name));
  const left =
    idle.length > 0
      ? ` Left out, since they gained less than five points over the untrained adapter with their own head: ${idle.join(", ")}.`
      : "";
  const least = pairs.filter(({ across }) => across).sort((a, b) => b.drop - a.drop)[0];
  const worst = least
    ? ` Most is lost by ${least.target} with ${least.members.filter((name) => name !== least.target).join()}: ${formatFixed(least.drop, 1)} points.`
    : "";
  return (
    `Mixed with one adapter of another kind of task, targets keep ${"undecided" in kept ? kept.undecided : inPoints(kept).replace("points", "per cent")} of what training ` +
    `gained (that this is less than half: ${verdicts[0]}). A classification loses ${inPoints(more)} more with a partner of another kind than with ` +
    `another classification (alike within three points: ${verdicts[1]}).${worst}${left}`
  );
}
