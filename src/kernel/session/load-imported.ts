import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { projectPath } from "../../files/project.js";

const importing = /^[ \t]*import\s[^"';]*["']([^"']+)["']/gm;
const installed = projectPath("dist") + path.sep;

/**
 * Loads the packages that a cell imports, and the shared module, while another process compiles the cell. What fails here
 * fails in the cell too, which tells of it. The reader's own modules are left to the cell: it may not compile.
 */
export function loadImported(code: string): void {
  const names = [...code.matchAll(importing)].map(([, name]) => name).filter((name) => !isBuiltin(name));
  if (names.length === 0) return;
  const require = createRequire(path.join(process.cwd(), "cell.js"));
  for (const name of names) {
    try {
      const file = require.resolve(name);
      if (file.startsWith(installed) || /[\\/]node_modules[\\/]/.test(file)) require(file);
    } catch {
      // The cell says why.
    }
  }
}
