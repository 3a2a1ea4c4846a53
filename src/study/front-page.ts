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
