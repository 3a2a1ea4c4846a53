/** The parts of a `tokenizer.json` that signmix reads or writes; the rest is the library's own. */
export interface TokenizerDefinition {
  added_tokens: AddedToken[];
  normalizer: {
    type: string;
    lowercase?: boolean;
    strip_accents?: boolean | null;
    handle_chinese_chars?: boolean;
  } | null;
  pre_tokenizer: { type: string; add_prefix_space?: boolean } | null;
  post_processor: PostProcessor | null;
  decoder: object | null;
  model: {
    type: string;
    unk_token?: string | null;
    dropout?: number | null;
    vocab: Record<string, number> | [piece: string, score: number][];
  };
}

/** A token that is cut out of a text before anything else is done to it. */
export interface AddedToken {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** How special tokens are put around texts. */
export type PostProcessor =
  | {
      type: "TemplateProcessing";
      single: TemplateItem[];
      pair: TemplateItem[];
      special_tokens: Record<string, { ids: number[] }>;
    }
  | { type: "BertProcessing" | "RobertaProcessing"; cls: [string, number]; sep: [string, number] }
  | { type: "ByteLevel" }
  | { type: "Sequence"; processors: PostProcessor[] };

/** One item of a tokenizer's template. */
export type TemplateItem =
  | { SpecialToken: { id: string; type_id: number } }
  | { Sequence: { id: "A" | "B"; type_id: number } };

/** The settings of `tokenizer_config.json` that matter for ids. */
export interface TokenizerConfig {
  do_lower_case?: boolean;
  strip_accents?: boolean | null;
  tokenize_chinese_chars?: boolean;
  add_prefix_space?: boolean;
  model_max_length?: number;
  /** Name of the class in `transformers`, which brings defaults of its own. */
  tokenizer_class?: string;
  /** Added tokens by id. */
  added_tokens_decoder?: Record<string, Partial<AddedToken>>;
  additional_special_tokens?: SpecialTokenName[];
  extra_special_tokens?: SpecialTokenName[] | Record<string, SpecialTokenName>;
  /** Whether special tokens in a text are plain text. */
  split_special_tokens?: boolean;
  /** Where a text that is too long is cut. Default "right". */
  truncation_side?: string;
  padding_side?: string;
  /** What the model is given; without `token_type_ids` every token is of segment 0. */
  model_input_names?: string[];
  pad_token?: SpecialTokenName;
  unk_token?: SpecialTokenName;
  cls_token?: SpecialTokenName;
  sep_token?: SpecialTokenName;
  mask_token?: SpecialTokenName;
}

/** Names of the special tokens. */
export type SpecialTokenName = string | { content: string };

/** The text of a special token in a config, which may be wrapped. */
export function specialTokenText(name: SpecialTokenName | undefined): string | undefined {
  return typeof name === "object" ? name?.content : name;
}

/**
 * The WordPiece tokenizer (Schuster & Nakajima 2012; Devlin et al. 2019) over the lines of a `vocab.txt`, as
 * `BertTokenizerFast` builds it.
 */
export function wordPieceDefinition(tokens: string[], config: TokenizerConfig = {}): TokenizerDefinition {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const name = (role: "pad" | "unk" | "cls" | "sep" | "mask") =>
    specialTokenText(config[`${role}_token`]) ?? `[${role.toUpperCase()}]`;
  const [cls, sep, unknown] = [name("cls"), name("sep"), name("unk")];
  for (const token of [cls, sep, unknown]) {
    if (!Object.hasOwn(vocab, token)) throw new Error(`The vocabulary has no token "${token}"; add it as a line.`);
  }
  const special = (id: string, type_id: number): TemplateItem => ({ SpecialToken: { id, type_id } });
  const text = (id: "A" | "B", type_id: number): TemplateItem => ({ Sequence: { id, type_id } });
  return {
    added_tokens: [name("pad"), unknown, cls, sep, name("mask")].flatMap((token) => addedToken(vocab, token)),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    } as TokenizerDefinition["normalizer"],
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [special(cls, 0), text("A", 0), special(sep, 0)],
      pair: [special(cls, 0), text("A", 0), special(sep, 0), text("B", 1), special(sep, 1)],
      special_tokens: { [cls]: { ids: [vocab[cls]] }, [sep]: { ids: [vocab[sep]] } },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: unknown,
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    } as TokenizerDefinition["model"],
  };
}

/**
 * The byte-level BPE tokenizer (Radford et al. 2019) over `vocab.json` and the lines of `merges.txt`, as
 * `RobertaTokenizerFast` builds it.
 */
export function byteLevelDefinition(
  vocab: Record<string, number>,
  mergeLines: string[],
  config: TokenizerConfig = {},
): TokenizerDefinition {
  const name = (role: "pad" | "unk" | "cls" | "sep" | "mask", usual: string) =>
    specialTokenText(config[`${role}_token`]) ?? usual;
  const [cls, sep] = [name("cls", "<s>"), name("sep", "</s>")];
  for (const token of [cls, sep]) {
    if (!Object.hasOwn(vocab, token)) throw new Error(`The vocabulary has no token "${token}"; add it to vocab.json.`);
  }
  const addPrefixSpace = config.add_prefix_space ?? false;
  const mask = addedToken(vocab, name("mask", "<mask>")).map((token) => ({ ...token, lstrip: true }));
  const others = [cls, name("pad", "<pad>"), sep, name("unk", "<unk>")];
  const merges = mergeLines.filter((line) => line !== "" && !line.startsWith("#version"));
  return {
    added_tokens: [...others.flatMap((token) => addedToken(vocab, token)), ...mask],
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: addPrefixSpace,
      trim_offsets: true,
    } as TokenizerDefinition["pre_tokenizer"],
    post_processor: { type: "RobertaProcessing", sep: [sep, vocab[sep]], cls: [cls, vocab[cls]] },
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      vocab,
      merges,
    } as TokenizerDefinition["model"],
  };
}

/**
 * The unigram tokenizer of SentencePiece (Kudo 2018, arXiv 1804.10959): of all ways to cut a text into pieces, the one
 * of highest probability. The text is normalised by NFKC, spaces are part of the pieces.
 *
 * @param pieces with the logarithm of their probability, by id; the first stands for what is unknown
 * @param reserved how many of the first ids no text may spell
 */
export function unigramDefinition(
  pieces: readonly [piece: string, score: number][],
  reserved = 6,
): TokenizerDefinition {
  // a name that no text holds, since the model knows no ids without one
  const vocab = pieces.map(([piece, score], id): [string, number] =>
    id > 0 && id < reserved ? [`\u0000${piece}`, score] : [piece, score],
  );
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: false };
  return {
    added_tokens: [],
    normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }] } as TokenizerDefinition["normalizer"],
    pre_tokenizer: metaspace,
    post_processor: null,
    decoder: metaspace,
    model: { type: "Unigram", unk_id: 0, byte_fallback: false, vocab } as TokenizerDefinition["model"],
  };
}

function addedToken(vocab: Record<string, number>, content: string): AddedToken[] {
  if (!Object.hasOwn(vocab, content)) return [];
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return [{ id: vocab[content], content, ...plain }];
}
