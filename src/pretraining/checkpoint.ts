import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EncoderConfig, fromCheckpointConfig, toCheckpointConfig } from "../encoder/config.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { readJsonObject } from "../files/json.js";
import { float } from "../files/json-text.js";
import { readSafetensors, writeSafetensors } from "../files/safetensors.js";
import { readText } from "../files/text-file.js";
import { writeVocabulary } from "../text/vocabulary-files.js";

/** An encoder in the making, with its pre-training heads. */
export interface PretrainingCheckpoint {
  config: EncoderConfig;
  /** By name as in `initialParameters`. */
  parameters: NamedTensorData;
  /** The vocabulary in the order of its ids. */
  pieces: string[];
  /** Steps taken so far, and tokens read. */
  step: number;
  tokens: number;
}

/**
 * Writes a checkpoint in the Hugging Face layout: `config.json`, `model.safetensors`, `vocab.txt`, `tokenizer.json`,
 * `tokenizer_config.json`. The weights change in one rename, so a reader never meets half of them.
 *
 * @param floats float16 halves the file; a run that is to go on keeps float32
 */
export function savePretraining(
  checkpoint: PretrainingCheckpoint,
  folder: string,
  floats: "float32" | "float16" = "float32",
): void {
  const { config, parameters, pieces, step, tokens } = checkpoint;
  writeVocabulary(folder, pieces, config.maxPositions);
  writeJsonAtomic(join(folder, "config.json"), {
    architectures: ["BertForMaskedLM"],
    ...toCheckpointConfig(config),
    hidden_dropout_prob: float(0),
    attention_probs_dropout_prob: float(0),
  });
  const named = Object.entries(parameters).map(([name, tensor]) => [fileName(name), tensor]);
  const metadata = { format: "pt", step: String(step), tokens: String(tokens) };
  writeSafetensors(join(folder, "model.safetensors"), Object.fromEntries(named), metadata, { floats });
}

const isHead = (name: string) => name.startsWith("cls.");
const fileName = (name: string) => (isHead(name) ? name : `bert.${name}`);

/**
 * Reads what `savePretraining` wrote, float16 included.
 *
 * @throws naming the file that is missing
 */
export function loadPretraining(folder: string): PretrainingCheckpoint {
  for (const file of ["config.json", "model.safetensors", "vocab.txt"]) {
    if (!existsSync(join(folder, file))) {
      throw new Error(`There is no "${join(folder, file)}"; resume from a folder that pre-training has written.`);
    }
  }
  const config = fromCheckpointConfig(readJsonObject(join(folder, "config.json")));
  const { tensors, metadata } = readSafetensors(join(folder, "model.safetensors"));
  const parameters = Object.entries(tensors).map(([name, tensor]) => [name.replace(/^bert\./, ""), tensor]);
  return {
    config,
    parameters: Object.fromEntries(parameters),
    pieces: readText(join(folder, "vocab.txt"), "tokenizer").replace(/\n$/, "").split("\n"),
    step: Number(metadata.step ?? 0),
    tokens: Number(metadata.tokens ?? 0),
  };
}
