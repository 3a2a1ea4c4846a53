/** A working store or a committed file that cannot be read or written: the file, the reason and the remedy, in one sentence each. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** What happened, and what to do about it, by the error's code; SQLite's result codes are numbers. */
const reasons: { codes: (string | number)[]; what: string; remedy: string }[] = [
  {
    codes: ["ENOSPC", "EDQUOT", 13],
    what: "the disk is full",
    remedy: "What was stored before is kept. Make room and run the same again.",
  },
  {
    codes: ["EACCES", "EPERM", "EROFS", "ENOTDIR", 3, 8, 14, 23],
    what: "it may not be written",
    remedy: "Give the right to write there, or another place with --results and --cache.",
  },
  {
    codes: [5, 6],
    what: "another process has held it for two minutes",
    remedy: "Let it end, or end it, and run the same again: nothing that is stored is computed twice.",
  },
  {
    codes: [11, 26],
    what: "it is damaged",
    remedy: "Move it away: it is made again from the committed rows, and what was not in them yet is computed again.",
  },
];

/**
 * An error of the file system or the database in a sentence that names the file and the remedy. An error of another kind is
 * returned as it is.
 *
 * @param doing what failed, such as "Results cannot be stored"
 */
export function storeError(error: unknown, doing: string, path: string): Error {
  if (error instanceof StoreError) return error;
  const { cause } = error as Error;
  if (cause instanceof Error && "code" in cause) return storeError(cause, doing, path);
  const { code, sqliteCode, sqliteExtendedCode, systemErrno, message } = error as NodeJS.ErrnoException & {
    sqliteCode?: number;
    sqliteExtendedCode?: number;
    systemErrno?: number;
  };
  const isOfFiles = sqliteCode !== undefined ? !ownMistakes.includes(sqliteCode) : /^E[A-Z]+$/.test(code ?? "");
  if (!isOfFiles) return error as Error;
  const isFull = systemErrno === ENOSPC || [4874, 4618].includes(sqliteExtendedCode ?? 0); // no room for shared memory
  const key = isFull ? "ENOSPC" : (sqliteCode ?? code ?? "");
  const known = reasons.find(({ codes }) => codes.includes(key));
  const what = known?.what ?? message;
  const remedy = known?.remedy ?? "What was stored before is kept. See to the disk and run the same again.";
  return new StoreError(`${doing}: ${path}: ${what} (${sqliteNames(error) ?? code}). ${remedy}`, { cause: error });
}

const ENOSPC = 28;
/** Wrong SQL, a broken constraint, a wrong type, misuse, a parameter too many: no fault of a file. */
const ownMistakes = [1, 19, 20, 21, 25];
const sqliteNames = (error: unknown) => (error as { sqliteCodeName?: string }).sqliteCodeName;
