// npm run fuzz -- --mutations 100000 --seed 1: feeds both file readers with damaged files, as the tests do with a few.
// npm run fuzz -- --target all --seconds 60: guided by coverage, every reader of files from elsewhere, or the one named.
// npm run fuzz -- kills --places 20 --from 1 --to 300: the tour, killed at one change of a file after another (or "all"), then run again.
// npm run fuzz -- soak --runs 24: the tour again and again, and two side by side.
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { buildTests, root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";

runMain(async () => {
  const text = { type: "string" };
  const options = {
    mutations: { ...text, default: "100000" },
    seed: { ...text, default: "1" },
    target: text,
    seconds: { ...text, default: "60" },
    places: { ...text, default: "20" },
    from: { ...text, default: "1" },
    to: text,
    runs: { ...text, default: "24" },
    keep: { type: "boolean", default: false },
  };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length > 0) return runTour(positionals, values);
  const mutations = Number(values.mutations);
  if (!(Number.isInteger(mutations) && mutations > 0)) throw new Problem("--mutations takes a whole number from 1.");
  if (values.target !== undefined) return guided(values);
  await buildTests();
  const { fuzz } = await import(pathToFileURL(path.join(root, "dist-test", "files", "fuzz.js")));
  const fixture = (name) => new Uint8Array(readFileSync(path.join(root, "test", "files", "fixtures", name)));
  const seeds = {
    safetensors: [fixture("views.safetensors")],
    torch: [fixture("views.bin"), fixture("views-legacy.bin")],
  };
  for (const reader of ["safetensors", "torch"]) {
    const started = performance.now();
    const { accepted, messages, slowest } = fuzz(reader, mutations, values.seed, seeds[reader]);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
      `${reader}: ${mutations} damaged files in ${seconds} s: ${accepted} read, ${mutations - accepted} refused with ` +
        `${messages} different messages, slowest ${slowest.toFixed(1)} ms; no crash, hang or over-read`,
    );
  }
});

/** Whole runs of the tour, disturbed or many. */
async function runTour([what, ...rest], { places, from, to, runs }) {
  const whole = (name, value) => {
    if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
    throw new Problem(`--${name} takes a whole number from 1, not "${value}".`);
  };
  if (rest.length > 0 || !["kills", "soak"].includes(what)) {
    throw new Problem(
      `npm run fuzz -- kills and npm run fuzz -- soak run the tour; there is no "${[what, ...rest].join(" ")}".`,
    );
  }
  if (what === "kills") {
    const { fuzzKills } = await import("./fuzz/kills.mjs");
    const last = to === undefined ? undefined : whole("to", to);
    const { changes, count } = await fuzzKills(
      places === "all" ? "all" : whole("places", places),
      whole("from", from),
      last,
    );
    console.log(`Killed at ${count} of ${changes} changes of files: no row lost, nothing left behind.`);
    return;
  }
  const { soak } = await import("./fuzz/soak.mjs");
  const { peaks } = await soak(whole("runs", runs));
  console.log(
    `${peaks.length} runs and two side by side, ${Math.min(...peaks)} to ${Math.max(...peaks)} MB: flat, nothing left behind.`,
  );
}

/**
 * Runs targets one after another, each so many seconds after what was kept of earlier runs; with --keep, the inputs that
 * reach most are kept in test/files/fixtures/fuzz. An input on which a target fails goes to .cache/fuzz/<target>.
 */
async function guided({ target, seconds: asked, seed, keep }) {
  const seconds = Number(asked);
  if (!(seconds >= 0 && seconds < 1e6)) throw new Problem("--seconds takes a number from 0.");
  const { countBlocks } = await import("./fuzz/instrument.mjs");
  const blocks = countBlocks();
  const { scratch, targets } = await import("./fuzz/targets.mjs");
  const { fuzzByCoverage } = await import("./fuzz/coverage.mjs");
  const { createRandom } = await import("../dist/engine/random.js");
  const chosen = targets.filter(({ name }) => target === "all" || name === target);
  if (chosen.length === 0) {
    throw new Problem(`--target is all or one of ${targets.map(({ name }) => name).join(", ")}, not "${target}".`);
  }
  try {
    for (const one of chosen) {
      const report = await fuzzByCoverage(one, {
        seconds,
        random: createRandom(`fuzz ${one.name} ${seed}`),
        blocks,
        kept: path.join(root, "test", "files", "fixtures", "fuzz", `${one.name}.txt`),
        keep,
        found: path.join(root, ".cache", "fuzz", one.name),
      });
      const { inputs, refused, corpus, slowest, computed } = report;
      console.log(
        `${one.name}: ${inputs} inputs in ${seconds} s (${computed} s of computing), ${refused} refused, ${report.blocks} blocks reached by ` +
          `${corpus} of them, slowest ${Math.round(slowest)} ms; no crash, hang or unbounded memory`,
      );
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
