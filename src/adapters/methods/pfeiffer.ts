import { type BottleneckConfig, bottleneck } from "../bottleneck.js";
import type { MethodDefinition } from "../method.js";
import { houlsby } from "./houlsby.js";

/** Pfeiffer et al. (2021); AdapterHub's `seq_bn`: one bottleneck after feed-forward, on normalised states. */
export const pfeiffer: MethodDefinition<BottleneckConfig<"pfeiffer">> = {
  ...bottleneck,
  label: "Pfeiffer",
  defaults: {
    ...houlsby.defaults,
    method: "pfeiffer",
    activation: "relu",
    afterAttention: false,
    originalNormBefore: true,
  },
};
