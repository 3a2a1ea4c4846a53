import { createRandom, type Random } from "../engine/random.js";
import { float32, int32, type NamedTensorData } from "../engine/tensor-data.js";
import { SPECIAL_IDS } from "../text/vocabulary.js";
import { drawPair } from "./pairs.js";
import type { SentenceIndex } from "./sentences.js";

/** Shape and make-up of a pre-training batch. */
export interface BatchOptions {
  /** Rows of a batch. */
  rows: number;
  /** Tokens of a row. */
  time: number;
  /** Rows that hold a sentence pair; they come first. The others hold running text. */
  pairRows: number;
  /** Share of a running-text row's tokens to predict. Default 0.2. */
  maskedShare?: number;
  /** The same of a pair row. Default 0.1: a masked word cannot be compared. */
  maskedShareOfPairs?: number;
}

/** Places of one batch whose piece is to be predicted, in all rows together. */
export function predictionsOf(options: BatchOptions): number {
  const { text, pair } = predictionsPerRow(options);
  return (options.rows - options.pairRows) * (text + 1) + options.pairRows * pair;
}

function predictionsPerRow({ time, maskedShare = 0.2, maskedShareOfPairs = 0.1 }: BatchOptions) {
  return { text: Math.round(time * maskedShare), pair: Math.round(time * maskedShareOfPairs) };
}

/**
 * One batch, decided by the seed alone, so that any batch of a run can be made again.
 *
 * @returns `inputIds`, `attentionMask`, `tokenTypeIds` int32 [rows, time]; `places` int32 [predictions], each
 *   row · time + column; `labels` int32 and `weights` float32 [predictions], weight 0 where a short row had nothing to
 *   mask; `pairLabels` int32 [pairRows]
 */
export function drawBatch(index: SentenceIndex, options: BatchOptions, seed: string): NamedTensorData {
  const random = createRandom(seed);
  const { rows, time, pairRows } = options;
  const predictions = predictionsOf(options);
  const batch = {
    inputIds: new Int32Array(rows * time),
    attentionMask: new Int32Array(rows * time),
    tokenTypeIds: new Int32Array(rows * time),
    places: new Int32Array(predictions),
    labels: new Int32Array(predictions),
    weights: new Float32Array(predictions),
    pairLabels: new Int32Array(pairRows),
  };
  const perRow = predictionsPerRow(options);
  let next = 0;
  const predict = (at: number, label: number) => {
    batch.places[next] = at;
    batch.labels[next] = label;
    batch.weights[next++] = 1;
  };
  for (let row = 0; row < rows; row++) {
    const ids = batch.inputIds.subarray(row * time, (row + 1) * time);
    const isPair = row < pairRows;
    let length = time;
    if (isPair) {
      const { first, second, label } = drawPair(index, time - 3, random);
      batch.pairLabels[row] = label;
      length = first.length + second.length + 3;
      ids.set([SPECIAL_IDS.first, ...first, SPECIAL_IDS.separator, ...second, SPECIAL_IDS.separator]);
      batch.tokenTypeIds.fill(1, row * time + first.length + 2, row * time + length);
    } else {
      fillText(index, ids, random);
    }
    batch.attentionMask.fill(1, row * time, row * time + length);
    const reserved = next;
    const masked = maskTokens(index, ids.subarray(0, length), isPair ? perRow.pair : perRow.text, random);
    for (const [at, label] of masked) predict(row * time + at, label);
    if (!isPair) {
      // The first token is to know what the row is about: it predicts one of the masked content words.
      const content = masked.filter(([, label]) => index.kinds.content[label]);
      if (content.length > 0) predict(row * time, random.choice(content)[1]);
    }
    next = reserved + (isPair ? perRow.pair : perRow.text + 1);
  }
  return {
    inputIds: int32([rows, time], batch.inputIds),
    attentionMask: int32([rows, time], batch.attentionMask),
    tokenTypeIds: int32([rows, time], batch.tokenTypeIds),
    places: int32([predictions], batch.places),
    labels: int32([predictions], batch.labels),
    weights: float32([predictions], batch.weights),
    pairLabels: int32([pairRows], batch.pairLabels),
  };
}

/** Fills a row with running text from the start of a random sentence on, with `[SEP]` between passages. */
function fillText(index: SentenceIndex, row: Int32Array, random: Random): void {
  const { ids } = index.corpus;
  let sentence = index.sentenceOf[random.integer(ids.length)];
  let from = index.sentences[sentence];
  row[0] = SPECIAL_IDS.first;
  for (let at = 1; at < row.length; at++) {
    if (from >= ids.length) {
      from = 0;
      sentence = 0;
    }
    const passage = index.passageOf[sentence];
    const nextSentence = index.sentenceOf[from];
    if (at === row.length - 1 || index.passageOf[nextSentence] !== passage) {
      row[at] = SPECIAL_IDS.separator;
      sentence = nextSentence;
    } else {
      row[at] = ids[from++];
      sentence = nextSentence;
    }
  }
}

/**
 * Chooses `count` tokens of a row to predict and hides them as BERT does: 80% become `[MASK]`, 10% another piece, 10% stay.
 *
 * @returns [place in the row, piece that was there]
 */
function maskTokens(index: SentenceIndex, ids: Int32Array, count: number, random: Random): [number, number][] {
  const vocabSize = index.kinds.inner.length;
  const free = [...ids.keys()].filter((at) => ids[at] !== SPECIAL_IDS.first && ids[at] !== SPECIAL_IDS.separator);
  const most = Math.min(count, Math.ceil(free.length / 4));
  const chosen: [number, number][] = [];
  for (let i = 0; i < most; i++) {
    const j = i + random.integer(free.length - i);
    [free[i], free[j]] = [free[j], free[i]];
    const at = free[i];
    chosen.push([at, ids[at]]);
    const chance = random.uniform();
    if (chance < 0.8) ids[at] = SPECIAL_IDS.mask;
    else if (chance < 0.9) ids[at] = 5 + random.integer(vocabSize - 5);
  }
  return chosen;
}
