// What npm installs and this machine never reads: `npm run setup` removes it, and `npm ci` brings it back.
//   node environment/trim.mjs      the same, without the rest of set-up
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./build.mjs";
import { runMain } from "./problem.mjs";

/** All that goes, by its place in node_modules. Of programs, those stay whose folder is named after this system. */
export const rules = [
  { name: "source maps", places: /\.(?:[cm]?[jt]s|css)\.map$/ },
  {
    name: "programs for other systems",
    places:
      /^(?:onnxruntime-node\/bin\/napi-v\d+|zeromq\/build|@photostructure\/sqlite\/prebuilds)\/(?<system>(?:darwin|linux|win32)[/-](?:arm64|x64))\//,
  },
  {
    name: "bundles for browsers",
    places:
      /^@tensorflow\/tfjs(?:-[a-z]+)*\/dist\/(?:tf(?:-[a-z]+)*(?:\.es2017|\.fesm)?(?:\.min)?\.js(?:\.html)?|miniprogram\/.+)$/,
  },
];

const thisSystem = `${process.platform}-${process.arch}`;

/** The files below a node_modules that go, with the rule that names each. @param system whose programs stay; "all" for every system's */
export function unread(folder, system = thisSystem) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return [];
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const place = path.relative(folder, file).split(path.sep).join("/");
    const rule = rules.find(({ places }) => places.test(place));
    const own = rule?.places.exec(place).groups?.system?.replace("/", "-");
    const stays = !rule || (own !== undefined && (system === "all" || own === system));
    return stays ? [] : [{ file, place, rule: rule.name }];
  });
}

/** Where a node_modules says for which system it was trimmed. npm removes it with the rest. */
const markIn = (folder) => path.join(folder, ".signmix-trimmed");

/** Whether a node_modules lacks what this system needs, since it was trimmed on another: a folder that two systems share. */
export function isTrimmedElsewhere(folder) {
  return existsSync(markIn(folder)) && !["all", thisSystem].includes(readFileSync(markIn(folder), "utf8"));
}

/** Removes what is not read from a node_modules, once; one that is a link belongs to another checkout and stays. */
export function trim(folder, log, system = thisSystem) {
  if (!existsSync(folder) || lstatSync(folder).isSymbolicLink() || existsSync(markIn(folder))) return;
  const files = unread(folder, system);
  const bytes = files.reduce((sum, { file }) => sum + statSync(file).size, 0);
  for (const { file } of files) rmSync(file);
  writeFileSync(markIn(folder), system);
  log(
    `${Math.round(bytes / 1e6)} MB of packages that are not read here were removed (${rules.map(({ name }) => name).join(", ")}); ` +
      "npm ci brings them back.",
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  runMain(() => trim(path.join(root, "node_modules"), console.error));
}
