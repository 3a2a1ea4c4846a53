import { existsSync } from "node:fs";

import tf = require("@tensorflow/tfjs");

import { registerOnnxBackend } from "./onnx-backend.js";
import { loadTensorFlow } from "./tensorflow.js";
import { prepareWasm } from "./wasm.js";
import { prepareWebGpu } from "./webgpu.js";

/** The backends of TensorFlow.js that signmix computes on. */
export const backendNames = ["onnx", "tensorflow", "wasm", "cpu", "webgpu"] as const;

/** One of `backendNames`. */
export type BackendName = (typeof backendNames)[number];

/** What tensors are computed on. */
export type Device = "CPU" | "GPU";

/** The backend in use. */
export interface Backend {
  name: BackendName;
  device: Device;
  /** One sentence: why this one. */
  why: string;
}

/**
 * Makes a backend of TensorFlow.js the active one and prints which and why.
 *
 * A named backend is taken or refused; without a name, and without SIGNMIX_BACKEND, the first that serves is taken of:
 * TensorFlow (`@tensorflow/tfjs-node-gpu`) where it sees a GPU, ONNX Runtime, TensorFlow on the CPU, WebAssembly, plain
 * JavaScript.
 * WebGPU only when named.
 *
 * @throws where the name is unknown or the named backend does not load here; the message says what to do
 */
export async function selectBackend(name?: string, options: { quiet?: boolean } = {}): Promise<Backend> {
  if (typeof options !== "object" || options === null) throw new Error("The options of selectBackend are { quiet }.");
  const wanted = name ?? process.env.SIGNMIX_BACKEND;
  const backend = wanted ? await takeNamed(wanted, name === undefined) : await takeBest();
  active = backend;
  if (!options.quiet && !printed.has(backend.name)) {
    printed.add(backend.name);
    console.log(`Backend: ${backend.name} on the ${backend.device}. ${backend.why}`);
  }
  return backend;
}

/** The backend that `selectBackend` made active, if it was called. */
export function activeBackend(): Backend | undefined {
  return active;
}

let active: Backend | undefined;
const printed = new Set<BackendName>();

async function takeNamed(wanted: string, fromEnvironment: boolean): Promise<Backend> {
  const name = backendNames.find((each) => each === wanted);
  if (!name)
    throw new Error(
      `There is no backend ${JSON.stringify(wanted) ?? "of that kind"}; the backends are ${backendNames.join(", ")}.`,
    );
  const device = await activate(name);
  return { name, device, why: fromEnvironment ? "SIGNMIX_BACKEND names it." : "It was named." };
}

/** A backend to try, with the reason to take it. */
interface Candidate {
  name: BackendName;
  why: string;
  gpuOnly?: boolean;
}

const candidates: readonly Candidate[] = [
  { name: "tensorflow", why: "TensorFlow sees a GPU", gpuOnly: true },
  { name: "onnx", why: "ONNX Runtime is the fastest engine that loads here" },
  { name: "tensorflow", why: "TensorFlow is the fastest engine that loads here" },
  { name: "wasm", why: "WebAssembly is the fastest engine that loads here" },
  { name: "cpu", why: "plain JavaScript is all that loads here" },
];

async function takeBest(): Promise<Backend> {
  const refused = new Set<string>();
  for (const { name, why, gpuOnly } of candidates) {
    try {
      if (gpuOnly && !hasGpuDriver()) throw new Error("no GPU driver was found");
      const device = await activate(name, gpuOnly);
      return { name, device, why: `${sentence([why, ...refused].join("; "))}.` };
    } catch (error) {
      refused.add((error as Error).message.replace(/\.$/, ""));
    }
  }
  throw new Error(`No backend of TensorFlow.js starts here: ${[...refused].join("; ")}.`);
}

const sentence = (text: string) => text[0].toUpperCase() + text.slice(1);

/** Loads a backend and makes it the active one; `gpuOnly` refuses one that computes on the CPU. */
async function activate(name: BackendName, gpuOnly = false): Promise<Device> {
  let device: Device = "CPU";
  if (name === "tensorflow" && loadTensorFlow().gpu) device = "GPU";
  if (name === "onnx") registerOnnxBackend();
  if (name === "webgpu") device = await prepareWebGpu();
  if (name === "wasm") prepareWasm();
  if (gpuOnly && device === "CPU") throw new Error("TensorFlow sees no GPU");
  tf.enableProdMode(); // all it changes: no advice on stderr to install tfjs-node
  if (!(await tf.setBackend(name))) throw new Error(`the backend "${name}" of TensorFlow.js does not start`);
  await tf.ready();
  return device;
}

/** Whether an NVIDIA driver may be there: asked before TensorFlow, which takes half a second and 300 MB to load. */
function hasGpuDriver(): boolean {
  if (process.platform === "linux") return ["/dev/nvidiactl", "/dev/dxg"].some((file) => existsSync(file));
  return process.platform === "win32";
}
