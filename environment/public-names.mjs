// What an entry of the project gives its readers, as TypeScript sees it: for the page of the face, and for the guard of its arguments.
import ts from "typescript";

/**
 * @param entry a source or declaration file
 * @returns the type checker, and every public name with what it stands for: `members` are the names of a namespace, undefined of others
 */
export function publicNames(entry) {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    skipLibCheck: true,
    strict: true,
  });
  const checker = program.getTypeChecker();
  const exported = (module) =>
    checker.getExportsOfModule(module).map((symbol) => {
      const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return { name: symbol.name, declared };
    });
  const names = exported(checker.getSymbolAtLocation(program.getSourceFile(entry))).map(({ name, declared }) => ({
    ...{ name, declared, members: declared.flags & ts.SymbolFlags.Module ? exported(declared) : undefined },
  }));
  return { checker, names };
}
