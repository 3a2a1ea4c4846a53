import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { jobName, mergeJob, shardCommand, stageJob } from "#src/runner/kubernetes-jobs.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-kubernetes-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const manifests = projectPath("environment", "cluster", "kubernetes");

/** The example of the manifests beside this project's README: the smoke profile in four shards on two nodes. */
const example = {
  ...{ nodes: 2, shards: 4, cpus: 1 },
  study: ["--profile", "smoke", "--results", "/study"],
  merge: ["--profile", "smoke", "--results", "/study"],
};

/** The published schemas and a reader of YAML, which .ci/run installs; no dependencies of the project. */
const place = projectPath(".cache", "kubernetes");
const noSchemas = existsSync(path.join(place, "node_modules", "kubernetes-models"))
  ? false
  : "no schemas of Kubernetes: npm install --prefix .cache/kubernetes kubernetes-models@4.5.1 yaml@2.9.1";

test("the manifests of the example are those that signmix submit kubernetes writes", () => {
  const written = {
    "stage.yaml": stageJob(jobName("smoke", 1), example),
    "merge.yaml": mergeJob(jobName("smoke", 1, true), example),
  };
  for (const [name, text] of Object.entries(written))
    assert.equal(readFileSync(path.join(manifests, name), "utf8"), text);
});

test("every manifest fits the published schema of its kind, and names no field that there is not", {
  skip: noSchemas,
}, () => {
  const load = createRequire(path.join(place, "package.json"));
  const { parse } = load("yaml") as { parse(text: string): { kind: string; spec: Record<string, unknown> } };
  const kinds = {
    Job: load("kubernetes-models/batch/v1").Job,
    PersistentVolumeClaim: load("kubernetes-models/v1").PersistentVolumeClaim,
  } as Record<string, new (data: object) => { validate(): void }>;
  const validate = (manifest: { kind: string }) => new kinds[manifest.kind](manifest).validate();
  const read = readdirSync(manifests)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => parse(readFileSync(path.join(manifests, name), "utf8")));
  assert.deepEqual(read.map(({ kind }) => kind).sort(), ["Job", "Job", "PersistentVolumeClaim"]);
  for (const manifest of read) validate(manifest);
  const job = read.find(({ spec }) => spec.completionMode === "Indexed");
  assert.ok(job);
  assert.throws(
    () => validate({ ...job, spec: { ...job.spec, backoffLimitPerIndex: "six" } } as { kind: string }),
    /backoffLimitPerIndex must be integer/,
  );
  // The schemas let fields pass that there are not; the published types do not.
  const typed = (manifests: object[]) => {
    const names = manifests.map(
      (one, i) => `const m${i}: I${(one as { kind: string }).kind} = ${JSON.stringify(one)};`,
    );
    const imports =
      'import type { IJob } from "kubernetes-models/batch/v1";\nimport type { IPersistentVolumeClaim } from "kubernetes-models/v1";';
    writeFileSync(path.join(place, "check.ts"), `${imports}\n${names.join("\n")}\n`);
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, module: "nodenext", types: [] };
    writeFileSync(path.join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["check.ts"] }));
    const tsc = projectPath("node_modules", "typescript", "bin", "tsc");
    return spawnSync(process.execPath, [tsc, "-p", place], { encoding: "utf8" });
  };
  const checked = typed(read);
  assert.equal(checked.status, 0, checked.stdout);
  assert.match(typed([{ ...job, spec: { ...job.spec, backofLimit: 1 } }]).stdout, /backofLimit/);
});

test("the command of the Job, run once for each index with the variable that Kubernetes sets, computes its shard", () => {
  const shards = 2;
  const results = path.join(folder, "study");
  const study = [
    "--profile",
    "smoke",
    "--only",
    "00",
    "--set",
    "steps=2",
    "--set",
    "schedule=equal",
    "--results",
    results,
  ];
  const [program, ...args] = shardCommand(shards, { cpus: 1, study });
  const parts = Array.from({ length: shards }, (_, index) => {
    const env = { ...process.env, JOB_COMPLETION_INDEX: `${index}` };
    const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8", env, cwd: projectPath() });
    assert.equal(status, 0, stderr);
    return Number(stdout.match(new RegExp(`^Shard ${index + 1} of ${shards}: (\\d+) units`))?.[1]);
  });
  assert.deepEqual(parts, [4, 4]);
  const merge = ["environment/signmix.mjs", "results", "merge", "--shards", "--profile", "smoke", "--results", results];
  const { stdout, status } = spawnSync(process.execPath, merge, { encoding: "utf8", cwd: projectPath() });
  assert.equal(status, 0);
  assert.match(stdout, /baseline\s+4\n/);
  assert.match(stdout, /train\s+4\n/);
});
