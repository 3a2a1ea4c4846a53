#!/usr/bin/env node
// npx signmix: set-up where needed, then the command line. `--help` lists the commands.
import { runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

runMain(async () => {
  await setUp();
  await import("../dist/cli/main.js"); // reads the arguments itself, and sets the exit code when it ends
  return process.exitCode;
});
