import { exportAdapter } from "../../adapters/folder.js";
import { writeFolderAtomic } from "../../files/atomic.js";
import { type PruneOptions, pruneAdapter } from "../../pruning/prune.js";
import { saveSparseAdapter } from "../../pruning/sparse-file.js";
import { readArguments } from "../arguments.js";
import {
  type Command,
  jsonOutput,
  numberOption,
  requireNewFile,
  requireNewFolder,
  UsageError,
  wordOption,
} from "../command.js";
import { alignColumns, bulletList } from "../text-layout.js";
import { FORMATS } from "./mix.js";
import { readAdapters } from "./read-adapters.js";

/** `signmix prune`: fewer weights. */
export const pruneCommand: Command = {
  help: `signmix prune FOLDER --sparsity 0.9 --out FOLDER [options]

Prunes an adapter by magnitude, in one shot, and writes it with its head. Counts are exact, ties stable.

  --sparsity NUMBER      share of the weights that goes, 0 to 1 (needed)
  --out FOLDER           where the result is written (needed)
  --format adapterhub|peft|signmix   default: the format it was read from
  --scope global|layer|tensor   default tensor for LoRA, global for others
  --criterion magnitude|largest|random   default magnitude
  --weights raw|change   set to zero (default), or back to the initial value (signmix folders with a seed)
  --biases               prune biases too
  --rescale              enlarge what stays, to make up for what went
  --seed TEXT            seed of random (default 0)
  --compact FILE         also write one small file: a bit mask and the kept weights
  --force                write over what is at --out and --compact
  --json                 one JSON object on standard output

Example: signmix prune adapters/imdb --sparsity 0.9 --out pruned/imdb
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = readArguments(args, {
      sparsity: text,
      out: text,
      format: text,
      scope: text,
      criterion: text,
      weights: text,
      biases: flag,
      rescale: flag,
      seed: text,
      compact: text,
      force: flag,
      json: flag,
    });
    const sparsity = numberOption("sparsity", values.sparsity);
    if (sparsity === undefined || sparsity < 0 || sparsity > 1)
      throw new UsageError("Give --sparsity from 0 to 1, such as 0.9 for 90%.");
    if (!values.out) throw new UsageError("Say where to write the result: --out FOLDER.");
    if (positionals.length !== 1) throw new UsageError("Name one adapter's folder.");
    const options: PruneOptions = {
      sparsity,
      scope: wordOption("scope", values.scope, ["global", "layer", "tensor"]),
      criterion: wordOption<"magnitude" | "largest" | "random">("criterion", values.criterion, [
        "magnitude",
        "largest",
        "random",
      ]),
      weights: wordOption("weights", values.weights, ["raw", "change"]),
      biases: values.biases,
      rescale: values.rescale,
      seed: values.seed,
    };
    const asked = wordOption("format", values.format, FORMATS);
    const { out, compact, force } = values;
    requireNewFolder(out, force);
    if (compact) requireNewFile(compact, "--compact", force);
    const [found] = readAdapters(positionals, 1, output);
    const format = asked ?? found.format;
    output.progress("pruning");
    const { adapter, kept, pruned, inScope } = pruneAdapter(found.adapter, options);
    // PEFT has a place for the model's own kind of classifier only, which only its folders are sure to hold.
    const head = format === "peft" && found.format !== "peft" ? undefined : found.head;
    writeFolderAtomic(out, (folder) => exportAdapter(adapter, folder, format, { head }));
    if (compact) saveSparseAdapter(compact, adapter, { overwrite: force === true });
    const emptied = Object.entries(kept.byPart).flatMap(([part, share]) => (share === 0 && sparsity < 1 ? part : []));
    const remarks = [
      ...(emptied.length > 0
        ? [
            `Nothing is left of ${emptied.join(", ")}, so little of the adapter acts; --scope tensor keeps a share of each.`,
          ]
        : []),
      ...(head ? [`The head (${head.name}) is written beside it as it was.`] : []),
      ...(found.head && !head
        ? [`The head (${found.head.name}) is left out: PEFT may have no place for its kind.`]
        : []),
      ...found.notes,
    ];
    if (values.json) {
      const result = { out: values.out, format, compact: values.compact ?? null, pruned, inScope, kept, remarks };
      output.out(jsonOutput(result));
      return 0;
    }
    output.out(`Pruned ${pruned} of ${inScope} weights of ${adapter.name} into ${values.out} (${format}).\n\n`);
    const rows = (what: string, shares: Record<string, number>) =>
      Object.entries(shares).map(([name, share]) => [`${what} ${name}`, `${(100 * share).toFixed(1)}%`]);
    const all = [...rows("part", kept.byPart), ...rows("module", kept.byModule), ...rows("layer", kept.byLayer)];
    output.out(`${alignColumns([["", "kept"], ...all])}\n`);
    if (remarks.length > 0) output.out(`\n${bulletList(remarks, Math.min(output.width, 100))}\n`);
    return 0;
  },
};
