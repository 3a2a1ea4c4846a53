import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterMethod } from "#src/adapters/methods.js";
import { ResultStore } from "#src/results/store.js";
import { openStudy, type Study, type StudyOptions } from "#src/study/study.js";

/** A study of four classroom domains and three steps whose results live in a folder of their own. */
export async function tinyStudy(options: StudyOptions = {}, folder?: string): Promise<Study> {
  const root = folder ?? mkdtempSync(join(tmpdir(), "signmix-study-"));
  const methods: AdapterMethod[] = ["houlsby"];
  const set: StudyOptions["set"] = {
    ...{ steps: 3, trainRows: 24, devRows: 8, testRows: 24, maxLength: 16 },
    ...{ poolMethods: methods, attackMethods: methods },
    ...options.set,
  };
  const study = await openStudy({ profile: "smoke", quiet: true, workers: 1, ...options, set });
  const store = new ResultStore("tiny", { folder: join(root, "results"), cache: join(root, "cache"), warn: () => {} });
  return { ...study, label: "tiny", store };
}
