import { defineUnit } from "../../study/define-unit.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import type { PickerContext } from "./picker.js";
import { type WeightPicker, weightPickers } from "./pickers.js";

/** Adapters, by hash, and a way to choose among them that looks at their weights alone. */
export interface PickInput {
  of: readonly string[];
  picker: WeightPicker;
}

/** What a picker of weights chooses, for profiles that store what is counted on signs. */
export const pickUnit = defineUnit({
  kind: "pick",
  module: import.meta.url,
  settings: (_study, { of, picker }: PickInput) => ({ of: [...of], picker }),
  /** Orders for each target in turn, then for none. */
  run(study, { of, picker }): { orders: number[][] } {
    const adapters = of.map((hash) => trainedAdapter(study, hash).adapter);
    const choose = weightPickers[picker];
    const targets = [...of.keys(), undefined];
    return { orders: targets.map((target) => [...choose({ adapters, target } as unknown as PickerContext)]) };
  },
});
