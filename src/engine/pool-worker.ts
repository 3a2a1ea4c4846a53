import { totalmem } from "node:os";
import workerpool from "workerpool";
import { selectBackend } from "./backend.js";
import { endWithParent } from "./parent-watch.js";
import { setSessionBudget } from "./session-cache.js";

/** What the module given to `runUnits` exports. */
interface UnitModule {
  runUnit(unit: unknown): unknown;
}

// A worker in the middle of a unit hears of nothing until the unit's end.
endWithParent();

let ready: Promise<unknown> | undefined;

// All workers together may hold as many bytes of sessions as one process may.
setSessionBudget(totalmem() / 4 / Number(process.env.SIGNMIX_WORKERS ?? 1));

async function run(entry: string, unit: unknown): Promise<unknown> {
  ready ??= selectBackend(undefined, { quiet: true });
  await ready;
  const module = (await import(entry)) as UnitModule;
  return await module.runUnit(unit);
}

workerpool.worker({ run });
