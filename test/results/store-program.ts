// A process that works on a store as its argument says, for tests that kill it or take the disk away. It writes "done N" when
// its Nth step is done, and "error MESSAGE" where one fails.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { Program } from "./store-programs.js";

const program = JSON.parse(process.argv[2]) as Program;
const say = fs.writeSync;
if (program.user) process.setuid?.(program.user);
if (program.at !== undefined) interrupt(program.at, program.error);

const { ResultStore } = await import("#src/results/store.js");
const { runPlan } = await import("#src/results/plan.js");
const { mergeResults } = await import("#src/results/merge.js");
const { squareRow, squareUnit } = await import("./store-programs.js");

const { root, steps } = program;
const warn = (message: string) => void say(1, `warning ${message}\n`);
const store = new ResultStore("smoke", { folder: join(root, "a"), cache: join(root, "b"), warn });
try {
  for (const [i, step] of steps.entries()) {
    if (step.do === "add") for (const n of step.units) store.add(squareUnit(n), squareRow(n, step.salt));
    else if (step.do === "settle") store.settle("square");
    else if (step.do === "replace" || step.do === "forget") {
      const old = store.all("square").filter(({ unit }) => step.units.includes(unit.settings.n as number));
      store.replace("square", old, step.do === "forget" ? [] : old);
    } else if (step.do === "merge") mergeResults(store, [{ folder: step.from }]);
    else if (step.do === "count") say(1, `count ${store.count("square")}\n`);
    else
      await runPlan(
        step.units.map(squareUnit),
        store,
        async (units, take) => {
          for (const [j, unit] of units.entries()) {
            const n = unit.settings.n as number;
            take({ row: squareRow(n, step.salt), seconds: 1 }, j);
            say(1, `computed ${n}\n`);
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
        { fresh: step.fresh },
      );
    say(1, `done ${i}\n`);
  }
} catch (error) {
  say(1, `error ${(error as Error).message}\n`);
  process.exitCode = 1;
}

/** Kills this process at its call of this number to a function that changes a file, or lets that call fail. */
function interrupt(at: number, error?: string): void {
  let calls = 0;
  const names = [
    "openSync",
    "writeFileSync",
    "fsyncSync",
    "renameSync",
    "copyFileSync",
    "rmSync",
    "mkdirSync",
  ] as const;
  for (const name of names) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    const changes = (args: unknown[]) => name !== "openSync" || args[1] === "wx";
    (fs as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
      if (!changes(args) || ++calls !== at) return original(...args);
      if (error) throw Object.assign(new Error(`${error}: injected, ${name}`), { code: error });
      process.kill(process.pid, "SIGKILL");
      return undefined;
    };
  }
  process.on("exit", () => say(1, `calls ${calls}\n`));
  syncBuiltinESMExports();
}
