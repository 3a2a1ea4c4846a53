import { existsSync } from "node:fs";
import { projectPath } from "../files/project.js";
import { loadEncoder } from "./checkpoint.js";
import type { Encoder } from "./encoder.js";

/** An encoder, and why it was taken. */
export interface FoundEncoder {
  encoder: Encoder;
  /** Such as "named", or "the best at hand". */
  why: string;
}

/** The encoder that the project ships. */
const SHIPPED = "signmix-mini";

/** Published encoders that signmix was measured with, the best first. */
const PUBLISHED = ["sentence-transformers/all-MiniLM-L6-v2"];

/**
 * The encoder that is named; else the one that adapters were made for; else the best at hand: a published one that a cache
 * holds already, or the shipped one. Nothing is downloaded unless it is named.
 *
 * @param options.named folder or hub id
 * @param options.madeFor name of the encoder that adapters were made for
 * @param options.name what it is called in place of its folder's name, such as its hub id
 * @param options.fits whether adapters fit an encoder, where they do not name theirs
 * @throws if the one that adapters were made for is not at hand
 */
export async function encoderAtHand(
  options: { named?: string; madeFor?: string; name?: string; fits?: (encoder: Encoder) => boolean } = {},
): Promise<FoundEncoder> {
  const { named, madeFor, name, fits } = options;
  if (named !== undefined) {
    const same = madeFor !== undefined && sameEncoderName(madeFor, named);
    const called = name ?? (same ? madeFor : undefined);
    const encoder = await loadEncoder(shippedOr(named), called === undefined ? {} : { name: called });
    return { encoder, why: "named" };
  }
  if (madeFor !== undefined) {
    const encoder = await cached(shippedOr(madeFor), madeFor);
    if (encoder) return { encoder, why: "the one that the adapters were made for" };
    throw new Error(
      `The adapters were made for "${madeFor}", which is not at hand; name its folder or hub id (--encoder FOLDER|HUB-ID).`,
    );
  }
  for (const id of [...PUBLISHED, SHIPPED]) {
    const encoder = await cached(shippedOr(id), name ?? id);
    if (encoder && (fits === undefined || fits(encoder))) return { encoder, why: "the best at hand" };
  }
  throw new Error(
    "No encoder at hand fits these adapters, and they do not name theirs; name it (--encoder FOLDER|HUB-ID).",
  );
}

/** Whether two names are of one encoder: "google-bert/bert-base-uncased" and a folder "models/bert-base-uncased" are. */
export function sameEncoderName(a: string, b: string): boolean {
  const lastPart = (name: string) => name.split(/[/\\]/).filter(Boolean).pop()?.toLowerCase();
  return lastPart(a) === lastPart(b);
}

function shippedOr(name: string): string {
  return name === SHIPPED && !existsSync(name) ? projectPath("data", SHIPPED) : name;
}

/** An encoder of a folder or of a cache; undefined where neither has it. */
async function cached(source: string, name: string): Promise<Encoder | undefined> {
  try {
    return await loadEncoder(source, { name, offline: true });
  } catch (error) {
    if (existsSync(source)) throw error;
    return undefined;
  }
}
