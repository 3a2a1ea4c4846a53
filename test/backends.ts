import { type BackendName, selectBackend } from "#src/engine/backend.js";
import { loadRuntime } from "#src/engine/session.js";
import { loadTensorFlow } from "#src/engine/tensorflow.js";

/** A backend that a test of models or gradients runs on. */
export interface BackendUnderTest {
  name: BackendName;
  /** Why it is left out on this machine, or false; give it to `describe` or `test`. */
  skip: string | false;
  /** Makes it the active backend. */
  use(): Promise<void>;
}

/** Every backend that models and gradients are tested on: `for (const { name, skip, use } of backendsUnderTest) …`. */
export const backendsUnderTest: readonly BackendUnderTest[] = [
  underTest("cpu"),
  underTest("wasm"),
  underTest("onnx", skipReason(loadRuntime)),
  underTest("tensorflow", skipReason(loadTensorFlow)),
];

function underTest(name: BackendName, skip: string | false = false): BackendUnderTest {
  return {
    name,
    skip,
    async use() {
      await selectBackend(name, { quiet: true });
    },
  };
}

/** Why an engine does not load, or false. */
function skipReason(load: () => unknown): string | false {
  try {
    load();
    return false;
  } catch (error) {
    return (error as Error).message;
  }
}
