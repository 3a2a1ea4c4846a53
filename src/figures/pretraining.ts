import type { PretrainingLogEntry } from "../pretraining/pretrain.js";
import type { Figure } from "./figure.js";
import { lineFigure } from "./line.js";

/** What the figure needs of a line of the log. */
export type PretrainingPoint = Pick<PretrainingLogEntry, "tokens" | "masked" | "pair" | "heldOut">;

/**
 * The course of a pre-training run: losses of hidden pieces and of sentence pairs against tokens read, where held-out
 * text was measured.
 */
export function pretrainingFigure(log: readonly PretrainingPoint[], title: string): Figure {
  const measured = log.filter((entry): entry is Required<PretrainingPoint> => entry.heldOut !== undefined);
  const x = measured.map(({ tokens }) => tokens / 1e6);
  const line = (name: string, loss: (entry: Required<PretrainingPoint>) => number) => ({
    name,
    x,
    y: measured.map(loss),
  });
  return lineFigure(
    [
      line("hidden pieces, held out", ({ heldOut }) => heldOut.masked),
      line("hidden pieces, training", ({ masked }) => masked),
      line("sentence pairs, held out", ({ heldOut }) => heldOut.pair),
      line("sentence pairs, training", ({ pair }) => pair),
    ],
    { title, x: "tokens read (millions)", y: "loss (nats)", markers: false },
  );
}
