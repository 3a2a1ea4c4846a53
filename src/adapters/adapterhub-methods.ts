import { quoted, shown } from "../files/shown.js";

/** What AdapterHub's other architectures are. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  prefix_tuning: "prefix tuning, which puts learned keys and values before each layer's",
  prompt_tuning: "prompt tuning, which puts learned embeddings before the text",
  reft: "ReFT, which changes hidden states at some positions",
  union: "a union of several methods, such as MAM or UniPELT",
  mtl_lora: "MTL-LoRA, a LoRA with matrices for each task",
};

/** What an option makes of an adapter. */
const VARIANTS: Readonly<Record<string, string>> = {
  use_dora: "it is DoRA, which learns the norm of each weight row beside a LoRA",
  vera_b: "it is VeRA, vectors on random matrices that all layers share",
  vera_d: "it is VeRA, vectors on random matrices that all layers share",
  is_parallel: "it is a parallel adapter, which reads what its sub-layer reads",
  phm_layer: "it is a Compacter, whose matrices are sums of Kronecker products",
  inv_adapter: "it has an invertible adapter after the embeddings, as MAD-X has",
  use_gating: "it has learned gates",
  cross_adapter: "it has adapters after cross-attention",
  ln_before: "it has a LayerNorm of its own before the bottleneck",
  ln_after: "it has a LayerNorm of its own after the bottleneck",
  adapter_residual_before_ln: "its residual ends before a LayerNorm of its own",
  scaling: "its scale is learned",
  reduction_factor: "its layers differ in width",
};

/** Old names of whole configurations that are no bottleneck or LoRA that signmix computes. */
const NAMES: Readonly<Record<string, string>> = {
  prefix_tuning: ARCHITECTURES.prefix_tuning,
  prompt_tuning: ARCHITECTURES.prompt_tuning,
  ia3: "IA³, which scales activations by learned vectors",
  dora: VARIANTS.use_dora.slice(6),
  vera: VARIANTS.vera_b.slice(6),
  loreft: ARCHITECTURES.reft,
  mam: ARCHITECTURES.union,
  unipelt: ARCHITECTURES.union,
  par_bn: VARIANTS.is_parallel.slice(6),
  parallel: VARIANTS.is_parallel.slice(6),
  compacter: VARIANTS.phm_layer.slice(6),
  "compacter++": VARIANTS.phm_layer.slice(6),
};

/** @throws saying what the configuration of that name is */
export function refuseNamed(name: string): never {
  const what = Object.hasOwn(NAMES, name)
    ? ` is ${NAMES[name]}, and`
    : /inv/.test(name)
      ? ` ${VARIANTS.inv_adapter.slice(3)}, and`
      : "";
  throw new Error(`The AdapterHub configuration ${quoted(name)}${what} is not supported.`);
}

/** @throws saying what the architecture is */
export function refuseArchitecture(architecture: unknown): never {
  const known = typeof architecture === "string" && Object.hasOwn(ARCHITECTURES, architecture);
  const what = known ? ` is ${ARCHITECTURES[architecture as string]}, and` : "";
  throw new Error(`An AdapterHub adapter of architecture ${quoted(architecture)}${what} is not supported.`);
}

/** @throws saying what the option makes of the adapter */
export function refuseHubOption(option: string, value: unknown): never {
  const ia3 = option === "composition_mode" && value === "scale";
  const what = ia3 ? `: it is ${NAMES.ia3}` : Object.hasOwn(VARIANTS, option) ? `: ${VARIANTS[option]}` : "";
  throw new Error(`The AdapterHub option ${shown(option)} = ${shown(JSON.stringify(value))} is not supported${what}.`);
}
