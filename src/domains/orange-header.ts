import type { GridRecord } from "./header.js";

/** Types of columns as Orange writes them, in full or by their letter. */
const TYPE = /^(c|continuous|d|discrete|s|string|t|time|basket|([^ ]+ )+[^ ]+)?$/;
/** Types that a row of types must have: a row of values that happens to fit has none of them in every place. */
const SURE_TYPE = /^(c|continuous|d|discrete|s|string|t|time)$/;
/** Flags of columns: their part, and settings such as `include=True`. */
const FLAGS = /^((class|meta|weight|ignore|i|c|m|w|\w+=\S*)( (?=\S)|$))*$/;

/**
 * Whether two records are the second and third line of a table that the Orange toolkit wrote: types of the columns, and
 * their flags, of which at least one is there.
 */
export function isOrangeHeader(types: GridRecord | undefined, flags: GridRecord | undefined, columns: number): boolean {
  if (types?.fields.length !== columns || flags?.fields.length !== columns) return false;
  const texts = ({ fields }: GridRecord) => fields.map((field) => (field == null ? "" : String(field).trim()));
  const [ofTypes, ofFlags] = [texts(types), texts(flags)];
  return (
    ofTypes.every((text) => TYPE.test(text)) &&
    ofTypes.filter((text) => SURE_TYPE.test(text)).length > columns / 2 &&
    ofFlags.every((text) => FLAGS.test(text)) &&
    ofFlags.some((text) => text !== "")
  );
}
