import { createRequire } from "node:module";
import path from "node:path";
import { format } from "node:util";
import vm from "node:vm";
import type * as TypeScript from "typescript";
import { type Completions, type Converted, type Converter, createConverter, lastTrace } from "./compiler.js";
import { compileFailure, failureOf } from "./failure.js";
import { addScript, addSource } from "./positions.js";
import type { Failure } from "./protocol.js";
import { each, wait } from "./wait.js";

/*
 * Runs cells through tslab's executor, which keeps their variables and types. What tslab prints, a result or an error, is
 * taken before it becomes text.
 */

/** tslab's executor; see its executor.d.ts. */
interface Executor {
  execute(source: string): Promise<boolean>;
  inspect(source: string, position: number): TypeScript.QuickInfo | undefined;
  complete(source: string, position: number): Completions;
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
  readonly service: Executor;
}

const require = createRequire(import.meta.url);

export function createEvaluator(): Evaluator {
  let converter = createConverter({ isBrowser: false });
  let browser: Converter | undefined;
  /** the last conversion, undefined where there was none */
  const last: { converted?: Converted } = {};
  let printed: { value?: unknown; error?: { thrown: unknown } } = {};
  let scripts = 0;

  const converters = {
    node: {
      convert(declarations: string, source: string): Converted {
        last.converted = undefined;
        try {
          last.converted = converter.convert(declarations, source);
          return last.converted;
        } catch (error) {
          // TypeScript failed half-way through a program; the next cell has a new one.
          converter = createConverter({ isBrowser: false });
          throw error;
        }
      },
      complete: ((...args) => converter.complete(...args)) as Converter["complete"],
      inspect: ((...args) => converter.inspect(...args)) as Converter["inspect"],
      addModule: ((...args) => converter.addModule(...args)) as Converter["addModule"],
    },
    /** For cells that are marked `@browser`; hardly any are. */
    get browser(): Converter {
      browser ??= createConverter({ isBrowser: true });
      return browser;
    },
    close: () => converter.close(),
  };

  const conversion = (): Converted | undefined => last.converted;
  const hasDiagnostics = () => (conversion()?.diagnostics.length ?? 0) > 0;

  const tslab = require("tslab/dist/executor.js") as {
    createExecutor(rootDir: string, converters: object, console: object): Executor;
  };
  const executor = tslab.createExecutor(process.cwd(), converters, {
    log: (value: unknown) => {
      printed.value = value;
    },
    error: (...words: unknown[]) => {
      if (hasDiagnostics()) return; // told with their positions
      if (words.length === 1) printed.error = { thrown: words[0] };
      else process.stderr.write(`${format(...words)}\n`); // of a cell that is a module
    },
  });

  Object.assign((globalThis as unknown as { __tslab__: object }).__tslab__, { wait, each });

  /** tslab gives a cell to `vm` without a name; here it gets one, by which its positions are known. */
  function nameScript(label: string): () => void {
    const run = vm.runInThisContext;
    const restore = () => {
      vm.runInThisContext = run;
    };
    vm.runInThisContext = (wrapped: string) => {
      restore();
      const indent = wrapped.indexOf("{ ") + 2;
      scripts += 1;
      const filename = addScript(scripts, { label, indent, trace: lastTrace() });
      return new vm.Script(wrapped, { filename }).runInThisContext();
    };
    return restore;
  }

  function diagnosticsFailure(label: string): Failure {
    const isReaders = ({ file }: TypeScript.Diagnostic) =>
      file !== undefined && !path.relative(process.cwd(), file.fileName).startsWith("..");
    return compileFailure(lastTrace().diagnostics.filter(isReaders), label);
  }

  return {
    service: executor,
    interrupt: () => executor.interrupt(),
    async evaluate(code, label) {
      addSource(label, code);
      printed = {};
      delete last.converted;
      // All that tslab does before the first wait, a cell without `await` as a whole, is done within this call.
      const restore = nameScript(label);
      let running: Promise<boolean>;
      try {
        running = executor.execute(code);
      } finally {
        restore();
      }
      try {
        const succeeded = await running;
        if (hasDiagnostics()) return { failure: diagnosticsFailure(label) };
        if (!succeeded) return { failure: failureOf(printed.error?.thrown) };
      } catch (error) {
        return { failure: failureOf(error) };
      }
      // tslab prints no null, and leaves what it does not print.
      const name = conversion()?.lastExpressionVar;
      if (name && name in executor.locals) {
        printed.value ??= executor.locals[name];
        delete executor.locals[name];
      }
      return { value: printed.value };
    },
  };
}
