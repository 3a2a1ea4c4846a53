import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CellFailure, cellName, errorOutput, readFailure } from "./cell-failure.js";
import { type ExecuteReply, type KernelClient, KernelDied, type KernelSpec, startKernel } from "./kernel-client.js";
import { type Cell, cellTags, type Notebook } from "./notebook.js";
import { createOutputKeeper } from "./outputs.js";
import { injectParameters, type ParameterValue } from "./parameters.js";

/** What the compiler, or the running cell, says of a name that nothing has declared, alone or as a shorthand property. */
const unknownName = /Cannot find name|No value exists in scope for|is not defined/;

export interface RunOptions {
  /** path of the notebook; the kernel runs in its folder */
  file: string;
  spec: KernelSpec;
  parameters?: Record<string, ParameterValue>;
  /** limit for each cell */
  secondsPerCell: number;
  /** when aborted, the running cell is interrupted and the run ends */
  signal?: AbortSignal;
  /** a text in the message of an error that ends its cell alone, and whatever follows from it, not the run */
  passOver?: string;
  /** called when a cell begins (seconds undefined) and when it ends */
  onCell?: (event: CellEvent) => void;
}

export interface CellEvent {
  /** number of the code cell, from 1, not counting an injected one, and how many there are */
  cell: number;
  cells: number;
  name: string;
  seconds?: number;
}

export interface RunResult {
  /** the notebook with the outputs of all cells that ran */
  notebook: Notebook;
  failure?: CellFailure;
  /** cells that were passed over, see `passOver` */
  passedOver: CellFailure[];
  interrupted: boolean;
}

const interruptPatience = 5000; // milliseconds

/** How a cell's execution ended, when not by an ordinary reply. */
type End = ExecuteReply | "too long" | "interrupted";

async function executeWithin(
  client: KernelClient,
  cell: Cell,
  receive: Parameters<KernelClient["execute"]>[1],
  options: RunOptions,
): Promise<End> {
  const { secondsPerCell, signal } = options;
  const done = new AbortController();
  const replied = client.execute(cell.source, receive);
  const tooLong = sleep(1000 * secondsPerCell, "too long" as const, { signal: done.signal });
  const interrupted = new Promise<"interrupted">((resolve) => {
    if (signal?.aborted) resolve("interrupted");
    signal?.addEventListener("abort", () => resolve("interrupted"), { signal: done.signal });
  });
  tooLong.catch(() => {});
  replied.catch(() => {});
  try {
    const end = await Promise.race([replied, tooLong, interrupted]);
    if (typeof end === "string") {
      client.interrupt();
      await Promise.race([replied, sleep(interruptPatience, undefined, { signal: done.signal })]).catch(() => {});
    }
    return end;
  } finally {
    done.abort();
  }
}

/**
 * Runs all cells of a notebook in a fresh kernel, one after the other, as a front end of Jupyter does. It ends at the first
 * cell that fails, leaves a promise to fail, takes too long or loses its kernel; the outputs until there are in the result.
 * @throws if the notebook lacks a parameter, or the kernel cannot be started
 */
export async function runNotebook(original: Notebook, options: RunOptions): Promise<RunResult> {
  const name = basename(options.file);
  const folder = dirname(options.file);
  const injected = injectParameters(original, options.parameters ?? {});
  const cells = injected.cells.map((cell) =>
    cell.type === "code" ? { ...cell, outputs: [] as Cell["outputs"], executionCount: null } : cell,
  );
  const isInjected = (cell: Cell) => cellTags(cell).includes("injected-parameters");
  const code = cells.filter((cell) => cell.type === "code" && cell.source.trim() !== "");
  const numbered = code.filter((cell) => !isInjected(cell));
  const numberOf = (cell: Cell) => numbered.indexOf(cell) + 1;

  const client = await startKernel(options.spec, folder);
  const keeper = createOutputKeeper();
  const ran: Cell[] = [];
  const passedOver: CellFailure[] = [];

  function failureOf(cell: Cell, reason?: string): CellFailure {
    const error = errorOutput(cell.outputs);
    const place =
      reason || !error ? { reason: reason ?? "it failed without a message" } : readFailure(error, cell.executionCount);
    return new CellFailure(name, numberOf(cell), place.reason, "line" in place ? place.line : undefined, cell.source);
  }

  async function runCell(cell: Cell): Promise<CellFailure | "interrupted" | undefined> {
    ran.push(cell);
    const end = await executeWithin(client, cell, (message) => keeper.receive(message, cell.outputs), options);
    if (end === "interrupted") return end;
    if (end === "too long") {
      return failureOf(cell, `took longer than ${options.secondsPerCell} s and was stopped (see --time-limit)`);
    }
    cell.executionCount = end.executionCount;
    return end.status === "ok" ? undefined : failureOf(cell);
  }

  /** Whether a cell failed for want of what may be wanting, or of a name that such a cell would have declared. */
  function passes({ reason }: CellFailure): boolean {
    if (options.passOver === undefined) return false;
    return reason.includes(options.passOver) || (passedOver.length > 0 && unknownName.test(reason));
  }

  async function runAll(): Promise<CellFailure | "interrupted" | undefined> {
    for (const cell of code) {
      const event = { cell: numberOf(cell), cells: numbered.length, name: cellName(cells, cells.indexOf(cell)) };
      const started = performance.now();
      if (!isInjected(cell)) options.onCell?.(event);
      const end = await runCell(cell);
      if (end instanceof CellFailure && passes(end)) {
        passedOver.push(end);
        ran.pop();
        continue;
      }
      if (end) return end;
      const unhandled = ran.find((one) => errorOutput(one.outputs));
      if (unhandled) return failureOf(unhandled);
      if (!isInjected(cell)) options.onCell?.({ ...event, seconds: (performance.now() - started) / 1000 });
    }
    // A promise may fail just after the last cell.
    await Promise.race([
      client
        .settle()
        .then(() => sleep(50))
        .then(() => client.settle()),
      sleep(interruptPatience),
    ]);
    const unhandled = ran.find((one) => errorOutput(one.outputs));
    return unhandled && failureOf(unhandled);
  }

  let end: CellFailure | "interrupted" | undefined;
  try {
    end = await runAll();
  } catch (error) {
    if (!(error instanceof KernelDied)) throw error;
    const last = ran[ran.length - 1];
    end = options.signal?.aborted ? "interrupted" : failureOf(last, error.message);
  } finally {
    await client.close();
  }
  const kernelspec = { display_name: "TypeScript", language: "typescript", name: "tslab" };
  const metadata = { ...original.metadata, kernelspec, language_info: client.languageInfo };
  const notebook = { cells, metadata };
  return {
    notebook,
    passedOver,
    interrupted: end === "interrupted",
    ...(end instanceof CellFailure ? { failure: end } : {}),
  };
}
