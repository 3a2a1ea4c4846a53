import type { HeadConfig } from "../encoder/heads.js";
import type { LinearName } from "../encoder/hooks.js";
import { float } from "../files/json-text.js";
import { quoted, shown } from "../files/shown.js";
import { refuseArchitecture, refuseHubOption, refuseNamed } from "./adapterhub-methods.js";
import type { Activation, BottleneckConfig } from "./bottleneck.js";
import { adapterConfig } from "./create.js";
import type { Head } from "./head.js";
import type { LoraConfig } from "./lora.js";
import type { AdapterConfig } from "./methods.js";

/** A configuration as AdapterHub writes it. */
export type HubConfig = Record<string, unknown>;

/** Options that change the arithmetic, with the only value that signmix computes. */
const REQUIRED: HubConfig = {
  adapter_residual_before_ln: false,
  composition_mode: "add",
  cross_adapter: false,
  inv_adapter: null,
  is_parallel: false,
  ln_after: false,
  ln_before: false,
  phm_layer: false,
  use_dora: false,
  use_gating: false,
  vera_b: null,
  vera_d: null,
};

/** Options that signmix reads, and options without effect on a loaded adapter. */
const BOTTLENECK_OPTIONS = [
  ...["mh_adapter", "output_adapter", "non_linearity", "reduction_factor", "original_ln_before", "original_ln_after"],
  ...["residual_before_ln", "scaling", "leave_out", "init_weights"],
  ...["architecture", "dropout", "stochastic_depth", "init_weights_seed", "inv_adapter_reduction_factor"],
  // without effect where phm_layer is false
  ...["factorized_phm_W", "factorized_phm_rule", "hypercomplex_nonlinearity", "learn_phm", "phm_bias", "phm_c_init"],
  ...["phm_dim", "phm_init_range", "phm_rank", "shared_W_phm", "shared_phm_rule"],
];
const LORA_OPTIONS = [
  ...["architecture", "selfattn_lora", "intermediate_lora", "output_lora", "attn_matrices", "r", "alpha", "leave_out"],
  ...["dropout", "init_weights", "init_weights_seed", "dtype"],
];

const ATTENTION: Record<string, LinearName> = { q: "query", k: "key", v: "value" };

/** Configurations that old folders give by name alone. */
const NAMED: Record<string, { method: "houlsby" | "pfeiffer" | "lora" }> = {
  houlsby: { method: "houlsby" },
  double_seq_bn: { method: "houlsby" },
  pfeiffer: { method: "pfeiffer" },
  seq_bn: { method: "pfeiffer" },
  lora: { method: "lora" },
};

/**
 * Reads the `config` of an AdapterHub folder.
 *
 * @param version of the library that wrote it, such as `adapters.1.2.0`; absent in the oldest folders
 * @returns the configuration, and what a reader should know about how it was read
 * @throws naming the first option that signmix does not compute
 */
export function readHubConfig(given: unknown, version?: string): { config: AdapterConfig; notes: string[] } {
  if (typeof given === "string") {
    if (!Object.hasOwn(NAMED, given)) {
      refuseNamed(given);
    }
    return { config: adapterConfig(NAMED[given]), notes: [] };
  }
  if (typeof given !== "object" || given === null)
    throw new Error("The AdapterHub folder has no adapter configuration.");
  const hub = given as HubConfig;
  const architecture = hub.architecture ?? null;
  if (architecture !== null && architecture !== "lora") {
    refuseArchitecture(architecture);
  }
  const options = architecture === "lora" ? LORA_OPTIONS : BOTTLENECK_OPTIONS;
  for (const [option, value] of Object.entries(hub)) {
    const harmless = Object.hasOwn(REQUIRED, option)
      ? value === REQUIRED[option]
      : options.includes(option) || value === null;
    if (!harmless) refuseHubOption(option, value);
  }
  return architecture === "lora" ? readLora(hub, version) : { config: readBottleneck(hub, version), notes: [] };
}

function readBottleneck(hub: HubConfig, version?: string): BottleneckConfig<"houlsby" | "pfeiffer"> {
  const number = (option: string, otherwise: number) => {
    const value = hub[option] ?? otherwise;
    return typeof value === "number" ? value : refuseHubOption(option, value);
  };
  const flag = (option: string, otherwise = false) => {
    const value = hub[option] ?? otherwise;
    return typeof value === "boolean" ? value : refuseHubOption(option, value);
  };
  const both = flag("mh_adapter") && flag("output_adapter");
  const initialisation = hub.init_weights ?? "bert";
  if (initialisation !== "bert" && initialisation !== "houlsby") {
    throw new Error(`The AdapterHub option init_weights = ${quoted(initialisation)} is not supported.`);
  }
  return adapterConfig({
    method: both ? "houlsby" : "pfeiffer",
    reductionFactor: number("reduction_factor", 16),
    activation: readActivation(hub.non_linearity, version),
    afterAttention: flag("mh_adapter"),
    afterFeedForward: flag("output_adapter"),
    originalNormBefore: flag("original_ln_before"),
    originalNormAfter: flag("original_ln_after", true),
    residualBeforeNorm: flag("residual_before_ln", true),
    scaling: number("scaling", 1),
    leaveOut: readLeaveOut(hub),
    initialisation,
  }) as BottleneckConfig<"houlsby" | "pfeiffer">;
}

function readActivation(name: unknown, version?: string): Activation {
  if (name === "swish" || name === "relu" || name === "tanh") return name;
  // Folders without a version call the exact form "gelu_orig" and the tanh approximation "gelu".
  if (name === (version ? "gelu" : "gelu_orig")) return "gelu";
  throw new Error(`The AdapterHub option non_linearity = ${quoted(name)} is not supported.`);
}

function readLora(hub: HubConfig, version?: string): { config: LoraConfig; notes: string[] } {
  const { r, alpha, attn_matrices: matrices } = hub;
  if (typeof r !== "number" || typeof alpha !== "number")
    throw new Error("AdapterHub's LoRA needs numbers r and alpha.");
  const attention = hub.selfattn_lora !== false && Array.isArray(matrices) ? (matrices as string[]) : [];
  const targets = attention.map((letter) => {
    if (!Object.hasOwn(ATTENTION, letter))
      throw new Error(`The AdapterHub option attn_matrices names "${shown(letter)}"; q, k, v are known.`);
    return ATTENTION[letter];
  });
  if (hub.intermediate_lora === true) targets.push("intermediate");
  if (hub.output_lora === true) targets.push("output");
  const notes: string[] = [];
  let effective = alpha;
  if (alpha !== r && isBefore110(version)) {
    // The library did not scale before 1.1.0 and loads such folders with alpha = r (adapter-hub/adapters, pull 770).
    notes.push(`written by ${version}, which did not apply alpha = ${alpha}; read as alpha = ${r}, as it was trained`);
    effective = r;
  }
  const config = adapterConfig({ method: "lora", rank: r, alpha: effective, targets, leaveOut: readLeaveOut(hub) });
  return { config: config as LoraConfig, notes };
}

function isBefore110(version: string | undefined): boolean {
  const match = /^adapters\.(\d+)\.(\d+)/.exec(version ?? "");
  return match !== null && (Number(match[1]) < 1 || (Number(match[1]) === 1 && Number(match[2]) < 1));
}

function readLeaveOut(hub: HubConfig): number[] {
  const layers = hub.leave_out ?? [];
  if (!Array.isArray(layers))
    throw new Error(`The AdapterHub option leave_out is no list: ${shown(JSON.stringify(layers))}.`);
  return layers.map(Number).sort((a, b) => a - b);
}

/**
 * The `config` of an AdapterHub folder, with every option that the library writes.
 *
 * @throws if AdapterHub has no option for it
 */
export function writeHubConfig(config: AdapterConfig): HubConfig {
  if (config.method === "lora") return writeLora(config);
  return {
    adapter_residual_before_ln: false,
    cross_adapter: false,
    dropout: float(0),
    factorized_phm_W: true,
    factorized_phm_rule: false,
    hypercomplex_nonlinearity: "glorot-uniform",
    init_weights: config.initialisation,
    init_weights_seed: null,
    inv_adapter: null,
    inv_adapter_reduction_factor: null,
    is_parallel: false,
    learn_phm: true,
    leave_out: config.leaveOut,
    ln_after: false,
    ln_before: false,
    mh_adapter: config.afterAttention,
    non_linearity: config.activation,
    original_ln_after: config.originalNormAfter,
    original_ln_before: config.originalNormBefore,
    output_adapter: config.afterFeedForward,
    phm_bias: true,
    phm_c_init: "normal",
    phm_dim: 4,
    phm_init_range: float(0.0001),
    phm_layer: false,
    phm_rank: 1,
    reduction_factor: config.reductionFactor,
    residual_before_ln: config.residualBeforeNorm,
    scaling: float(config.scaling),
    shared_W_phm: false,
    shared_phm_rule: true,
    stochastic_depth: float(0),
    use_gating: false,
  };
}

function writeLora(config: LoraConfig): HubConfig {
  if (config.rankStabilised) {
    throw new Error('AdapterHub has no rank-stabilised LoRA; export it to "peft", or set alpha to alpha·√rank.');
  }
  if (config.targets.includes("attentionOutput")) {
    throw new Error("AdapterHub's LoRA cannot change the attention's output matrix; export it to \"peft\".");
  }
  const letters = Object.keys(ATTENTION).filter((letter) => config.targets.includes(ATTENTION[letter]));
  return {
    alpha: config.alpha,
    architecture: "lora",
    attn_matrices: letters,
    composition_mode: "add",
    dropout: float(0),
    dtype: null,
    init_weights: "lora",
    init_weights_seed: null,
    intermediate_lora: config.targets.includes("intermediate"),
    leave_out: config.leaveOut,
    output_lora: config.targets.includes("output"),
    r: config.rank,
    selfattn_lora: letters.length > 0,
    use_dora: false,
    use_gating: false,
    vera_b: null,
    vera_d: null,
  };
}

/**
 * Reads the `config` of a flexible AdapterHub head.
 *
 * @returns the configuration, or the reason why signmix has no such head
 */
export function readHubHead(hub: HubConfig): HeadConfig | string {
  if (hub.head_type !== "classification") return `is of type ${shown(hub.head_type)}`;
  if (hub.layers !== 1 && hub.layers !== 2) return `has ${shown(hub.layers)} layers`;
  if (hub.bias === false) return "has no bias";
  const activation = hub.activation_function;
  if (hub.layers === 2 && activation !== "tanh" && activation !== "relu")
    return `has the activation ${shown(activation)}`;
  return {
    input: hub.use_pooler === true ? "pooled" : "firstToken",
    layers: hub.layers,
    activation: activation === "relu" ? "relu" : "tanh",
  };
}

/** The `config` of a flexible AdapterHub head. */
export function writeHubHead(head: Head): HubConfig {
  return {
    activation_function: head.config.activation,
    bias: true,
    dropout_prob: null,
    head_type: "classification",
    label2id: Object.fromEntries(head.labels.map((label, id) => [label, id])),
    layers: head.config.layers,
    num_labels: head.labels.length,
    use_pooler: head.config.input === "pooled",
  };
}
