// npm run lab: set-up and build, then JupyterLab with the kernel of this project. Arguments after -- go to JupyterLab.
//   npm run lab -- class                       opens class/ in place of notebooks/ (npm run class makes it)
//   npm run lab -- --workers 1 --memory 500    worker processes, and megabytes that they may keep together
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { runProgram } from "./child.mjs";
import { Problem, runMain } from "./problem.mjs";
import { jupyterPath, setUp, setUpKernel } from "./setup.mjs";

/** The ways in which JupyterLab may be installed, as program and first arguments. */
const ways = [
  ["jupyter-lab"],
  ["jupyter", "lab"],
  ["python3", "-m", "jupyterlab"],
  ["python", "-m", "jupyterlab"],
  ["py", "-m", "jupyterlab"],
];

/** JupyterLab as program and first arguments, or undefined where there is none. */
export function findLab() {
  return ways.find(
    ([command, ...args]) => spawnSync(command, [...args, "--version"], { stdio: "ignore" }).status === 0,
  );
}

/** The environment in which Jupyter finds the kernel, and whatever it found before. */
export function labEnvironment() {
  const others = process.env.JUPYTER_PATH ? [process.env.JUPYTER_PATH] : [];
  return { JUPYTER_PATH: [jupyterPath, ...others].join(path.delimiter) };
}

/** Takes `--workers N` and `--memory MB` out of the arguments: what is left, and the environment that they mean. */
export function limitsOf(args) {
  const rest = [...args];
  const env = {};
  for (const name of ["workers", "memory"]) {
    const at = rest.indexOf(`--${name}`);
    if (at < 0) continue;
    const [, value] = rest.splice(at, 2);
    if (!/^[1-9]\d*$/.test(value ?? ""))
      throw new Problem(`--${name} takes a whole number, 1 or more, not "${value ?? ""}".`);
    env[`SIGNMIX_${name.toUpperCase()}`] = value;
  }
  return { rest, env };
}

/** Starts JupyterLab in the foreground; resolves with its exit code. */
async function lab(given) {
  const { rest: args, env } = limitsOf(given);
  await setUp();
  await setUpKernel();
  const found = findLab();
  if (!found) {
    throw new Problem(
      "JupyterLab is not installed: it needs Python; then `pip install jupyterlab plotly` (plotly makes figures interactive) " +
        "and run npm run lab again. Without it, npm run reproduce runs the notebooks, and VS Code opens them.",
    );
  }
  const [command, ...first] = found;
  const [place, rest] = args[0] === "class" ? ["class", args.slice(1)] : ["notebooks", args];
  const folder = path.join(root, place);
  if (!existsSync(folder)) throw new Problem("There is no class/ yet: run npm run class first.");
  const { code } = await runProgram(command, [...first, `--notebook-dir=${folder}`, ...rest], {
    env: { ...labEnvironment(), ...env },
  });
  return code;
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, "environment", "lab.mjs")) {
  runMain(() => lab(process.argv.slice(2)));
}
