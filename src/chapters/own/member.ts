import type { Adapter } from "../../adapters/adapter.js";
import type { Head } from "../../adapters/head.js";
import type { Domain, Example } from "../../domains/domain.js";
import { createRandom } from "../../engine/random.js";
import { madeFrom } from "../../results/origin.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import type { TrainRow } from "../train/train-unit.js";

/** An adapter that may be mixed, with what it can be tested by. */
export interface Member {
  adapter: Adapter;
  /** The head that was trained beside it; needed where there are rows. */
  head?: Head;
  /** Labelled texts of its domain that it was not trained on. Without them it is compared by its signs alone. */
  rows?: readonly Example[];
}

/** A trained adapter as a member, with the dev rows of its domain. Test rows stay out: advice is a choice. */
export function memberOf({ adapter, head }: { adapter: Adapter; head?: Head }, domain?: Domain): Member {
  return { adapter, ...(head && { head }), ...(domain && { rows: domain.dev }) };
}

/** The members that a study's trained adapters make, each with the dev rows of its domain. */
export async function membersOf(study: Study, singles: readonly TrainRow[]): Promise<Member[]> {
  const members = singles.map(async (row) => {
    const domain = await study.domain(row.domain);
    const { adapter, head } = trainedAdapter(study, row.adapter);
    return madeFrom(memberOf({ adapter: { ...adapter, name: row.domain }, head }, domain), row);
  });
  return madeFrom(await Promise.all(members), singles);
}

/** A member's rows in an order that tells nothing, since tables are often sorted by label. */
export function shuffledRows({ rows = [] }: Member): Example[] {
  return createRandom("race").shuffle([...rows]);
}

/** @throws if two members share a name, or one has rows and no head for them */
export function checkMembers(members: readonly Member[]): void {
  if (members.length < 2) throw new Error("Advice needs two adapters or more.");
  const names = members.map(({ adapter }) => adapter.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`Two adapters are called "${twice}"; give one of them another name.`);
  const headless = members.find(({ head, rows }) => rows && rows.length > 0 && !head);
  if (headless) {
    throw new Error(
      `"${headless.adapter.name}" has no classification head, so it cannot be tested on its rows; leave them out, or train a head.`,
    );
  }
}
