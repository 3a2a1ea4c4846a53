import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import util from "node:util";

import tf = require("@tensorflow/tfjs");

import { getThreads } from "./threads.js";

/** What `@tensorflow/tfjs-node-gpu` found when it was loaded. */
export interface TensorFlow {
  /** Version of the TensorFlow library, such as "2.21.0". */
  version: string;
  /** Whether TensorFlow computes on a GPU. */
  gpu: boolean;
}

interface NodeBackend {
  isUsingGpuDevice: boolean;
  binding: { TF_Version: string };
}

const require = createRequire(import.meta.url);
const addonName = "tfjs_binding.node";
/** Where `npm run setup:tensorflow` keeps the addon it built; `npm ci` empties the package folder, not this one. */
const cachedAddon = fileURLToPath(new URL(`../../.cache/tensorflow/${addonName}`, import.meta.url));

let loaded: TensorFlow | Error | undefined;

/**
 * Loads `@tensorflow/tfjs-node-gpu` and registers its backend, "tensorflow", leaving the active backend as it was.
 * On the CPU it computes with the threads of `getThreads`.
 *
 * @throws where the package or its addon does not load; the message says what to do
 */
export function loadTensorFlow(): TensorFlow {
  loaded ??= tryToLoad();
  if (loaded instanceof Error) throw loaded;
  return loaded;
}

function tryToLoad(): TensorFlow | Error {
  const before = tf.engine().backendName as string | undefined;
  try {
    restoreAddon();
    addLegacyUtil();
    process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
    process.env.TF_NUM_INTRAOP_THREADS ??= String(getThreads());
    process.env.TF_NUM_INTEROP_THREADS ??= "1";
    require("@tensorflow/tfjs-node-gpu");
    const backend = tf.findBackend("tensorflow") as unknown as NodeBackend;
    if (before && before !== "tensorflow") tf.setBackend(before);
    return { version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice };
  } catch (error) {
    const [firstLine] = (error as Error).message.split("\n");
    return new Error(
      `@tensorflow/tfjs-node-gpu does not load (${firstLine.trim()}); run \`npm run setup:tensorflow\`.`,
    );
  }
}

/** Puts the cached addon back where the package looks for it. */
function restoreAddon(): void {
  const folder = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const target = join(folder, "lib", "napi-v8", addonName);
  if (existsSync(target) || !existsSync(cachedAddon)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(cachedAddon, `${target}.${process.pid}`);
  renameSync(`${target}.${process.pid}`, target);
}

/** tfjs-node-gpu 4.22 calls two functions that Node 23 dropped from `node:util`. */
function addLegacyUtil(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isArray ??= Array.isArray;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
}
