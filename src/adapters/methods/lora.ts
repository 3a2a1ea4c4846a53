import { shown } from "../../files/shown.js";
import { type LoraConfig, loraHooks, loraShapes } from "../lora.js";
import type { MethodDefinition } from "../method.js";

const matrices = ["query", "key", "value", "attentionOutput", "intermediate", "output"];

/** LoRA, Hu et al. (2021); AdapterHub's `lora`: query and value, rank 8, alpha 8. */
export const lora: MethodDefinition<LoraConfig> = {
  label: "LoRA",
  defaults: {
    method: "lora",
    rank: 8,
    alpha: 8,
    rankStabilised: false,
    targets: ["query", "value"],
    leaveOut: [],
  },
  check({ rank, alpha, targets }, refuse) {
    if (!(Number.isSafeInteger(rank) && rank >= 1)) {
      throw new Error(`LoRA's rank is a whole number ≥ 1, not ${shown(rank)}.`);
    }
    if (!Number.isFinite(alpha)) refuse("alpha", alpha, "a finite number");
    if (!Array.isArray(targets)) refuse("targets", targets, `a list of ${matrices.join(", ")}`);
    const unknown = targets.find((target) => !matrices.includes(target));
    if (unknown !== undefined) {
      const known = matrices.join(", ");
      throw new Error(`"${shown(unknown)}" is no matrix of an encoder layer; LoRA's targets are ${known}.`);
    }
    if (new Set(targets).size < targets.length) refuse("targets", targets, "without repetition");
  },
  shapes: loraShapes,
  hooks: loraHooks,
  draw(_config, part, shape, random) {
    if (part === "B") return undefined;
    const bound = 1 / Math.sqrt(shape[1]); // Kaiming-uniform with slope √5: U(−1/√in, 1/√in)
    return () => bound * (2 * random.uniform() - 1);
  },
  size: ({ rank }) => `rank ${rank}`,
  ofSize: ({ rank }) => ({ rank, alpha: rank }),
  pruneScope: "tensor", // B is so much smaller than A that all of it would go in a common pool
};
