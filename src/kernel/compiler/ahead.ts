import type * as TypeScript from "typescript";
import type { Builder } from "./light-builder.js";

/*
 * The next cell's program, made while the reader looks at the last one's result. Of what a cell waits for, most is a program and
 * a checker that knows what earlier cells declared, and these do not depend on its text: they are made for an empty cell, whose
 * file becomes the reader's as soon as there is one. Cells that import something get a program of their own, as ever.
 */

/** What TypeScript has and its types do not say. */
interface Hidden {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  getSetExternalModuleIndicator(options: TypeScript.CompilerOptions): (file: TypeScript.SourceFile) => void;
}
interface Host extends TypeScript.CompilerHost {
  getSourceFileByPath: NonNullable<TypeScript.CompilerHost["getSourceFileByPath"]>;
}
interface CellFile extends TypeScript.SourceFile {
  resolvedPath: TypeScript.Path;
  externalModuleIndicator?: unknown;
  imports?: readonly [];
  moduleAugmentations?: readonly [];
  ambientModuleNames?: readonly [];
  parseDiagnostics: { file?: TypeScript.SourceFile; relatedInformation?: { file?: TypeScript.SourceFile }[] }[];
  jsDocDiagnostics?: CellFile["parseDiagnostics"];
}

/** What of a file says where it lies and what its imports are, not what it holds. */
const ofItsPlace = new Set([
  ...["path", "resolvedPath", "originalFileName", "fileName", "impliedNodeFormat"],
  ...["resolvedModules", "resolvedTypeReferenceDirectiveNames", "packageJsonLocations", "packageJsonScope"],
]);

/** Gives a file what another holds, as it was before anybody looked into it. */
function become(file: CellFile, read: CellFile): void {
  const [had, now] = [file, read] as unknown as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(had), ...Object.keys(now)])) {
    if (!ofItsPlace.has(key)) had[key] = now[key];
  }
  for (const one of [...file.parseDiagnostics, ...(file.jsDocDiagnostics ?? [])]) {
    for (const said of [one, ...(one.relatedInformation ?? [])]) said.file = file;
  }
  Object.assign(file, { imports: [], moduleAugmentations: [], ambientModuleNames: [] });
}

interface Kept {
  program: TypeScript.Program;
  cell: CellFile;
  earlier: TypeScript.SourceFile;
  /** how the cell's file is read */
  how: TypeScript.CreateSourceFileOptions;
}

export interface Ahead {
  /** Hears of each program that is made. */
  made(builder: Builder): void;
  /** Keeps the program that was made since all were forgotten, whose cell is empty and whose checker has not looked at it. */
  keep(): void;
  forget(): void;
  /** The kept program with the cell as it is now; undefined where something else changed, or the cell needs other files. */
  take(host: TypeScript.CompilerHost, before: Builder | undefined): Builder | undefined;
}

export function createAhead(
  compiler: typeof TypeScript,
  isCell: (file: TypeScript.SourceFile) => boolean,
  isEarlier: (file: TypeScript.SourceFile) => boolean,
): Ahead {
  const ts = compiler as unknown as Hidden;
  let latest: Builder | undefined;
  let kept: Kept | undefined;

  /** Whether a file brings no other into the program, and nothing into the names that all files share. */
  function standsAlone(file: CellFile): boolean {
    const { PossiblyContainsDynamicImport } = compiler.NodeFlags as unknown as Record<string, number>;
    const refersTo = [file.referencedFiles, file.typeReferenceDirectives, file.libReferenceDirectives];
    const brings = (one: TypeScript.Statement) =>
      compiler.isImportDeclaration(one) ||
      compiler.isImportEqualsDeclaration(one) ||
      compiler.isModuleDeclaration(one) ||
      (compiler.isExportDeclaration(one) && one.moduleSpecifier !== undefined);
    return (
      file.externalModuleIndicator !== undefined &&
      !file.hasNoDefaultLib &&
      (file.flags & PossiblyContainsDynamicImport) === 0 &&
      refersTo.every((references) => references.length === 0) &&
      !file.statements.some(brings)
    );
  }

  return {
    made(builder) {
      latest = builder;
    },
    keep() {
      const program = latest?.getProgram();
      if (!program) return;
      let [cell, earlier]: (TypeScript.SourceFile | undefined)[] = [];
      for (const file of program.getSourceFiles()) {
        if (isEarlier(file)) earlier = file;
        else if (!file.isDeclarationFile) {
          if (!isCell(file)) return; // a module of the reader's own, which may change at any time
          cell = file;
        }
      }
      if (!cell || !earlier) return;
      const options = program.getCompilerOptions();
      const how = {
        languageVersion: options.target ?? compiler.ScriptTarget.ES2022,
        impliedNodeFormat: cell.impliedNodeFormat,
        setExternalModuleIndicator: ts.getSetExternalModuleIndicator(options),
      };
      kept = { program, cell: cell as CellFile, earlier, how };
    },
    forget() {
      latest = undefined;
      kept = undefined;
    },
    take(host, before) {
      if (!kept || before?.getProgram() !== kept.program) return undefined;
      const { program, cell, earlier, how } = kept;
      if (host.readFile(earlier.fileName) === earlier.text) {
        const read = (host as Host).getSourceFileByPath(cell.fileName, cell.resolvedPath, how) as CellFile | undefined;
        if (read && read !== cell && standsAlone(read)) {
          become(cell, read);
          ts.bindSourceFile(cell, program.getCompilerOptions());
          return compiler.createAbstractBuilder(program, host) as unknown as Builder;
        }
      }
      kept = undefined;
      return undefined;
    },
  };
}
