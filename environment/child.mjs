// Starting other programs the same way on Linux, macOS and Windows: never through a shell when it can be avoided.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/**
 * Starts a program and waits for its end.
 * @returns {Promise<{ code: number, signal: string | null, output: string }>} output is empty unless `capture` is set
 */
export function runProgram(command, args, { cwd, env, capture = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = capture ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, shell });
    let output = "";
    if (capture) {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8");
        stream.on("data", (text) => {
          output += text;
        });
      }
    }
    // Ctrl-C reaches the child too (same terminal); this process waits for it to save what it has.
    const wait = () => {};
    process.on("SIGINT", wait);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait);
      resolve({ code: code ?? 1, signal, output });
    });
  });
}

/** Runs a script with the Node.js that runs this one. */
export function runNode(args, options) {
  return runProgram(process.execPath, args, options);
}

/** Runs npm: by its own script where that is found, for Windows starts no .cmd file without a shell. */
export function runNpm(args, options) {
  const folder = path.dirname(process.execPath);
  const scripts = [
    process.env.npm_execpath ?? "",
    path.join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
    path.join(folder, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ];
  const script = scripts.find((file) => file.endsWith("npm-cli.js") && existsSync(file));
  if (script) return runNode([script, ...args], options);
  return runProgram("npm", args, { ...options, shell: process.platform === "win32" });
}
