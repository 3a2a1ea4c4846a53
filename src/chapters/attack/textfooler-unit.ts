import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { applySubstitutions } from "../../attacks/substitutions.js";
import { openSynonyms, type SynonymSource } from "../../attacks/synonyms.js";
import { type AttackedExample, createTextFooler } from "../../attacks/textfooler.js";
import type { Domain } from "../../domains/domain.js";
import { sha256OfFile } from "../../files/hash.js";
import type { Json, Unit } from "../../results/unit.js";
import { defineUnit, domainKey, encoderKey, type Ran } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import { type ClassifierRecipe, classifierOf, modulesOf } from "../../study/recipe.js";
import type { Study } from "../../study/study.js";
import { openAttackSimilarity, type SimilarityThreshold } from "./attack-similarity.js";
import { type RankedSubstitution, rankSubstitutions, substitutionsOf } from "./substitution-ranks.js";

/** One example attacked. It holds no text and no word: see {@link RankedSubstitution}. */
export interface TextFoolerResult {
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
}

/** The row of a `textfooler` unit. */
export type TextFoolerRow = Ran<TextFoolerResult>;

/** One example to attack. */
export interface TextFoolerInput {
  domain: string;
  victim: ClassifierRecipe;
  similarity: SimilarityThreshold;
  /** Place among the test examples. */
  row: number;
}

/** Attacks one example with TextFooler, so that an interrupted attack goes on at the example where it was. */
export const textFoolerUnit = defineUnit({
  kind: "textfooler",
  module: import.meta.url,
  async settings(study, { domain, victim, similarity, row }: TextFoolerInput) {
    const { batchSize, maxLength } = study.settings;
    const synonyms = synonymsKey(study);
    return {
      domain: domainKey(await study.domain(domain)),
      ...{ victim, synonyms, similarity: similarity.kind, threshold: similarity.threshold, batchSize, maxLength, row },
    };
  },
  uses: ({ victim }) => modulesOf(victim.recipe),
  async run(study, settings): Promise<TextFoolerResult> {
    const { similarity: kind, threshold, batchSize, maxLength } = settings;
    const domain = await study.domain(settings.domain.name);
    const victim = await classifierOf(study, settings.victim);
    const plan = { adapter: victim.adapter?.config, head: victim.head.config };
    const { synonyms, synonymCosine } = study.settings;
    const sources = [synonyms, synonymCosine, kind, threshold];
    const parts = ["textfooler", encoderKey(study), JSON.stringify(plan), ...sources, batchSize, maxLength];
    const fooler = await kept(parts, () => {
      const similarity = openAttackSimilarity(study, { kind, threshold });
      return createTextFooler(study.encoder, plan, { synonyms: synonymsOf(study), similarity, batchSize, maxLength });
    });
    return resultOf(fooler.attack(victim, domain.test[settings.row], settings.row), study);
  },
});

/** The units that attack the first test examples of a domain, one each. */
export async function textFoolerUnits(
  study: Study,
  domain: Domain,
  victim: ClassifierRecipe,
  { kind, threshold }: SimilarityThreshold,
): Promise<Unit[]> {
  const units: Unit[] = [];
  for (let row = 0; row < Math.min(study.settings.attackRows, domain.test.length); row++) {
    units.push(await textFoolerUnit.unit(study, { domain: domain.name, victim, similarity: { kind, threshold }, row }));
  }
  return units;
}

/** An attacked example as a row. */
function resultOf(attacked: AttackedExample, study: Study): TextFoolerResult {
  const { verdict, originalPrediction, attackedPrediction, words, queries, candidates, refused } = attacked;
  return {
    ...{ verdict, originalPrediction, attackedPrediction },
    originalScore: rounded(attacked.originalScore),
    attackedScore: rounded(attacked.attackedScore),
    substitutions: rankSubstitutions(attacked.original, attacked.substitutions, synonymsOf(study)),
    ...{ words, queries, candidates, refused },
    similarity: rounded(attacked.similarity),
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
  const { synonyms, synonymCosine: leastCosine } = settings;
  const key = JSON.stringify([synonyms, leastCosine]);
  const known = opened.get(key) ?? openSynonyms(synonyms, { leastCosine });
  opened.set(key, known);
  return known;
}

/** What a key says of the source: its name, and the hash of its file and the least cosine where it is one. */
function synonymsKey({ settings: { synonyms, synonymCosine: leastCosine } }: Study): Json {
  if (!existsSync(synonyms)) return synonyms;
  return { file: basename(synonyms), hash: hashOfFile(synonyms), leastCosine };
}

const hashes = new Map<string, string>();

/** Hashed once: vectors of words are hundreds of megabytes, and every unit's key names them. */
function hashOfFile(path: string): string {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  const known = hashes.get(key) ?? sha256OfFile(path).slice(0, 32);
  hashes.set(key, known);
  return known;
}

/** Six decimals are enough for a probability or a similarity. */
const rounded = (value: number) => Number(value.toFixed(6));
