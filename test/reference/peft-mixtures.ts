import assert from "node:assert/strict";
import { join } from "node:path";
import type { Adapter } from "#src/adapters/adapter.js";
import { importAdapter } from "#src/adapters/folder.js";
import { loraProduct } from "#src/adapters/lora.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { mixAdapters } from "#src/mixing/mix.js";
import type { MixOptions } from "#src/mixing/options.js";
import { ourName } from "./library-names.js";
import type { ErrorTable } from "./vectors.js";

/** PEFT's combination types in our words. */
const types: Record<string, MixOptions> = {
  linear: {},
  cat: { strategy: "cat" },
  svd: { space: "product" },
  ties: { strategy: "ties" },
  ties_frequency: { strategy: "ties", majority: "count" },
  ties_svd: { strategy: "ties", space: "product" },
  magnitude_prune: { strategy: "magnitude_prune" },
  magnitude_prune_svd: { strategy: "magnitude_prune", space: "product" },
  dare_linear: { strategy: "dare" },
  dare_ties: { strategy: "dare_ties" },
};

/** 2e-5 for factors and products, and for norms 1e-6 of their size: the README of case 05. */
const tolerances = { weights: 2e-5, norms: 1e-6 };

/** Mixtures of `lora_a` and `lora_b` in a folder, beside what PEFT's `add_weighted_adapter` made of them. */
export class PeftMixtures {
  /** `merge/<type>/<w0>_<w1>` of every mixture. */
  readonly merges: string[];

  constructor(
    private readonly folder: string,
    private readonly expected: NamedTensorData,
    private readonly density: number,
  ) {
    const prefixes = Object.keys(expected).flatMap((key) => /^merge\/[^/]+\/[^/]+/.exec(key)?.[0] ?? []);
    this.merges = [...new Set(prefixes)];
  }

  /** The same mixture by signmix. */
  mixtureOf(merge: string): Adapter {
    const [, type, coefficients] = merge.split("/");
    const names = ["lora_a", "lora_b"];
    const adapters = names.map((name) => importAdapter(join(this.folder, name)).adapter);
    const masks = type.startsWith("dare") ? names.map((name) => this.masksOf(`${merge}/mask/${name}/`)) : undefined;
    const density = types[type].strategy === undefined || type === "cat" ? undefined : this.density;
    const options = {
      ...types[type],
      density,
      coefficients: coefficients.split("_").map(Number),
      compat: "peft" as const,
    };
    return mixAdapters(adapters, { ...options, masks });
  }

  /** Compares factors (products where factors are not unique), and what is there of products and their norms. */
  compare(merge: string, errors: ErrorTable): void {
    const mixture = this.mixtureOf(merge);
    const type = merge.split("/")[1];
    const theirs: NamedTensorData = {};
    for (const key of Object.keys(this.expected).filter((name) => name.startsWith(`${merge}/`))) {
      const [group, module] = key.slice(merge.length + 1).split("/");
      const value = this.expected[key];
      if (group === "lora_A" || group === "lora_B") theirs[ourName(`${module}.${group}`) as string] = value;
      if (group === "delta_w") {
        const product = productOf(mixture, ourName(module) as string);
        errors.check("(host)", `${type} delta_w`, key, product, value, tolerances.weights);
      }
      if (group === "delta_w_norm") {
        const norm = Math.hypot(...productOf(mixture, ourName(module) as string).data);
        errors.checkNumber("(host)", `${type} norm (relative)`, key, norm, value.data[0], tolerances.norms);
      }
    }
    assert.equal(Object.keys(theirs).length, Object.keys(mixture.tensors).length);
    for (const [name, tensor] of Object.entries(theirs)) {
      const product = name.replace(/.$/, "BA");
      const [group, actual, wanted] = type.endsWith("svd")
        ? ["B·A", productOf(mixture, product), productOf({ tensors: theirs }, product)]
        : ["factors", mixture.tensors[name], tensor];
      errors.check("(host)", `${type} ${group}`, `${merge} ${name}`, actual, wanted, tolerances.weights);
    }
  }

  private masksOf(prefix: string): NamedTensorData {
    const masks = Object.keys(this.expected).filter((key) => key.startsWith(prefix));
    // mask/<adapter>/lora_A/<module>
    return Object.fromEntries(
      masks.map((key) => {
        const [factor, module] = key.slice(prefix.length).split("/");
        return [ourName(`${module}.${factor}`), this.expected[key]];
      }),
    );
  }
}

/** B·A in float32, as the library's product. [out, in] */
function productOf({ tensors }: { tensors: NamedTensorData }, name: string) {
  const [A, B] = ["A", "B"].map((factor) => tensors[name.replace(/BA$/, factor)]);
  return float32([B.shape[0], A.shape[1]], new Float32Array(loraProduct(A, B)));
}
