import { type Domain, type Example, splitNames } from "../../domains/domain.js";
import { normalisedText } from "../../domains/leaks.js";
import { type DomainStatistics, domainStatistics } from "../../domains/statistics.js";
import type { Encoder } from "../../encoder/encoder.js";
import { USUAL_ROWS } from "./usual-rows.js";

/** What was found out about a domain before anything is trained on it. */
export interface DomainChecks {
  /** Sizes, lengths, labels and leaks of each split. */
  splits: DomainStatistics[];
  /** Rows whose text (or pair) stands in another row too, apart from case, punctuation and spacing. */
  repeated: number;
  /** Of these, the rows whose text has another label elsewhere. */
  contradicting: number;
  /** Rows that an encoder cuts off, and its limit in tokens; absent without an encoder. */
  cutOff?: { rows: number; maxLength: number };
  /** Sentences on what may spoil results; empty where nothing was found. */
  warnings: string[];
}

/** A label is rare below this share of the training rows. */
const RARE = 0.05;
/** Most rows of a split that are looked over one against another. */
const MOST_ROWS = 20_000;
/** Fewer dev rows than these decide little. */
const FEW_ROWS = 200;

/**
 * Looks a domain over: duplicates, leaks between splits, balance of labels, texts longer than the encoder reads.
 *
 * @param options.encoder whose tokenizer counts tokens
 * @param options.maxLength tokens that are read, special ones included. Default 128
 */
export function checkDomain(domain: Domain, options: { encoder?: Encoder; maxLength?: number } = {}): DomainChecks {
  const { encoder, maxLength = 128 } = options;
  const all = splitNames.flatMap((split) => domain[split]);
  const looked = partOf(domain);
  const splits = domainStatistics(looked);
  const { repeated, contradicting } = repeatsOf(all);
  const tokenizer = encoder?.tokenizer;
  const cutIn = splitNames.flatMap((split) => looked[split]);
  const isLong = ({ text, textPair }: Example) =>
    tokenizer !== undefined &&
    tokenizer.encode(text, textPair, { maxLength: maxLength + 1 }).inputIds.length > maxLength;
  const cutOff = tokenizer && { rows: cutIn.filter(isLong).length, maxLength };
  const part =
    looked === domain ? [] : [`Lengths, labels and leaks are those of the first ${MOST_ROWS} rows of each split.`];
  const warnings = [
    ...part,
    ...leakWarnings(splits),
    ...(contradicting > 0
      ? [`${contradicting} rows have a text that stands in another row with another label; look at them.`]
      : []),
    ...balanceWarnings(domain, splits),
    ...(domain.dev.length < FEW_ROWS
      ? [`${domain.dev.length} dev rows decide little: a difference of three points needs some ${USUAL_ROWS}.`]
      : []),
    ...(cutOff && cutOff.rows > 0
      ? [
          `${cutOff.rows} of ${cutIn.length} rows ${cutOff.rows === 1 ? "is" : "are"} longer than ${maxLength} tokens; what is beyond is not read.`,
        ]
      : []),
  ];
  return { splits, repeated, contradicting, ...(cutOff && { cutOff }), warnings };
}

/** The domain as far as near duplicates are looked for in it, which takes a second for some ten thousand rows. */
function partOf(domain: Domain): Domain {
  if (splitNames.every((split) => domain[split].length <= MOST_ROWS)) return domain;
  const [train, dev, test] = splitNames.map((split) => domain[split].slice(0, MOST_ROWS));
  return { ...domain, train, dev, test };
}

function repeatsOf(examples: readonly Example[]): { repeated: number; contradicting: number } {
  const labels = new Map<string, number[]>();
  for (const { text, textPair, label } of examples) {
    const key = JSON.stringify([normalisedText(text), textPair === undefined ? null : normalisedText(textPair)]);
    const same = labels.get(key);
    if (same) same.push(label);
    else labels.set(key, [label]);
  }
  const groups = [...labels.values()].filter((group) => group.length > 1);
  const rowsIn = (some: readonly number[][]) => some.reduce((sum, group) => sum + group.length, 0);
  return { repeated: rowsIn(groups), contradicting: rowsIn(groups.filter((group) => new Set(group).size > 1)) };
}

function leakWarnings(splits: readonly DomainStatistics[]): string[] {
  return splits.flatMap(({ split, exactLeaks, nearLeaks, sideLeaks }) => {
    const kinds = [
      exactLeaks > 0 && `${exactLeaks} the same`,
      nearLeaks > 0 && `${nearLeaks} nearly the same`,
      sideLeaks > 0 && `${sideLeaks} with one text of the pair the same`,
    ].filter(Boolean);
    return kinds.length > 0 ? [`Rows of ${split} that an earlier split has too: ${kinds.join(", ")}.`] : [];
  });
}

function balanceWarnings({ labels }: Domain, splits: readonly DomainStatistics[]): string[] {
  const [train] = splits;
  const rare = labels.filter((_, i) => train.labelShares[i] < RARE);
  const share = (value: number) => `${(100 * value).toFixed(0)}%`;
  const shifted = splits.filter(({ labelShift }) => labelShift > 0.1);
  return [
    ...(train.majority > 0.8
      ? [
          `Always answering "${labels[train.labelShares.indexOf(train.majority)]}" is right in ${share(train.majority)} of the rows; read macro F1 beside accuracy.`,
        ]
      : []),
    ...(rare.length > 0 ? [`Labels with less than ${share(RARE)} of the rows: ${rare.join(", ")}.`] : []),
    ...shifted.map(
      ({ split, labelShift }) =>
        `The labels of ${split} are distributed otherwise than in train (by ${share(labelShift)}).`,
    ),
  ];
}
