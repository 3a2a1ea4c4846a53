import { headCheckpointName } from "../encoder/checkpoint-names.js";
import type { EncoderFamily } from "../encoder/config.js";
import { type HeadConfig, standardHead } from "../encoder/heads.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { isObject } from "../files/json.js";
import { listed } from "../files/listed.js";
import { EITHER_FAMILY } from "./base.js";
import { type Head, headShapes, numberedLabels } from "./head.js";
import type { PeftConfig } from "./peft-config.js";
import type { ToldModel } from "./saved-model.js";

/** What the tensors beside the LoRA of the layers make. */
export interface ReadHead {
  head?: Head;
  /** What was left out, and why. */
  notes: string[];
}

/** Heads of other tasks, by PEFT's task type or by what a class of the transformers library is called after. */
const TASKS: Readonly<Record<string, string>> = {
  TOKEN_CLS: "token classification",
  TokenClassification: "token classification",
  QUESTION_ANS: "question answering",
  QuestionAnswering: "question answering",
  MultipleChoice: "multiple choice",
  NextSentencePrediction: "next-sentence prediction",
  MaskedLM: "masked-language modelling",
  CAUSAL_LM: "causal language modelling",
  SEQ_2_SEQ_LM: "sequence-to-sequence generation",
};

/** Modules that are heads, by the first part of their path. */
const HEADS = /^(classifier|pre_classifier|score|qa_outputs|cls|lm_head|vocab_\w+|seq_relationship)(\.|$)/;

/**
 * The head among the tensors beside the LoRA of the layers: the classifier of the model's own kind. A BERT whose pooler was
 * saved with it gets a head of two matrices, which computes the same. All else is left out, and said.
 *
 * @param others tensors by their path in the model, without its prefix such as `bert.`
 */
export function readPeftHead(
  json: PeftConfig,
  others: NamedTensorData,
  model: ToldModel,
  hiddenSize: number,
): ReadHead {
  const notes: string[] = [];
  const rest: NamedTensorData = {};
  const copies: string[] = [];
  for (const [path, tensor] of Object.entries(others)) {
    if (path.includes(".original_module.")) copies.push(path);
    else rest[path.replace(".modules_to_save.default.", ".")] = tensor;
  }
  if (copies.length > 0) notes.push(leftOut("copies of what its modules were before", copies));

  const isLora = (path: string) => /(^|\.)lora_/.test(path);
  const keys = Object.keys(rest);
  const heads = keys.filter((path) => HEADS.test(path));
  const pooler = keys.filter((path) => /^pooler\./.test(path));
  const encoder = keys.filter((path) => !HEADS.test(path) && !/^pooler\./.test(path));
  if (encoder.length > 0) {
    notes.push(
      `${leftOut("changes of the encoder beside the LoRA of its layers", encoder)}; without them it computes otherwise`,
    );
  }
  const poolerLora = pooler.filter(isLora);
  if (poolerLora.length > 0) notes.push(leftOut("a LoRA on the pooler", poolerLora));
  const { head, why, uses } = headOf(json, rest, heads, model, hiddenSize, poolerLora.length > 0);
  const unused = [...heads, ...pooler.filter((path) => !isLora(path))].filter((path) => !uses.includes(path));
  if (unused.length > 0) notes.push(leftOut(why ?? "a pooler that its head does not read", unused));
  return { ...(head && { head }), notes };
}

function headOf(
  json: PeftConfig,
  tensors: NamedTensorData,
  found: readonly string[],
  { family }: ToldModel,
  hiddenSize: number,
  poolerChanged: boolean,
): { head?: Head; why?: string; uses: readonly string[] } {
  const none = (why: string) => ({ why, uses: [] });
  if (found.length === 0) return none("a saved pooler");
  const task = otherTask(json);
  if (task) return none(`the head, which is of ${task}`);
  if (found.some((path) => /(^|\.)lora_/.test(path))) return none("the head, which has a LoRA of its own");
  if (!found.some((path) => /^(pre_)?classifier\./.test(path)))
    return none("the head, which is no classifier of texts");
  if (family === EITHER_FAMILY) return none("the head, whose form is not known");
  const withPooler = family === "bert" && "pooler.dense.weight" in tensors;
  if (family === "bert" && poolerChanged) return none("the head, which reads the pooler that a LoRA changes");
  const config: HeadConfig = withPooler ? POOLER_HEAD : standardHead(family);
  const classes = tensors[outputName(family)]?.shape[0];
  if (classes === undefined) return none(`the head, which is not whole: it lacks ${outputName(family)}`);
  if (classes === 1) return none("the head, which has one output: a regression, or multiple choice");
  const parts: NamedTensorData = {};
  const uses: string[] = [];
  for (const [name, shape] of Object.entries(headShapes(config, hiddenSize, classes))) {
    const path = pathOf(name, family, withPooler);
    const tensor = tensors[path];
    if (!tensor) return none(`the head, which is not whole: it lacks ${path}`);
    if (tensor.shape.join() !== shape.join()) {
      return none(`the head, whose ${path} is [${tensor.shape}] where [${shape}] is needed`);
    }
    parts[name] = tensor;
    uses.push(path);
  }
  return { head: { name: "classifier", config, labels: numberedLabels(classes), tensors: parts }, uses };
}

/** tanh(W h₀ + b) of a pooler and a matrix on it, as a head of two matrices on the first token. */
const POOLER_HEAD: HeadConfig = { input: "firstToken", layers: 2, activation: "tanh" };

function outputName(family: EncoderFamily): string {
  return headCheckpointName(family, "classifier.out.weight");
}

function pathOf(name: string, family: EncoderFamily, withPooler: boolean): string {
  if (withPooler && name.startsWith("dense.")) return `pooler.${name}`;
  return headCheckpointName(family, `classifier.${name}`);
}

/** The task that a configuration names, if it is another than to classify texts. */
function otherTask({ task_type: type, auto_mapping: mapping }: PeftConfig): string | undefined {
  if (typeof type === "string" && Object.hasOwn(TASKS, type)) return TASKS[type];
  const name = isObject(mapping) ? /For(\w+)$/.exec(String(mapping.base_model_class))?.[1] : undefined;
  return name !== undefined && Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
}

function leftOut(what: string, paths: readonly string[]): string {
  return `left out ${what}: ${listed(paths)}`;
}

/**
 * A head's tensors by their path in the model, and the modules that PEFT saves whole for it.
 *
 * @throws where the model's own classifier is of another kind
 */
export function writePeftHead(head: Head, family: EncoderFamily): { tensors: NamedTensorData; modules: string[] } {
  const { input, layers, activation } = standardHead(family);
  const isOwn = ({ config }: Head, own: HeadConfig) =>
    config.input === own.input &&
    config.layers === own.layers &&
    (own.layers === 1 || config.activation === own.activation);
  const withPooler = family === "bert" && isOwn(head, POOLER_HEAD);
  if (!withPooler && !isOwn(head, { input, layers, activation })) {
    throw new Error(
      `PEFT keeps a head as the model's own classifier, for ${family} on the ` +
        `${input === "pooled" ? "pooler" : "first token"} with ${layers} ${layers === 1 ? "matrix" : "matrices"}; ` +
        `the head "${head.name}" is another. Export without it, or to "adapterhub".`,
    );
  }
  const entries = Object.entries(head.tensors).map(([name, tensor]) => {
    const path = pathOf(name, family, withPooler);
    return [path.startsWith("pooler.") ? `${family}.${path}` : path, tensor] as const;
  });
  const modules = entries.map(([path]) => path.replace(`${family}.`, "").split(".")[0]);
  return { tensors: Object.fromEntries(entries), modules: [...new Set(modules)] };
}
