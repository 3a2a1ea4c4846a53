import type { Adapter } from "../adapters/adapter.js";
import { requireFit } from "../adapters/fit.js";
import { encoderAtHand } from "../encoder/at-hand.js";
import type { Encoder } from "../encoder/encoder.js";
import { selectBackend } from "../engine/backend.js";
import type { CommandOutput } from "./command.js";

/** What the help says of `--encoder`. */
export const encoderHelp = `  --encoder FOLDER|HUB-ID   default: the adapters' own, else the best at hand; the first line says`;

/**
 * Starts a backend and loads the encoder that is named, that adapters were made for, or that is the best at hand; the first
 * line of the output says which, unless `json`.
 *
 * @param name what the encoder is called in place of its folder, such as its hub id
 */
export async function openEncoder(
  named: string | undefined,
  adapters: readonly Adapter[],
  output: CommandOutput,
  json: boolean | undefined,
  name?: string,
): Promise<Encoder> {
  await selectBackend(undefined, { quiet: true });
  const madeFor = adapters.map(({ base }) => base.encoder).find((name) => name !== undefined);
  const fits = (encoder: Encoder) =>
    adapters.every((adapter) => {
      try {
        requireFit(adapter, encoder);
        return true;
      } catch {
        return false;
      }
    });
  const { encoder, why } = await encoderAtHand({
    ...(named !== undefined && { named }),
    ...(madeFor !== undefined && { madeFor }),
    ...(name !== undefined && { name }),
    fits,
  });
  const { layers, hiddenSize } = encoder.config;
  const line = `Encoder: ${encoder.name} (${layers} layers of width ${hiddenSize}), ${why}.`;
  if (json) output.err(`${line}\n`);
  else output.out(`${line}\n\n`);
  return encoder;
}
