import { createRequire } from "node:module";
import { format } from "node:util";
import vm from "node:vm";
import type { CodeMetadata, Compiled, Converted, Maps } from "../compiler/protocol.js";
import { askCompiler } from "./compiler-process.js";
import { failureOf, Interrupted } from "./failure.js";
import { loadImported } from "./load-imported.js";
import { addScript, addSource } from "./positions.js";
import type { Failure } from "./protocol.js";
import { currentExecution } from "./running.js";
import { each, wait } from "./wait.js";

/*
 * Runs cells through tslab's executor, which keeps their variables and types. What tslab prints, a result or an error, is
 * taken before it becomes text.
 */

/** tslab's executor; see its executor.d.ts. */
interface Executor {
  execute(source: string): Promise<boolean>;
  locals: Record<string, unknown>;
  interrupt(): void;
}

/** What a piece of code came to. */
export type Outcome = { failure: Failure } | { value: unknown };

export interface Evaluator {
  /** Runs code as the cell of this label; `value` is its last expression's, undefined where it has none. */
  evaluate(code: string, label: string): Promise<Outcome>;
  /** Ends what waits. */
  interrupt(): void;
  /** What the cells that ran have declared, as the compiler takes it. */
  readonly declarations: string;
}

const require = createRequire(import.meta.url);

/** tslab loads a module of its own by this name: here it gets these functions for it, and no compiler. */
function provide(name: string, exports: object): void {
  const file = require.resolve(name);
  require.cache[file] = { id: file, filename: file, loaded: true, exports } as NodeJS.Module;
}

export function createEvaluator(): Evaluator {
  let compiled: Compiled = { metadata: {} };
  let printed: { value?: unknown; error?: { thrown: unknown } } = {};
  let declarations = "";
  let scripts = 0;

  provide("tslab/dist/metadata.js", { getCodeMetadata: (): CodeMetadata => compiled.metadata });
  provide("tslab/dist/converter.js", {});
  const tslab = require("tslab/dist/executor.js") as {
    createExecutor(rootDir: string, converters: object, console: object): Executor;
  };
  /** Hands on what the compiler has made already. */
  const converter = {
    convert: (): Converted => compiled.converted as Converted,
    addModule: () => compiled.diagnostics ?? [],
  };
  const executor = tslab.createExecutor(
    process.cwd(),
    { node: converter, browser: converter },
    {
      log: (value: unknown) => {
        printed.value = value;
      },
      error: (...words: unknown[]) => {
        if (words.length === 1) printed.error = { thrown: words[0] };
        else process.stderr.write(`${format(...words)}\n`); // of a cell that is a module
      },
    },
  );

  Object.assign((globalThis as unknown as { __tslab__: object }).__tslab__, { wait, each });

  /** tslab gives a cell to `vm` without a name; here it gets one, by which its positions are known. */
  function nameScript(label: string, maps: Maps): () => void {
    const run = vm.runInThisContext;
    const restore = () => {
      vm.runInThisContext = run;
    };
    vm.runInThisContext = (wrapped: string) => {
      restore();
      const indent = wrapped.indexOf("{ ") + 2;
      scripts += 1;
      const filename = addScript(scripts, { label, indent, maps });
      return new vm.Script(wrapped, { filename }).runInThisContext();
    };
    return restore;
  }

  /** Runs what was compiled. */
  async function run(code: string, label: string): Promise<Outcome> {
    const { converted, maps = {} } = compiled;
    printed = {};
    // All that tslab does before the first wait, a cell without `await` as a whole, is done within this call.
    const restore = nameScript(label, maps);
    let running: Promise<boolean>;
    try {
      running = executor.execute(code);
    } finally {
      restore();
    }
    if (!(await running)) return { failure: failureOf(printed.error?.thrown) };
    if (converted) declarations = converted.declOutput ?? "";
    // tslab prints no null, and leaves what it does not print.
    const name = converted?.lastExpressionVar;
    if (name && name in executor.locals) {
      printed.value ??= executor.locals[name];
      delete executor.locals[name];
    }
    return { value: printed.value };
  }

  return {
    get declarations() {
      return declarations;
    },
    interrupt: () => executor.interrupt(),
    async evaluate(code, label) {
      addSource(label, code);
      try {
        const asked = askCompiler<Compiled>({ type: "convert", declarations, code, label });
        loadImported(code);
        const answer = await asked;
        if (currentExecution()?.interruption.happened) throw new Interrupted();
        if (answer.failure) return { failure: answer.failure };
        compiled = answer;
        return await run(code, label);
      } catch (error) {
        return { failure: failureOf(error) };
      }
    },
  };
}
