import { shown } from "../files/shown.js";
import { samePreTokenizer } from "./pre-tokenizers.js";
import {
  type AddedToken,
  type SpecialTokenName,
  specialTokenText,
  type TokenizerConfig,
  type TokenizerDefinition,
} from "./tokenizer-definition.js";

/** What stands in the files beside a `tokenizer.json`. */
export interface TokenizerFiles {
  /** `tokenizer_config.json` */
  config?: TokenizerConfig;
  /** `special_tokens_map.json` */
  specialTokensMap?: TokenizerConfig;
  /** `added_tokens.json`: ids by token. */
  addedTokens?: Record<string, number>;
  /** `model_type` of the encoder beside it, which tells the tokenizer's class where its own config does not. */
  modelType?: string;
}

type Family = "bert" | "roberta" | undefined;

/** Roles of special tokens, with the names that the classes of each family give them by default. */
const ROLES: Readonly<Record<string, readonly [bert: string | undefined, roberta: string]>> = {
  unk_token: ["[UNK]", "<unk>"],
  sep_token: ["[SEP]", "</s>"],
  pad_token: ["[PAD]", "<pad>"],
  cls_token: ["[CLS]", "<s>"],
  mask_token: ["[MASK]", "<mask>"],
  bos_token: [undefined, "<s>"],
  eos_token: [undefined, "</s>"],
};

/**
 * A definition with all that the files beside it say, where they speak of the same thing as `transformers` 4 takes it (its fast
 * tokenizers): settings of the normaliser and of spaces by the class of the tokenizer, and added tokens.
 *
 * @throws naming the setting that signmix does not compute
 */
export function settledDefinition(definition: TokenizerDefinition, files: TokenizerFiles): TokenizerDefinition {
  const { config = {} } = files;
  requireIds(definition);
  refuseSettings(definition, config);
  const family = familyOf(config.tokenizer_class, files.modelType);
  let { normalizer, pre_tokenizer } = definition;
  if (normalizer?.type === "BertNormalizer") normalizer = bertNormalizer(normalizer, config, family);
  if (pre_tokenizer?.type === "ByteLevel") {
    const byClass = files.config === undefined ? pre_tokenizer.add_prefix_space : false;
    pre_tokenizer = { ...pre_tokenizer, add_prefix_space: config.add_prefix_space ?? byClass };
  }
  const added_tokens = withAddedTokens(definition, files, family);
  return { ...definition, normalizer, pre_tokenizer, added_tokens };
}

/** Ids that a vocabulary may have: as many as an encoder's embedding may have rows. Tables by id are made of them. */
const MOST_IDS = 4_000_000;

function requireIds({ model: { vocab }, added_tokens: added }: TokenizerDefinition): void {
  const requireId = (token: string, id: number) => {
    if (Number.isInteger(id) && id >= 0 && id < MOST_IDS) return;
    throw new Error(
      `The vocabulary gives the token "${shown(token)}" the id ${shown(id)}; ids are whole numbers from 0 to ${MOST_IDS - 1}.`,
    );
  };
  if (!Array.isArray(vocab)) for (const token of Object.keys(vocab)) requireId(token, vocab[token]);
  for (const { content, id } of added) requireId(content, id);
}

function familyOf(tokenizerClass: unknown, modelType: unknown): Family {
  const name = typeof tokenizerClass === "string" ? tokenizerClass : String(modelType ?? "");
  if (/^(distil)?bert(tokenizer(fast)?)?$/i.test(name)) return "bert";
  return /^(roberta(tokenizer(fast)?)?)$/i.test(name) ? "roberta" : undefined;
}

/** The class sets all three as soon as one differs from what it was told, or from its defaults. */
function bertNormalizer(
  normalizer: NonNullable<TokenizerDefinition["normalizer"]>,
  config: TokenizerConfig,
  family: Family,
): TokenizerDefinition["normalizer"] {
  const isBert = family === "bert";
  const lowercase = config.do_lower_case ?? (isBert ? true : normalizer.lowercase);
  const strip_accents = config.strip_accents ?? (isBert ? null : normalizer.strip_accents);
  const handle_chinese_chars = config.tokenize_chinese_chars ?? (isBert ? true : normalizer.handle_chinese_chars);
  return { ...normalizer, lowercase, strip_accents, handle_chinese_chars };
}

/**
 * The added tokens: those of the definition, then those of `added_tokens_decoder`, or else of `added_tokens.json` and
 * `special_tokens_map.json`, then special tokens that only the config names. A token of the vocabulary keeps its id, another gets the next.
 */
function withAddedTokens(definition: TokenizerDefinition, files: TokenizerFiles, family: Family): AddedToken[] {
  const { config = {}, addedTokens = {} } = files;
  const decoder = config.added_tokens_decoder;
  const names = specialNames(config, decoder ? undefined : files.specialTokensMap, family);
  const special = new Set(names.map(({ content }) => content));
  const given = decoder
    ? Object.entries(decoder).map(([id, token]) => ({ ...asToken(token), id: Number(id) }))
    : Object.entries(addedTokens).map(([content, id]) => ({
        ...asToken({ content, special: special.has(content) }),
        id,
      }));
  const byId = new Map(definition.added_tokens.map((token) => [token.id, token]));
  const ids = new Map(definition.added_tokens.map(({ content, id }) => [content, id]));
  const { vocab } = definition.model;
  const inModel = Array.isArray(vocab)
    ? new Map(vocab.map(([content], id) => [content, id])) // Unigram: tokens with their scores
    : { get: (content: string) => (Object.hasOwn(vocab, content) ? vocab[content] : undefined) };
  let next = definition.added_tokens.reduce((most, { id }) => Math.max(most, id + 1), Object.keys(vocab).length);
  const add = (token: Omit<AddedToken, "id">, stated?: number) => {
    if (token.content === "") return;
    const id = ids.get(token.content) ?? inModel.get(token.content) ?? next;
    if (stated !== undefined && stated !== id) {
      throw new Error(
        `The added token "${shown(token.content)}" is said to have the id ${stated}, but in this vocabulary it gets ${id}; the files ` +
          "do not belong together.",
      );
    }
    next = Math.max(next, id + 1);
    ids.set(token.content, id);
    byId.set(id, { ...token, id, special: token.special || special.has(token.content) });
  };
  for (const { id, ...token } of given.sort((a, b) => a.id - b.id)) add(token, id);
  const known = new Set([...byId.values()].map(({ content }) => content));
  for (const token of names) {
    if (known.has(token.content)) continue;
    known.add(token.content);
    add(token);
  }
  return [...byId.values()];
}

/** Special tokens by all their roles. What `special_tokens_map.json` says goes before the config. */
function specialNames(
  config: TokenizerConfig,
  map: TokenizerConfig | undefined,
  family: Family,
): Omit<AddedToken, "id">[] {
  const named: SpecialTokenName[] = [];
  for (const [role, [bert, roberta]] of Object.entries(ROLES)) {
    const key = role as keyof TokenizerConfig;
    const byClass = family === undefined ? undefined : family === "bert" ? bert : roberta;
    const name = (map?.[key] ?? (config[key] !== undefined ? config[key] : byClass)) as
      | SpecialTokenName
      | null
      | undefined;
    if (name !== undefined && name !== null) named.push(name);
  }
  const more = [...(config.additional_special_tokens ?? []), ...(map?.additional_special_tokens ?? [])];
  const extra = config.extra_special_tokens;
  const extras = Array.isArray(extra) ? extra : Object.values(extra ?? {});
  return [...named, ...more, ...extras].map((name) =>
    asToken(typeof name === "string" ? { content: name, special: true } : { ...name, special: true }),
  );
}

function asToken(token: Partial<AddedToken>): Omit<AddedToken, "id"> {
  const { content, single_word = false, lstrip = false, rstrip = false, special = false } = token;
  if (typeof content !== "string") throw new Error(`An added token has no content: ${shown(JSON.stringify(token))}.`);
  return { content, single_word, lstrip, rstrip, special, normalized: token.normalized ?? !special };
}

/** Parts that the library computes as `tokenizers` does. */
const KNOWN = {
  normalizer: [
    ...["BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Precompiled", "Prepend", "Replace"],
    ...["Sequence", "Strip", "StripAccents"],
  ],
  pre_tokenizer: [
    "BertPreTokenizer",
    "ByteLevel",
    "Digits",
    "Metaspace",
    "Punctuation",
    "Sequence",
    "Split",
    "Whitespace",
    "WhitespaceSplit",
  ],
  model: ["WordPiece", "BPE", "Unigram"],
};

function refuseSettings(definition: TokenizerDefinition, config: TokenizerConfig): void {
  const refuse = (where: string, setting: string, value: unknown): never => {
    throw new Error(
      `The tokenizer's setting ${setting} = ${shown(JSON.stringify(value))} (${where}) is not supported.`,
    );
  };
  for (const part of ["normalizer", "pre_tokenizer", "model"] as const) {
    for (const type of typesIn(definition[part])) {
      if (!KNOWN[part].includes(type)) refuse("tokenizer.json", part, type);
    }
  }
  if (definition.pre_tokenizer && samePreTokenizer(definition.pre_tokenizer) === undefined) {
    refuse("tokenizer.json", "pre_tokenizer", definition.pre_tokenizer);
  }
  const { type, unk_token: unknown, dropout } = definition.model;
  if (type === "BPE" && (unknown ?? null) === null && !typesIn(definition.pre_tokenizer).includes("ByteLevel")) {
    // the original joins what stands on both sides of a character that is left out
    refuse("tokenizer.json", "unk_token", null);
  }
  if (typeof dropout === "number" && dropout !== 0) refuse("tokenizer.json", "dropout", dropout);
  if (config.padding_side === "left") refuse("tokenizer_config.json", "padding_side", "left");
  for (const setting of ["do_lowercase_and_remove_accent", "remove_space", "keep_accents"]) {
    const value = (config as Record<string, unknown>)[setting];
    if (value === true) refuse("tokenizer_config.json", setting, value);
  }
}

/** Types of a part and of the parts inside it. */
function typesIn(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  const { type, normalizers, pretokenizers } = part as Record<string, unknown>;
  const inner = [normalizers, pretokenizers].filter(Array.isArray).flat();
  return [...(typeof type === "string" ? [type] : []), ...inner.flatMap(typesIn)];
}

/** Text of a special token that the config, or its class, gives a role. */
export function specialTokenOf(files: TokenizerFiles, role: string): string | undefined {
  const key = `${role}_token` as keyof TokenizerConfig;
  const map = files.config?.added_tokens_decoder ? undefined : files.specialTokensMap;
  return specialTokenText((map?.[key] ?? files.config?.[key]) as SpecialTokenName | undefined);
}
