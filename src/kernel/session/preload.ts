import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { projectPath } from "../../files/project.js";

const engine = "@tensorflow/tfjs";
const parts = ["core", "layers", "converter", "data", "backend-cpu", "backend-webgl"].map(
  (part) => `${engine}-${part}`,
);

/**
 * Loads TensorFlow.js, which this package's notebooks import first of all, once, while the session has nothing to do (what a
 * cell imports, `loadImported` loads while it is compiled). It goes part by part, so that a cell that has been compiled meanwhile waits for one step
 * at most. Left out where a notebook's folder has a copy of its own, since there is one engine to a process, and where it
 * would take the compiler's core.
 */
export function preload(): void {
  if (!begun) setImmediate(load);
  begun = true;
}

let begun = false;

async function load(): Promise<void> {
  if (availableParallelism() < 2) return;
  try {
    const own = createRequire(projectPath("package.json")).resolve(engine);
    if (own !== createRequire(path.join(process.cwd(), "cell.js")).resolve(engine)) return;
    const require = createRequire(own);
    for (const part of [...parts, engine]) {
      require(part);
      await turn();
    }
  } catch {
    // A cell that imports it says why.
  }
}
