// npm run reproduce: set-up where needed, then every notebook, headless. `-- --help` lists the flags.
import { runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

runMain(async () => {
  await setUp();
  const { reproduce } = await import("../dist/cli/reproduce.js");
  return reproduce(process.argv.slice(2));
});
