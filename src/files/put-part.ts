/**
 * The text of a page with a part between its markers, in place of what stood there.
 * @param name of the part, such as `scorecard` for `<!-- scorecard -->` and `<!-- /scorecard -->`
 * @param page how the page is called, for the message
 * @throws where a marker is missing, or stands more than once
 */
export function putPart(text: string, name: string, part: string, page = "README.md"): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, inside, ...more] = text.split(open);
  const [old, after, ...rest] = (inside ?? "").split(close);
  if (old === undefined || after === undefined || more.length + rest.length > 0)
    throw new Error(`${page} needs the lines ${open} and ${close}, once each; what is shown there goes between them.`);
  return `${before}${open}\n\n${part}\n\n${close}${after}`;
}
