// npm run setup:tensorflow — makes @tensorflow/tfjs-node-gpu loadable on current Node and current GPUs.
// The package's own addon is compiled against the TensorFlow Python wheel, in one compiler call, and kept in .cache/tensorflow/.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const help = `npm run setup:tensorflow -- [options]

  --python PATH   the Python whose TensorFlow is used (or SIGNMIX_TENSORFLOW_PYTHON); otherwise python3, then python
  --install       first put TensorFlow into a virtual environment of its own, .cache/tensorflow/venv, with pip
  --cuda          for an NVIDIA GPU: --install takes tensorflow[and-cuda], and a GPU that is not seen is explained
  --official      run the package's own download instead (TensorFlow 2.9.1, CUDA 11.2, Node 22 or older)
  --force         build again even if a working build is there
  --remove        take the build away

Exit status: 0 it loads; 1 something failed; 3 something is missing here (the message says what, and the remedy).`;

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: process.env.SIGNMIX_TENSORFLOW_PYTHON },
    install: { type: "boolean", default: false },
    cuda: { type: "boolean", default: false },
    official: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
    remove: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const cache = join(root, ".cache", "tensorflow");
const venv = join(cache, "venv");
const cachedAddon = join(cache, "tfjs_binding.node");
const stampFile = join(cache, "stamp.json");

/** Ends the script because this machine lacks something. */
class Missing extends Error {}

const say = (text) => console.log(`setup:tensorflow  ${text}`);

/** Output of a command, or undefined where it cannot be run. */
function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function findPackage() {
  try {
    const manifest = require.resolve("@tensorflow/tfjs-node-gpu/package.json");
    return { folder: dirname(manifest), version: require(manifest).version };
  } catch {
    throw new Missing("@tensorflow/tfjs-node-gpu is not installed; run `npm ci` (without --omit=optional).");
  }
}

function findHeaders() {
  const shipped = join(dirname(process.execPath), "..", "include", "node");
  if (existsSync(join(shipped, "node_api.h"))) return shipped;
  try {
    return require("node-api-headers").include_dir;
  } catch {
    throw new Missing("node_api.h was not found; run `npm ci` (node-api-headers is an optional dependency).");
  }
}

function findCompiler() {
  const candidates = [process.env.CXX, "g++", "c++", "clang++"].filter(Boolean);
  for (const command of candidates) {
    const version = outputOf(command, ["--version"]);
    if (version) return { command, version: version.split("\n")[0] };
  }
  const remedy = { linux: "`apt-get install g++` or `dnf install gcc-c++`", darwin: "`xcode-select --install`" };
  throw new Missing(`no C++ compiler (tried ${candidates.join(", ")}); install one: ${remedy[process.platform]}.`);
}

// Where TensorFlow lies, found without importing it: that takes seconds.
const describeTensorFlow = `
import importlib.metadata as metadata, importlib.util as util, json, os, sys
spec = util.find_spec("tensorflow")
found = {"python": sys.executable, "pythonVersion": sys.version.split()[0]}
if spec and spec.submodule_search_locations:
    folder = list(spec.submodule_search_locations)[0]
    names = ["tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-cpu-aws", "tensorflow-intel"]
    versions = [d.version for d in metadata.distributions() if (d.metadata["Name"] or "").lower().replace("_", "-") in names]
    nvidia = os.path.join(os.path.dirname(folder), "nvidia")
    found.update(folder=folder, version=versions[0] if versions else "unknown", nvidia=nvidia if os.path.isdir(nvidia) else None)
print(json.dumps(found))
`;

/** Python's interpreter inside our own virtual environment. */
const venvPython = process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

function findPythons() {
  const candidates = options.python ? [options.python] : [venvPython, "python3", "python"];
  const found = candidates.map((command) => outputOf(command, ["-c", describeTensorFlow])).filter(Boolean);
  if (!found.length) {
    throw new Missing(
      `no Python that runs (tried ${candidates.join(", ")}); install Python 3.9 or newer, or name one with --python PATH.`,
    );
  }
  return found.map((text) => JSON.parse(text));
}

function findTensorFlow() {
  const pythons = findPythons();
  const python = pythons.find((each) => each.folder);
  if (!python) {
    const wheel = options.cuda ? "'tensorflow[and-cuda]'" : "tensorflow-cpu";
    throw new Missing(
      `no TensorFlow in ${pythons.map((each) => each.python).join(" or ")}; run \`npm run setup:tensorflow -- --install${options.cuda ? " --cuda" : ""}\`, ` +
        `or \`pip install ${wheel}\` in a Python of yours and name it with --python PATH.`,
    );
  }
  const libraries = ["libtensorflow_cc", "libtensorflow_framework"].map((name) =>
    join(python.folder, process.platform === "darwin" ? `${name}.2.dylib` : `${name}.so.2`),
  );
  const absent = libraries.find((file) => !existsSync(file));
  if (absent)
    throw new Missing(`${absent} is not part of TensorFlow ${python.version}; install TensorFlow 2.13 or newer.`);
  return { ...python, libraries };
}

function installWheel() {
  const cpuWheel = process.platform === "linux" && process.arch === "x64" ? "tensorflow-cpu" : "tensorflow";
  const wheel = options.cuda ? "tensorflow[and-cuda]" : cpuWheel;
  if (!existsSync(venvPython)) {
    const [{ python }] = findPythons();
    say(`making a virtual environment with ${python}`);
    mkdirSync(cache, { recursive: true });
    execFileSync(python, ["-m", "venv", venv], { stdio: "inherit" });
  }
  // On the CPU only the wheel's own libraries and headers are used, none of the Python packages it asks for.
  const args = ["-m", "pip", "install", "--quiet", ...(options.cuda ? [] : ["--no-deps"]), wheel];
  say(`pip install ${wheel} (some hundred megabytes)`);
  const { status } = spawnSync(venvPython, args, { stdio: "inherit" });
  if (status !== 0) throw new Missing(`pip could not supply ${wheel}; see its message above.`);
  options.python = venvPython;
}

// TensorFlow opens the CUDA libraries by name when it starts. Linked here, they are already loaded by then,
// so the ones that pip installed are found without LD_LIBRARY_PATH.
const cudaLibraries =
  /^lib(cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn|nvJitLink|cupti|nccl)\.so\.\d+$/;

function cudaArguments(nvidia) {
  if (!nvidia) return [];
  const folders = readdirSync(nvidia)
    .map((name) => join(nvidia, name, "lib"))
    .filter(existsSync);
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => cudaLibraries.test(name))
      .map((name) => join(folder, name)),
  );
  return [
    "-Wl,--no-as-needed",
    ...files,
    ...folders.map((folder) => `-Wl,-rpath,${folder}`),
    ...folders.map((folder) => `-Wl,-rpath-link,${folder}`),
  ];
}

function build(tfjs, headers, compiler, tensorflow) {
  const output = `${cachedAddon}.${process.pid}`;
  const folder = tensorflow.folder;
  const platform = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : cudaArguments(tensorflow.nvidia);
  const args = [
    "-std=c++17",
    "-O2",
    "-fPIC",
    "-shared",
    "-DNAPI_VERSION=8",
    ...[tfjs.folder, headers, join(folder, "include")].flatMap((path) => ["-I", path]),
    join(tfjs.folder, "binding", "tfjs_backend.cc"),
    join(tfjs.folder, "binding", "tfjs_binding.cc"),
    ...["-o", output],
    ...tensorflow.libraries,
    `-Wl,-rpath,${folder}`,
    ...platform,
  ];
  mkdirSync(cache, { recursive: true });
  const { status } = spawnSync(compiler.command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${compiler.command} could not build the addon; see its message above.`);
  renameSync(output, cachedAddon);
}

const hashOf = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const addonIn = (tfjs) => join(tfjs.folder, "lib", "napi-v8", "tfjs_binding.node");

/** Puts the cached addon where the package looks for it; `npm ci` takes it away from there. */
function place(tfjs) {
  const target = addonIn(tfjs);
  if (existsSync(target) && hashOf(target) === hashOf(cachedAddon)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(cachedAddon, `${target}.${process.pid}`);
  renameSync(`${target}.${process.pid}`, target);
}

// The addon runs one product in a process of its own, so that a crash of a foreign library ends here. Node 23 dropped
// util.isArray and util.isNullOrUndefined, which the package still calls.
const probeSource = `
const util = require("node:util");
util.isArray ??= Array.isArray;
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const tf = require("@tensorflow/tfjs-node-gpu");
const [value] = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync();
if (value !== 3) throw new Error("a product of ones gave " + value + ", not 3");
console.log(JSON.stringify({ version: tf.backend().binding.TF_Version, gpu: tf.backend().isUsingGpuDevice }));
`;

/** TensorFlow's version and devices as the loaded addon sees them, or what went wrong. */
function probe() {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["-e", probeSource], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "0" },
  });
  if (status !== 0)
    return { error: signal ? `it ended with ${signal}` : stderr.trim().split("\n").slice(-6).join("\n") };
  const gpus = [...stderr.matchAll(/Created device .*device:GPU:\d+ with (\d+) MB memory.*name: ([^,]+)/g)];
  const found = JSON.parse(stdout.trim().split("\n").at(-1));
  return { ...found, devices: ["CPU", ...gpus.map(([, megabytes, name]) => `${name} (${megabytes} MB)`)], log: stderr };
}

function report(tfjs, found, how) {
  say(
    `TensorFlow ${found.version} ${how}; @tensorflow/tfjs-node-gpu ${tfjs.version} loads on Node ${process.versions.node}`,
  );
  say(`devices: ${found.devices.join(", ")}`);
  if (options.cuda && !found.gpu) {
    const reasons = found.log
      .split("\n")
      .filter((line) => /cuda|gpu|driver/i.test(line))
      .slice(-3);
    say(`no GPU is seen. Is the driver there (nvidia-smi), is the wheel tensorflow[and-cuda]?\n${reasons.join("\n")}`);
  }
}

/** The build that is there, if it is the one asked for and it loads. */
function existing(tfjs) {
  if (options.force || options.install || !existsSync(stampFile) || !existsSync(cachedAddon)) return undefined;
  const stamp = JSON.parse(readFileSync(stampFile, "utf8"));
  if (stamp.tfjs !== tfjs.version || stamp.addon !== hashOf(cachedAddon)) return undefined;
  if (options.python && resolve(options.python) !== stamp.asked && options.python !== stamp.python) return undefined;
  place(tfjs);
  const found = probe();
  if (found.error) say(`the build that is there does not load any more (${found.error}); building again`);
  return found.error ? undefined : { stamp, found };
}

function runOfficialDownload(tfjs) {
  const [major] = process.versions.node.split(".").map(Number);
  if (major > 22)
    throw new Missing(
      `the official download has no addon for Node ${major}; use Node 22 or older, or leave --official out.`,
    );
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const args = [join(tfjs.folder, "scripts", "install.js"), "gpu", "download"];
  const { status } = spawnSync(process.execPath, args, {
    cwd: tfjs.folder,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (status !== 0 || !existsSync(addonIn(tfjs))) {
    throw new Missing(
      "the official download failed: it needs its storage host (TFJS_NODE_BASE_URI names a mirror). Leave --official out to build from a wheel.",
    );
  }
}

function main() {
  if (options.help) return console.log(help);
  const tfjs = findPackage();
  if (options.remove) {
    for (const path of [addonIn(tfjs), cachedAddon, stampFile]) rmSync(path, { force: true });
    return say("removed");
  }
  if (options.official) {
    runOfficialDownload(tfjs);
    const found = probe();
    if (found.error) throw new Error(`the downloaded addon does not load: ${found.error}`);
    return report(tfjs, found, "from the official download");
  }
  const ready = existing(tfjs);
  if (ready) return report(tfjs, ready.found, `of ${ready.stamp.python}, built before`);

  if (process.platform === "win32") {
    throw new Missing(
      "the Windows wheel has no C library to build against; use WSL 2, or --official. signmix runs on ONNX Runtime without it.",
    );
  }
  const headers = findHeaders();
  const compiler = findCompiler();
  if (options.install) installWheel();
  const tensorflow = findTensorFlow();
  say(`building with ${compiler.version} against TensorFlow ${tensorflow.version} of ${tensorflow.python} (10–20 s)`);
  build(tfjs, headers, compiler, tensorflow);
  place(tfjs);
  const found = probe();
  if (found.error) throw new Error(`the addon was built but does not load: ${found.error}`);
  const stamp = {
    tensorflow: tensorflow.version,
    python: tensorflow.python,
    asked: options.python ? resolve(options.python) : undefined,
    tfjs: tfjs.version,
    compiler: compiler.version,
    addon: hashOf(cachedAddon),
  };
  writeFileSync(stampFile, `${JSON.stringify(stamp, undefined, 2)}\n`);
  report(tfjs, found, `of ${tensorflow.python}`);
}

try {
  main();
} catch (error) {
  console.error(`setup:tensorflow  ${error.message}`);
  process.exitCode = error instanceof Missing ? 3 : 1;
}
