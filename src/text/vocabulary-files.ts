import { join } from "node:path";
import { writeFileAtomic } from "../files/atomic.js";
import { SPECIAL_IDS, SPECIAL_PIECES } from "./vocabulary.js";

/**
 * Writes a WordPiece vocabulary the way Hugging Face libraries read it: `vocab.txt`, `tokenizer.json` and
 * `tokenizer_config.json`, for an uncased BERT tokenizer.
 *
 * @param pieces the vocabulary in the order of its ids, the five special pieces first
 * @param longest the longest sequence the encoder takes, in tokens
 */
export function writeVocabulary(dir: string, pieces: readonly string[], longest: number): void {
  writeFileAtomic(join(dir, "vocab.txt"), `${pieces.join("\n")}\n`);
  writeFileAtomic(join(dir, "tokenizer.json"), `${JSON.stringify(tokenizerJson(pieces))}\n`);
  writeFileAtomic(join(dir, "tokenizer_config.json"), `${JSON.stringify(tokenizerConfig(longest), null, 2)}\n`);
}

function tokenizerJson(pieces: readonly string[]): object {
  const special = (text: string, typeId: number) => ({ SpecialToken: { id: text, type_id: typeId } });
  const sequence = (id: "A" | "B", typeId: number) => ({ Sequence: { id, type_id: typeId } });
  const template = (text: string, id: number) => [text, { id: text, ids: [id], tokens: [text] }];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_PIECES.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)],
      pair: [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0), sequence("B", 1), special("[SEP]", 1)],
      special_tokens: Object.fromEntries([
        template("[CLS]", SPECIAL_IDS.first),
        template("[SEP]", SPECIAL_IDS.separator),
      ]),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    },
  };
}

function tokenizerConfig(longest: number): object {
  return {
    tokenizer_class: "BertTokenizer",
    do_lower_case: true,
    tokenize_chinese_chars: true,
    strip_accents: null,
    model_max_length: longest,
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    mask_token: "[MASK]",
  };
}
