/**
 * How many tokens of a text, and of its pair, are kept so that both fit into `room`: "longest first" takes tokens from
 * the end of the longer text until the two are equal, then from both. Of an odd `room` the text that was longer gets the
 * one more, the second of equal ones: as the `tokenizers` library up to 0.22 (later versions stop reading long texts
 * early, and can give it to the other where both are longer than `room`).
 *
 * @param lengths of the first and second text, in tokens
 */
export function longestFirst([first, second]: [number, number], room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  let shortKept = shorter;
  let longKept = Math.max(shorter, room - shorter);
  if (shortKept + longKept > room) {
    shortKept = Math.floor(room / 2);
    longKept = room - shortKept;
  }
  return first > second ? [longKept, shortKept] : [shortKept, longKept];
}
