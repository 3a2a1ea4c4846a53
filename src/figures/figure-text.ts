import type { Figure } from "./figure.js";

/** Title and series of a figure in one line, for front ends that show only text. */
export function figureText({ data, layout }: Figure): string {
  const title = (layout.title as { text?: string } | undefined)?.text ?? "";
  const words = title
    .replaceAll("<br>", " · ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  const names = [
    ...new Set(data.filter((trace) => trace.showlegend !== false).map((trace) => trace.name ?? trace.type)),
  ];
  return `Figure: ${words} [${names.join(", ")}]`;
}
