import { existsSync, writeFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";

/** A unit of pool.test.ts: `seed` decides the result, `marker` is a file that tells the second try from the first. */
export interface Unit {
  seed: number;
  milliseconds?: number;
  action?: "exit" | "exit once" | "abort once" | "throw";
  marker?: string;
}

export function runUnit({ seed, milliseconds = 0, action, marker = "" }: Unit) {
  const first = marker !== "" && !existsSync(marker);
  if (first) writeFileSync(marker, "");
  if (action === "exit" || (action === "exit once" && first)) process.exit(7);
  if (action === "abort once" && first) process.abort();
  if (action === "throw") throw new Error(`unit of seed ${seed} has no data`);
  const end = Date.now() + milliseconds;
  while (Date.now() < end);
  const values = tf.tidy(() =>
    tf
      .randomNormal([8, 8], 0, 1, "float32", seed)
      .matMul(tf.ones([8, 8]))
      .dataSync(),
  );
  return {
    values: values as Float32Array,
    threads: process.env.SIGNMIX_THREADS,
    backend: tf.getBackend(),
    pid: process.pid,
  };
}
