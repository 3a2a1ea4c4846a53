import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { writeJsonAtomic } from "../files/atomic.js";
import { projectPath } from "../files/project.js";

/*
 * Kernel descriptions ("kernelspecs"): how Jupyter, VS Code and the headless runner start this kernel, and where they look.
 */

/** A kernel description, as kernel.json holds it. */
export interface KernelDescription {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode?: "signal" | "message";
  metadata?: Record<string, unknown>;
}

/** The name that committed notebooks ask for. */
export const defaultName = "tslab";

const mark = "signmix"; // in a description's metadata: it is ours, to be listed and removed

/** The description of the kernel that this file belongs to. */
export function kernelDescription(): KernelDescription {
  return {
    argv: [process.execPath, projectPath("dist", "kernel", "main.js"), "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message", // which Windows knows too
    metadata: { debugger: false, [mark]: true },
  };
}

/** Where a reader's own kernels lie: Jupyter's data folder. */
export function userFolder(environment = process.env): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = environment;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "win32") return path.join(APPDATA ?? path.join(homedir(), "AppData", "Roaming"), "jupyter");
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Jupyter");
  return path.join(XDG_DATA_HOME || path.join(homedir(), ".local", "share"), "jupyter");
}

/** The data folder of a Python installation or environment. */
export function prefixFolder(prefix: string): string {
  return path.join(prefix, "share", "jupyter");
}

/** Data folders in which Jupyter looks for kernels, the first found first. */
export function searchedFolders(prefixes: readonly string[], environment = process.env): string[] {
  const named = (environment.JUPYTER_PATH ?? "").split(path.delimiter).filter((one) => one !== "");
  const shared = process.platform === "win32" ? [] : ["/usr/local", "/usr"].map(prefixFolder);
  return [...new Set([...named, userFolder(environment), ...prefixes.map(prefixFolder), ...shared])];
}

/** @throws if the name is none that Jupyter takes */
function folderOf(data: string, name: string): string {
  if (!/^[A-Za-z0-9._-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new Error(`A kernel's name has letters, digits, ".", "_" and "-" only, not "${name}".`);
  }
  return path.join(data, "kernels", name.toLowerCase());
}

/** Installs the kernel in a data folder, over one of the same name; returns the folder of its description. */
export function installKernel(data: string, name = defaultName, displayName?: string): string {
  const folder = folderOf(data, name);
  const description = kernelDescription();
  mkdirSync(folder, { recursive: true });
  writeJsonAtomic(path.join(folder, "kernel.json"), {
    ...description,
    ...(displayName ? { display_name: displayName } : {}),
  });
  return folder;
}

/** An installed kernel. */
export interface Installed {
  name: string;
  folder: string;
  description: KernelDescription;
  /** whether its program is still there */
  works: boolean;
}

function readDescription(folder: string): KernelDescription | undefined {
  try {
    const stored = JSON.parse(readFileSync(path.join(folder, "kernel.json"), "utf8"));
    return Array.isArray(stored.argv) ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** The kernels of this project in some data folders, of this and of other clones. */
export function installedKernels(folders: readonly string[]): Installed[] {
  return folders.flatMap((data) => {
    const kernels = path.join(data, "kernels");
    if (!existsSync(kernels)) return [];
    return readdirSync(kernels).flatMap((name): Installed[] => {
      const folder = path.join(kernels, name);
      const description = readDescription(folder);
      if (!description?.metadata?.[mark]) return [];
      const works = description.argv.slice(0, 2).every((file) => existsSync(file));
      return [{ name, folder, description, works }];
    });
  });
}

/**
 * Removes an installed kernel.
 * @returns the folders that are gone
 * @throws if there is none of that name, or the one that is there is another project's
 */
export function removeKernel(folders: readonly string[], name = defaultName): string[] {
  const ours = installedKernels(folders).filter((one) => one.name === name.toLowerCase());
  if (ours.length === 0) {
    const other = folders.map((data) => folderOf(data, name)).find((folder) => existsSync(folder));
    throw new Error(
      other ? `${other} is another project's kernel; it is left as it is.` : `No kernel "${name}" of signmix is installed.`,
    );
  }
  for (const { folder } of ours) rmSync(folder, { recursive: true });
  return ours.map(({ folder }) => folder);
}
