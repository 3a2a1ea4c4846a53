import { basename } from "node:path";
import { stringify } from "csv-stringify/sync";
import { importAdapter } from "../../adapters/folder.js";
import {
  type EvaluationReport,
  evaluationReport,
  type Prediction,
  predictionRows,
} from "../../chapters/own/evaluation-report.js";
import { confusionTable } from "../../chapters/own/tables.js";
import { ownLength } from "../../chapters/own/train-own.js";
import { tableContent } from "../../display/table.js";
import { textTable } from "../../display/table-print.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { jsonText } from "../../files/json-text.js";
import { evaluate } from "../../training/evaluate.js";
import { readArguments } from "../arguments.js";
import { type Command, countOption, jsonOutput, requireNewFile, UsageError, wordOption } from "../command.js";
import { tableHelp, tableOptions } from "../own-domain.js";
import { encoderHelp, openEncoder } from "../own-encoder.js";
import { readRows, rowChoices } from "../own-rows.js";
import { bulletList } from "../text-layout.js";
import { readAdapters } from "./read-adapters.js";

/** `signmix evaluate`: an adapter on a table. */
export const evaluateCommand: Command = {
  help: `signmix evaluate ADAPTER TABLE|DOMAIN [options]

Tests an adapter with the head that was saved beside it, or with that of --head, as a mixture needs.

${encoderHelp}
  --rows test|dev|held-out|train|all   default test: the fifth that "signmix train" keeps back;
                       held-out: dev and test; all: every row, of a table that it has not seen
  --head FOLDER        the adapter whose head is used, such as a member of a mixture
  --predictions FILE   writes every row with its prediction and confidence: .csv or .jsonl
  --max-length N       tokens read, default 128
  --force   --json     write over what is at --predictions; one JSON object on standard output

${tableHelp}

Example: signmix evaluate adapters/remarks new.csv --rows all --predictions predictions.csv
`,
  async run(args, output) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = readArguments(args, {
      ...tableOptions,
      ...{ encoder: text, rows: text, head: text, predictions: text, "max-length": text, force: flag, json: flag },
    });
    if (positionals.length !== 2) throw new UsageError("Name an adapter's folder, and one table or domain.");
    const [folder, source] = positionals;
    const which = wordOption("rows", values.rows, rowChoices) ?? "test";
    const { predictions: file, json, force } = values;
    if (file !== undefined) {
      if (!/\.(csv|jsonl)$/.test(file))
        throw new UsageError(`--predictions is a file that ends in .csv or .jsonl, not "${file}".`);
      requireNewFile(file, "--predictions", force);
    }
    const [found] = readAdapters([folder], 1, output);
    const head = values.head === undefined ? found.head : importAdapter(values.head).head;
    if (!head) {
      throw new Error(
        `"${values.head ?? folder}" has no classification head; name a folder that has one (--head FOLDER).`,
      );
    }
    const notes = [...found.notes];
    const rows = await readRows(source, values, { which, labels: head.labels, note: (note) => notes.push(note) });
    const encoder = await openEncoder(values.encoder, [found.adapter], output, json);
    const { adapter } = importAdapter(folder, { encoder });
    output.progress(`testing on ${rows.length} rows`);
    const maxLength = countOption("max-length", values["max-length"], { least: 8 }) ?? ownLength(encoder);
    const result = evaluate(encoder, { adapter, head }, rows, { maxLength });
    const report = evaluationReport(result, rows, head.labels);
    if (file !== undefined) writePredictions(file, predictionRows(result, rows, head.labels));
    if (json) {
      const facts = {
        adapter: folder,
        table: source,
        split: which,
        encoder: encoder.name,
        ...report,
      };
      output.out(jsonOutput({ ...facts, predictions: file ?? null, notes }));
      return 0;
    }
    output.out(
      `${found.adapter.name} on ${rows.length} rows of ${basename(source)} (${which})\n\n${described(report)}\n`,
    );
    if (file !== undefined) output.out(`\nPredictions are in ${file}.\n`);
    if (notes.length > 0) output.out(`\n${bulletList(notes, Math.min(output.width, 100))}\n`);
    return 0;
  },
};

function described(report: EvaluationReport): string {
  const { accuracy, majority, macroF1, loss, calibration } = report;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const rows = confusionTable(report);
  const sure = calibration.meanConfidence - accuracy.effect;
  const says =
    Math.abs(sure) < 0.02
      ? "as sure as it is right"
      : sure > 0
        ? "surer than it is right"
        : "less sure than it is right";
  return [
    `accuracy     ${percent(accuracy.effect)} [${percent(accuracy.low)}, ${percent(accuracy.high)}]   most frequent label ${percent(majority)}`,
    `macro F1     ${macroF1.toFixed(3)}`,
    `loss         ${loss.toFixed(3)} nats`,
    `calibration  error ${percent(calibration.expectedError)}, Brier ${calibration.brier.toFixed(3)}, mean confidence ${percent(calibration.meanConfidence)}: ${says}`,
    "",
    textTable(tableContent(rows), 40),
  ].join("\n");
}

function writePredictions(file: string, rows: readonly Prediction[]): void {
  const content = file.endsWith(".csv")
    ? stringify([...rows], { header: true, cast: { boolean: String } })
    : rows.map((row) => `${jsonText(row)}\n`).join("");
  writeFileAtomic(file, content);
}
