// Runs the steps of a Dockerfile without a container engine, as root: each stage in a folder of its own, by chroot. Of the
// language it knows FROM, WORKDIR, COPY, RUN, ENV, USER, VOLUME and CMD.
//
//   node environment/containers/in-chroot.mjs FILE BASE OUT     builds into OUT, on a copy of BASE, a root file system
//   node environment/containers/in-chroot.mjs --run OUT [--user N] [--study FOLDER] COMMAND...
//
// BASE stands for every image that FROM names: for node:20-bookworm-slim a debootstrap of Debian 12 (minbase) with Node in it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../build.mjs";
import { Problem, runMain } from "../problem.mjs";

/** The instructions of a Dockerfile: comments left out, continued lines joined. */
export function instructionsOf(text) {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const joined = lines.join("\n").replace(/\\\n\s*/g, " ");
  return joined
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [word, ...rest] = line.split(/\s+/);
      return { word: word.toUpperCase(), rest: rest.join(" ") };
    });
}

function sh(program, args, options = {}) {
  const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (status !== 0) throw new Problem(`${program} ${args.join(" ")}: ended with ${status}.`);
}

/** Copies into a stage what .dockerignore leaves: the tracked files of the clone and what is new there. */
function copyContext(target) {
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  for (const file of stdout.split("\0").filter((name) => name !== "" && existsSync(path.join(root, name))))
    cpSync(path.join(root, file), path.join(target, file), { recursive: true });
}

/** Runs a shell command in a stage, with /proc, /dev and the machine's way to the network. */
function inside(folder, command, { cwd = "/", env = {}, user } = {}) {
  const passed = Object.entries(process.env).filter(([name]) =>
    /^(https?_proxy|no_proxy|npm_config_.*|NODE_EXTRA_CA_CERTS)$/i.test(name),
  );
  const variables = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    ...Object.fromEntries(passed),
    ...env,
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const as = user ? [`--userspec=${user}:${user}`] : [];
  const inner = ["chroot", ...as, folder, "/usr/bin/env", "-i", ...words, "/bin/sh", "-c", `cd ${cwd} && ${command}`];
  const mounts = ["proc", "dev"]
    .map((name) => `mkdir -p "$0/${name}" && mount --rbind /${name} "$0/${name}"`)
    .join(" && ");
  // in a mount namespace of its own, so that nothing stays mounted
  sh("unshare", ["--mount", "--propagation", "private", "/bin/sh", "-c", `${mounts} && exec "$@"`, folder, ...inner]);
}

function build(file, base, out) {
  const stages = new Map();
  let stage;
  const last = instructionsOf(readFileSync(file, "utf8"));
  const names = last
    .filter(({ word }) => word === "FROM")
    .map(({ rest }, i) => rest.match(/ AS (\w+)$/i)?.[1] ?? `${i}`);
  let count = 0;
  for (const { word, rest } of last) {
    console.error(`${word} ${rest}`);
    if (word === "FROM") {
      const name = names[count++];
      const folder = count === names.length ? out : `${out}.${name}`;
      rmSync(folder, { recursive: true, force: true });
      sh("cp", ["--archive", "--reflink=auto", base, folder]);
      cpSync("/etc/resolv.conf", path.join(folder, "etc/resolv.conf"), { dereference: true });
      stage = { folder, cwd: "/", env: {} };
      stages.set(name, stage);
    } else if (word === "WORKDIR") {
      stage.cwd = rest;
      mkdirSync(path.join(stage.folder, rest), { recursive: true });
    } else if (word === "ENV") {
      for (const pair of rest.split(" "))
        stage.env[pair.slice(0, pair.indexOf("="))] = pair.slice(pair.indexOf("=") + 1);
    } else if (word === "USER") stage.user = rest;
    else if (word === "COPY") copy(rest.split(" "), stage, stages);
    else if (word === "RUN") inside(stage.folder, rest, stage);
    else if (word !== "VOLUME" && word !== "CMD") throw new Problem(`${word} is not known here.`);
  }
  writeFileSync(`${out}.json`, JSON.stringify(stage));
}

function copy(words, stage, stages) {
  const from = words[0].match(/^--from=(\w+)$/)?.[1];
  const [sources, target] = [words.slice(from ? 1 : 0, -1), path.resolve(stage.cwd, words.at(-1))];
  const into = path.join(stage.folder, target);
  if (!from && sources.join() === ".") return copyContext(into);
  for (const source of sources) {
    const place = from ? path.join(stages.get(from).folder, source) : path.join(root, source);
    if (from && statSync(place).isDirectory()) sh("cp", ["--archive", place, into]);
    else cpSync(place, path.join(into, path.basename(source)));
  }
}

/** Runs a command as a container engine would, as a user, with all read-only but /study and /tmp. */
function run([out, ...rest]) {
  const options = { user: undefined, study: undefined };
  while (rest[0] === "--user" || rest[0] === "--study") options[rest.shift().slice(2)] = rest.shift();
  const stage = JSON.parse(readFileSync(`${out}.json`, "utf8"));
  const user = options.user ?? stage.user;
  const words = Object.entries({ PATH: "/usr/local/bin:/usr/bin:/bin", ...stage.env, ...passedOn() }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const script = [
    'mount --bind "$0" "$0"',
    'mount -o remount,bind,ro "$0"',
    'mount --rbind /dev "$0/dev"',
    'mount -t proc proc "$0/proc"',
    'mount -t tmpfs -o mode=1777 tmpfs "$0/tmp"',
    ...(options.study ? [`mount --bind "${path.resolve(options.study)}" "$0/study"`] : []),
    'exec "$@"',
  ].join(" && ");
  const inner = [
    "chroot",
    `--userspec=${user}:${user}`,
    out,
    "/usr/bin/env",
    "-i",
    ...words,
    "/bin/sh",
    "-c",
    `cd ${stage.cwd} && exec "$@"`,
    "run",
    ...rest,
  ];
  return (
    spawnSync(
      "unshare",
      ["--mount", "--pid", "--fork", "--propagation", "private", "/bin/sh", "-c", script, out, ...inner],
      { stdio: "inherit" },
    ).status ?? 1
  );
}

/** Variables that the caller sets for the container: those that a scheduler sets. */
const passedOn = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(JOB_COMPLETION_INDEX|SLURM_\w+|SIGNMIX_\w+)$/.test(name)),
  );

runMain(async () => {
  if (process.platform !== "linux" || process.getuid() !== 0)
    throw new Problem("Run it as root on Linux: chroot needs that.");
  const args = process.argv.slice(2);
  if (args[0] === "--run") return run(args.slice(1));
  const [file, base, out] = args;
  if (!out) throw new Problem("Name the Dockerfile, the folder of the base system, and the folder to build.");
  build(file, path.resolve(base), path.resolve(out));
});
