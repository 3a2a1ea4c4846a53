import { join } from "node:path";
import { writeFileAtomic } from "../files/atomic.js";
import { terminalText } from "../files/shown.js";
import type { Adapter } from "./adapter.js";
import type { AdapterFormat } from "./folder.js";
import type { Head } from "./head.js";

/** What a model card says beside what the adapter itself tells. */
export interface CardFacts {
  /** Licence by its id on the hubs, such as `mit` or `cc-by-4.0`; `unknown` by default. */
  license?: string;
  /** Language of the texts by its code, such as `en`; left out where it is not known. */
  language?: string;
  /** What it was trained on: name, source without folders, rows of each part, and the hash of the texts. */
  data?: { name: string; source: string; train: number; dev: number; test: number; hash: string };
  /** Settings of the training, by name. */
  settings?: Readonly<Record<string, string | number>>;
  /** Accuracies by name, as shares, each with the examples behind it. */
  results?: readonly { name: string; accuracy: number; rows: number }[];
  /** Sentences that a user should read first. */
  notes?: readonly string[];
  /** Names of the adapters that it was mixed from. */
  mixedFrom?: readonly string[];
}

/** What hubs call the library that loads each layout. */
const LIBRARIES: Readonly<Record<AdapterFormat, string | undefined>> = {
  adapterhub: "adapter-transformers", // AdapterHub's library keeps its old name on the hub
  peft: "peft",
  signmix: undefined,
};

/**
 * A model card as the hubs read it: a head of YAML (base model, licence, library, tags) and text in Markdown on data,
 * settings and accuracy.
 */
export function modelCard(
  { adapter, head }: { adapter: Adapter; head?: Head },
  format: AdapterFormat,
  facts: CardFacts = {},
): string {
  const { base, config, name } = adapter;
  const library = LIBRARIES[format];
  const model = base.encoder ?? "an encoder that is not named";
  const tags = [
    ...(library ? [library] : []),
    ...new Set([base.saved?.modelType ?? base.family, config.method, "adapter", "signmix"]),
    ...(head ? ["text-classification"] : []),
  ];
  const meta = [
    ...(base.encoder ? [`base_model: ${quoted(base.encoder)}`] : []),
    `license: ${quoted(facts.license ?? "unknown")}`,
    ...(facts.language ? [`language: ${quoted(facts.language)}`] : []),
    ...(library ? [`library_name: ${library}`] : []),
    ...(head ? ["pipeline_tag: text-classification"] : []),
    "tags:",
    ...tags.map((tag) => `- ${quoted(tag)}`),
  ];
  const made = facts.mixedFrom
    ? `It was mixed from ${facts.mixedFrom.map(plain).join(", ")}.`
    : facts.data
      ? `It was trained on "${plain(facts.data.name)}".`
      : "";
  const sections = [
    `# Adapter ${plain(name)} for ${plain(model)}`,
    `A ${config.method} adapter for the frozen encoder ${plain(model)}. ${made}`.trim(),
    ...(facts.notes ?? []).map(plain),
    ...(head ? [`Its head tells ${head.labels.length} labels apart: ${head.labels.map(plain).join(", ")}.`] : []),
    ...dataSection(facts),
    ...settingsSection(facts),
    ...resultsSection(facts),
    ...usage(format, adapter, head),
  ];
  return `---\n${meta.join("\n")}\n---\n\n${sections.join("\n\n")}\n`;
}

/** Writes the card as the folder's `README.md`, where hubs look for it. */
export function writeModelCard(folder: string, card: string): void {
  writeFileAtomic(join(folder, "README.md"), card);
}

function dataSection({ data }: CardFacts): string[] {
  if (!data) return [];
  const { source, train, dev, test, hash } = data;
  return [
    "## Data",
    `Read from ${plain(source)}: ${train} rows to train on, ${dev} of dev and ${test} of test. SHA-256 of labels and texts: \`${hash}\`.`,
  ];
}

function settingsSection({ settings }: CardFacts): string[] {
  if (!settings) return [];
  return ["## Settings", table(["setting", "value"], Object.entries(settings))];
}

function resultsSection({ results = [] }: CardFacts): string[] {
  if (results.length === 0) return [];
  const rows = results.map((one) => [one.name, `${(100 * one.accuracy).toFixed(1)}%`, one.rows] as const);
  return ["## Accuracy", table(["what", "accuracy", "examples"], rows)];
}

function usage(format: AdapterFormat, { base, name }: Adapter, head?: Head): string[] {
  const model = JSON.stringify(base.encoder ?? "BASE MODEL");
  const lines = {
    adapterhub: [
      "from adapters import AutoAdapterModel",
      `model = AutoAdapterModel.from_pretrained(${model})`,
      "name = model.load_adapter(FOLDER, set_active=True)",
    ],
    peft: [
      `from transformers import ${head ? "AutoModelForSequenceClassification" : "AutoModel"}`,
      "from peft import PeftModel",
      head
        ? `model = AutoModelForSequenceClassification.from_pretrained(${model}, num_labels=${head.labels.length})`
        : `model = AutoModel.from_pretrained(${model})`,
      "model = PeftModel.from_pretrained(model, FOLDER)",
    ],
    signmix: ['import * as sm from "signmix";', "const { adapter, head } = sm.importAdapter(FOLDER);"],
  }[format];
  const language = format === "signmix" ? "js" : "python";
  return ["## Use", `\`FOLDER\` is where ${plain(name)} lies.`, `\`\`\`${language}\n${lines.join("\n")}\n\`\`\``];
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => plain(String(cell)).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

/** A YAML string: what JSON writes, YAML reads. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A name on one line, with nothing that Markdown or HTML would take for markup. */
function plain(text: string): string {
  return terminalText(text).replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
