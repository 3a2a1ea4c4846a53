import { domainCard } from "../domains/card.js";
import type { Domain } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import type { ResultStore } from "../results/store.js";
import type { Unit } from "../results/unit.js";
import type { Settings } from "./profile.js";

/** With what a message begins that says what stored rows do not give. */
export const notAtHand = "Not at hand:";

/** What to give where it is not at hand. */
export const whatToGive = "give --data FOLDER and --encoder FOLDER to compute it (in a cell: data and encoder)";

/** The encoder and the domains of a study whose rows alone are at hand: their names and hashes, as the rows say them. */
export interface StoredInputs {
  encoder: Encoder;
  domain(name: string): Domain;
}

/**
 * What the rows of a profile say of the encoder and the texts that they were computed on, or undefined where there are no
 * rows. Whoever looks for more than names, hashes and labels is told that it is not at hand.
 *
 * @param layers of the encoder, where the profile says how many it has
 */
export function storedInputs(
  store: ResultStore,
  settings: Pick<Settings, "encoder" | "devRows" | "testRows">,
  layers?: number,
): StoredInputs | undefined {
  const { encoderHash, hashes } = storedHashes(store, settings);
  if (encoderHash === undefined) return undefined;
  const name = settings.encoder.split("/").at(-1) ?? settings.encoder;
  const what = `the encoder ${name}`;
  const config = layers === undefined ? {} : { config: absent(what, { layers }) };
  const encoder = absent(what, { name, hash: encoderHash, ...config, dispose: () => {} });
  return {
    encoder: encoder as unknown as Encoder,
    domain(domain) {
      const hash = hashes.get(domain);
      if (!hash) throw new Error(`${notAtHand} rows of the domain ${domain}; ${whatToGive}.`);
      const { labels, pair } = domainCard(domain);
      const what = `the texts of ${domain}`;
      // a schedule looks at the number of rows and needs it for own tables alone
      const train = absent(what, { length: Number.NaN });
      return absent(what, { name: domain, labels, pair, hash, train, source: "stored rows" }) as unknown as Domain;
    },
  };
}

/** Hashes of the encoder and of every domain's texts that the adapters of a profile were trained on, as its rows say. */
function storedHashes(store: ResultStore, { devRows, testRows }: Pick<Settings, "devRows" | "testRows">) {
  const hashes = new Map<string, string>();
  let encoderHash: string | undefined;
  for (const { unit, row } of store.each("train")) {
    // a trial of the learning rate has more dev rows than the study: other texts, and another hash
    if (Number(row.devRows) > devRows || Number(row.testRows) > testRows) continue;
    const { encoder, domain } = unit.settings as { encoder: string; domain: { name: string; hash: string } };
    encoderHash = encoder;
    hashes.set(domain.name, domain.hash);
  }
  return { encoderHash, hashes };
}

/** A domain from elsewhere, with a note that says whether its texts are those of the stored rows, where there are such rows. */
export function besideStored(
  domain: Domain,
  store: ResultStore,
  settings: Pick<Settings, "devRows" | "testRows">,
): Domain {
  const stored = storedHashes(store, settings).hashes.get(domain.name);
  if (stored === undefined) return domain;
  const same = domain.hash.startsWith(stored);
  const note = same
    ? "These are the very texts of the stored rows."
    : "These are not the texts of the stored rows, whose hash is another; what is measured on them is computed anew.";
  return { ...domain, notes: [...(domain.notes ?? []), note] };
}

/** An object with some of its fields; whoever asks for another is told what is not at hand. */
function absent<T extends object>(what: string, known: T): T {
  return new Proxy(known, {
    get(target, field) {
      // what a promise, a display or a serialiser looks for on any object
      if (Reflect.has(target, field) || typeof field === "symbol" || field === "then" || field === "toJSON")
        return Reflect.get(target, field);
      throw new Error(`${notAtHand} ${what}, only its stored rows; ${whatToGive}.`);
    },
  });
}

/** @throws where some of the units of a study whose rows alone are at hand are not among them */
export function demandStored({ store }: { store: ResultStore }, units: readonly Unit[]): void {
  const missing = units.filter((unit) => !store.get(unit));
  if (missing.length === 0) return;
  const kinds = [...new Set(missing.map(({ kind }) => kind))].join(", ");
  throw new Error(`${notAtHand} ${missing.length} of ${units.length} rows of ${kinds}; ${whatToGive}.`);
}
