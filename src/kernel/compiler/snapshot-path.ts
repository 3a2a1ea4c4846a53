import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectPath } from "../../files/project.js";

/** Folder of the snapshots: one for each Node.js that runs the kernel. */
export function snapshotFolder(): string {
  return projectPath(".cache", "kernel");
}

/** Where the snapshot of this compiler for this Node.js lies, whether it was made or not. */
export function snapshotFile(): string {
  const hash = createHash("sha256");
  for (const folder of [projectPath("dist", "kernel", "compiler"), projectPath("dist", "kernel")]) {
    const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
    for (const name of files.sort()) hash.update(readFileSync(path.join(folder, name)));
  }
  const runtime = `${process.version}-${process.platform}-${process.arch}`;
  return path.join(snapshotFolder(), `compiler-${runtime}-${hash.digest("hex").slice(0, 12)}.blob`);
}

/** The snapshot to start the compiler from, undefined where none was made. */
export function snapshotPath(): string | undefined {
  const file = snapshotFile();
  return existsSync(file) ? file : undefined;
}
