// Starts an engine in a process of its own and asks it one thing at a time, in JSON lines.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * @param command the program and its arguments
 * @param env added to this process's environment
 * @returns `ask(command)`, which rejects where the engine reports an error or ends, and `close()`
 */
export function startServer([program, ...args], env) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints = (complaints + text).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((_, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => reject(new Error(`${program} ended (${signal ?? code}). ${complaints}`)));
  });
  ended.catch(() => {});
  return {
    async ask(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value, done } = await Promise.race([lines.next(), ended]);
      if (done) await ended;
      const answer = JSON.parse(value);
      if (answer.error) throw new Error(answer.error);
      return answer;
    },
    close() {
      child.stdin.end();
      child.kill();
    },
  };
}
