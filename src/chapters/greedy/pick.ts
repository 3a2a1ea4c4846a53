import { madeFrom } from "../../results/origin.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { textUnit } from "../conflict/text-unit.js";
import type { SinglesGroup } from "../train/groups.js";
import { pickUnit } from "./pick-unit.js";
import type { Picker, PickerContext } from "./picker.js";
import { type WeightPicker, weightPickers } from "./pickers.js";

/** What the texts of domains are like, by domain. */
export type TextEmbeddings = ReadonlyMap<string, ArrayLike<number>>;

/**
 * What a picker chose for a target: sets of positions, the set of size k at k − 1.
 *
 * @throws naming the picker and the target where the order is not one of all positions, the target's first
 */
export function pickFor(
  study: Study,
  group: SinglesGroup,
  picker: Picker,
  target: number | undefined,
  texts: Pick<TextEmbeddings, "get">,
): number[][] {
  const order = storedOrder(study, group, picker, target) ?? picker(contextOf(study, group, target, texts));
  checkOrder(order, group, target, picker.name || "picker");
  return order.map((_, last) => order.slice(0, last + 1));
}

/** What is stored of a picker's choice, where the profile stores what is counted on signs. */
function storedOrder(
  study: Study,
  { rows }: SinglesGroup,
  picker: Picker,
  target: number | undefined,
): readonly number[] | undefined {
  const name = Object.entries(weightPickers).find(([, own]) => own === picker)?.[0] as WeightPicker | undefined;
  if (!study.settings.storeSigns || !name) return undefined;
  const stored = pickUnit.stored(study, { of: rows.map(({ adapter }) => adapter), picker: name });
  return stored?.orders[target ?? rows.length];
}

function contextOf(
  study: Study,
  { rows }: SinglesGroup,
  target: number | undefined,
  texts: Pick<TextEmbeddings, "get">,
): PickerContext {
  const domains = rows.map(({ domain }) => domain);
  return {
    target,
    domains,
    moved: rows.map(({ moved }) => moved),
    // only what a picker looks at is loaded
    get adapters() {
      return rows.map(({ adapter }) => trainedAdapter(study, adapter).adapter);
    },
    get texts() {
      return domains.map((domain) => embeddingOf(texts, domain));
    },
  };
}

function checkOrder(order: unknown, { rows }: SinglesGroup, target: number | undefined, name: string): void {
  const all = Array.isArray(order) && [...order].sort((a, b) => a - b).every((one, i) => one === i);
  if (!all || (order as number[]).length !== rows.length) {
    throw new Error(
      `"${name}" must return all positions from 0 to ${rows.length - 1}, in the order in which they join, not ` +
        `${JSON.stringify(order)}.`,
    );
  }
  if (target !== undefined && (order as number[])[0] !== target) {
    throw new Error(`"${name}" must begin with the target, position ${target} (${rows[target].domain}).`);
  }
}

/** Embeds the texts of domains with the frozen encoder, or takes that from the store. */
export async function embedTexts(
  study: Study,
  domains: readonly string[],
  options: RunOptions = {},
): Promise<TextEmbeddings> {
  const rows = await textUnit.rows(study, domains, options);
  return madeFrom(new Map(rows.map(({ domain, embedding }) => [domain, embedding])), rows);
}

function embeddingOf(texts: Pick<TextEmbeddings, "get">, domain: string): ArrayLike<number> {
  const embedding = texts.get(domain);
  if (!embedding) throw new Error(`The texts of ${domain} were not embedded; call embedTexts with it first.`);
  return embedding;
}
