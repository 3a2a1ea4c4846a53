import { join } from "node:path";
import { downloadFromHub, type HubOptions } from "../files/hub.js";
import type { ScoredExample } from "./regression.js";
import { scoredFromTable } from "./scored-from-table.js";
import type { TaskDomain } from "./task.js";

/** Files of STS-B (Cer et al. 2017) in GLUE. Its test scores are hidden, so that the validation split is test, as in our cards of GLUE. */
const stsb = {
  id: "nyu-mll/glue",
  files: {
    train: "stsb/train-00000-of-00001.parquet",
    test: "stsb/validation-00000-of-00001.parquet",
  },
  columns: { text: "sentence1", textPair: "sentence2", score: "label" },
} as const;

/**
 * STS-B from the hub, into the cache: pairs of sentences with how alike they are, from 0 to 5. Dev is dealt out of train.
 *
 * @throws Error if the hub cannot be reached or lacks a file
 */
export async function stsbFromHub(hub: Omit<HubOptions, "kind"> = {}): Promise<TaskDomain<ScoredExample>> {
  const { id, files, columns } = stsb;
  const folder = await downloadFromHub(id, Object.values(files), { ...hub, kind: "dataset" });
  const paths = Object.fromEntries(
    Object.entries(files).map(([split, file]) => [split, join(folder, ...file.split("/"))]),
  );
  return scoredFromTable(paths, { name: "stsb", format: "parquet", ...columns });
}
