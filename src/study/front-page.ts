/*
 * What the front page shows of results is written into it by `npm run scorecard`, each part between two markers of its name.
 */

/**
 * A text with a part between its markers, in place of what stood there.
 * @param name of the part, such as `scorecard` for `<!-- scorecard -->` and `<!-- /scorecard -->`
 * @throws where a marker is missing, or stands more than once
 */
export function putPart(text: string, name: string, part: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, inside, ...more] = text.split(open);
  const [old, after, ...rest] = (inside ?? "").split(close);
  if (old === undefined || after === undefined || more.length + rest.length > 0)
    throw new Error(`README.md needs the lines ${open} and ${close}, once each; the ${name} goes between them.`);
  return `${before}${open}\n\n${part}\n\n${close}${after}`;
}

/** A notebook's cells, as far as they are looked at. */
interface Notebook {
  cells: readonly { outputs?: readonly { data?: Readonly<Record<string, string | readonly string[]>> }[] }[];
}

/**
 * The advice of notebook 08, as its committed output has it, for the front page.
 * @throws where the notebook shows none
 */
export function adviceOf({ cells }: Notebook): string {
  const texts = cells.flatMap(({ outputs = [] }) =>
    outputs.map(({ data = {} }) => [data["text/plain"] ?? ""].flat().join("")),
  );
  const advice = texts.find((text) => /^1\. .*\nThis rests on the profile /s.test(text));
  if (advice === undefined) throw new Error("Notebook 08 shows no advice; run npm run reproduce -- --only 08.");
  return advice.trim().replace(/\n(?=This rests on )/, "\n\n");
}
