import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { forwardTypes } from "../packages.js";
import { type Ahead, createAhead } from "./ahead.js";
import { type Builder, createLightBuilder, withOwnDependencies } from "./light-builder.js";
import { nameForwarded } from "./name-forwarded.js";
import { plainCell, plainMap } from "./plain-cell.js";
import type { CodeMetadata, Converted, Maps } from "./protocol.js";
import { takeKeptDeclarations } from "./source-files.js";

/*
 * tslab's converter, which compiles cells and keeps their types, with what it lacks set right from outside:
 * - every form of top-level await (its compiler reads `await (x)` as a call, and can be told not to);
 * - short properties: it keeps the variables of earlier cells as properties of one object, and forgets to look there for
 *   `{ seed }`, so that correct TypeScript fails with "seed is not defined";
 * - source maps, so that an error can name the line that the reader wrote;
 * - TypeScript's own diagnostics, of which it hands on a part;
 * - names for the types of this package's packages, in a notebook that lies elsewhere;
 * - files that are watched: only a reader's own modules.
 */

type Compiler = typeof TypeScript;

export interface Completions {
  start: number;
  end: number;
  candidates: string[];
  original?: { entries: { name: string; kind: string }[] };
}

export interface Converter {
  convert(declarations: string, source: string): Converted;
  complete(declarations: string, source: string, position: number): Completions;
  inspect(declarations: string, source: string, position: number): TypeScript.QuickInfo | undefined;
  addModule(name: string, source: string, metadata: object): object[];
  /** Makes the program of the next cell, which will know these declarations. */
  prepare(declarations: string): void;
  close(): void;
}

/** What the last conversion left, beside what tslab hands on. */
interface Trace extends Maps {
  /** of the cell and its modules, as TypeScript has them */
  diagnostics: readonly TypeScript.Diagnostic[];
}

const ownRequire = createRequire(import.meta.url);
const tslabRequire = createRequire(ownRequire.resolve("tslab/dist/converter.js"));
const compilerPath = tslabRequire.resolve("@tslab/typescript-for-tslab");

/** The compiler that tslab brings. */
export const ts = tslabRequire(compilerPath) as Compiler;

let trace: Trace = { diagnostics: [] };

/** What the last conversion left. */
export function lastTrace(): Trace {
  return trace;
}

const isCellFile = ({ fileName }: TypeScript.SourceFile) => fileName.endsWith("/__tslab__.ts");
const isEarlier = ({ fileName }: TypeScript.SourceFile) => fileName.endsWith("/__prev__.d.ts");

/** Of the converter that is made last: what is ahead of its cells. */
let lastAhead: Ahead | undefined;

type Watcher = { close(): void };
const unwatched: Watcher = { close() {} };

/**
 * A watched file costs a look at the disk four times a second, and a program has a thousand of them; and tslab, which
 * keeps one timer for TypeScript, ends with "Unexpected pending rebuildTimer" where packages are to be looked up anew.
 * So only a reader's own modules are watched.
 */
function watchOwnModulesOnly(): void {
  const sys = ts.sys as unknown as { watchDirectory: unknown; watchFile(file: string, ...rest: unknown[]): Watcher };
  const { watchFile } = sys;
  sys.watchDirectory = () => unwatched;
  sys.watchFile = (file, ...rest) => {
    const own = /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$|\/node_modules\//.test(file);
    return own ? watchFile(file, ...rest) : unwatched;
  };
}

const sourceMapComment = /\n?\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/** Takes the map from the end of a text. */
function takeMap(text: string): { text: string; map: string | undefined } {
  const found = sourceMapComment.exec(text);
  if (!found) return { text, map: undefined };
  return { text: `${text.slice(0, found.index)}\n`, map: Buffer.from(found[1], "base64").toString("utf8") };
}

/** Spells out a short property that names a variable of an earlier cell: `{ seed }` becomes `{ seed: exports.seed }`. */
function spellOutProperties(
  checker: TypeScript.TypeChecker,
  isEarlier: (file: TypeScript.SourceFile) => boolean,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (ts.isShorthandPropertyAssignment(node)) {
        const declared = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? [];
        if (declared.some((one) => isEarlier(one.getSourceFile()))) {
          const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
          ts.setSourceMapRange(value, node.name);
          const preset = node.objectAssignmentInitializer;
          const assigned = preset
            ? factory.createAssignment(value, ts.visitNode(preset, visit) as TypeScript.Expression)
            : value;
          return ts.setTextRange(factory.createPropertyAssignment(node.name.text, assigned), node);
        }
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

/** Whether a node begins a function, or what runs like one: what waits in it, does not wait for the cell. */
function isOwnScope(node: TypeScript.Node): boolean {
  return ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node);
}

/**
 * Lets a cell be interrupted where it waits: at its top level `await x` becomes `await __tslab__.wait(x)`, and `for await`
 * goes through `__tslab__.each(x)`; see wait.ts. (`__tslab__` is the object by which tslab hands a cell what it needs.)
 */
function guardWaits(context: TypeScript.TransformationContext): TypeScript.Transformer<TypeScript.SourceFile> {
  const { factory } = context;
  const guarded = (name: string, value: TypeScript.Expression) => {
    const guard = factory.createPropertyAccessExpression(factory.createIdentifier("__tslab__"), name);
    return ts.setTextRange(factory.createCallExpression(guard, undefined, [value]), value);
  };
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    if (isOwnScope(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(visited))
      return factory.updateAwaitExpression(visited, guarded("wait", visited.expression));
    if (ts.isForOfStatement(visited) && visited.awaitModifier) {
      const { awaitModifier, initializer, expression, statement } = visited;
      return factory.updateForOfStatement(visited, awaitModifier, initializer, guarded("each", expression), statement);
    }
    return visited;
  };
  return (file) => (isCellFile(file) ? ts.visitEachChild(file, visit, context) : file);
}

type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<Builder>;

/** The compiler as tslab's converter sees it. */
function mended(): object {
  const own: Record<string, unknown> = {
    createWatchCompilerHost(files: string[], options: object, ...rest: unknown[]) {
      const create = ts.createWatchCompilerHost as unknown as (...all: unknown[]) => Host;
      const ours = { disableTopLevelAwait: false, inlineSourceMap: true, types: ["node"] };
      return create(files, { ...options, ...ours }, ...rest);
    },
    createWatchProgram(host: Host) {
      const { afterProgramCreate } = host;
      const ahead = createAhead(ts, isCellFile, isEarlier);
      lastAhead = ahead;
      host.createProgram = (roots, options, compilerHost, before, ...rest) => {
        if (compilerHost) takeKeptDeclarations(compilerHost);
        const ready = compilerHost && ahead.take(compilerHost, before);
        if (ready) return withOwnDependencies(ts, ready);
        const builder = createLightBuilder(ts, isCellFile, roots, options, compilerHost, before, ...rest);
        if (compilerHost) nameForwarded(ts, compilerHost, builder.getProgram());
        return builder;
      };
      host.afterProgramCreate = (builder) => {
        const emit = builder.emit.bind(builder) as Builder["emit"];
        builder.emit = (file, write, token, onlyTypes, transformers) => {
          const before = [spellOutProperties(builder.getProgram().getTypeChecker(), isEarlier), guardWaits];
          return emit(file, write, token, onlyTypes, { ...transformers, before });
        };
        ahead.made(builder);
        afterProgramCreate?.(builder);
      };
      return ts.createWatchProgram(host);
    },
    /** tslab's second step, from ES modules to the text that runs. */
    transpileModule(source: string, options: TypeScript.TranspileOptions) {
      const { text, map } = takeMap(source);
      const plain = plainCell(ts, text);
      if (plain !== undefined) {
        trace = { ...trace, cellMap: map && plainMap(map), moduleMap: undefined };
        return { outputText: plain };
      }
      const compilerOptions = { ...options.compilerOptions, sourceMap: map !== undefined };
      const out = ts.transpileModule(text, { ...options, compilerOptions });
      trace = { ...trace, cellMap: map, moduleMap: out.sourceMapText };
      return { ...out, outputText: out.outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "\n") };
    },
    /** Of tslab's own fork. */
    getPreEmitDiagnosticsOfFiles(...all: unknown[]) {
      const { getPreEmitDiagnosticsOfFiles } = ts as unknown as Record<string, (...of: unknown[]) => unknown>;
      const diagnostics = getPreEmitDiagnosticsOfFiles(...all) as readonly TypeScript.Diagnostic[];
      trace = { diagnostics };
      return diagnostics;
    },
  };
  // TypeScript's own object cannot be changed.
  const compiler: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(ts)) compiler[name] = own[name] ?? value;
  return compiler;
}

/** Whether a cell waits at its top level, outside of functions: then it runs as an asynchronous function. */
function awaitsAtTop(source: string): boolean {
  if (!source.includes("await")) return false;
  const file = ts.createSourceFile("cell.ts", `${source}\nexport {};`, ts.ScriptTarget.ES2022, true);
  const found = (node: TypeScript.Node): boolean => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
    return ts.forEachChild(node, (child) => !isOwnScope(child) && found(child)) === true;
  };
  return found(file);
}

watchOwnModulesOnly();
ts.sys.getCurrentDirectory = () => process.cwd(); // TypeScript remembers the first
forwardTypes(ts.sys);
const cached = tslabRequire.cache[compilerPath];
if (cached) cached.exports = mended();
const tslab = tslabRequire("tslab/dist/converter.js") as { createConverter(options: object): Converter };
if (cached) cached.exports = ts;

/** What the comments of a cell say, by tslab's own reading. */
export const { getCodeMetadata } = tslabRequire("tslab/dist/metadata.js") as {
  getCodeMetadata(source: string): CodeMetadata;
};

/** A converter of the working directory. */
export function createConverter(options: { isBrowser: boolean }): Converter {
  const converter = tslab.createConverter({ isJS: false, ...options });
  const ahead = lastAhead as Ahead;
  const { convert, complete, inspect, addModule } = converter;
  /** With a program that nobody has looked into. */
  function anew<Given extends unknown[], Answer>(ask: (...given: Given) => Answer): (...given: Given) => Answer {
    return (...given) => {
      ahead.forget();
      return ask(...given);
    };
  }
  converter.complete = anew(complete);
  converter.inspect = anew(inspect);
  converter.addModule = anew(addModule);
  converter.convert = (declarations, source) => {
    trace = { diagnostics: [] };
    const converted = convert(declarations, source);
    ahead.forget();
    return converted.output === undefined ? converted : { ...converted, hasToplevelAwait: awaitsAtTop(source) };
  };
  converter.prepare = (declarations) => {
    ahead.forget();
    // Of an empty cell there is nothing to say, but its checker is made; after another such cell no program is, nor kept.
    inspect(declarations, "", 0);
    ahead.keep();
  };
  return converter;
}
