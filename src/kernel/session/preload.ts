import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { projectPath } from "../../files/project.js";

const engine = "@tensorflow/tfjs";

/**
 * Loads TensorFlow.js, which this package's notebooks import first of all, while the session waits for its compiler to start.
 * Left out where a notebook's folder has a copy of its own, since there is one engine to a process, and where it would take
 * the compiler's core.
 */
export async function preload(): Promise<void> {
  if (availableParallelism() < 2) return;
  try {
    const own = createRequire(projectPath("package.json")).resolve(engine);
    const readers = createRequire(path.join(process.cwd(), "cell.js")).resolve(engine);
    if (own === readers) await import(engine);
  } catch {
    // A cell that imports it says why.
  }
}
