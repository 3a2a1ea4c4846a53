/** The part of npm's `webgpu` package (Dawn for Node) that is used here. */
interface Dawn {
  create(options: string[]): { requestAdapter(): Promise<object | null> };
  globals: object;
}

/**
 * Puts Dawn's WebGPU where a browser has it, and registers the "webgpu" backend of TensorFlow.js.
 * Both packages are large and no dependency of signmix.
 *
 * @throws where they are not installed, or where no GPU driver answers
 */
export async function prepareWebGpu(): Promise<"GPU"> {
  const packages = ["webgpu", "@tensorflow/tfjs-backend-webgpu"];
  let dawn: Dawn;
  try {
    dawn = (await import(packages[0])) as Dawn;
  } catch {
    throw new Error(
      `WebGPU needs two packages more; run \`npm install --no-save ${packages[0]} ${packages[1]}@4.22.0\`.`,
    );
  }
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const scope = globalThis as { navigator?: object }; // Node 20 has no navigator
  scope.navigator ??= {};
  Object.defineProperty(scope.navigator, "gpu", { value: gpu, configurable: true });
  if (!(await gpu.requestAdapter())) {
    throw new Error(
      "WebGPU finds no GPU: it needs a Vulkan driver on Linux, Direct3D 12 on Windows or Metal on macOS.",
    );
  }
  await import(packages[1]);
  return "GPU";
}
