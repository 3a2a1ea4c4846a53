import { existsSync } from "node:fs";
import { join } from "node:path";
import { Budget } from "../files/budget.js";
import { readJsonObject } from "../files/json.js";
import { checkOptions } from "../files/options.js";
import { readText } from "../files/text-file.js";
import { type Slot, specialTokenCount, specialTokenTemplate } from "./special-tokens.js";
import { tokenizerCore } from "./tokenizer-core.js";
import {
  byteLevelDefinition,
  type TokenizerConfig,
  type TokenizerDefinition,
  wordPieceDefinition,
} from "./tokenizer-definition.js";
import { settledDefinition, specialTokenOf, type TokenizerFiles } from "./tokenizer-settings.js";
import { longestFirst } from "./truncation.js";

/** One text, or pair of texts, as token ids; the four lists are equally long. */
export interface Encoding {
  inputIds: number[];
  /** Segment of each token: 0, and 1 for the second text where the encoder tells them apart. */
  tokenTypeIds: number[];
  /** 1 for a token, 0 for padding. */
  attentionMask: number[];
  /** 1 for a special token or padding, 0 for a token of the text. */
  specialTokensMask: number[];
}

/** How texts are encoded. */
export interface EncodeOptions {
  /** Most tokens, special ones included; a pair loses tokens from its longer text first. Default: no limit. */
  maxLength?: number;
  /** Whether special tokens are put around the texts. Default true. */
  addSpecialTokens?: boolean;
}

/** Turns texts into token ids. */
export interface Tokenizer {
  /** The encoding of a text, or of a pair. A pair with an empty second text is still a pair. */
  encode(text: string, pair?: string, options?: EncodeOptions): Encoding;
  /** The tokens of a text as strings (`play`, `##ing`), without special tokens around them. */
  tokenize(text: string): string[];
  /** The text of token ids; what normalisation took away stays away. */
  decode(ids: number[]): string;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  vocabSize: number;
  /** Ids of the special tokens, undefined where the vocabulary has none. */
  special: { pad: number; unk?: number; cls?: number; sep?: number; mask?: number };
  /** Most tokens that the publisher states for the encoder; undefined where none is stated. */
  maxLength?: number;
}

/**
 * Loads the tokenizer of a folder in the Hugging Face layout: from `tokenizer.json`, or from `vocab.txt` (WordPiece), or
 * from `vocab.json` and `merges.txt` (byte-level BPE), with `tokenizer_config.json` where there is one.
 *
 * @throws if the folder has none of these files
 */
export function loadTokenizer(folder: string): Tokenizer {
  const has = (name: string) => existsSync(join(folder, name));
  const budget = new Budget("tokenizer"); // of all its files together
  const json = <T>(name: string) => readJsonObject(join(folder, name), { budget }) as T;
  const lines = (name: string) =>
    readText(join(folder, name), budget)
      .replace(/\r?\n$/, "")
      .split(/\r?\n/);
  const config = has("tokenizer_config.json") ? json<TokenizerConfig>("tokenizer_config.json") : undefined;
  const files: TokenizerFiles = {
    ...(has("special_tokens_map.json") && { specialTokensMap: json<TokenizerConfig>("special_tokens_map.json") }),
    ...(has("added_tokens.json") && { addedTokens: json<Record<string, number>>("added_tokens.json") }),
    ...(has("config.json") && { modelType: json<{ model_type?: string }>("config.json").model_type }),
  };
  const create = (definition: TokenizerDefinition, like?: string) =>
    createTokenizer(definition, config, { ...files, modelType: files.modelType ?? like });
  if (has("tokenizer.json")) return create(json<TokenizerDefinition>("tokenizer.json"));
  if (has("vocab.txt")) return create(wordPieceDefinition(lines("vocab.txt"), config), "bert");
  if (has("vocab.json") && has("merges.txt")) {
    const vocab = json<Record<string, number>>("vocab.json");
    return create(byteLevelDefinition(vocab, lines("merges.txt"), config), "roberta");
  }
  throw new Error(`"${folder}" has no tokenizer; it needs tokenizer.json, vocab.txt, or vocab.json with merges.txt.`);
}

/**
 * The tokenizer that a `tokenizer.json` defines, with what the files beside it say.
 *
 * @throws naming a setting that signmix does not compute
 */
export function createTokenizer(
  definition: TokenizerDefinition,
  config?: TokenizerConfig,
  files: Omit<TokenizerFiles, "config"> = {},
): Tokenizer {
  const settled = settledDefinition(definition, { ...files, config });
  const core = tokenizerCore(settled, config?.split_special_tokens === true);
  const template = specialTokenTemplate(definition.post_processor);
  const special = specialIds(settled, { ...files, config }, core.tokenToId);
  const oneSegment = config?.model_input_names !== undefined && !config.model_input_names.includes("token_type_ids");
  const keep = config?.truncation_side === "left" ? keepEnd : keepStart;

  return {
    encode(text, pair, options = {}) {
      checkOptions(options, { maxLength: true, addSpecialTokens: true }, "encode");
      const { maxLength = Number.POSITIVE_INFINITY, addSpecialTokens = true } = options;
      const slots = (pair === undefined ? template.single : template.pair).filter(
        (slot) => addSpecialTokens || !("id" in slot),
      );
      const room = maxLength - specialTokenCount(slots);
      if (room < 0) throw new Error(`maxLength ${maxLength} leaves no room for ${maxLength - room} special tokens.`);
      const first = core.ids(text);
      const second = pair === undefined ? [] : core.ids(pair);
      const [firstKept, secondKept] = longestFirst([first.length, second.length], room);
      const encoding = fill(slots, keep(first, firstKept), keep(second, secondKept));
      if (oneSegment) encoding.tokenTypeIds.fill(0);
      return encoding;
    },
    tokenize: (text) => core.ids(text).map((id) => core.idToToken(id) as string),
    decode: (tokenIds) => (tokenIds.length === 0 ? "" : core.decode(tokenIds)),
    tokenToId: core.tokenToId,
    idToToken: core.idToToken,
    vocabSize: core.vocabSize,
    special,
    // publishers write 10³⁰ for "unknown"
    maxLength: config?.model_max_length && config.model_max_length < 1e6 ? config.model_max_length : undefined,
  };
}

const keepStart = (ids: number[], kept: number) => ids.slice(0, kept);
const keepEnd = (ids: number[], kept: number) => ids.slice(ids.length - kept);

function fill(slots: Slot[], first: number[], second: number[]): Encoding {
  const encoding: Encoding = { inputIds: [], tokenTypeIds: [], attentionMask: [], specialTokensMask: [] };
  for (const slot of slots) {
    const isSpecial = "id" in slot;
    for (const id of isSpecial ? [slot.id] : slot.text === "first" ? first : second) {
      encoding.inputIds.push(id);
      encoding.tokenTypeIds.push(slot.typeId);
      encoding.attentionMask.push(1);
      encoding.specialTokensMask.push(isSpecial ? 1 : 0);
    }
  }
  return encoding;
}

function specialIds(
  definition: TokenizerDefinition,
  files: TokenizerFiles,
  idOf: (token: string) => number | undefined,
): Tokenizer["special"] {
  const usual = { pad: ["[PAD]", "<pad>"], unk: ["[UNK]", "<unk>"], cls: ["[CLS]", "<s>"], sep: ["[SEP]", "</s>"] };
  const find = (role: "pad" | "unk" | "cls" | "sep" | "mask", names: string[]) => {
    const named = specialTokenOf(files, role);
    return (named === undefined ? names : [named]).map(idOf).find((id) => id !== undefined);
  };
  const pad = find("pad", usual.pad);
  if (pad === undefined) {
    const known = definition.added_tokens.map(({ content }) => content).join(" ");
    throw new Error(`The tokenizer has no padding token (its special tokens: ${known}); name pad_token in its config.`);
  }
  return {
    pad,
    unk: find("unk", usual.unk),
    cls: find("cls", usual.cls),
    sep: find("sep", usual.sep),
    mask: find("mask", ["[MASK]", "<mask>"]),
  };
}
