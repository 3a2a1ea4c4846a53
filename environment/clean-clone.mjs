// Proof of a clean clone: clones the committed state and runs both commands with an empty home folder, an empty npm cache
// and nothing on the PATH but node, npm, git and a shell (no Python, compiler or browser). Linux and macOS.
//   node environment/clean-clone.mjs [--keep]      takes as long as both commands do; --keep leaves the clone for a look
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./build.mjs";
import { runProgram } from "./child.mjs";
import { Problem, runMain } from "./problem.mjs";

/** Links the few programs into a folder of their own, which becomes the PATH. */
function onlyPrograms(folder, names) {
  mkdirSync(folder);
  const places = (process.env.PATH ?? "").split(path.delimiter);
  for (const name of names) {
    const place = places.find((one) => existsSync(path.join(one, name)));
    if (!place) throw new Problem(`${name} is not on the PATH: install it and run this again.`);
    symlinkSync(realpathSync(path.join(place, name)), path.join(folder, name));
  }
}

runMain(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-clone-"));
  const at = (name) => path.join(folder, name);
  onlyPrograms(at("bin"), ["node", "npm", "git", "sh"]);
  mkdirSync(at("home"));
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim().split("\n").at(-1);
  const clone = at("signmix");
  execFileSync("git", ["clone", "--quiet", root, clone]);
  // runProgram adds to this process's environment; what must be gone is emptied.
  const env = { PATH: at("bin"), HOME: at("home"), npm_config_cache: at("cache"), npm_config_registry: registry };
  const gone = Object.keys(process.env).filter((name) => /^(SIGNMIX_|PYTHON|JUPYTER|CHROME_|VIRTUAL_ENV)/.test(name));
  for (const name of gone) delete process.env[name];
  console.log(`clone of ${execFileSync("git", ["-C", clone, "log", "--oneline", "-1"], { encoding: "utf8" }).trim()}`);
  const failed = [];
  // The second run of `reproduce` shows what set-up costs when all is there.
  for (const args of [
    ["run", "reproduce"],
    ["run", "reproduce", "--", "--profile", "smoke", "--only", "00"],
    ["test"],
  ]) {
    const began = performance.now();
    const { code } = await runProgram(at("bin/npm"), args, { cwd: clone, env });
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`\n>> npm ${args.join(" ")}: ${code === 0 ? "passed" : `FAILED with ${code}`}, ${seconds} s\n`);
    if (code !== 0) failed.push(args.join(" "));
  }
  if (!process.argv.includes("--keep")) rmSync(folder, { recursive: true, force: true });
  else console.log(`kept: ${clone}`);
  return failed.length === 0 ? 0 : 1;
});
