// The sign benchmark: the sign difference of every subset of 13 adapters of BERT-base size, against a plain loop.
import { adapterConfig, adapterShapes } from "../../dist/adapters/create.js";
import { enumerateMixtures } from "../../dist/mixing/subsets.js";
import { signDifferenceOfSubsets } from "../../dist/signs/sign-difference-of-subsets.js";
import { timed } from "./timed.mjs";

export const name = "signs";
export const about =
  "sign difference of all 8,191 subsets of 13 Houlsby adapters of BERT-base, every form, against a plain loop";

const count = 13;
/** Subsets that the plain loop does; the rest is projected from their number of weights read. */
const sampled = 26;
const base = { family: "bert", hiddenSize: 768, intermediateSize: 3072, layers: 12 };

/** Adapters of pseudo-random weights, one in a thousand of them zero. */
export function makeAdapters() {
  const config = adapterConfig({ method: "houlsby" });
  const shapes = Object.entries(adapterShapes(config, base)).filter(([, shape]) => shape.length === 2);
  let state = 1;
  return Array.from({ length: count }, (_, i) => {
    const tensors = shapes.map(([tensor, shape]) => {
      const data = new Float32Array(shape[0] * shape[1]);
      for (let at = 0; at < data.length; at++) {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        data[at] = state % 1000 === 0 ? 0 : state / 2 ** 31;
      }
      return [tensor, { shape, dtype: "float32", data }];
    });
    return { name: `adapter ${i}`, config, base, tensors: Object.fromEntries(tensors) };
  });
}

/** Conflicts of a set as one would write them down: every position, every member. */
function plainAnyConflict(adapters, members) {
  let conflicts = 0;
  let positions = 0;
  for (const tensor of Object.keys(adapters[0].tensors)) {
    const values = members.map((i) => adapters[i].tensors[tensor].data);
    positions += values[0].length;
    for (let at = 0; at < values[0].length; at++) {
      let above = false;
      let below = false;
      for (const numbers of values) {
        if (numbers[at] > 0) above = true;
        else if (numbers[at] < 0) below = true;
      }
      if (above && below) conflicts++;
    }
  }
  return conflicts / positions;
}

export async function run(_options, log) {
  const adapters = makeAdapters();
  const weights = Object.values(adapters[0].tensors).reduce((sum, { data }) => sum + data.length, 0);
  const ours = {};
  let exact = true;
  let anyConflict;
  for (const zeros of ["never", "ownSign", "bothNonZero"]) {
    const { result, seconds } = timed(() => signDifferenceOfSubsets(adapters, { zeros }));
    ours[zeros] = seconds;
    if (zeros === "never") anyConflict = result.anyConflict;
    log(`all subsets, zeros ${zeros}: ${seconds.toFixed(2)} s`);
  }
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  const all = enumerateMixtures(count).filter((members) => members.length > 1);
  const sample = all.filter((_, i) => i % Math.ceil(all.length / sampled) === 0);
  const plain = timed(() => {
    for (const members of sample) {
      const expected = plainAnyConflict(adapters, members);
      const S = members.reduce((bits, i) => bits | (1 << i), 0);
      if (anyConflict[S] !== expected) exact = false;
    }
  });
  const readings = (subsets) => subsets.reduce((sum, members) => sum + members.length, 0);
  const projected = (plain.seconds * readings(all)) / readings(sample);
  if (!exact) throw new Error("The two ways disagree; the packed one is wrong.");
  return [{ adapters: count, subsets: 2 ** count - 1, weights, seconds: ours, peakMegabytes, plainSeconds: projected }];
}

/** The results as a table in Markdown. */
export function table([{ weights, subsets, seconds, peakMegabytes, plainSeconds }]) {
  return [
    `${subsets} subsets of ${count} adapters of ${weights} weights each, one core; adapters and all ${peakMegabytes.toFixed(0)} MB at the peak`,
    "",
    "| way | seconds |",
    "|---|---|",
    ...Object.entries(seconds).map(([zeros, value]) => `| all forms, zeros ${zeros} | ${value.toFixed(2)} |`),
    `| plain loop, any-conflict alone (projected from ${sampled} subsets, all equal) | ${plainSeconds.toFixed(0)} |`,
    `| times as long | ${(plainSeconds / seconds.never).toFixed(0)} |`,
  ].join("\n");
}
