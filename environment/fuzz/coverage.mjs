// A fuzzer guided by coverage: an input that reaches a new block of the code, or reaches one more often, is kept and
// changed further. The coverage is V8's own, so that nothing has to be built.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";

/** Reads which blocks ran since it was last asked, as "script:start:bucket of count". */
function startCoverage(folder) {
  const session = new Session();
  session.connect();
  const post = (method, params) => {
    let answer;
    session.post(method, params, (error, result) => {
      if (error) throw new Error(error.message);
      answer = result;
    });
    return answer; // an own session answers at once
  };
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return {
    blocks() {
      const found = [];
      for (const { url, scriptId, functions } of post("Profiler.takePreciseCoverage").result) {
        if (!url.includes(folder)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, count } of ranges) {
            if (count > 0) found.push(`${scriptId}:${startOffset}:${Math.min(8, Math.floor(Math.log2(count)))}`);
          }
        }
      }
      return found;
    },
    stop: () => session.disconnect(),
  };
}

const BATCH = 20;

/** Milliseconds that this process has computed: what an input takes, however busy the machine is. */
function computed() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const INTERESTING = [0, 1, 2, 0x28, 0x2e, 0x7f, 0x80, 0xff, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x0a];

function mutate(bytes, others, dictionary, random, maxLength) {
  let data = Buffer.from(bytes);
  const at = () => random.integer(data.length + 1);
  const insert = (place, piece) => {
    data = Buffer.concat([data.subarray(0, place), piece, data.subarray(place)]);
  };
  const changes = [
    () => {
      if (data.length > 0) data[random.integer(data.length)] ^= 1 << random.integer(8);
    },
    () => {
      if (data.length > 0) data[random.integer(data.length)] = random.choice(INTERESTING);
    },
    () => insert(at(), Buffer.from([random.choice(INTERESTING)])),
    () => {
      const [from, to] = [at(), at()].sort((a, b) => a - b);
      data = Buffer.concat([data.subarray(0, from), data.subarray(Math.min(to, from + 32))]);
    },
    () => {
      const from = at();
      insert(at(), data.subarray(from, from + random.integer(32)));
    },
    () => {
      const other = random.choice(others);
      const from = random.integer(other.length + 1);
      insert(at(), other.subarray(from, from + random.integer(64)));
    },
    () => dictionary.length > 0 && insert(at(), Buffer.from(random.choice(dictionary), "latin1")),
    () => {
      if (data.length < 4) return;
      data.writeUInt32LE(random.choice([0, 1, 64, 255, 65535, 2 ** 31, 2 ** 32 - 1]), random.integer(data.length - 3));
    },
    () => {
      data = data.subarray(0, at());
    },
  ];
  for (let i = random.choice([1, 1, 2, 3, 5, 8]); i > 0; i--) random.choice(changes)();
  return data.subarray(0, maxLength);
}

/** Files of a folder, where there is one. */
function filesOf(folder) {
  try {
    return readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
  } catch {
    return [];
  }
}

/**
 * @param target { name, run(bytes), seeds, dictionary, maxLength }: `run` may throw what `target.isRefusal` accepts
 * @param kept folder of inputs that earlier runs found worth keeping
 * @param found folder for new ones, and for inputs on which the target fails
 * @throws naming the file with the first input that crashes, hangs or takes unbounded memory
 */
export async function fuzzByCoverage(target, { seconds, random, kept, found, watched }) {
  const { run, isRefusal, seeds, dictionary = [], maxLength = 16_384, slowest = 3000 } = target;
  mkdirSync(found, { recursive: true });
  const corpus = [];
  const seen = new Set();
  const coverage = startCoverage(watched);
  const before = computed();
  const report = { inputs: 0, refused: 0, slowest: 0, kept: 0, blocks: 0, memory: 0 };
  const fail = (bytes, why, error) => {
    const file = path.join(found, `failed-${createHash("sha1").update(bytes).digest("hex").slice(0, 12)}`);
    writeFileSync(file, bytes);
    throw new Error(`${target.name}: ${why}; the input is in ${file}`, { cause: error });
  };
  const runOnce = async (bytes) => {
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
  };
  /** Runs an input for its coverage, and keeps it where it reaches something new. */
  const attempt = async (bytes, isSeed) => {
    coverage.blocks();
    await runOnce(bytes);
    const fresh = coverage.blocks().filter((block) => !seen.has(block));
    for (const block of fresh) seen.add(block);
    if (fresh.length === 0 && !isSeed) return;
    corpus.push(bytes);
    if (isSeed) return;
    report.kept++;
    writeFileSync(path.join(found, createHash("sha1").update(bytes).digest("hex").slice(0, 16)), bytes);
  };
  try {
    for (const seed of [...seeds, ...filesOf(kept)]) await attempt(Buffer.from(seed), true);
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      // newer inputs reach deeper
      const recent = random.uniform() < 0.5 ? corpus.slice(-20) : corpus;
      // asking for the coverage costs more than an input: one question for many, and again for each where they are new
      const batch = Array.from({ length: BATCH }, () =>
        mutate(random.choice(recent), corpus, dictionary, random, maxLength),
      );
      for (const bytes of batch) await runOnce(bytes);
      if (coverage.blocks().some((block) => !seen.has(block))) for (const bytes of batch) await attempt(bytes, false);
      if (report.inputs % (50 * BATCH) < BATCH) {
        const { rss } = process.memoryUsage();
        report.memory = Math.max(report.memory, rss);
        if (rss > 2e9) fail(Buffer.from(corpus.at(-1)), `${Math.round(rss / 1e6)} MB are in use`);
      }
    }
  } finally {
    coverage.stop();
  }
  return { ...report, blocks: seen.size, computed: Math.round((computed() - before) / 1000) };
}
