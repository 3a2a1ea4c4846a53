import { mixSparseLayers } from "../../mixing/sparse-mixing.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** How a mixture of algorithm 4 is made. Adapters are named by hash. */
export interface LayerSparseRecipe {
  /** The adapters mixed. */
  of: string[];
  /** A single adapter has its layers ranked against these; none for several, which are ranked against each other. */
  among: string[];
  /** m: how many layers of each are pruned. */
  layers: number;
  sparsity: number;
}

/** How such a mixture did, and which layers of each adapter were pruned. */
export interface LayerSparseUnitResult {
  accuracy: number;
  /** Which test examples were right, packed. */
  correct: string;
  prunedLayers: number[][];
}

/** The row of a `layer-sparse` unit. */
export type LayerSparseRow = Ran<LayerSparseUnitResult>;

/** Makes a mixture by algorithm 4 and tests it on the domain of one of its members, with that domain's own head. */
export const layerSparseUnit = defineUnit({
  kind: "layer-sparse",
  module: import.meta.url,
  async settings(study, input: { domain: string; headOf: string; recipe: LayerSparseRecipe }) {
    const { batchSize, maxLength } = study.settings;
    return { ...input, domain: domainKey(await study.domain(input.domain)), batchSize, maxLength };
  },
  methods: ["magnitude"], // what layers are pruned by
  async run(study, { domain: { name }, headOf, recipe, batchSize, maxLength }): Promise<LayerSparseUnitResult> {
    const load = (hash: string) => trainedAdapter(study, hash).adapter;
    const { layers, sparsity } = recipe;
    const { mixture, prunedLayers } = mixSparseLayers(recipe.of.map(load), {
      ...{ layers, sparsity },
      among: recipe.among.map(load),
    });
    const { head } = trainedAdapter(study, headOf);
    const test = { split: "test" as const, batchSize, maxLength };
    const { accuracy, correct } = await testAdapter(study, await study.domain(name), mixture, head, test);
    return { accuracy, correct, prunedLayers };
  },
});
