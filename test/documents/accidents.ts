/** Words by which JavaScript, Node and libraries call a mistake: they name neither the file or argument nor the remedy. */
const WORDS = [
  /Cannot (read|set) propert|Cannot destructure|Cannot convert|Cannot use|Cannot access/,
  /is not (iterable|a function|a constructor|defined|extensible)/,
  /Unexpected (token|end|non-whitespace|string|number)|in JSON at|is not valid JSON/,
  /Invalid (array|typed array|string) length|Array buffer allocation|out of memory|Maximum call stack/,
  /must be of type|must be one of type|ERR_[A-Z]|\bE(NOENT|ISDIR|ACCES|NOTDIR|LOOP|PERM|EXIST|INVAL)\b/,
  /\[object |\bundefined\b|\bof null\b/,
  /invalid_type|"code":|too_small|Expected .*, received/,
  /Reduce of empty|circular structure|Offset is outside|Invalid (date|time value)/,
  /^(Type|Range|Syntax|Reference|Eval|URI)Error\b/,
];

/** The first of those words in a message; undefined where there is none. */
export function accidentIn(message: string): string | undefined {
  for (const words of WORDS) {
    const found = words.exec(message);
    if (found) return found[0];
  }
  return undefined;
}
