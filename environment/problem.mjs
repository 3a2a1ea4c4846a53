// What a person who runs a command reads when it cannot go on: one sentence with the remedy, no stack trace.

/** A failure whose message is written for the reader of the terminal. */
export class Problem extends Error {}

const byCode = {
  ENOSPC: "The disk is full: free some space (npm run setup needs about 2 GB) and run the same command again.",
  EDQUOT: "The disk quota is used up: free some space and run the same command again.",
  EROFS: "The disk is read-only: copy the project to a folder you may write to and run the same command there.",
  EACCES:
    "A file of the project may not be written: check who owns the project's folder and run the same command again.",
};

/** The sentence for an error: ours as it is, the system's by its code. */
export function explain(error) {
  if (error instanceof Problem) return error.message;
  const known = byCode[error?.code];
  if (known) return `${known} (${error.message})`;
  return error?.message ?? String(error);
}

/** Runs a command's main function; a failure is one sentence on stderr and a non-zero exit. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (process.env.SIGNMIX_DEBUG) console.error(error);
    else console.error(`signmix: ${explain(error)}`);
    process.exitCode = 1;
  }
}
