import { spawnSync } from "node:child_process";
import path from "node:path";
import { makeSnapshot } from "../../kernel/compiler/snapshot.js";
import {
  defaultName,
  installedKernels,
  installKernel,
  prefixFolder,
  removeKernel,
  searchedFolders,
  userFolder,
} from "../../kernel/spec.js";
import { readArguments } from "../arguments.js";
import { type Command, UsageError } from "../command.js";
import { alignColumns } from "../text-layout.js";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = { user: flag, "sys-prefix": flag, prefix: text, name: text, "display-name": text, python: text };

type Values = { user?: boolean; "sys-prefix"?: boolean; prefix?: string; python?: string };

/** Folder of the Python environment that is active: where Jupyter runs. */
function pythonPrefix(python: string | undefined): string | undefined {
  const { VIRTUAL_ENV, CONDA_PREFIX, SIGNMIX_JUPYTER_PYTHON } = process.env;
  if (!python && !SIGNMIX_JUPYTER_PYTHON && (VIRTUAL_ENV || CONDA_PREFIX)) return VIRTUAL_ENV || CONDA_PREFIX;
  for (const program of [python ?? SIGNMIX_JUPYTER_PYTHON ?? [], "python3", "python"].flat()) {
    const { status, stdout } = spawnSync(program, ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
    if (python) break;
  }
  return undefined;
}

/** The data folder that the flags name. */
function chosenFolder(values: Values): string | undefined {
  const chosen = [values.user, values["sys-prefix"], values.prefix !== undefined].filter(Boolean);
  if (chosen.length > 1) throw new UsageError("Give one of --user, --sys-prefix and --prefix.");
  if (values.prefix !== undefined) return prefixFolder(path.resolve(values.prefix));
  if (values.user) return userFolder();
  if (!values["sys-prefix"]) return undefined;
  const prefix = pythonPrefix(values.python);
  if (prefix) return prefixFolder(prefix);
  throw new Error(
    "--sys-prefix asks Python for its folder, and no python3 was found: name it by --python, or use --user.",
  );
}

/** `signmix kernel`: install the Jupyter kernel. */
export const kernelCommand: Command = {
  help: `signmix kernel install [--user | --sys-prefix | --prefix DIR] [--name NAME]
signmix kernel list
signmix kernel remove [--user | --sys-prefix | --prefix DIR] [--name NAME]

install  lets every Jupyter (JupyterLab, Notebook, VS Code, nbconvert) find the kernel of this folder. Notebooks anywhere
         may then import "signmix".
list     shows where kernels of signmix are installed, and whether their folder is still there.
remove   removes them; kernels of other projects are left as they are.

  --user             for this user (default of install)
  --sys-prefix       in the active Python environment
  --prefix DIR       below DIR, in share/jupyter/kernels
  --name NAME        default ${defaultName}, which this project's notebooks ask for
  --display-name T   how front ends call it (default TypeScript)
  --python PROGRAM   the Python of --sys-prefix
`,
  async run(args, output) {
    const [action, ...rest] = args;
    const { values } = readArguments(rest, options, { positionals: false });
    const name = values.name ?? defaultName;
    const chosen = chosenFolder(values);
    const prefix = chosen === undefined && action !== "install" ? pythonPrefix(values.python) : undefined;
    const folders = chosen === undefined ? searchedFolders(prefix ? [prefix] : []) : [chosen];
    if (action === "install") {
      output.out(`installed: ${installKernel(chosen ?? userFolder(), name, values["display-name"])}\n`);
      try {
        makeSnapshot();
      } catch {
        output.out("No snapshot of its compiler could be made: it takes a second longer to start.\n");
      }
    } else if (action === "list") {
      const rows = installedKernels(folders).map(({ name: called, folder, works, description }) => {
        return [called, description.display_name, works ? folder : `${folder} (its program is gone: install it anew)`];
      });
      output.out(rows.length > 0 ? `${alignColumns(rows, 2)}\n` : "No kernel of signmix is installed.\n");
    } else if (action === "remove") {
      for (const folder of removeKernel(folders, name)) output.out(`removed: ${folder}\n`);
    } else {
      throw new UsageError(`Say what to do: install, list or remove${action ? `, not "${action}"` : ""}.`);
    }
    return 0;
  },
};
