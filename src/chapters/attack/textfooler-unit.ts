import { existsSync } from "node:fs";
import { basename } from "node:path";
import { encoderSimilarity } from "../../attacks/similarity.js";
import { applySubstitutions } from "../../attacks/substitutions.js";
import { openSynonyms, type SynonymSource } from "../../attacks/synonyms.js";
import { type AttackedExample, createTextFooler, type TextFooler } from "../../attacks/textfooler.js";
import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { sha256OfFile } from "../../files/hash.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import { type ClassifierRecipe, classifierOf } from "../../study/recipe.js";
import type { Study } from "../../study/study.js";
import { type RankedSubstitution, rankSubstitutions, substitutionsOf } from "./substitution-ranks.js";

/** The row of a `textfooler` unit: one example attacked. It holds no text and no word: see {@link RankedSubstitution}. */
export interface TextFoolerRow extends Row {
  verdict: AttackedExample["verdict"];
  originalPrediction: number;
  attackedPrediction: number;
  originalScore: number;
  attackedScore: number;
  substitutions: RankedSubstitution[];
  words: number;
  queries: number;
  similarity: number;
  candidates: AttackedExample["candidates"];
  refused: AttackedExample["refused"];
  ran: string;
}

/**
 * The units that attack the first test examples of a domain with TextFooler, one each, so that an interrupted attack
 * goes on at the example where it was.
 *
 * @param threshold least similarity of an attacked text
 */
export function textFoolerUnits(study: Study, domain: Domain, victim: ClassifierRecipe, threshold: number): Unit[] {
  const { batchSize, maxLength, attackRows } = study.settings;
  const settings = {
    encoder: study.encoder.hash.slice(0, 32),
    domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
    victim: victim as unknown as Json,
    synonyms: synonymsKey(study),
    ...{ threshold, batchSize, maxLength },
  };
  const code = codeHash(["chapters/attack/textfooler-unit.js", "text/tokenizer.js"]).slice(0, 32);
  return Array.from({ length: Math.min(attackRows, domain.test.length) }, (_, row) => ({
    kind: "textfooler",
    settings: { ...settings, row },
    code,
  }));
}

const foolers = new Map<string, TextFooler>();

/** Attacks the example of a unit. */
export async function runTextFoolerUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domain: { name: string };
    victim: ClassifierRecipe;
    threshold: number;
    row: number;
    batchSize: number;
    maxLength: number;
  };
  const domain = await study.domain(settings.domain.name);
  const victim = classifierOf(study, settings.victim);
  const { threshold, batchSize, maxLength } = settings;
  const plan = { adapter: victim.adapter?.config, head: victim.head.config };
  const key = JSON.stringify([study.encoder.hash, plan, study.settings.synonyms, threshold, batchSize, maxLength]);
  let fooler = foolers.get(key);
  if (!fooler) {
    const similarity = encoderSimilarity(study.encoder, { threshold, batchSize, maxLength });
    fooler = createTextFooler(study.encoder, plan, { synonyms: synonymsOf(study), similarity, batchSize, maxLength });
    foolers.set(key, fooler);
  }
  const example = domain.test[settings.row];
  return { row: rowOf(fooler.attack(victim, example, settings.row), study) };
}

/** An attacked example as a row. */
function rowOf(attacked: AttackedExample, study: Study): TextFoolerRow {
  const { verdict, originalPrediction, attackedPrediction, words, queries, candidates, refused } = attacked;
  return {
    ...{ verdict, originalPrediction, attackedPrediction },
    originalScore: rounded(attacked.originalScore),
    attackedScore: rounded(attacked.attackedScore),
    substitutions: rankSubstitutions(attacked.original, attacked.substitutions, synonymsOf(study)),
    ...{ words, queries, candidates, refused },
    similarity: rounded(attacked.similarity),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
}

/** A row as the attacked example that it was made of. */
export function attackedExampleOf(
  study: Study,
  example: AttackedExample["original"],
  index: number,
  row: TextFoolerRow,
) {
  const { ran: _, substitutions: ranked, ...numbers } = row;
  const substitutions = substitutionsOf(example, ranked, synonymsOf(study));
  const attacked: AttackedExample = {
    ...numbers,
    ...{ index, label: example.label, original: example, substitutions },
    attacked: applySubstitutions(example, substitutions),
  };
  return attacked;
}

const opened = new Map<string, SynonymSource>();

/** The source of synonyms that a study names, opened once. */
export function synonymsOf({ settings }: Study): SynonymSource {
  const known = opened.get(settings.synonyms) ?? openSynonyms(settings.synonyms);
  opened.set(settings.synonyms, known);
  return known;
}

/** What a key says of the source: its name, and the hash of its file where it is one. */
function synonymsKey({ settings: { synonyms } }: Study): Json {
  return existsSync(synonyms) ? { file: basename(synonyms), hash: sha256OfFile(synonyms).slice(0, 32) } : synonyms;
}

/** Six decimals are enough for a probability or a similarity. */
const rounded = (value: number) => Number(value.toFixed(6));
