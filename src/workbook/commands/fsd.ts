import { parseArgs } from "node:util";
import { chanceLevel } from "../../signs/chance.js";
import { whyNotComparable } from "../../signs/comparable.js";
import {
  fractionOfSignDifference,
  type SignDifference,
  type SignDifferenceOptions,
} from "../../signs/sign-difference.js";
import { setSignDifference } from "../../signs/sign-difference-of-set.js";
import { asUsage, type Command, type CommandOutput, numberOption, UsageError, wordOption } from "../command.js";
import { alignColumns, shorten, wrapText } from "../text-layout.js";
import { type AdapterFolder, leftOut, readAdapters } from "./read-adapters.js";

interface Pair {
  a: string;
  b: string;
  difference: SignDifference;
}

/** `signmix fsd`: how far adapters disagree in sign. */
export const fsdCommand: Command = {
  name: "fsd",
  summary: "fraction of sign difference of every pair, by layer and module",
  help: `signmix fsd FOLDER FOLDER... [options]

Fraction of sign difference: the share of weights whose signs are opposite in two adapters. 0: all agree. 0.5: what coins
would give. Needs no encoder and no data.

  --weights raw|delta    the weights (default), or their change from initialisation (signmix folders with a seed)
  --zeros never|ownSign|bothNonZero
                         a zero conflicts with nothing (default), is a third sign, or is not counted
  --space factors|product  LoRA: signs of A and B (default), or of B·A
  --biases               count biases too
  --threshold NUMBER     weights of at most this size count as zero (default 0)
  --any-encoder          compare adapters of encoders with other names but equal shapes
  --json                 one JSON object on standard output
`,
  async run(args, output) {
    const { values, positionals } = asUsage(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          weights: { type: "string" },
          zeros: { type: "string" },
          space: { type: "string" },
          biases: { type: "boolean" },
          threshold: { type: "string" },
          "any-encoder": { type: "boolean" },
          json: { type: "boolean" },
        },
      }),
    );
    const options: SignDifferenceOptions = {
      weights: wordOption("weights", values.weights, ["raw", "delta"]),
      zeros: wordOption("zeros", values.zeros, ["never", "ownSign", "bothNonZero"]),
      space: wordOption("space", values.space, ["factors", "product"]),
      biases: values.biases,
      threshold: numberOption("threshold", values.threshold),
      anyEncoder: values["any-encoder"],
    };
    if (options.threshold !== undefined && options.threshold < 0) throw new UsageError("--threshold is 0 or more.");
    const folders = readAdapters(positionals, 2, output);
    const { pairs, refused } = comparePairs(folders, options, output);
    if (pairs.length === 0) throw new Error(`No two of these adapters can be compared.\n${refused.join("\n")}`);
    const adapters = folders.map(({ adapter }) => adapter);
    const anyConflict =
      refused.length === 0 ? setSignDifference(adapters, { ...options, form: "anyConflict" }).overall : undefined;
    const sets =
      anyConflict === undefined ? null : { anyConflict, chance: chanceLevel("anyConflict", adapters.length) };
    const remarks = [...leftOut(folders), ...refused, ...meaning(folders, pairs, options)];
    if (values.json) {
      const settings = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      return output.out(`${JSON.stringify({ settings, pairs, set: sets, remarks }, null, 2)}\n`);
    }
    output.out(`${report(folders, pairs, output.width)}\n`);
    if (sets && adapters.length > 2) {
      output.out(
        `Positions where any two of the ${adapters.length} are opposite: ${share(sets.anyConflict)} (chance ${share(sets.chance)}).\n\n`,
      );
    }
    for (const remark of remarks) output.out(`${wrapText(remark, Math.min(output.width, 100))}\n`);
  },
};

function comparePairs(folders: readonly AdapterFolder[], options: SignDifferenceOptions, output: CommandOutput) {
  const pairs: Pair[] = [];
  const refused: string[] = [];
  const adapters = folders.map(({ adapter }) => adapter);
  const allowed = { anyEncoder: options.anyEncoder, anyRank: options.space === "product" };
  adapters.forEach((a, i) => {
    for (const b of adapters.slice(i + 1)) {
      const why = whyNotComparable(a, b, allowed);
      if (why) refused.push(`Not compared: ${why}`);
      else pairs.push({ a: a.name, b: b.name, difference: fractionOfSignDifference(a, b, options) });
    }
    output.err(`compared ${i + 1} of ${adapters.length}\n`);
  });
  return { pairs, refused };
}

function report(folders: readonly AdapterFolder[], pairs: readonly Pair[], width: number): string {
  const modules = [...new Set(pairs.flatMap(({ difference }) => Object.keys(difference.byModule)))];
  const layers = [...new Set(pairs.flatMap(({ difference }) => Object.keys(difference.byLayer)))];
  const longest = Math.max(...folders.map(({ adapter }) => adapter.name.length));
  const nameWidth = Math.max(6, Math.min(longest, Math.floor((width - 24 - 12 * modules.length) / 2) - 1));
  const label = ({ a, b }: Pair) => `${shorten(a, nameWidth)} – ${shorten(b, nameWidth)}`;
  const overall = [
    ["pair", "FSD", "chance", ...modules],
    ...pairs.map((pair) => [
      label(pair),
      share(pair.difference.overall),
      share(pair.difference.chance),
      ...modules.map((module) => share(pair.difference.byModule[module])),
    ]),
  ];
  // one line per layer and one column per pair where they fit; pairs are numbered
  const perTable = Math.max(1, Math.floor((width - 8) / 7));
  const byLayer: string[] = [];
  for (let from = 0; from < pairs.length; from += perTable) {
    const some = pairs.slice(from, from + perTable);
    byLayer.push(
      alignColumns([
        ["layer", ...some.map((_, i) => `pair ${from + i + 1}`.slice(pairs.length > 9 ? 5 : 0))],
        ...layers.map((layer) => [layer, ...some.map(({ difference }) => share(difference.byLayer[layer]))]),
      ]),
    );
  }
  return `Fraction of sign difference\n\n${alignColumns(overall)}\n\nBy layer, pairs in the order above\n\n${byLayer.join("\n\n")}\n`;
}

function share(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(3);
}

/** How near to chance a pair is read as chance. */
const NEAR_CHANCE = 0.02;

/** What the numbers say, in short sentences. */
function meaning(folders: readonly AdapterFolder[], pairs: readonly Pair[], options: SignDifferenceOptions): string[] {
  const byChance = pairs.filter(({ difference }) => Math.abs(difference.overall - difference.chance) < NEAR_CHANCE);
  const unknown = folders.filter(({ adapter }) => adapter.seed === undefined).map(({ adapter }) => adapter.name);
  const text: string[] = [];
  if (byChance.length > 0) {
    text.push(
      `${byChance.length} of ${pairs.length} pairs lie within ${NEAR_CHANCE} of chance. Adapters that started from different ` +
        "seeds disagree on about half of their signs before any training, so a value near chance tells of their starts, " +
        "not of a conflict between what they learned. Only values clearly below chance tell that adapters agree; compare " +
        "adapters trained from one start to learn more.",
    );
  }
  if (unknown.length > 0 && options.weights !== "delta") {
    text.push(`Raw weights are compared: it is not known what ${unknown.join(", ")} started from.`);
  }
  const nearZero = Math.max(...pairs.map(({ difference }) => Math.max(...difference.nearZero)));
  if (nearZero > 0) text.push(`Up to ${nearZero} weights of an adapter lie within 1e-8 of zero; see --threshold.`);
  return text;
}
