import type * as TypeScript from "typescript";

/*
 * A program as tslab holds it, without what TypeScript's own builders compute for each new one: which of a thousand files
 * imports which, through a type checker. tslab asks that for the reader's own modules alone, and asks the names that a cell
 * declares before it knows the program that it will check.
 */

type Builder = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;
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
  builder.getAllDependencies = (file) => ownDependencies(ts, program, file);
  return builder;
}
