import { createHash, type Hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { encodeSafetensors } from "./safetensors.js";

/** SHA-256 of a string (as UTF-8) or of bytes, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a file, read piece by piece, in hexadecimal. */
export function sha256OfFile(path: string): string {
  return hashFile(path, () => createHash("sha256"));
}

/** The SHA-1 by which git names a file's content: that of `blob <bytes>\0` and the content. In hexadecimal. */
export function gitBlobHashOfFile(path: string): string {
  return hashFile(path, (size) => createHash("sha1").update(`blob ${size}\0`));
}

/** Whether a file has the hash that a hub states. */
export function hasHash(path: string, { kind, value }: { kind: "sha256" | "git"; value: string }): boolean {
  return (kind === "sha256" ? sha256OfFile(path) : gitBlobHashOfFile(path)) === value;
}

/** SHA-256 of named tensors: their names, shapes, types and bytes, in any order of names. */
export function sha256OfTensors(tensors: NamedTensorData): string {
  return sha256(encodeSafetensors(tensors, {}, { finite: false }));
}

/**
 * JSON with the keys of every object sorted and no spaces, so that equal values give equal text. Keys whose value is
 * undefined are left out, as in JSON.stringify.
 *
 * @throws naming the place, on NaN, ±∞, functions, bigint and symbols, which JSON cannot hold
 */
export function canonicalJson(value: unknown): string {
  return toCanonical(value, "value");
}

function toCanonical(value: unknown, path: string): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`${path} is ${value}, which JSON cannot hold.`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => toCanonical(item, `${path}[${i}]`)).join(",")}]`;
  if (typeof value !== "object") throw new Error(`${path} is of type ${typeof value}, which JSON cannot hold.`);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return toCanonical(toJSON.call(value), path);
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${toCanonical(item, `${path}.${key}`)}`).join(",")}}`;
}

function hashFile(path: string, start: (size: number) => Hash): string {
  const file = openSync(path, "r");
  try {
    const hash = start(fstatSync(file).size);
    const piece = new Uint8Array(1 << 20);
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}
