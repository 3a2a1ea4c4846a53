import workerpool from "workerpool";
import { selectBackend } from "./backend.js";
import { endWithParent } from "./parent-watch.js";

/** What the module given to `runUnits` exports. */
interface UnitModule {
  runUnit(unit: unknown): unknown;
}

// A worker in the middle of a unit hears of nothing until the unit's end.
endWithParent();

let ready: Promise<unknown> | undefined;

async function run(entry: string, unit: unknown): Promise<unknown> {
  ready ??= selectBackend(undefined, { quiet: true });
  await ready;
  const module = (await import(entry)) as UnitModule;
  return await module.runUnit(unit);
}

workerpool.worker({ run });
