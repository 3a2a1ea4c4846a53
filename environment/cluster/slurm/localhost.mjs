// A real Slurm on this machine, for trying the scripts beside this file: one controller, two node daemons, munge, all in one
// folder, as root. `node environment/cluster/slurm/localhost.mjs COMMAND...` runs a command in it and stops it again.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { freePorts } from "../../free-ports.mjs";

const programs = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "sinfo"];
const folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

const placeOf = (program) => folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));

/** Why no Slurm can be started here, or undefined. */
export function whyNoSlurm() {
  if (process.platform !== "linux") return "Slurm runs on Linux";
  const missing = programs.filter((program) => !placeOf(program));
  if (missing.length > 0) return `${missing.join(", ")} not found: apt-get install slurm-wlm munge`;
  if (process.getuid() !== 0) return "starting Slurm's daemons needs root";
  return undefined;
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until something is true. @throws naming what was waited for */
export async function until(what, isTrue, seconds = 60) {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await sleep(200)) if (await isTrue()) return;
  throw new Error(`Waited ${seconds} s in vain: ${what}.`);
}

function configuration(folder, [controller, ...nodes], cpus) {
  const at = (name) => path.join(folder, name);
  const host = os.hostname();
  const lines = nodes.map(
    (port, i) =>
      `NodeName=node${i + 1} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=${cpus} State=UNKNOWN`,
  );
  return `ClusterName=signmix
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${at("munge.socket")}
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
SlurmdTimeout=30
ReturnToService=2
JobRequeue=1
MailProg=/bin/true
StateSaveLocation=${at("state")}
SlurmctldPidFile=${at("slurmctld.pid")}
SlurmctldLogFile=${at("slurmctld.log")}
SlurmdSpoolDir=${at("spool.%n")}
SlurmdPidFile=${at("slurmd.%n.pid")}
SlurmdLogFile=${at("slurmd.%n.log")}
${lines.join("\n")}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** Processes below one, and itself, as /proc has them. */
function processTree(root) {
  const children = new Map();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, "utf8").match(/\) \S (\d+) /);
      children.set(parent, [...(children.get(parent) ?? []), name]);
    } catch {
      // it ended meanwhile
    }
  }
  const below = (id) => [id, ...(children.get(id) ?? []).flatMap(below)];
  return below(`${root}`);
}

function kill(id) {
  try {
    process.kill(Number(id), "SIGKILL");
  } catch {
    // it is gone
  }
}

/** The process that runs steps of a job on a node is no child of the node's daemon; its command line names the node. */
function stepsOf(node) {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return /slurmstepd/.test(readFileSync(`/proc/${name}/comm`, "utf8")) && stepNode(name) === node;
    } catch {
      return false;
    }
  });
}

const stepNode = (id) =>
  readFileSync(`/proc/${id}/environ`, "utf8")
    .split("\0")
    .find((one) => one.startsWith("SLURMD_NODENAME="))
    ?.slice("SLURMD_NODENAME=".length);

/** Starts Slurm with two nodes. The caller calls `stop`. */
export async function startSlurm({ cpus = 2 } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "signmix-slurm-"));
  chmodSync(folder, 0o755); // munge refuses a socket where others cannot reach it
  const at = (name) => path.join(folder, name);
  for (const name of ["state", "spool.node1", "spool.node2"]) mkdirSync(at(name));
  writeFileSync(at("munge.key"), randomBytes(1024), {
    mode: 0o400,
  });
  writeFileSync(at("slurm.conf"), configuration(folder, await freePorts(3), cpus));
  const environment = { ...process.env, SLURM_CONF: at("slurm.conf") };
  const daemons = new Map();
  const start = (name, program, args) => {
    const log = openSync(at(`${name}.out`), "a");
    const daemon = spawn(placeOf(program), args, { env: environment, stdio: ["ignore", log, log], detached: true });
    daemon.unref();
    closeSync(log);
    daemons.set(name, daemon);
  };
  const run = (program, ...args) => {
    const { stdout, stderr, status } = spawnSync(placeOf(program) ?? program, args, {
      env: environment,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}${stdout}`);
    return stdout.trim();
  };
  const startNode = (node) => start(node, "slurmd", ["-D", "-N", node, "-f", at("slurm.conf")]);
  const stop = () => {
    for (const node of ["node1", "node2"]) for (const step of stepsOf(node)) processTree(step).forEach(kill);
    for (const { pid } of daemons.values()) kill(pid);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  const stateOf = (node) => run("sinfo", "--noheader", "--Node", "--nodes", node, "--format", "%T");
  try {
    const files = ["socket", "pid", "log", "seed"].map(
      (name) => `--${name}${name === "socket" ? "" : "-file"}=${at(`munge.${name}`)}`,
    );
    start("munged", "munged", ["--foreground", "--force", `--key-file=${at("munge.key")}`, ...files]);
    await until("munge answers", () => existsSync(at("munge.socket")));
    start("slurmctld", "slurmctld", ["-D", "-f", at("slurm.conf")]);
    startNode("node1");
    startNode("node2");
    await until("both nodes are idle", () => {
      try {
        return ["node1", "node2"].every((node) => stateOf(node) === "idle");
      } catch {
        return false; // the controller does not answer yet
      }
    });
  } catch (error) {
    const logs = ["slurmctld.out", "node1.out", "munged.out"].map((name) =>
      existsSync(at(name)) ? readFileSync(at(name), "utf8") : "",
    );
    stop();
    throw new Error(`${error.message}\n${logs.join("\n").slice(-3000)}`);
  }
  return {
    folder,
    environment,
    run,
    stateOf,
    stop,
    /** Ends a node as a power cut does: its daemon and every process of its jobs at once. */
    killNode(node) {
      kill(daemons.get(node).pid);
      for (const step of stepsOf(node)) processTree(step).forEach(kill);
      run("scontrol", "update", `nodename=${node}`, "state=down", "reason=killed");
    },
    /** Starts a node that was killed; Slurm sends jobs to it again when its daemon has answered (ReturnToService). */
    async startNode(node) {
      const begun = () => readFileSync(at(`${node}.out`), "utf8").split("slurmd started").length;
      const before = begun();
      startNode(node);
      await until(`${node} listens`, () => begun() > before);
      await until(`${node} is idle`, () => stateOf(node) === "idle");
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reason = whyNoSlurm();
  if (reason) throw new Error(reason);
  const slurm = await startSlurm();
  try {
    const [program, ...args] = process.argv.slice(2);
    process.exitCode = spawnSync(program, args, { env: slurm.environment, stdio: "inherit" }).status ?? 1;
  } finally {
    slurm.stop();
  }
}
