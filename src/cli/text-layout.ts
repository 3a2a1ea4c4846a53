/** Rows in aligned columns, two spaces apart: the first `left` columns to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[], left = 1): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c < left ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A text broken at spaces into lines of at most `width` characters. */
export function wrapText(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join("\n");
}

/** A name cut to a length, its end replaced by "…". */
export function shorten(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, Math.max(1, length - 1))}…`;
}

/** Texts as a list: each begins with "- ", its further lines are indented, and no line is longer than `width`. */
export function bulletList(texts: readonly string[], width: number): string {
  const item = (text: string) => `- ${wrapText(text, width - 2).replaceAll("\n", "\n  ")}`;
  return texts.map(item).join("\n");
}

/** A table like that of `alignColumns`, broken into several side by side where it is wider than `width`. */
export function alignWithin(rows: readonly (readonly string[])[], width: number): string {
  const widest = (column: number) => Math.max(...rows.map((row) => (row[column] ?? "").length));
  const count = Math.max(...rows.map((row) => row.length));
  const parts: number[][] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (let column = 1; column < count; column++) {
    const next = 2 + widest(column);
    if (taken + next > width) {
      parts.push([]);
      taken = widest(0);
    }
    parts[parts.length - 1].push(column);
    taken += next;
  }
  return parts.map((columns) => alignColumns(rows.map((row) => [0, ...columns].map((c) => row[c])))).join("\n\n");
}
