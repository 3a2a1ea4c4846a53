import { chanceLevel } from "../../signs/chance.js";
import { whyNotComparable } from "../../signs/comparable.js";
import {
  fractionOfSignDifference,
  type SignDifference,
  type SignDifferenceOptions,
} from "../../signs/sign-difference.js";
import { setSignDifference } from "../../signs/sign-difference-of-set.js";
import { readArguments } from "../arguments.js";
import { type Command, type CommandOutput, jsonOutput, numberOption, UsageError, wordOption } from "../command.js";
import { alignColumns, alignWithin, bulletList, shorten } from "../text-layout.js";
import { type AdapterFolder, describeConfig, leftOut, readWhatCanBe } from "./read-adapters.js";

/** How many reasons why pairs cannot be compared are listed. */
const MOST_LISTED = 6;

/** Two adapters compared; `first` and `second` count from 0 among the adapters read. */
interface Pair {
  first: number;
  second: number;
  a: string;
  b: string;
  difference: SignDifference;
}

interface NotCompared {
  a: string;
  b: string;
  why: string;
}

/** `signmix fsd`: how far adapters disagree in sign. */
export const fsdCommand: Command = {
  help: `signmix fsd FOLDER FOLDER... [options]

Fraction of sign difference (FSD): the share of weights whose signs are opposite in two adapters, for every pair, by module
and by layer. 0: all agree. 0.5: what coins would give. 1: all are opposite. Needs no encoder and no data.

  --weights raw|change   the weights (default), or their change from initialisation (signmix folders with a seed)
  --zeros never|ownSign|bothNonZero
                         a zero conflicts with nothing (default), is a third sign, or is not counted
  --space factors|product  LoRA: signs of A and B (default), or of B·A
  --matrices-only        count the matrices alone, and no biases
  --threshold NUMBER     weights of at most this size count as zero (default 0)
  --any-encoder          compare adapters of encoders with other names but equal shapes
  --json                 one JSON object on standard output

Example: signmix fsd adapters/imdb adapters/sst2 adapters/rte
`,
  async run(args, output) {
    const { values, positionals } = readArguments(args, {
      weights: { type: "string" },
      zeros: { type: "string" },
      space: { type: "string" },
      "matrices-only": { type: "boolean" },
      threshold: { type: "string" },
      "any-encoder": { type: "boolean" },
      json: { type: "boolean" },
    });
    const options: SignDifferenceOptions = {
      weights: wordOption("weights", values.weights, ["raw", "change"]),
      zeros: wordOption("zeros", values.zeros, ["never", "ownSign", "bothNonZero"]),
      space: wordOption("space", values.space, ["factors", "product"]),
      parameters: values["matrices-only"] ? "matrices" : undefined,
      threshold: numberOption("threshold", values.threshold),
      anyEncoder: values["any-encoder"],
    };
    if (options.threshold !== undefined && options.threshold < 0) throw new UsageError("--threshold is 0 or more.");
    const { found, unread } = readWhatCanBe(positionals, 2, output);
    const { pairs, notCompared } = comparePairs(found, options, output);
    if (pairs.length === 0) {
      throw new Error(`No two of these adapters can be compared.\n${notCompared.map(({ why }) => why).join("\n")}`);
    }
    const adapters = found.map(({ adapter }) => adapter);
    const set =
      notCompared.length > 0
        ? null
        : {
            anyConflict: setSignDifference(adapters, { ...options, form: "anyConflict" }).overall,
            chance: chanceLevel("anyConflict", adapters.length),
          };
    const remarks = [...leftOut(found), ...biasesLeftOut(found, options), ...meaning(found, pairs, options)];
    const code = unread.length > 0 ? 1 : 0;
    if (values.json) {
      const settings = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      const named = found.map(({ folder, format, adapter }) => ({ name: adapter.name, folder, format }));
      const compared = pairs.map(({ a, b, difference }) => ({ a, b, difference }));
      const result = { settings, adapters: named, pairs: compared, set, notCompared, unread, remarks };
      output.out(jsonOutput(result));
      return code;
    }
    output.out(`${report(found, pairs, output.width)}\n`);
    if (set && found.length > 2) {
      output.out(
        `\nWeights where any two of the ${found.length} are opposite: ${share(set.anyConflict)} (chance ${share(set.chance)})\n`,
      );
    }
    const refused = [...unread.map(({ why }) => `Not read: ${why}`), ...notComparedByReason(notCompared)];
    output.out(`\n${bulletList([...refused, ...remarks], Math.min(output.width, 100))}\n`);
    return code;
  },
};

function comparePairs(folders: readonly AdapterFolder[], options: SignDifferenceOptions, output: CommandOutput) {
  const pairs: Pair[] = [];
  const notCompared: NotCompared[] = [];
  const adapters = folders.map(({ adapter }) => adapter);
  const allowed = { anyEncoder: options.anyEncoder, anyRank: options.space === "product" };
  const total = (adapters.length * (adapters.length - 1)) / 2;
  adapters.forEach((a, first) => {
    for (let second = first + 1; second < adapters.length; second++) {
      const b = adapters[second];
      output.progress(`comparing ${pairs.length + notCompared.length + 1} of ${total}: ${a.name}, ${b.name}`);
      const why = whyNotComparable(a, b, allowed);
      if (why) notCompared.push({ a: a.name, b: b.name, why });
      else {
        const difference = fractionOfSignDifference(a, b, options);
        pairs.push({ first, second, a: a.name, b: b.name, difference });
      }
    }
  });
  return { pairs, notCompared };
}

/** The pairs that cannot be compared, those with the same reason together. */
function notComparedByReason(notCompared: readonly NotCompared[]): string[] {
  const byReason = new Map<string, NotCompared[]>();
  for (const pair of notCompared) {
    const reason = pair.why.replaceAll(`"${pair.a}"`, "").replaceAll(`"${pair.b}"`, "");
    byReason.set(reason, [...(byReason.get(reason) ?? []), pair]);
  }
  const groups = [...byReason.values()];
  const shown = groups.slice(0, MOST_LISTED).map(([{ why }, ...others]) => {
    const rest = others.length === 0 ? "" : ` So do ${others.length} pairs more.`;
    return `Not compared: ${why}${others.length === 1 ? " So does one pair more." : rest}`;
  });
  const hidden = groups.slice(MOST_LISTED).flat().length;
  return hidden === 0 ? shown : [...shown, `Not compared: ${hidden} pairs more; --json names them all.`];
}

/** The adapters by number, every pair by module, by layer, and from three adapters on as a square. */
function report(folders: readonly AdapterFolder[], pairs: readonly Pair[], width: number): string {
  const nameWidth = Math.max(12, Math.min(48, width - 50));
  const legend = folders.map(({ adapter }, i) => [
    `  ${i + 1}`,
    shorten(adapter.name, nameWidth),
    describeConfig(adapter),
  ]);
  const modules = [...new Set(pairs.flatMap(({ difference }) => Object.keys(difference.byModule)))];
  const layers = [...new Set(pairs.flatMap(({ difference }) => Object.keys(difference.byLayer)))];
  const byModule = [
    ["pair", "FSD", "chance", ...modules],
    ...pairs.map((pair) => [
      label(pair),
      share(pair.difference.overall),
      share(pair.difference.chance),
      ...modules.map((module) => share(pair.difference.byModule[module])),
    ]),
  ];
  const byLayer = [
    ["layer", ...pairs.map(label)],
    ...layers.map((layer) => [layer, ...pairs.map(({ difference }) => share(difference.byLayer[layer]))]),
  ];
  const parts = [
    `Fraction of sign difference\n${alignColumns(legend, 3)}`,
    alignColumns(byModule),
    alignWithin(byLayer, width),
  ];
  for (const group of comparableGroups(pairs)) {
    if (group.length > 2) parts.push(alignWithin(square(group, pairs), width));
  }
  if (pairs.length > 1) parts.push(extremes(pairs));
  return parts.join("\n\n");
}

function label({ first, second }: Pair): string {
  return `${first + 1}–${second + 1}`;
}

/** The adapters that were compared with each other, by their numbers. */
function comparableGroups(pairs: readonly Pair[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const { first, second } of pairs) {
    const group = groups.get(first) ?? [first];
    if (!group.includes(second)) group.push(second);
    for (const member of group) groups.set(member, group);
  }
  return [...new Set(groups.values())];
}

function square(numbers: readonly number[], pairs: readonly Pair[]): string[][] {
  const of = (row: number, column: number) =>
    pairs.find(({ first, second }) => first === Math.min(row, column) && second === Math.max(row, column))?.difference;
  return [
    ["FSD", ...numbers.map((i) => String(i + 1))],
    ...numbers.map((row) => [String(row + 1), ...numbers.map((column) => share(of(row, column)?.overall))]),
  ];
}

function extremes(pairs: readonly Pair[]): string {
  const sorted = pairs.slice().sort((x, y) => x.difference.overall - y.difference.overall);
  const tell = ({ a, b, difference }: Pair) => `${share(difference.overall)}  ${a} and ${b}`;
  return `Least opposed  ${tell(sorted[0])}\nMost opposed   ${tell(sorted[sorted.length - 1])}`;
}

function share(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(3);
}

function biasesLeftOut(folders: readonly AdapterFolder[], options: SignDifferenceOptions): string[] {
  const biases = options.parameters === "matrices" ? folders.map(countBiases) : [];
  const most = Math.max(0, ...biases);
  return most === 0 ? [] : [`Biases are left out (${most} numbers of an adapter).`];
}

function countBiases({ adapter }: AdapterFolder): number {
  return Object.values(adapter.tensors).reduce(
    (sum, { shape, data }) => sum + (shape.length === 1 ? data.length : 0),
    0,
  );
}

/** How near to chance a pair is read as chance. */
const NEAR_CHANCE = 0.02;

/** What the numbers say, in short sentences. */
function meaning(folders: readonly AdapterFolder[], pairs: readonly Pair[], options: SignDifferenceOptions): string[] {
  const byChance = pairs.filter(({ difference }) => Math.abs(difference.overall - difference.chance) < NEAR_CHANCE);
  const unknown = folders.filter(({ adapter }) => adapter.seed === undefined).map(({ adapter }) => adapter.name);
  const text: string[] = [];
  if (byChance.length > 0) {
    const these = pairs.length === 1 ? "The pair lies" : `${byChance.length} of ${pairs.length} pairs lie`;
    text.push(
      `${these} within ${NEAR_CHANCE} of chance. Adapters that started from different seeds disagree on about half of ` +
        "their signs before any training, so such a value tells of their starts, not of a conflict between what they " +
        "learned. Only values clearly below chance tell that adapters agree. Adapters trained from one start tell more.",
    );
  }
  if (folders.some(({ adapter }) => adapter.config.method === "lora") && options.space !== "product") {
    text.push(
      "LoRA: the signs are those of A and B, which are what an average mixes. The update is B·A, and other factors can " +
        "give the same one (with A and B both negated, for one): --space product compares the updates themselves.",
    );
  }
  if (unknown.length > 0 && options.weights !== "change") {
    const which = unknown.length === folders.length ? "these adapters" : unknown.join(", ");
    text.push(`Raw weights are compared: it is not known what ${which} started from.`);
  }
  const nearZero = Math.max(...pairs.map(({ difference }) => Math.max(...difference.nearZero)));
  if (nearZero > 0) text.push(`Up to ${nearZero} weights of an adapter lie within 1e-8 of zero; see --threshold.`);
  return text;
}
