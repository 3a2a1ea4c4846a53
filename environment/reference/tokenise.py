"""Ids of mixed texts by `transformers` and `tokenizers`, for vocabularies and variants of their settings.

Reads {"folder", "shared", "lines"} from standard input, writes folders of tokenizers with `expected.json` into `folder`, and prints
{"lines": [...], "variants": [...]}. Needs transformers. Called by test/text/tokenizer-settings.test.ts.
"""

import json
import os
import random
import shutil
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"

from tokenizers import Tokenizer  # noqa: E402
from transformers import BertTokenizerFast, RobertaTokenizerFast  # noqa: E402

# first and last character of a script, and how often it comes up
SCRIPTS = [
    *[(0x20, 0x7E, 40), (0xA0, 0x24F, 12), (0x300, 0x36F, 4), (0x370, 0x3FF, 6), (0x400, 0x4FF, 6), (0x590, 0x5FF, 4)],
    *[(0x600, 0x6FF, 5), (0x900, 0x97F, 5), (0xE00, 0xE7F, 4), (0x1100, 0x11FF, 2), (0x1E00, 0x1EFF, 3), (0x2000, 0x206F, 3)],
    *[(0x20A0, 0x20BF, 1), (0x2100, 0x214F, 1), (0x3040, 0x30FF, 5), (0x4E00, 0x9FFF, 8), (0xAC00, 0xD7A3, 4)],
    *[(0xFE00, 0xFE0F, 1), (0xFF00, 0xFFEF, 2), (0x1F300, 0x1F64F, 3), (0x20000, 0x200FF, 1), (0x0, 0x1F, 1)],
]
WORDS = (
    "The quick brown fox jumps over the lazy dog don't I'm user users superuser <url> [E1] [MASK] <mask> naïve café Straße "
    "ΣΊΣΥΦΟΣ İstanbul ﬁne 2024 3.14 e.g. http://a.b/c?d=e #tag @user $5 C++"
).split()


def line():
    parts = []
    for _ in range(random.randint(1, 12)):
        if random.random() < 0.6:
            parts.append(random.choice(WORDS))
        else:
            first, last, _ = random.choices(SCRIPTS, [often for _, _, often in SCRIPTS])[0]
            parts.append("".join(chr(random.randint(first, last)) for _ in range(random.randint(1, 6))))
    return random.choice([" ", " ", " ", "", " \t", "  "]).join(parts)


def token(content, **flags):
    plain = {"lstrip": False, "rstrip": False, "normalized": True, "single_word": False, "special": False}
    return {"content": content, **plain, **flags}


def set_in(part, **values):
    return lambda definition: definition[part].update(values)


def set_part(part, value):
    return lambda definition: definition.update({part: value})


def normalizers(*parts):
    return set_part("normalizer", {"type": "Sequence", "normalizers": list(parts)})


def pre_tokenizers(*parts):
    return set_part("pre_tokenizer", {"type": "Sequence", "pretokenizers": list(parts)})


def variants(shared):
    """Name, folder, settings of the config, changes of tokenizer.json, files left out, files added, class (or the library alone)."""
    bert, roberta = f"{shared}/vocab/bert-base-uncased", f"{shared}/vocab/roberta-base"
    named = {"tokenizer_class": "BertTokenizer"}
    yield "MiniLM", f"{shared}/encoders/all-MiniLM-L6-v2", None, None, (), {}, BertTokenizerFast
    settings = {
        "as it is": {},
        "cased": {"do_lower_case": False},
        "accents kept": {"strip_accents": False},
        "cased, accents stripped": {"do_lower_case": False, "strip_accents": True},
        "Chinese characters in words": {"tokenize_chinese_chars": False},
        "special tokens split": {"split_special_tokens": True},
        "more special tokens": {"additional_special_tokens": ["[E1]", "@user"]},
    }
    for name, setting in settings.items():
        yield f"BERT, {name}", bert, {**named, **setting}, None, (), {}, BertTokenizerFast
        yield f"BERT's vocab.txt, {name}", bert, {**named, **setting}, None, ("tokenizer.json",), {}, BertTokenizerFast
    added = [token("<url>"), token("superuser", single_word=True), token("[E1]", special=True, normalized=False), token("naïve")]
    added.append(token("Dog", lstrip=True, rstrip=True, normalized=False))
    decoder = {str(30522 + i): one for i, one in enumerate(added)}
    yield "BERT, added tokens", bert, {**named, "added_tokens_decoder": decoder}, None, (), {}, BertTokenizerFast
    word = {"5310": token("user", single_word=True)}
    yield "BERT, a word added", bert, {**named, "added_tokens_decoder": word}, None, (), {}, BertTokenizerFast
    legacy = {
        "added_tokens.json": {"<url>": 30522, "[E1]": 30523},
        "special_tokens_map.json": {"additional_special_tokens": ["[E1]"], "mask_token": token("[MASK]", lstrip=True, normalized=False)},
    }
    yield "BERT, old files", bert, named, None, (), legacy, BertTokenizerFast
    yield "BERT's vocab.txt, old files", bert, named, None, ("tokenizer.json",), legacy, BertTokenizerFast
    for name, setting in {"as it is": {}, "prefix space": {"add_prefix_space": True}}.items():
        yield f"RoBERTa, {name}", roberta, setting, None, (), {}, RobertaTokenizerFast
        yield f"RoBERTa's vocab.json, {name}", roberta, setting, None, ("tokenizer.json",), {}, RobertaTokenizerFast
    decoder = {"50265": token("<url>"), "50266": token("@user", lstrip=True), "50264": token("<mask>", lstrip=True, normalized=False, special=True)}
    yield "RoBERTa, added tokens", roberta, {"added_tokens_decoder": decoder}, None, (), {}, RobertaTokenizerFast
    byte_level = {"type": "ByteLevel", "trim_offsets": True}
    definitions = {
        "NFD, lower case, no accents": (bert, normalizers({"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"})),
        "NFKC": (bert, normalizers({"type": "NFKC"}, {"type": "Lowercase"})),
        "NFC": (bert, normalizers({"type": "NFC"})),
        "NFKD": (bert, normalizers({"type": "NFKD"})),
        "strip": (bert, normalizers({"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Lowercase"})),
        "replace": (bert, normalizers({"type": "Replace", "pattern": {"Regex": "[0-9]+"}, "content": "0"})),
        "prepend": (bert, normalizers({"type": "Prepend", "prepend": "the"})),
        "no normalizer": (bert, set_part("normalizer", None)),
        "text not cleaned": (bert, set_in("normalizer", clean_text=False)),
        "Whitespace": (bert, pre_tokenizers({"type": "Whitespace"})),
        "WhitespaceSplit, Punctuation": (bert, pre_tokenizers({"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Isolated"})),
        "Punctuation contiguous": (bert, pre_tokenizers({"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Contiguous"})),
        "Digits": (bert, pre_tokenizers({"type": "BertPreTokenizer"}, {"type": "Digits", "individual_digits": True})),
        "numbers": (bert, pre_tokenizers({"type": "BertPreTokenizer"}, {"type": "Digits", "individual_digits": False})),
        "Split": (bert, pre_tokenizers({"type": "Split", "pattern": {"Regex": "\\s+"}, "behavior": "Removed", "invert": False})),
        "short words alone": (bert, set_in("model", max_input_chars_per_word=6)),
        "another prefix": (bert, set_in("model", continuing_subword_prefix="")),
        "no special tokens": (bert, set_part("post_processor", None)),
        "bytes without a pattern": (roberta, set_part("pre_tokenizer", {**byte_level, "add_prefix_space": False, "use_regex": False})),
        "bytes with a prefix space": (roberta, set_part("pre_tokenizer", {**byte_level, "add_prefix_space": True, "use_regex": True})),
        "merges ignored": (roberta, set_in("model", ignore_merges=True)),
    }
    for name, (base, change) in definitions.items():
        yield f"tokenizer.json, {name}", base, None, change, ("tokenizer_config.json",), {}, None


def write(folder, base, config, change, drop, files):
    shutil.copytree(base, folder, ignore=lambda _, names: [name for name in names if not name.endswith((".json", ".txt"))])
    for root, _, names in os.walk(folder):
        os.chmod(root, 0o755)
        for name in names:
            os.chmod(os.path.join(root, name), 0o644)
    for name in drop:
        if os.path.exists(f"{folder}/{name}"):
            os.remove(f"{folder}/{name}")

    def edit(name, by):
        path = f"{folder}/{name}"
        value = json.load(open(path, encoding="utf-8")) if os.path.exists(path) else {}
        by(value)
        json.dump(value, open(path, "w", encoding="utf-8"))

    if config is not None:
        edit("tokenizer_config.json", lambda value: value.update(config))
    if change is not None:
        edit("tokenizer.json", change)
    for name, value in files.items():
        json.dump(value, open(f"{folder}/{name}", "w", encoding="utf-8"))


def encoder_of(folder, by_class):
    if by_class is None:
        tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return lambda text: tokenizer.encode(text).ids
    tokenizer = by_class.from_pretrained(folder)
    return lambda text: tokenizer(text)["input_ids"]


if __name__ == "__main__":
    request = json.load(sys.stdin)
    random.seed(1)
    lines = [line() for _ in range(request["lines"])]
    names = []
    for i, (name, base, config, change, drop, files, by_class) in enumerate(variants(request["shared"])):
        folder = f"{request['folder']}/{i}"
        write(folder, base, config, change, drop, files)
        encode = encoder_of(folder, by_class)
        json.dump([encode(text) for text in lines], open(f"{folder}/expected.json", "w", encoding="utf-8"))
        names.append(name)
    print(json.dumps({"lines": lines, "variants": names}))
