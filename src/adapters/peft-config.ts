import type { EncoderFamily } from "../encoder/config.js";
import type { LinearName } from "../encoder/hooks.js";
import { float } from "../files/json-text.js";
import type { AdapterBase } from "./base.js";
import { matrixPath } from "./layer-paths.js";
import type { LoraConfig } from "./lora.js";
import { refuseMethod, refuseVariant } from "./peft-methods.js";

/** An `adapter_config.json` of PEFT. */
export type PeftConfig = Record<string, unknown>;

/** Options that signmix reads, and options without effect on a loaded LoRA. */
const READ_OR_HARMLESS = [
  ...["peft_type", "task_type", "base_model_name_or_path", "auto_mapping", "inference_mode", "revision"],
  ...["peft_version", "megatron_core", "qalora_group_size", "runtime_config"],
  ...["r", "lora_alpha", "lora_dropout", "use_rslora", "target_modules", "exclude_modules", "modules_to_save"],
  ...["layers_to_transform", "layers_pattern", "rank_pattern", "alpha_pattern"],
];

/** Initialisations that leave the encoder as it was; PiSSA, OLoRA, CorDA and LoftQ change it. */
const PLAIN_STARTS: unknown[] = [true, false, "gaussian", "eva", "orthogonal", "lora_ga"];

/**
 * Checks that a PEFT configuration is a LoRA whose arithmetic signmix has.
 *
 * @throws naming the first option that it has not
 */
export function refusePeftOptions(json: PeftConfig): void {
  if (json.peft_type !== "LORA") refuseMethod(json.peft_type);
  for (const [option, value] of Object.entries(json)) {
    if (READ_OR_HARMLESS.includes(option)) continue;
    if (option === "bias" && value === "none") continue;
    if (option === "init_lora_weights" && PLAIN_STARTS.includes(value)) continue;
    const off = value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);
    // Settings of a special start have no effect after it.
    const ofAStart = ["eva_config", "lora_ga_config"].includes(option);
    if (!off && !ofAStart) refuseVariant(option, value);
  }
}

/** The `adapter_config.json` of a LoRA. */
export function writePeftConfig(
  config: LoraConfig,
  base: Omit<AdapterBase, "family"> & { family: EncoderFamily },
  savedModules: string[],
): PeftConfig {
  const kept = Array.from({ length: base.layers }, (_, layer) => layer).filter((n) => !config.leaveOut.includes(n));
  const targets = targetModules(config.targets, base.family, config.leaveOut.length > 0 ? kept : undefined);
  const { taskType = null, autoMapping = null } = base.saved ?? {};
  // of the tasks, PEFT loads this one alone without a head
  const headless = taskType === "FEATURE_EXTRACTION" ? taskType : null;
  return {
    auto_mapping: savedModules.length > 0 ? null : autoMapping,
    base_model_name_or_path: base.encoder ?? null,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    // PEFT takes no layers beside a pattern, so that has them in it
    layers_to_transform: config.leaveOut.length > 0 && Array.isArray(targets) ? kept : null,
    lora_alpha: config.alpha,
    lora_dropout: float(0),
    modules_to_save: savedModules.length > 0 ? savedModules : null,
    peft_type: "LORA",
    r: config.rank,
    revision: null,
    target_modules: targets,
    task_type: savedModules.length > 0 ? "SEQ_CLS" : headless,
    use_dora: false,
    use_rslora: config.rankStabilised,
  };
}

/**
 * PEFT takes names that a module's path must end with. BERT's `output.dense` ends `attention.output.dense` too, so that
 * choice is written as a pattern of whole paths.
 */
function targetModules(targets: LinearName[], family: EncoderFamily, layers?: number[]): string[] | string {
  const ends = targets.map((target) => matrixPath(family, 0, target).replace(/^.*layer\.0\./, ""));
  if (family !== "distilbert" && targets.includes("output")) {
    const layer = layers ? `(${layers.join("|")})` : "\\d+";
    return `.*layer\\.${layer}\\.(${ends.map((end) => end.replaceAll(".", "\\.")).join("|")})`;
  }
  return ends.map((end) => end.replace(/^attention\.(self\.)?(?=[a-z_]+$)/, ""));
}
