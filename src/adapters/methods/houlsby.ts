import { type BottleneckConfig, bottleneck } from "../bottleneck.js";
import type { MethodDefinition } from "../method.js";

/** Houlsby et al. (2019); AdapterHub's `double_seq_bn`: a bottleneck after attention and one after feed-forward. */
export const houlsby: MethodDefinition<BottleneckConfig<"houlsby">> = {
  ...bottleneck,
  label: "Houlsby",
  defaults: {
    method: "houlsby",
    reductionFactor: 16,
    activation: "swish",
    afterAttention: true,
    afterFeedForward: true,
    originalNormBefore: false,
    originalNormAfter: true,
    residualBeforeNorm: true,
    scaling: 1,
    leaveOut: [],
    initialisation: "bert",
  },
};
