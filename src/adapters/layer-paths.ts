import { encoderCheckpointName, readCheckpointName } from "../encoder/checkpoint-names.js";
import type { EncoderFamily } from "../encoder/config.js";
import type { LinearName } from "../encoder/hooks.js";

const MODULES: Record<LinearName, string> = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attentionOutput: "attention.output.dense",
  intermediate: "intermediate.dense",
  output: "output.dense",
};

/** Path of a layer's matrix in a model of the family, such as `encoder.layer.0.attention.self.query`. */
export function matrixPath(family: EncoderFamily, layer: number, matrix: LinearName): string {
  return encoderCheckpointName(family, `encoder.layer.${layer}.${MODULES[matrix]}.weight`).replace(/\.weight$/, "");
}

/** Layer and matrix of such a path, whatever stands before `encoder.` or `transformer.`; undefined for other paths. */
export function readMatrixPath(family: EncoderFamily, path: string): { layer: number; matrix: LinearName } | undefined {
  const bare = path.replace(/^.*?(?=(encoder|transformer)\.layer\.)/, "");
  const place = readCheckpointName(family, `${bare}.weight`);
  const match = /^encoder\.layer\.(\d+)\.(.+)\.weight$/.exec(place?.name ?? "");
  const matrix = (Object.keys(MODULES) as LinearName[]).find((name) => MODULES[name] === match?.[2]);
  return match && matrix ? { layer: Number(match[1]), matrix } : undefined;
}
