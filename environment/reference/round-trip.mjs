// Asks PEFT and AdapterHub through round_trip.py beside this file: for the test of round trips, and for the recorded check.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Problem } from "../problem.mjs";

const script = fileURLToPath(new URL("round_trip.py", import.meta.url));

/** Two texts of the made encoders. */
export const inputs = {
  input_ids: [
    [2, 7, 9, 11, 3],
    [2, 5, 3, 4, 6],
  ],
  attention_mask: [
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
  ],
};

/** @throws Problem where the program does not answer */
export function askLibraries(python, request) {
  const io = { input: JSON.stringify(request), encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 29 };
  try {
    return JSON.parse(execFileSync(python, [script], io));
  } catch (error) {
    const said = String(error.stderr ?? "")
      .trim()
      .split("\n")
      .at(-1);
    throw new Problem(
      `${python} did not answer (${said || error.message.split("\n")[0]}); npm run setup:peers makes one.`,
      { cause: error },
    );
  }
}
