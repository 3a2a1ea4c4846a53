import { downloadFromHub, type HubOptions } from "../files/hub.js";

const TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt"];

/**
 * Takes an encoder from a hub into the cache: its config, its weights in one form (safetensors before PyTorch's, whole
 * before shards) and its tokenizer.
 *
 * @returns the folder, for `loadEncoder`
 * @throws as `downloadFromHub`, and if the repository holds no such encoder
 */
export function downloadEncoder(id: string, options: HubOptions = {}): Promise<string> {
  return downloadFromHub(id, (names) => encoderFiles(id, names), options);
}

function encoderFiles(id: string, names: string[]): string[] {
  const weights = [
    /^model\.safetensors$/,
    /^model(-\d+-of-\d+)?\.safetensors(\.index\.json)?$/,
    /^pytorch_model\.bin$/,
    /^pytorch_model(-\d+-of-\d+)?\.bin(\.index\.json)?$/,
  ]
    .map((form) => names.filter((name) => form.test(name)))
    .find((found) => found.length > 0);
  if (!weights || !names.includes("config.json")) {
    throw new Error(
      `"${id}" holds no encoder that signmix reads: it takes config.json and model.safetensors or pytorch_model.bin, ` +
        `and there are ${names.join(", ") || "no files"}.`,
    );
  }
  return ["config.json", ...weights, ...TOKENIZER_FILES.filter((name) => names.includes(name))];
}
