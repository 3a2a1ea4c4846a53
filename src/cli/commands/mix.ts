import type { AdapterFormat } from "../../adapters/folder.js";
import { exportAdapter } from "../../adapters/folder.js";
import { writeFolderAtomic } from "../../files/atomic.js";
import { settleCoefficients } from "../../mixing/coefficients.js";
import { mixAdapters } from "../../mixing/mix.js";
import type { MixOptions, MixStrategy } from "../../mixing/options.js";
import { readArguments } from "../arguments.js";
import { type Command, jsonOutput, numberOption, requireNewFolder, UsageError, wordOption } from "../command.js";
import { bulletList } from "../text-layout.js";
import { describeConfig, leftOut, readAdapters } from "./read-adapters.js";

const STRATEGIES: MixStrategy[] = ["average", "negate_b", "cat", "ties", "dare", "dare_ties", "magnitude_prune"];
export const FORMATS: AdapterFormat[] = ["adapterhub", "peft", "signmix"];

/** `signmix mix`: adapters into one. */
export const mixCommand: Command = {
  help: `signmix mix FOLDER FOLDER... --out FOLDER [options]

Mixes adapters of one configuration and one encoder, and writes the mixture. Heads are not mixed.

  --out FOLDER           where the mixture is written (needed)
  --format adapterhub|peft|signmix   default: the format of the first folder
  --strategy NAME        one of those below; default average
  --coefficients 0.7,0.3 one per adapter; uniform by default
  --raw-coefficients     do not divide them by their sum
  --space factors|product  LoRA: mix A and B (default), or B·A and cut back to --rank
  --rank NUMBER          rank of a mixture in the product space
  --density NUMBER       share kept by ties and magnitude_prune (default 0.2), dare and dare_ties (0.1)
  --trim-scope global|layer|tensor   where ties and magnitude_prune keep that share (default tensor)
  --weights raw|change   ties, dare, magnitude_prune: merge weights, or changes from a known shared start (default there)
  --majority mass|count  how TIES elects a sign (default mass)
  --lambda NUMBER        TIES's factor on the merged change (default 1)
  --seed TEXT            seed of DARE's masks (default 0)
  --compat adapterhub|peft   compute as that library where it differs; for PEFT the square roots of the coefficients act on
                         A and B and nothing is normalised, so give --coefficients 1,1 for its plain sum
  --name NAME            name of the mixture (default "mixture")
  --any-encoder          mix adapters of encoders with other names but equal shapes
  --force                write over what is in the folder of --out
  --json                 one JSON object on standard output

Strategies
  average          the weighted mean
  ties             keep the largest weights of each, elect a sign for each place, average those that agree with it
  dare             drop weights at random, enlarge the rest, average
  dare_ties        drop as dare does, then elect and average as ties does
  magnitude_prune  keep the largest weights of each, average
  negate_b         LoRA: |w| on A and w on B, so that a negative weight negates B·A
  cat              LoRA: factors side by side, exact in B·A; the ranks add up

Examples: signmix mix adapters/imdb adapters/sst2 --coefficients 0.7,0.3 --out mixed
          signmix mix adapters/* --strategy ties --density 0.3 --out merged --format peft
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = readArguments(args, {
      out: text,
      format: text,
      strategy: text,
      coefficients: text,
      "raw-coefficients": flag,
      space: text,
      rank: text,
      density: text,
      "trim-scope": text,
      weights: text,
      majority: text,
      lambda: text,
      seed: text,
      compat: text,
      name: text,
      "any-encoder": flag,
      force: flag,
      json: flag,
    });
    const { out } = values;
    if (!out) throw new UsageError("Say where to write the mixture: --out FOLDER.");
    const notes: string[] = [];
    const options: MixOptions = {
      strategy: wordOption("strategy", values.strategy, STRATEGIES),
      coefficients: values.coefficients?.split(",").map((one) => numberOption("coefficients", one) as number),
      normalize: values["raw-coefficients"] ? false : undefined,
      space: wordOption("space", values.space, ["factors", "product"]),
      rank: numberOption("rank", values.rank),
      density: numberOption("density", values.density),
      trimScope: wordOption("trim-scope", values["trim-scope"], ["global", "layer", "tensor"]),
      weights: wordOption("weights", values.weights, ["raw", "change"]),
      majority: wordOption("majority", values.majority, ["mass", "count"]),
      lambda: numberOption("lambda", values.lambda),
      seed: values.seed,
      compat: wordOption("compat", values.compat, ["adapterhub", "peft"]),
      anyEncoder: values["any-encoder"],
      name: values.name ?? "mixture",
      onNote: (note) => notes.push(note),
    };
    const asked = wordOption("format", values.format, FORMATS);
    if (options.coefficients && options.coefficients.length !== positionals.length) {
      throw new UsageError(
        `${positionals.length} adapters need ${positionals.length} coefficients, not ${options.coefficients.length}.`,
      );
    }
    if (options.normalize !== false && options.compat !== "peft" && sumsToZero(options.coefficients)) {
      throw new UsageError("These coefficients sum to zero; --raw-coefficients uses them as they are.");
    }
    refuseWithoutEffect(options);
    requireNewFolder(out, values.force);
    const folders = readAdapters(positionals, 1, output);
    const adapters = folders.map(({ adapter }) => adapter);
    const format = asked ?? folders[0].format;
    output.progress("mixing");
    const mixture = mixAdapters(adapters, options);
    writeFolderAtomic(out, (folder) => exportAdapter(mixture, folder, format));
    const members = adapters.map(({ name }) => name);
    const strategy = options.strategy ?? "average";
    const remarks = [
      ...leftOut(folders),
      ...(folders.some(({ head }) => head) ? ["Test the mixture on a domain with that domain's own head."] : []),
      ...notes,
    ];
    if (values.json) {
      const { config } = mixture;
      const result = { out, format, strategy, members, coefficients: options.coefficients ?? null, config, remarks };
      output.out(jsonOutput(result));
      return 0;
    }
    output.out(`Mixed ${membersText(members, options)} by ${strategy} into ${out} (${format}).\n`);
    output.out(`It is ${describeConfig(mixture)}.\n`);
    if (remarks.length > 0) output.out(`\n${bulletList(remarks, Math.min(output.width, 100))}\n`);
    return 0;
  },
};

/** "a, b" or, with coefficients as they were used, "0.75 a, 0.25 b". */
function membersText(members: readonly string[], { coefficients, normalize, compat }: MixOptions): string {
  if (!coefficients) return members.join(", ");
  const { values, divisor } = settleCoefficients(members.length, coefficients, normalize ?? compat !== "peft");
  return members.map((name, i) => `${Number((values[i] / divisor).toPrecision(4))} ${name}`).join(", ");
}

function sumsToZero(coefficients: readonly number[] | undefined): boolean {
  return coefficients !== undefined && coefficients.reduce((sum, weight) => sum + weight, 0) === 0;
}

/** Which strategies an option belongs to. */
const OPTIONS_OF: [keyof MixOptions, string, MixStrategy[]][] = [
  ["density", "--density", ["ties", "dare", "dare_ties", "magnitude_prune"]],
  ["trimScope", "--trim-scope", ["ties", "magnitude_prune"]],
  ["weights", "--weights", ["ties", "dare", "dare_ties", "magnitude_prune"]],
  ["majority", "--majority", ["ties", "dare_ties"]],
  ["lambda", "--lambda", ["ties", "dare_ties"]],
  ["seed", "--seed", ["dare", "dare_ties"]],
];

function refuseWithoutEffect(options: MixOptions): void {
  const strategy = options.strategy ?? "average";
  for (const [option, flag, strategies] of OPTIONS_OF) {
    if (options[option] !== undefined && !strategies.includes(strategy)) {
      throw new UsageError(`${flag} has no effect on ${strategy}; it belongs to ${strategies.join(", ")}.`);
    }
  }
  if (options.rank !== undefined && options.space !== "product") {
    throw new UsageError("--rank has no effect without --space product.");
  }
}
