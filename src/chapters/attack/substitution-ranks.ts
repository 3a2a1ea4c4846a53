import { applySubstitutions, attackedPart, editsFor, type Substitution, textOf } from "../../attacks/substitutions.js";
import type { SynonymSource } from "../../attacks/synonyms.js";
import { targetWord } from "../../attacks/target-word.js";
import { wordsOf } from "../../attacks/words.js";
import type { Example } from "../../domains/domain.js";

/**
 * A substitution without any word: place of the word in the attacked text, and rank of what took its place among the
 * candidates that the source of synonyms has for it; `follows` for an article that followed the word after it. With the
 * example and the source at hand the words come back, so that stored results hold no text of a dataset.
 */
export type RankedSubstitution = [word: number, rank: number];

/** The rank of an article that had to follow the word after it. */
const follows = -1;

/**
 * Substitutions as ranks.
 * @throws if one of them was not made with this source on this example
 */
export function rankSubstitutions(
  example: Example,
  substitutions: readonly Substitution[],
  synonyms: SynonymSource,
): RankedSubstitution[] {
  const part = attackedPart(example);
  let current = example;
  return substitutions.map((substitution): RankedSubstitution => {
    const { word, from, to } = substitution;
    const text = textOf(current, part);
    current = applySubstitutions(current, [substitution]);
    if (/^an?$/i.test(from)) return [word, follows];
    const rank = candidatesAt(example, word, synonyms).findIndex(
      (candidate) => editsFor(text, part, word, candidate).at(-1)?.to === to,
    );
    if (rank < 0) throw new Error(`"${to}" is not among the synonyms that ${synonyms.name} has for "${from}".`);
    return [word, rank];
  });
}

/**
 * The substitutions of an example from their ranks.
 * @throws if a rank is beyond the candidates of its word: another source, or another example
 */
export function substitutionsOf(
  example: Example,
  ranked: readonly RankedSubstitution[],
  synonyms: SynonymSource,
): Substitution[] {
  const part = attackedPart(example);
  const substitutions: Substitution[] = [];
  let current = example;
  for (const [word, rank] of ranked) {
    if (rank === follows) continue;
    const candidate = candidatesAt(example, word, synonyms)[rank];
    if (candidate === undefined) {
      throw new Error(`${synonyms.name} has no synonym of rank ${rank} for word ${word + 1}; attack the example anew.`);
    }
    const edits = editsFor(textOf(current, part), part, word, candidate);
    current = applySubstitutions(current, edits);
    substitutions.push(...edits);
  }
  return substitutions;
}

/** The candidates of a word of the text that is attacked, where it stands. */
function candidatesAt(example: Example, word: number, synonyms: SynonymSource): string[] {
  const text = textOf(example, attackedPart(example));
  const words = wordsOf(text);
  return words[word] === undefined ? [] : (targetWord(text, words, word, synonyms)?.candidates ?? []);
}
