import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

interface Slurm {
  environment: NodeJS.ProcessEnv;
  run(program: string, ...args: string[]): string;
  stateOf(node: string): string;
  killNode(node: string): void;
  startNode(node: string): Promise<void>;
  stop(): void;
}

interface Localhost {
  whyNoSlurm(): string | undefined;
  until(what: string, isTrue: () => unknown, seconds?: number): Promise<void>;
  startSlurm(options?: { cpus?: number }): Promise<Slurm>;
}

const file = projectPath("environment", "cluster", "slurm", "localhost.mjs");
const localhost = (await import(pathToFileURL(file).href)) as Localhost;
const folder = mkdtempSync(path.join(tmpdir(), "signmix-slurm-test-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** The tour, four adapters and all their mixtures, so long in training that a node can be killed meanwhile. */
const study = ["--profile", "smoke", "--only", "00", "--set", "schedule=equal", "--set", "steps=60"];
const minutes = 20;

function signmix(args: string[], env: NodeJS.ProcessEnv = process.env): string {
  const command = [projectPath("environment", "signmix.mjs"), ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: "utf8", env, cwd: folder });
  assert.equal(status, 0, stderr);
  return stdout;
}

function rowsOf(results: string): Record<string, string> {
  const names = readdirSync(path.join(results, "smoke")).filter((name) => name.endsWith(".jsonl"));
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(path.join(results, "smoke", name), "utf8")]),
  );
}

test("on a real Slurm, as arrays of four on two nodes of which one is killed, a study has the rows of a single run to the byte", {
  skip: localhost.whyNoSlurm() ?? false,
  timeout: 60_000 * minutes,
}, async () => {
  const [one, many] = [path.join(folder, "one"), path.join(folder, "many")];
  const slurm = await localhost.startSlurm({ cpus: 2 });
  try {
    const env = { ...slurm.environment, SIGNMIX_HOME: projectPath() };
    const machines = ["--nodes", "4", "--cpus", "1", "--sbatch", `--output=${path.join(folder, "%x-%A-%a.log")}`];
    // sbatch is run in the clone, as a user would
    const last = signmix(["submit", "slurm", ...study, ...machines, "--results", many], env).trim();
    const jobs = () =>
      slurm
        .run("squeue", "--noheader", "--array", "--format", "%i %j %T %N")
        .split("\n")
        .map((line) => line.split(" "));
    // A shard has begun to compute once its working store is there.
    const shardOf = (id: string) => path.join(many, ".cache", "smoke", "shards", `${id.split("_")[1]}-of-4`);
    const computing = () =>
      jobs().filter(([id, , state, node]) => state === "RUNNING" && node === "node2" && existsSync(shardOf(id)));
    let struck: string[] = [];
    await localhost.until(
      "a shard computes on the second node",
      () => {
        struck = computing().map(([id]) => id);
        return struck.length > 0;
      },
      60 * minutes,
    );
    slurm.killNode("node2");
    await slurm.startNode("node2");
    const restarts = (id: string) => Number(slurm.run("scontrol", "show", "job", id).match(/Restarts=(\d+)/)?.[1]);
    const restarted = struck.filter((id) => restarts(id) > 0);
    assert.ok(restarted.length > 0, `${struck} had a node killed under them and were not queued again`);
    // Slurm keeps what it queues again for two minutes, in which the node's daemon ends what it finds left of it; less will do here.
    await setTimeout(5000);
    for (const id of restarted) slurm.run("scontrol", "update", `jobid=${id}`, "StartTime=now");
    await localhost.until("the last merge has ended", () => !jobs().some(([id]) => id !== ""), 60 * minutes);
    assert.match(slurm.run("scontrol", "show", "job", last), /JobState=COMPLETED/, logs());
  } finally {
    slurm.stop();
  }
  signmix(["results", "run", ...study, "--workers", "1", "--results", one]);
  assert.deepEqual(Object.keys(rowsOf(many)), ["baseline.jsonl", "evaluate.jsonl", "train.jsonl"]);
  assert.deepEqual(rowsOf(many), rowsOf(one));
  assert.match(signmix(["results", "plan", ...study, "--results", many]), /All that the notebooks compute is stored/);
});

/** What the jobs said, for a failure. */
function logs(): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".log"));
  return names.map((name) => `${name}:\n${readFileSync(path.join(folder, name), "utf8")}`).join("\n");
}
