import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectPath } from "#src/files/project.js";

const skipped = new Set(["node_modules", "dist", "dist-test", "fixtures"]);

/** The project's Markdown documents, by their path within it. */
export function documents(): string[] {
  const within = (folder: string): string[] =>
    readdirSync(projectPath(folder), { withFileTypes: true }).flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith(".") || skipped.has(entry.name) ? [] : within(name);
      return entry.name.endsWith(".md") ? [name] : [];
    });
  return within("").sort();
}

export function textOf(document: string): string {
  return readFileSync(projectPath(document), "utf8");
}

/** A fenced or indented block of a document. */
export interface Block {
  document: string;
  language: string;
  text: string;
}

export function blocksOf(document: string): Block[] {
  const text = textOf(document);
  const fenced = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, inside]) => ({
    ...{ document, language, text: inside },
  }));
  const indented = [...text.matchAll(/(?<=\n\n)(?: {4}\S.*\n)+/g)].map(([lines]) => ({
    ...{ document, language: "", text: lines.replace(/^ {4}/gm, "") },
  }));
  return [...fenced, ...indented];
}

const program = /^(?:SIGNMIX_\w+=\S+ )?(?:npm|npx|node) /;

/** The shell commands of a block, without their prompts and comments. */
export function commandsIn({ language, text }: Block): string[] {
  if (!["", "sh", "console"].includes(language)) return [];
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    )
    .filter((line) => program.test(line));
}

/** Every command that a document tells its reader to type, in a block or within a sentence. */
export function commandsOf(document: string): string[] {
  const inline = [...textOf(document).matchAll(/`([^`\n]+)`/g)].map(([, words]) => words.trim());
  return [...blocksOf(document).flatMap(commandsIn), ...inline.filter((words) => program.test(words))];
}
