import type * as TypeScript from "typescript";
import { forwardedPackages } from "../packages.js";

/*
 * A cell's variables are known to later cells by their types, which TypeScript writes down with the packages they come from. In
 * a notebook elsewhere these lie where no folder above the notebook leads: a table of arquero's had no name there but
 * "signmix/node_modules/arquero", which TypeScript refuses (TS2742). So it is told of each package as of a link beside the notebook.
 */

/** TypeScript's own book of links, which its types do not show. */
interface Links {
  setSymlinksFromResolutions(files: readonly TypeScript.SourceFile[], types: readonly never[]): void;
  setSymlinkedDirectory(link: string, real: { real: string; realPath: string }): void;
}
interface Hidden {
  createSymlinkCache(folder: string, canonical: (file: string) => string): Links;
}

/** Has a program name what this package's packages declare. Nothing is looked up before a name is wanted. */
export function nameForwarded(ts: typeof TypeScript, host: TypeScript.CompilerHost, program: TypeScript.Program): void {
  let links: Links | undefined;
  const made = (): Links => {
    const folder = ts.sys.getCurrentDirectory().replaceAll("\\", "/");
    const canonical = (file: string) => host.getCanonicalFileName(file);
    const book = (ts as unknown as Hidden).createSymlinkCache(folder, canonical);
    book.setSymlinksFromResolutions(program.getSourceFiles(), []);
    for (const [link, real] of forwardedPackages(folder)) {
      book.setSymlinkedDirectory(link, { real, realPath: canonical(real) });
    }
    return book;
  };
  (host as unknown as { getSymlinkCache(): Links }).getSymlinkCache = () => {
    links ??= made();
    return links;
  };
}
