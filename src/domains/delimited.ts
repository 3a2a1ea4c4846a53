/** One record of a delimited text: its fields, and the line where it begins, counted from 1. */
export interface DelimitedRecord {
  fields: string[];
  line: number;
}

export interface DelimitedOptions {
  /** One character. */
  delimiter: string;
  /** Whether `"` quotes fields (RFC 4180). Off for files such as GLUE's TSV, where it is an ordinary character. Default true. */
  quoting?: boolean;
  /** Number of the text's first line. Default 1. */
  firstLine?: number;
}

const [LF, CR, QUOTE] = [10, 13, 34];

/**
 * The records of CSV or TSV text by RFC 4180: a quoted field may hold delimiters, line ends and doubled quotes. LF, CRLF
 * and, where the first line ends so, CR end a record. Lines without a field's text are no records. A quote inside an
 * unquoted field is an ordinary character.
 *
 * The csv-parse library was tried in its place. It can keep quotes inside unquoted fields (`5" disc`) only by also keeping
 * text after a closing quote, which is how a quote that is not closed shows; and it says no record's first line.
 *
 * @throws Error naming the line of a quote that is never closed, or closed in the middle of a field
 */
export function* readRecords(text: string, file: string, options: DelimitedOptions): Generator<DelimitedRecord> {
  const { delimiter, quoting = true, firstLine = 1 } = options;
  if (delimiter.length !== 1 || delimiter === '"' || delimiter === "\n" || delimiter === "\r") {
    throw new Error(`A delimiter is one character such as "," ";" or "\\t", not ${JSON.stringify(delimiter)}.`);
  }
  const separator = delimiter.charCodeAt(0);
  const lineEnd = lineEndOf(text, quoting);
  const refuse = (opened: number, what: string): never => {
    throw new Error(
      `${file}, line ${opened}: a quoted field ${what}. Close the quote or double it, or read the file with quoting: false.`,
    );
  };
  let fields: string[] = [];
  let [line, start, at] = [firstLine, firstLine, 0];
  while (at < text.length) {
    let value: string;
    if (quoting && text.charCodeAt(at) === QUOTE) {
      const opened = line;
      let end = at + 1;
      let doubled = false;
      for (;;) {
        const quote = text.indexOf('"', end);
        if (quote < 0) refuse(opened, "is never closed");
        end = quote + 1;
        if (text.charCodeAt(end) !== QUOTE) break;
        doubled = true;
        end++;
      }
      value = text.slice(at + 1, end - 1);
      if (doubled) value = value.replaceAll('""', '"');
      line += countLines(text, at, end, lineEnd);
      at = fieldEnd(text, end, separator, lineEnd);
      if (text.slice(end, at).trim() !== "") refuse(opened, `has text after its closing quote in line ${line}`);
    } else {
      const next = fieldEnd(text, at, separator, lineEnd);
      value = text.slice(at, next);
      at = next;
    }
    const endsRecord = text.charCodeAt(at) !== separator;
    fields.push(value);
    const atEnd = at >= text.length;
    if (endsRecord && text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF) at++;
    at++;
    if (!endsRecord && at === text.length) fields.push("");
    if (endsRecord || at >= text.length) {
      if (fields.length > 1 || fields[0].trim() !== "") yield { fields, line: start };
      fields = [];
      if (!atEnd) line++;
      start = line;
    }
  }
}

/** LF, or CR where the first line end outside quotes is a CR alone. */
function lineEndOf(text: string, quoting: boolean): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE && quoting) quoted = !quoted;
    else if (!quoted && code === LF) return LF;
    else if (!quoted && code === CR) return text.charCodeAt(at + 1) === LF ? LF : CR;
  }
  return LF;
}

/** Position of the next delimiter or line end at or after `from`. */
function fieldEnd(text: string, from: number, separator: number, lineEnd: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === separator || code === lineEnd || (code === CR && text.charCodeAt(at + 1) === LF)) break;
  }
  return at;
}

function countLines(text: string, from: number, to: number, lineEnd: number): number {
  let lines = 0;
  const character = String.fromCharCode(lineEnd);
  for (let at = text.indexOf(character, from); at >= 0 && at < to; at = text.indexOf(character, at + 1)) lines++;
  return lines;
}
