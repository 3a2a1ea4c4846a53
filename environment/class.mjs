// npm run class: clean copies of the notebooks in class/, for students. `-- --help` lists the flags.
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build.mjs";
import { runMain } from "./problem.mjs";

const HELP = `npm run class -- [flags]

Makes class/: copies of the notebooks without outputs, with room for guesses and exercises, and with the answers folded away.
What is run there writes only there: figures, results, files. A notebook that is there already is left as it is.

  --folder F   makes F in place of class/, wherever it is; its notebooks import this project's code by the installed kernel
  --reset      makes all of them anew; what was written in them is kept in class/earlier/
  --offline    makes one archive of the project, its packages for Windows, macOS and Linux, and class/, for laptops without a network
  --help`;

runMain(async () => {
  const { values } = parseArgs({
    options: {
      folder: { type: "string" },
      reset: { type: "boolean" },
      offline: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.offline) {
    const { offlineArchive } = await import("./offline.mjs");
    return offlineArchive();
  }
  const folder = values.folder === undefined ? path.join(root, "class") : path.resolve(values.folder);
  const name = path.relative(process.cwd(), folder) || ".";
  const { makeClass } = await import("./make-class.mjs");
  const { made, kept, moved } = makeClass(folder, values);
  for (const [from, to] of moved) console.log(`${path.join(name, from)} was put aside as ${path.join(name, to)}`);
  if (kept.length > 0) console.log(`left as they are: ${kept.join(", ")}`);
  const how = values.folder === undefined ? "with npm run lab -- class, or in VS Code" : "in JupyterLab or VS Code";
  console.log(`${made.length} notebooks made in ${name}. Open them ${how}.`);
});
