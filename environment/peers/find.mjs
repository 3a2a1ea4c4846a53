// Where the peers' Python environment lies, and how tests and benchmarks are told of it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The packages to install, group by group, and the pins of what these bring along. */
export const requirements = path.join(here, "requirements.txt");
export const constraints = path.join(here, "constraints.txt");

/** The folder of the environment, outside every clone: SIGNMIX_PEERS, or `signmix/peers` in the system's folder for caches. */
export function peersFolder() {
  const { SIGNMIX_PEERS, SIGNMIX_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (SIGNMIX_PEERS) return path.resolve(SIGNMIX_PEERS);
  if (SIGNMIX_CACHE) return path.resolve(SIGNMIX_CACHE, "peers");
  if (process.platform === "win32") {
    return path.join(LOCALAPPDATA ?? path.join(os.homedir(), "AppData", "Local"), "signmix", "cache", "peers");
  }
  return path.join(XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "signmix", "peers");
}

/** A program of a virtual environment, by name. */
export function programOf(folder, name) {
  return process.platform === "win32" ? path.join(folder, "Scripts", `${name}.exe`) : path.join(folder, "bin", name);
}

/** What tells one set of pins from another. */
export function pinsHash() {
  const hash = createHash("sha256");
  for (const file of [requirements, constraints]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

export const stampFile = (folder) => path.join(folder, "signmix-peers.json");

/** The interpreter of the environment, if it was made whole with these pins. */
export function findPeers(folder = peersFolder()) {
  const python = programOf(folder, "python");
  if (!existsSync(python) || !existsSync(stampFile(folder))) return undefined;
  return JSON.parse(readFileSync(stampFile(folder), "utf8")).pins === pinsHash() ? python : undefined;
}

/**
 * The variables that name the peers to tests and benchmarks: what the environment at hand has not set itself. An empty
 * SIGNMIX_TORCH_PYTHON leaves the peers out.
 */
export function peersEnvironment(given = process.env) {
  const python = findPeers();
  if (!python) return {};
  const found = {
    SIGNMIX_TORCH_PYTHON: python,
    SIGNMIX_JUPYTER_PYTHON: python,
    SIGNMIX_NBCONVERT: programOf(peersFolder(), "jupyter-nbconvert"),
  };
  return Object.fromEntries(Object.entries(found).filter(([name]) => given[name] === undefined));
}
