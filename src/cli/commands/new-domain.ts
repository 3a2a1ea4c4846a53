import { basename, resolve } from "node:path";
import { checkDomain } from "../../chapters/own/domain-checks.js";
import { checksTable } from "../../chapters/own/tables.js";
import { tableContent } from "../../display/table.js";
import { textTable } from "../../display/table-print.js";
import { writeDomainFolder } from "../../domains/write-folder.js";
import { writeFolderAtomic } from "../../files/atomic.js";
import { readArguments } from "../arguments.js";
import { type Command, countOption, jsonOutput, requireNewFolder, UsageError } from "../command.js";
import { readOwnDomain, tableHelp, tableOptions } from "../own-domain.js";
import { openEncoder } from "../own-encoder.js";
import { bulletList } from "../text-layout.js";

/** `signmix new-domain`: a folder of a table. */
export const newDomainCommand: Command = {
  help: `signmix new-domain TABLE --out FOLDER [options]

Writes card.json, train.jsonl, dev.jsonl and test.jsonl, which every command takes in place of the
table, and studies in --domains. Says what may spoil results: duplicates, leaks between the splits,
rare labels, texts that are cut off.

  --out FOLDER         where the folder is written (needed); its name is the domain's
  --encoder FOLDER|HUB-ID   whose tokens are counted; default the best at hand
  --max-length N       tokens that are read, default 128
  --title TEXT   --license ID   --source TEXT   for the card
  --force   --json     write over what is at --out; one JSON object on standard output

${tableHelp}

Example: signmix new-domain remarks.csv --text remark --label verdict --out domains/remarks
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = readArguments(args, {
      ...tableOptions,
      ...{ out: text, encoder: text, "max-length": text, title: text, license: text, source: text },
      ...{ force: flag, json: flag },
    });
    if (positionals.length !== 1) throw new UsageError("Name one table.");
    const { out, force, json } = values;
    if (!out) throw new UsageError("Say where to write the domain: --out FOLDER.");
    const maxLength = countOption("max-length", values["max-length"], { least: 8 });
    requireNewFolder(out, force);
    const notes: string[] = [];
    const domain = await readOwnDomain(positionals[0], values, { note: (note) => notes.push(note) });
    const encoder = await openEncoder(values.encoder, [], output, json);
    output.progress("looking for duplicates and leaks");
    const checks = checkDomain(domain, { encoder, ...(maxLength !== undefined && { maxLength }) });
    const { title, license, source } = values;
    writeFolderAtomic(out, (folder) => {
      const card = { title, license, source, notes: [...notes, ...checks.warnings] };
      writeDomainFolder(
        domain,
        folder,
        Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined)),
      );
    });
    if (json) {
      output.out(jsonOutput({ out, labels: domain.labels, pair: domain.pair, hash: domain.hash, ...checks, notes }));
      return 0;
    }
    const rows = checksTable(checks, { name: basename(resolve(out)), labels: domain.labels });
    output.out(`${textTable(tableContent(rows), rows.length)}\n\n`);
    const { repeated, contradicting } = checks;
    const found =
      repeated > 0
        ? [
            `${repeated} rows have a text that stands in another row too (${contradicting} of them with another label); equal texts are in one split.`,
          ]
        : [];
    const remarks = [
      ...notes,
      ...found,
      ...checks.warnings.filter((warning) => !/^\d+ rows have a text/.test(warning)),
    ];
    if (remarks.length > 0) output.out(`${bulletList(remarks, Math.min(output.width, 100))}\n\n`);
    output.out(`Written to ${out}.\n`);
    return 0;
  },
};
