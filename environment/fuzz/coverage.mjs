// A fuzzer guided by coverage: an input that reaches a new block of the code, or reaches one more often, is kept and
// changed further. `instrument.mjs` counts the blocks.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mutate } from "./mutate.mjs";
import { watch } from "./watch.mjs";

/** Which blocks were reached so far, and how often at once: 1, 2 to 3, 4 to 7 … times. */
class Reached {
  #counts;
  #seen = new Uint8Array(0);

  constructor(counts) {
    this.#counts = counts;
  }

  /** @returns whether anything is new since the counts were last read; they begin again from 0 */
  read() {
    const counts = this.#counts();
    if (counts.length > this.#seen.length) {
      // modules can be loaded late
      const seen = new Uint8Array(counts.length);
      seen.set(this.#seen);
      this.#seen = seen;
    }
    let fresh = false;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const often = 1 << Math.min(7, 31 - Math.clz32(counts[i]));
      if ((this.#seen[i] & often) === 0) {
        this.#seen[i] |= often;
        fresh = true;
      }
      counts[i] = 0;
    }
    return fresh;
  }

  get blocks() {
    return this.#seen.reduce((sum, often) => sum + (often > 0 ? 1 : 0), 0);
  }
}

/** Milliseconds that this process has computed: what an input takes, however busy the machine is. */
function computed() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Inputs that were kept: a line of base64 each. */
function keptInputs(file) {
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => Buffer.from(line, "base64"))
    : [];
}

/**
 * @param target { name, run(bytes), seeds, dictionary, maxLength }: `run` may throw what `target.isRefusal` accepts
 * @param blocks the counts of `countBlocks`
 * @param kept file of inputs that earlier runs found worth keeping
 * @param keep whether the fewest and shortest that reach as many blocks are written to that file
 * @param found folder for inputs on which the target fails
 * @throws naming the file with the first input that crashes, hangs or takes unbounded memory
 */
export async function fuzzByCoverage(target, { seconds, random, blocks, kept, keep, found }) {
  const { run, isRefusal, seeds, maxLength = 16_384, slowest = 3000 } = target;
  mkdirSync(found, { recursive: true });
  // a message that quotes "undefined" from its file would seem an accident
  const words = blocks.words().filter((word) => !/undefined|\[object/.test(word));
  const dictionary = [...(target.dictionary ?? []), ...words];
  const corpus = [];
  const reached = new Reached(blocks.counts);
  const watched = watch({ failed: path.join(found, "failed-watched"), maxLength });
  const before = computed();
  const report = { inputs: 0, refused: 0, slowest: 0 };
  const fail = (bytes, why, error) => {
    const file = path.join(found, `failed-${createHash("sha1").update(bytes).digest("hex").slice(0, 12)}`);
    writeFileSync(file, bytes);
    throw new Error(`${target.name}: ${why}; the input is in ${file}`, { cause: error });
  };
  const attempt = async (bytes) => {
    watched.begin(bytes);
    const started = computed();
    try {
      await run(new Uint8Array(bytes));
    } catch (error) {
      report.refused++;
      if (!isRefusal(error)) fail(bytes, `it failed with "${error?.message}"`, error);
    }
    const took = computed() - started;
    report.inputs++;
    report.slowest = Math.max(report.slowest, took);
    if (took > slowest) fail(bytes, `it took ${Math.round(took)} ms`);
    if (reached.read()) corpus.push(bytes);
  };
  try {
    reached.read();
    for (const seed of [...seeds, ...keptInputs(kept)]) await attempt(Buffer.from(seed));
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      // newer inputs reach deeper
      const recent = random.uniform() < 0.5 ? corpus.slice(-20) : corpus;
      await attempt(mutate(random.choice(recent), corpus, dictionary, random, maxLength));
    }
    const result = {
      ...report,
      blocks: reached.blocks,
      corpus: corpus.length,
      computed: Math.round((computed() - before) / 1000),
    };
    if (keep) {
      const fewest = await fewestInputs(target, corpus, blocks);
      writeFileSync(kept, fewest.map((bytes) => `${bytes.toString("base64")}\n`).join(""));
    }
    return result;
  } finally {
    await watched.stop();
  }
}

/** From the shortest input to the longest, those that reach a block that no shorter one did. */
async function fewestInputs({ run }, corpus, { counts }) {
  const reached = new Set();
  const chosen = [];
  for (const bytes of [...corpus].sort((a, b) => a.length - b.length)) {
    counts().fill(0);
    try {
      await run(new Uint8Array(bytes));
    } catch {} // a refusal reaches blocks too
    const before = reached.size;
    for (const [block, count] of counts().entries()) if (count > 0) reached.add(block);
    if (reached.size > before) chosen.push(bytes);
  }
  return chosen;
}
