import type * as TypeScript from "typescript";

/*
 * A program as tslab holds it, without what TypeScript's own builders compute for each new one: which of a thousand files
 * imports which, through a type checker. tslab asks that for the reader's own modules alone, and asks the names that a cell
 * declares before it knows the program that it will check.
 */

export type Builder = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;
export type CreateProgram = TypeScript.CreateProgram<Builder>;

/** What TypeScript has and its types do not say. */
interface Hidden {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  getResolvedModule(
    file: TypeScript.SourceFile,
    name: string,
    mode: undefined,
  ): { resolvedFileName: string } | undefined;
}
interface Directed {
  getResolvedTypeReferenceDirectives(): { forEach(visit: (directive: unknown) => void): void };
}
interface Importing extends TypeScript.SourceFile {
  imports?: readonly { text: string }[];
}

/** The file and the reader's own modules that it imports, and theirs. */
function ownDependencies(ts: Hidden, program: TypeScript.Program, file: TypeScript.SourceFile): string[] {
  const seen = new Set<string>();
  const queue: TypeScript.SourceFile[] = [file];
  for (let at = queue.pop(); at; at = queue.pop()) {
    if (seen.has(at.fileName)) continue;
    seen.add(at.fileName);
    for (const { text } of (at as Importing).imports ?? []) {
      const found = ts.getResolvedModule(at, text, undefined);
      const imported = found && program.getSourceFile(found.resolvedFileName);
      if (imported && !imported.isDeclarationFile) queue.push(imported);
    }
  }
  return [...seen];
}

function visitNone(): void {}

/**
 * The packages whose types all cells have, such as those of Node.js. What a cell declares need not refer to them; to know when it
 * does, each new checker would look for all of their files, which takes a sixth of a small cell's time.
 */
function hideFromCheckers(program: Directed): void {
  const hidden = { ...program.getResolvedTypeReferenceDirectives(), forEach: visitNone };
  program.getResolvedTypeReferenceDirectives = () => hidden;
}

/** Has a builder tell of the reader's own modules, when it is asked what a file imports. */
export function withOwnDependencies(compiler: typeof TypeScript, builder: Builder): Builder {
  const program = builder.getProgram();
  builder.getAllDependencies = (file) => ownDependencies(compiler as unknown as Hidden, program, file);
  return builder;
}

/** Makes a program of the files; the cell's own names are bound. */
export function createLightBuilder(
  compiler: typeof TypeScript,
  isCell: (file: TypeScript.SourceFile) => boolean,
  ...files: Parameters<CreateProgram>
): Builder {
  const ts = compiler as unknown as Hidden;
  const builder = (compiler.createAbstractBuilder as unknown as CreateProgram)(...files);
  const program = builder.getProgram();
  const cell = program.getSourceFiles().find(isCell);
  if (cell) ts.bindSourceFile(cell, program.getCompilerOptions());
  hideFromCheckers(program as unknown as Directed);
  return withOwnDependencies(compiler, builder);
}
