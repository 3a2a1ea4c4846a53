import { parseArgs } from "node:util";
import type { AdapterFormat } from "../../adapters/folder.js";
import { exportAdapter } from "../../adapters/folder.js";
import { type MixOptions, type MixStrategy, mixAdapters } from "../../mixing/mix.js";
import { asUsage, type Command, numberOption, UsageError, wordOption } from "../command.js";
import { wrapText } from "../text-layout.js";
import { describeConfig, leftOut, readAdapters } from "./read-adapters.js";

const STRATEGIES: MixStrategy[] = ["average", "negate_b", "cat", "ties", "dare", "dare_ties", "magnitude_prune"];
export const FORMATS: AdapterFormat[] = ["adapterhub", "peft", "signmix"];

/** `signmix mix`: adapters into one. */
export const mixCommand: Command = {
  name: "mix",
  summary: "mix adapters into one, by average, TIES, DARE and others",
  help: `signmix mix FOLDER FOLDER... --out FOLDER [options]

Mixes adapters of one configuration and one encoder, and writes the mixture. Heads are not mixed.

  --out FOLDER           where the mixture is written (needed)
  --format adapterhub|peft|signmix   default: the format of the first folder
  --strategy average|negate_b|cat|ties|dare|dare_ties|magnitude_prune   default average
  --weights 0.7,0.3      one per adapter; uniform by default
  --raw-weights          do not divide the weights by their sum
  --space factors|product  LoRA: mix A and B (default), or B·A and cut back to --rank
  --rank NUMBER          rank of a mixture in the product space
  --density NUMBER       share kept by ties, magnitude_prune (0.2) and dare (0.1)
  --majority mass|count  how TIES elects a sign (default mass)
  --lambda NUMBER        TIES's factor on the merged change (default 1)
  --seed TEXT            seed of DARE's masks (default 0)
  --compat adapterhub|peft   compute as that library where it differs
  --name NAME            name of the mixture
  --any-encoder          mix adapters of encoders with other names but equal shapes
  --json                 one JSON object on standard output
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = asUsage(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          out: text,
          format: text,
          strategy: text,
          weights: text,
          "raw-weights": flag,
          space: text,
          rank: text,
          density: text,
          majority: text,
          lambda: text,
          seed: text,
          compat: text,
          name: text,
          "any-encoder": flag,
          json: flag,
        },
      }),
    );
    const { out } = values;
    if (!out) throw new UsageError("Say where to write the mixture: --out FOLDER.");
    const notes: string[] = [];
    const options: MixOptions = {
      strategy: wordOption("strategy", values.strategy, STRATEGIES),
      weights: values.weights?.split(",").map((weight) => numberOption("weights", weight) as number),
      normalizeWeights: values["raw-weights"] ? false : undefined,
      space: wordOption("space", values.space, ["factors", "product"]),
      rank: numberOption("rank", values.rank),
      density: numberOption("density", values.density),
      majority: wordOption("majority", values.majority, ["mass", "count"]),
      lambda: numberOption("lambda", values.lambda),
      seed: values.seed,
      compat: wordOption("compat", values.compat, ["adapterhub", "peft"]),
      anyEncoder: values["any-encoder"],
      name: values.name ?? "mixture",
      onNote: (note) => notes.push(note),
    };
    const asked = wordOption("format", values.format, FORMATS);
    if (options.weights && options.weights.length !== positionals.length) {
      throw new UsageError(
        `${positionals.length} adapters need ${positionals.length} weights, not ${options.weights.length}.`,
      );
    }
    const folders = readAdapters(positionals, 1, output);
    const adapters = folders.map(({ adapter }) => adapter);
    const format = asked ?? folders[0].format;
    output.err("mixing\n");
    const mixture = mixAdapters(adapters, options);
    exportAdapter(mixture, out, format);
    const members = adapters.map(({ name }) => name);
    const remarks = [...leftOut(folders), ...notes];
    if (values.json) {
      const strategy = options.strategy ?? "average";
      const result = {
        out,
        format,
        strategy,
        members,
        weights: options.weights ?? null,
        config: mixture.config,
        remarks,
      };
      return output.out(`${JSON.stringify(result, null, 2)}\n`);
    }
    output.out(`Mixed ${members.join(", ")} by ${options.strategy ?? "average"} into ${out} (${format}).\n`);
    output.out(`It is ${describeConfig(mixture)}.\n`);
    for (const remark of remarks) output.out(`${wrapText(remark, Math.min(output.width, 100))}\n`);
  },
};
