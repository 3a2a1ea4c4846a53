import { existsSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { Budget } from "../files/budget.js";
import { readJsonObject } from "../files/json.js";
import { readText } from "../files/text-file.js";
import { type Slot, specialTokenCount, specialTokenTemplate } from "./special-tokens.js";
import {
  byteLevelDefinition,
  specialTokenText,
  type TokenizerConfig,
  type TokenizerDefinition,
  wordPieceDefinition,
} from "./tokenizer-definition.js";
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
  const config = has("tokenizer_config.json") ? json<TokenizerConfig>("tokenizer_config.json") : {};
  if (has("tokenizer.json")) return createTokenizer(json<TokenizerDefinition>("tokenizer.json"), config);
  if (has("vocab.txt")) return createTokenizer(wordPieceDefinition(lines("vocab.txt"), config), config);
  if (has("vocab.json") && has("merges.txt")) {
    const vocab = json<Record<string, number>>("vocab.json");
    return createTokenizer(byteLevelDefinition(vocab, lines("merges.txt"), config), config);
  }
  throw new Error(`"${folder}" has no tokenizer; it needs tokenizer.json, vocab.txt, or vocab.json with merges.txt.`);
}

/** The tokenizer that a `tokenizer.json` defines; what the config says about case, accents and spaces goes before it. */
export function createTokenizer(definition: TokenizerDefinition, config: TokenizerConfig = {}): Tokenizer {
  const settled = withConfig(definition, config);
  const library = new LibraryTokenizer(settled, config);
  const prepare = (text: string) => mendForBert(text, settled);
  const template = specialTokenTemplate(definition.post_processor);
  const special = specialIds(definition, config, (token) => library.token_to_id(token));
  const ids = (text: string) => library.encode(prepare(text), { add_special_tokens: false }).ids;

  return {
    encode(text, pair, { maxLength = Number.POSITIVE_INFINITY, addSpecialTokens = true } = {}) {
      const slots = (pair === undefined ? template.single : template.pair).filter(
        (slot) => addSpecialTokens || !("id" in slot),
      );
      const room = maxLength - specialTokenCount(slots);
      if (room < 0) throw new Error(`maxLength ${maxLength} leaves no room for ${maxLength - room} special tokens.`);
      const first = ids(text);
      const second = pair === undefined ? [] : ids(pair);
      const [firstKept, secondKept] = longestFirst([first.length, second.length], room);
      return fill(slots, first.slice(0, firstKept), second.slice(0, secondKept));
    },
    tokenize: (text) => library.tokenize(prepare(text)),
    decode: (tokenIds) => (tokenIds.length === 0 ? "" : library.decode(tokenIds)),
    tokenToId: (token) => library.token_to_id(token),
    idToToken: (id) => library.id_to_token(id),
    vocabSize: library.get_vocab().size,
    special,
    // publishers write 10³⁰ for "unknown"
    maxLength: config.model_max_length && config.model_max_length < 1e6 ? config.model_max_length : undefined,
  };
}

/**
 * Where the library (0.2.0) does not do as BERT's normaliser: Han characters beyond U+FFFF are words of their own, and
 * a capital sigma becomes σ at the end of a word too.
 */
function mendForBert(text: string, { normalizer }: TokenizerDefinition): string {
  if (normalizer?.type !== "BertNormalizer") return text;
  const spaced = text.replace(/[\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu, " $& ");
  return normalizer.lowercase ? spaced.replaceAll("Σ", "σ") : spaced;
}

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

/** The definition with the config's settings, which win where both speak, as in transformers. */
function withConfig(definition: TokenizerDefinition, config: TokenizerConfig): TokenizerDefinition {
  let { normalizer, pre_tokenizer } = definition;
  if (normalizer?.type === "BertNormalizer") {
    const { do_lower_case: lowercase = normalizer.lowercase, strip_accents = normalizer.strip_accents } = config;
    normalizer = { ...normalizer, lowercase, strip_accents };
  }
  if (pre_tokenizer?.type === "ByteLevel") {
    pre_tokenizer = { ...pre_tokenizer, add_prefix_space: config.add_prefix_space ?? pre_tokenizer.add_prefix_space };
  }
  return { ...definition, normalizer, pre_tokenizer };
}

function specialIds(
  definition: TokenizerDefinition,
  config: TokenizerConfig,
  idOf: (token: string) => number | undefined,
): Tokenizer["special"] {
  const usual = { pad: ["[PAD]", "<pad>"], unk: ["[UNK]", "<unk>"], cls: ["[CLS]", "<s>"], sep: ["[SEP]", "</s>"] };
  const find = (role: "pad" | "unk" | "cls" | "sep" | "mask", names: string[]) => {
    const named = specialTokenText(config[`${role}_token`]);
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
