import { parseArgs } from "node:util";
import { adapterHash } from "../../adapters/adapter.js";
import { sparsityOf } from "../../pruning/prune.js";
import { signMapOf } from "../../signs/adapter-signs.js";
import { asUsage, type Command } from "../command.js";
import { alignColumns } from "../text-layout.js";
import { describeConfig, readAdapters } from "./read-adapters.js";

/** `signmix info`: what adapters are. */
export const infoCommand: Command = {
  name: "info",
  summary: "what an adapter is: method, size, encoder, head, zeros",
  help: `signmix info FOLDER... [--json]

Tells what each adapter is. Folders are those that AdapterHub, PEFT or signmix saved.

  --json   one JSON array on standard output
`,
  async run(args, output) {
    const { values, positionals } = asUsage(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: { json: { type: "boolean" } },
      }),
    );
    const found = readAdapters(positionals, 1, output).map(({ folder, format, adapter, head, notes }) => {
      const signs = signMapOf(adapter);
      const all = Object.values(adapter.tensors).reduce((sum, { data }) => sum + data.length, 0);
      return {
        folder,
        format,
        config: adapter.config,
        base: adapter.base,
        seed: adapter.seed ?? null,
        parameters: all,
        weights: signs.size,
        sparsity: sparsityOf(adapter),
        nearZero: signs.nearZero,
        head: head ? { name: head.name, labels: head.labels } : null,
        hash: adapterHash(adapter),
        notes,
        description: describeConfig(adapter),
      };
    });
    if (values.json) return output.out(`${JSON.stringify(found, null, 2)}\n`);
    for (const adapter of found) {
      const { base } = adapter;
      const rows = [
        ["  format", adapter.format],
        ["  adapter", adapter.description],
        [
          "  encoder",
          `${base.encoder ?? "not named"} (${base.family}, ${base.layers} layers, hidden ${base.hiddenSize})`,
        ],
        ["  size", `${adapter.parameters} parameters, ${adapter.weights} of them 2-D weights`],
        [
          "  zeros",
          `${(100 * adapter.sparsity).toFixed(1)}% of the weights; ${adapter.nearZero} more within 1e-8 of zero`,
        ],
        ["  start", adapter.seed === null ? "not known (no seed); compared by raw weights" : `seed ${adapter.seed}`],
        ["  head", adapter.head ? `${adapter.head.name}: ${adapter.head.labels.join(", ")}` : "none"],
        ["  hash", adapter.hash.slice(0, 16)],
        ...adapter.notes.map((note) => ["  note", note]),
      ];
      output.out(`${adapter.folder}\n${rows.map(([name, text]) => `${name.padEnd(11)}${text}`).join("\n")}\n\n`);
    }
    if (found.length > 1) {
      const rows = found.map(({ folder, parameters, sparsity }) => [
        folder,
        String(parameters),
        `${(100 * sparsity).toFixed(1)}%`,
      ]);
      output.out(`${alignColumns([["adapter", "parameters", "zeros"], ...rows])}\n`);
    }
  },
};
