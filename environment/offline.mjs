// npm run class -- --offline: one archive of the project, its packages and class/, for laptops without a network.
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { runNpm, runProgram } from "./child.mjs";
import { makeClass } from "./make-class.mjs";
import { Problem } from "./problem.mjs";
import { trim } from "./trim.mjs";

async function demand(what, run) {
  const { code, output } = await run;
  if (code !== 0) throw new Problem(`${what} failed: ${output.trim().split("\n").slice(-3).join("\n")}`);
}

/**
 * Packs the project as `npm pack` does, installs its packages into the copy, makes class/ in it, and puts all into one archive.
 * The packages bring their programs for Windows, macOS and Linux, so one archive serves all three.
 */
export async function offlineArchive() {
  const place = path.join(root, ".cache", "class");
  const folder = path.join(place, "signmix");
  const archive = path.join(place, "signmix-class.tar.gz");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  console.log("packing the project …");
  await demand("npm pack", runNpm(["pack", "--pack-destination", place], { cwd: root, capture: true }));
  const packed = path.join(
    place,
    readdirSync(place).find((name) => name.endsWith(".tgz")),
  );
  await demand("tar", runProgram("tar", ["-xzf", packed, "-C", place], { capture: true }));
  renameSync(path.join(place, "package"), folder);
  rmSync(packed);
  copyFileSync(path.join(root, "package-lock.json"), path.join(folder, "package-lock.json"));
  copyFileSync(path.join(root, ".npmrc"), path.join(folder, ".npmrc"));
  console.log("installing the packages into the copy …");
  await demand("npm ci", runNpm(["ci", "--omit=dev", "--omit=optional"], { cwd: folder, capture: true }));
  trim(path.join(folder, "node_modules"), () => {}, "all");
  makeClass(path.join(folder, "class"));
  console.log("writing the archive …");
  await demand("tar", runProgram("tar", ["-czf", archive, "-C", place, "signmix"], { capture: true }));
  rmSync(folder, { recursive: true, force: true });
  const megabytes = Math.round(statSync(archive).size / 1e6);
  console.log(
    `${path.relative(root, archive)}, ${megabytes} MB. On a laptop with Node: tar -xzf signmix-class.tar.gz, and in signmix/ node environment/setup.mjs.`,
  );
}
