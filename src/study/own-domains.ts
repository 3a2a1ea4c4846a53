import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Domain, domainHash, domainNames } from "../domains/domain.js";
import { domainFromFolder } from "../domains/folder.js";
import { domainFromTable } from "../domains/from-table.js";
import { writeFileAtomic } from "../files/atomic.js";
import { nearestName } from "../files/options.js";
import { cachePath } from "../files/workplace.js";

/** A domain as it is asked for: by name, as the path of a table or a domain's folder, or itself. */
export type DomainChoice = string | Domain;

/** A domain of the reader's by name and hash; its texts lie in the cache, where workers find them. Plain data. */
export interface OwnDomain {
  own: string;
  hash: string;
}

/** The domains of a study: names of the profile's source, and the reader's own. */
export type ChosenDomain = string | OwnDomain;

/**
 * Reads which domains a study is of: a list, or names and paths in one text, separated by commas. Tables and folders are
 * read now, so that what is wrong with them is said at once.
 *
 * @param named whether the profile's source has a domain of a name
 * @throws naming what is neither a domain nor a file, a name that stands twice, or fewer than two domains
 */
export async function chooseDomains(
  given: string | readonly (DomainChoice | OwnDomain)[],
  named: (name: string) => boolean = (name) => (domainNames as readonly string[]).includes(name),
): Promise<ChosenDomain[]> {
  const list = typeof given === "string" ? given.split(",").map((part) => part.trim()) : given;
  const chosen: ChosenDomain[] = [];
  for (const one of list.filter((part) => part !== "")) {
    if (typeof one !== "string") chosen.push("own" in one ? one : keepOwn(one));
    else chosen.push(named(one) ? one : keepOwn(await readOwn(one)));
  }
  const names = chosen.map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`Two domains are called "${twice}"; give one of them another name.`);
  if (names.length < 2) throw new Error(`A study needs two domains or more, not ${names.length || "none"}.`);
  return chosen;
}

/** The name under which a chosen domain stands in tables and figures. */
export function nameOf(chosen: ChosenDomain): string {
  return typeof chosen === "string" ? chosen : chosen.own;
}

async function readOwn(path: string): Promise<Domain> {
  if (!existsSync(path)) {
    const near = nearestName(path, domainNames);
    throw new Error(
      `There is no domain and no file "${path}"${near === undefined ? "" : `; the nearest domain is "${near}"`}. Domains by name are ${domainNames.join(", ")}; a domain of your own is ` +
        "the path of a table, or of a folder with card.json, train.jsonl, dev.jsonl and test.jsonl.",
    );
  }
  return statSync(path).isDirectory() ? domainFromFolder(basename(path), dirname(path)) : domainFromTable(path);
}

const placeOf = (hash: string) => cachePath("domains", `${hash}.json`);

/** Puts a domain into the cache, by its hash. */
function keepOwn(domain: Domain): OwnDomain {
  const { name, hash } = domain;
  const path = placeOf(`${hash.slice(0, 32)}-${domain.name.replaceAll(/[^\w-]/g, "_")}`);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, JSON.stringify(domain));
  }
  return { own: name, hash };
}

/** The texts of a domain of the reader's. @throws if they are not in the cache any more, or are others than the hash says */
export function loadOwn({ own, hash }: OwnDomain): Domain {
  const path = placeOf(`${hash.slice(0, 32)}-${own.replaceAll(/[^\w-]/g, "_")}`);
  if (!existsSync(path)) throw new Error(`The texts of "${own}" are not in the cache any more; read its table again.`);
  const domain = JSON.parse(readFileSync(path, "utf8")) as Domain;
  if (domainHash(domain) !== hash) throw new Error(`${join(path)} holds other texts than "${own}"; delete it.`);
  return domain;
}
