import { existsSync, readdirSync, realpathSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { projectPath } from "../files/project.js";

/*
 * A notebook anywhere may import this package and the packages that it brings (arquero, danfojs-node, …), where none of that
 * name lies in a folder above the notebook: they are taken from the installation that the kernel belongs to.
 */

const name = "signmix";
const root = projectPath().replaceAll("\\", "/").replace(/\/$/, "");

/** `node_modules/…` as [package, path within it]. */
function packageOf(within: string): [string, string] {
  const parts = within.split("/");
  const length = within.startsWith("@") ? 2 : 1;
  return [parts.slice(0, length).join("/"), parts.slice(length).join("/")];
}

function isNear(folder: string, called: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, "node_modules", called))) return true;
    if (path.dirname(at) === at) return false;
  }
}

/** Where the compiler finds what it looks for in the notebook's own node_modules. */
function forwarded(asked: string, folder: string): string {
  const own = `${folder}/node_modules/`;
  if (!asked.startsWith(own)) return asked;
  const [called, rest] = packageOf(asked.slice(own.length));
  if (called === "" || called === "tslab" || called.startsWith("@types") || isNear(folder, called)) return asked;
  const base = called === name ? root : `${root}/node_modules/${called}`;
  return existsSync(base) ? path.posix.join(base, rest) : asked;
}

interface System {
  fileExists(file: string): boolean;
  directoryExists(folder: string): boolean;
  readFile(file: string, ...rest: unknown[]): string | undefined;
  realpath?(file: string): string;
}

/** Lets the compiler find the packages of this installation. */
export function forwardTypes(sys: System): void {
  const here = (file: string) => forwarded(file, process.cwd().replaceAll("\\", "/"));
  const { fileExists, directoryExists, readFile, realpath } = sys;
  sys.fileExists = (file) => fileExists(here(file));
  sys.directoryExists = (file) => directoryExists(here(file));
  sys.readFile = (file, ...rest) => readFile(here(file), ...rest);
  if (realpath) sys.realpath = (file) => realpath(here(file));
}

/** The names of the packages of this installation. */
function installedNames(): string[] {
  const folder = `${root}/node_modules`;
  const inFolder = (within: string) =>
    existsSync(path.join(folder, within)) ? readdirSync(path.join(folder, within)) : [];
  const names = inFolder("").filter((called) => !called.startsWith("."));
  return names.flatMap((called) =>
    called.startsWith("@") ? inFolder(called).map((one) => `${called}/${one}`) : [called],
  );
}

const linked = new Map<string, [link: string, real: string][]>();

/** The packages that a notebook in a folder finds only here: where it looks for each, and where it is. */
export function forwardedPackages(folder: string): readonly [link: string, real: string][] {
  let links = linked.get(folder);
  if (!links) {
    links = installedNames()
      .map((called) => `${folder}/node_modules/${called}`)
      .flatMap((link): [string, string][] => {
        const place = forwarded(link, folder);
        return place === link ? [] : [[link, realpathSync(place).replaceAll("\\", "/")]];
      });
    linked.set(folder, links);
  }
  return links;
}

/** Lets cells, and modules beside them, load the packages of this installation. */
export function forwardModules(): void {
  const resolver = Module as unknown as {
    _resolveFilename(request: string, parent: { filename?: string } | undefined, ...rest: unknown[]): string;
  };
  const resolve = resolver._resolveFilename;
  const fromHere = createRequire(projectPath("package.json"));
  resolver._resolveFilename = (request, parent, ...rest) => {
    try {
      return resolve.call(Module, request, parent, ...rest);
    } catch (error) {
      const isPackage = /^(@[\w.-]+\/)?[\w-]/.test(request) && !/^\w+:/.test(request);
      const isReaders = !/[\\/]node_modules[\\/]/.test(parent?.filename ?? "");
      if (!isPackage || !isReaders || (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
      const [called, rest] = packageOf(request);
      try {
        return called === name
          ? fromHere.resolve(rest === "" ? root : path.join(root, rest))
          : fromHere.resolve(request);
      } catch {
        throw error; // about the reader's place, not about this one
      }
    }
  };
}
