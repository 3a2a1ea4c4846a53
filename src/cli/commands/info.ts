import { adapterHash } from "../../adapters/adapter.js";
import { sparsityOf } from "../../pruning/prune.js";
import { signMapOf } from "../../signs/adapter-signs.js";
import { readArguments } from "../arguments.js";
import { type Command, jsonOutput } from "../command.js";
import { alignColumns, bulletList, shorten } from "../text-layout.js";
import { type AdapterFolder, describeBase, describeConfig, readWhatCanBe } from "./read-adapters.js";

/** `signmix info`: what adapters are. */
export const infoCommand: Command = {
  help: `signmix info FOLDER... [--json]

Tells what each adapter is. Folders are those that AdapterHub, PEFT or signmix saved.

  --json   one JSON object on standard output

Example: signmix info adapters/*
`,
  async run(args, output) {
    const { values, positionals } = readArguments(args, { json: { type: "boolean" } });
    const { found, unread } = readWhatCanBe(positionals, 1, output);
    const facts = found.map(factsOf);
    const code = unread.length > 0 ? 1 : 0;
    if (values.json) {
      output.out(jsonOutput({ adapters: facts, unread }));
      return code;
    }
    found.forEach((folder, i) => {
      output.out(`${description(folder, facts[i])}\n\n`);
    });
    if (found.length > 1) output.out(`${overview(found, facts)}\n`);
    if (unread.length > 0) {
      const width = Math.min(output.width, 100);
      output.out(`${found.length > 1 ? "\n" : ""}Not read\n${bulletList(unread.map(reason), width)}\n`);
    }
    return code;
  },
};

function reason({ why }: { why: string }): string {
  return why;
}

/** What can be told of an adapter. */
function factsOf({ folder, format, adapter, head, notes }: AdapterFolder) {
  const signs = signMapOf(adapter);
  return {
    name: adapter.name,
    folder,
    format,
    description: describeConfig(adapter),
    config: adapter.config,
    base: adapter.base,
    seed: adapter.seed ?? null,
    parameters: Object.values(adapter.tensors).reduce((sum, { data }) => sum + data.length, 0),
    weights: signs.size,
    sparsity: sparsityOf(adapter),
    nearZero: signs.nearZero,
    head: head ? { name: head.name, labels: head.labels } : null,
    hash: adapterHash(adapter),
    notes,
  };
}

function description({ adapter, head }: AdapterFolder, facts: ReturnType<typeof factsOf>): string {
  const { parameters, weights, nearZero } = facts;
  const biases = parameters - weights;
  const rows = [
    ["format", facts.format],
    ["adapter", facts.description],
    ["encoder", describeBase(adapter)],
    ["size", `${parameters} parameters${biases > 0 ? `: ${weights} weights and ${biases} biases` : ""}`],
    [
      "zeros",
      `${percent(facts.sparsity)} of the weights${nearZero > 0 ? `; ${nearZero} more within 1e-8 of zero` : ""}`,
    ],
    [
      "start",
      facts.seed === null
        ? "not known (no seed), so it is compared by its raw weights"
        : `seed ${JSON.stringify(facts.seed)}`,
    ],
    ["head", head ? `${head.name}, ${head.labels.length} classes: ${head.labels.join(", ")}` : "none"],
    ["hash", facts.hash.slice(0, 16)],
    ...facts.notes.map((note) => ["note", note]),
  ];
  return `${facts.folder}\n${rows.map(([name, text]) => `  ${name.padEnd(9)}${text}`).join("\n")}`;
}

function overview(found: readonly AdapterFolder[], facts: readonly ReturnType<typeof factsOf>[]): string {
  const rows = facts.map(({ name, config, base, parameters, sparsity }, i) => [
    shorten(name, 40),
    config.method,
    shorten(base.encoder ?? base.family, 32),
    String(parameters),
    percent(sparsity),
    String(found[i].head?.labels.length ?? "–"),
  ]);
  return alignColumns([["adapter", "method", "encoder", "parameters", "zeros", "classes"], ...rows], 3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
