import { existsSync } from "node:fs";
import { stringify } from "csv-stringify/sync";
import { classroomDomain } from "../../domains/classroom/generate.js";
import type { DomainName } from "../../domains/domain.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { cachePath } from "../../files/workplace.js";

/** Two tables that the project writes itself, by the name of their file: film remarks and short messages. */
const EXAMPLES: Readonly<Record<string, DomainName>> = { remarks: "sst2", messages: "tweets" };

/** Rows of each. */
const ROWS = 2000;

/**
 * Writes two small tables of generated texts into the cache, to have something to begin with.
 *
 * @returns their paths in one text, as the parameter `domains` has them
 */
export function exampleTables(): string {
  const paths = Object.entries(EXAMPLES).map(([name, like]) => {
    const path = cachePath("examples", `${name}.csv`);
    if (!existsSync(path)) {
      const { train, labels } = classroomDomain(like, { train: ROWS, dev: 0, test: 0 });
      writeFileAtomic(path, stringify([["text", "label"], ...train.map(({ text, label }) => [text, labels[label]])]));
    }
    return path;
  });
  return paths.join(",");
}
