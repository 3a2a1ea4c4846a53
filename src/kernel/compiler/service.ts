import { type Converter, createConverter, getCodeMetadata, lastTrace, ts } from "./converter.js";
import { compileFailure } from "./diagnostics.js";
import { complete, inspect, isComplete } from "./language.js";
import type { Compiled, CompilerQuery } from "./protocol.js";

/*
 * What the session asks of the compiler, answered one after the other. A cell is compiled by tslab's converter; cells that
 * are marked `@browser`, hardly any, by one of their own.
 */

export interface Service {
  /** @throws what TypeScript itself failed of; the next question has a new program */
  answer(query: CompilerQuery): unknown;
  /** Does ahead what the next cell will need, as far as that is known. */
  prepare(): void;
}

export function createService(): Service {
  const converters: { node?: Converter; browser?: Converter } = {};
  const converterOf = (mode: "node" | "browser") => {
    converters[mode] ??= createConverter({ isBrowser: mode === "browser" });
    return converters[mode];
  };
  converterOf("node");
  /** what the next cell will know, as far as can be told; undefined where its program is made */
  let known: string | undefined;

  function convert(declarations: string, code: string, label: string): Compiled {
    const metadata = getCodeMetadata(code);
    const mode = metadata.mode ?? "node";
    if (metadata.module) return { metadata, diagnostics: converterOf(mode).addModule(metadata.module, code, metadata) };
    if (mode === "browser") return { metadata };
    const converted = converterOf(mode).convert(declarations, code);
    known = converted.declOutput ?? declarations;
    const { diagnostics, ...maps } = lastTrace();
    if (converted.diagnostics.length === 0) return { metadata, converted, maps };
    const folder = ts.sys.getCurrentDirectory().replaceAll("\\", "/");
    const own = diagnostics.filter(({ file }) => file?.fileName.startsWith(`${folder}/`));
    return { metadata, converted, maps, failure: compileFailure(own, { label, code, folder }) };
  }

  function answered(query: CompilerQuery): unknown {
    if (query.type === "isComplete") return isComplete(query.code);
    const { declarations, code } = query;
    if (query.type === "convert") return convert(declarations, code, query.label);
    known = declarations; // the question needed a program that nobody had looked into
    const converter = converterOf(getCodeMetadata(code).mode ?? "node");
    return query.type === "complete"
      ? complete((source, at) => converter.complete(declarations, source, at), code, query.cursor)
      : inspect((source, at) => converter.inspect(declarations, source, at), code, query.cursor);
  }

  function orAnew<Answer>(ask: () => Answer): Answer {
    try {
      return ask();
    } catch (error) {
      converters.node = createConverter({ isBrowser: false });
      converters.browser = undefined;
      throw error;
    }
  }

  return {
    answer: (query) => orAnew(() => answered(query)),
    prepare() {
      const declarations = known;
      known = undefined;
      if (declarations !== undefined) orAnew(() => converters.node?.prepare(declarations));
    },
  };
}
