"""TextAttack's TextFooler on the victim and the texts of a job: the peer of textattack.mjs. Called by it.

Standard input is one JSON object, the last line of standard output another. What TextAttack would download is answered by
`textattack-oracle.mjs` instead: sentence vectors (Universal Sentence Encoder lite) and parts of speech (wink-nlp); neighbours
of words come with the job. Everything else, from the search to the goal function, is TextAttack's.

The attack is made several times: as the recipe is, and with one rule after the other as signmix has it.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import OrderedDict

job = json.load(sys.stdin)
environment = dict(os.environ)  # TextAttack moves the caches of what it starts
# TextAttack reads NLTK's stop words as it is imported, though its recipe names its own.
nltk = tempfile.mkdtemp()
os.makedirs(os.path.join(nltk, "corpora", "stopwords"))
with open(os.path.join(nltk, "corpora", "stopwords", "english"), "w") as file:
    file.write("the\n")
os.environ.update(NLTK_DATA=nltk, TRANSFORMERS_VERBOSITY="error", TA_CACHE_DIR=os.path.join(nltk, "textattack"))

import numpy as np
import torch
from adapters import AutoAdapterModel
from textattack import Attack
from textattack.attack_recipes import TextFoolerJin2019
from textattack.constraints import PreTransformationConstraint
from textattack.constraints.grammaticality import PartOfSpeech
from textattack.constraints.pre_transformation import (
    InputColumnModification,
    RepeatModification,
    StopwordModification,
)
from textattack.constraints.semantics.sentence_encoders import SentenceEncoder
from textattack.goal_functions import UntargetedClassification
from textattack.models.wrappers import HuggingFaceModelWrapper
from textattack.shared import AttackedText
from textattack.search_methods import GreedyWordSwapWIR
from textattack.transformations import WordSwap
from textattack.transformations.word_swaps.word_swap_embedding import recover_word_case
from transformers import AutoTokenizer

torch.set_num_threads(job["threads"])


class Oracle:
    """Answers of the other process. Its seconds of the processor are its own; those of parts of speech are counted here."""

    seconds = 0.0

    def __init__(self):
        self.process = subprocess.Popen(job["oracle"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.seconds += answer.get("seconds", 0.0)
        return answer


oracle = Oracle()


class Victim(HuggingFaceModelWrapper):
    """The victim with signmix's length limit, counting the different texts that it is asked about."""

    def __init__(self, model, tokenizer):
        super().__init__(model, tokenizer)
        self.asked = set()

    def __call__(self, texts):
        self.asked.update(map(str, texts))
        inputs = self.tokenizer(
            [t[0] for t in texts] if isinstance(texts[0], (tuple, list)) else texts,
            [t[1] for t in texts] if isinstance(texts[0], (tuple, list)) else None,
            padding=True,
            truncation="longest_first",
            max_length=job["maxLength"],
            return_tensors="pt",
        )
        with torch.inference_mode():
            return self.model(**inputs).logits


class Neighbours(WordSwap):
    """WordSwapEmbedding over the neighbours of the job."""

    def _get_replacement_words(self, word):
        return [recover_word_case(other, word) for other in job["neighbours"].get(word.lower(), [])[:50]]


class SentenceVectors(SentenceEncoder):
    """UniversalSentenceEncoder, its vectors from the other process."""

    known = {}

    def __init__(self, decides_in_short_texts=False):
        super().__init__(
            threshold=job["threshold"],
            metric="angular",
            compare_against_original=False,
            window_size=15,
            skip_text_shorter_than_window=not decides_in_short_texts,
        )
        self.decides_in_short_texts = decides_in_short_texts

    def encode(self, sentences):
        fresh = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self.known]
        if fresh:
            flat = np.frombuffer(base64.b64decode(oracle.ask({"embed": fresh})["vectors"]), dtype=np.float32)
            self.known.update(zip(fresh, torch.from_numpy(flat.reshape(len(fresh), -1).copy())))
        return torch.stack([self.known[sentence] for sentence in sentences])

    def _score_list(self, starting_text, transformed_texts):
        # of an exchange with its article, the word is the centre of the window, not the article
        for text in transformed_texts:
            swapped = text.attack_attrs.get("swapped")
            if swapped is not None:
                text.attack_attrs["newly_modified_indices"] = {swapped}
        return super()._score_list(starting_text, transformed_texts)

    def _check_constraint_many(self, transformed_texts, reference_text):
        if self.decides_in_short_texts and len(reference_text.words) - job["firstWords"] < self.window_size:
            for text, score in zip(transformed_texts, self._score_list(reference_text, transformed_texts)):
                text.attack_attrs["similarity_score"] = score.item()
            return transformed_texts
        return super()._check_constraint_many(transformed_texts, reference_text)


class Tags(PartOfSpeech):
    """PartOfSpeech over wink-nlp's tags, a name being a noun, as NLTK's universal tags have it."""

    known = {}

    def _get_pos(self, before_ctx, word, after_ctx):
        words = before_ctx + [word] + after_ctx
        key = (len(before_ctx), *words)
        if key not in self.known:
            tag = oracle.ask({"tag": words, "at": len(before_ctx)})["tag"]
            self.known[key] = "NOUN" if tag == "PROPN" else tag
        return self.known[key]


class SignmixTags(Tags):
    """The same as signmix looks at it: the words of the text attacked alone, and a sentence's first word in lower case."""

    def _check_constraint(self, transformed_text, reference_text):
        [at] = transformed_text.attack_attrs["newly_modified_indices"] & set(job["ours"])
        own, words = job["ours"][at], job["words"]
        before, after = words[max(0, own - 4) : own], words[own + 1 : own + 4]
        lower = str.lower if own in job["lower"] else str
        read, other = lower(words[own]), lower(transformed_text.words[at])
        return self._can_replace_pos(self._get_pos(before, read, after), self._get_pos(before, other, after))


class SignmixWords(PreTransformationConstraint):
    """Only the words that signmix may exchange, and has candidates for."""

    def _get_modifiable_indices(self, current_text):
        return set(job["ours"])


class WithArticles(Neighbours):
    """The exchanges of signmix: an article follows its word."""

    def _get_transformations(self, current_text, indices_to_modify):
        texts = []
        part = list(current_text._text_input.values())[-1]
        for at in indices_to_modify:
            own = job["ours"][at]
            for other in self._get_replacement_words(current_text.words[at]):
                edits = oracle.ask({"edits": part, "word": own, "candidate": other})["edits"]
                new = current_text.replace_words_at_indices(
                    [at + place - own for place, _ in edits], [word for _, word in edits]
                )
                new.attack_attrs["swapped"] = at
                texts.append(new)
        return texts


def align(example):
    """Places of TextAttack's words, mapped to those of the words that signmix may exchange."""
    pair = example.get("textPair")
    first = 0 if pair is None else AttackedText(example["text"]).num_words
    text = example["text"] if pair is None else pair
    starts, after = [], 0
    for word in AttackedText(text).words:
        starts.append(text.find(word, after))
        after = starts[-1] + len(word)
    theirs = {start: (first + i, word) for i, (start, word) in enumerate(zip(starts, AttackedText(text).words))}
    ours = {}
    for place, start, word in example["targets"]:
        if theirs.get(start, (0, None))[1] == word:
            ours[theirs[start][0]] = place
    job.update(ours=ours, firstWords=first, words=example["words"], lower=set(example["lower"]))
    return len(example["targets"]) - len(ours)


def attack_with(step, victim):
    stop_words = StopwordModification(stopwords=recipe_stop_words())
    rules = {
        "recipe": (Neighbours(), [stop_words], Tags(), SentenceVectors()),
        "words": (Neighbours(), [SignmixWords()], Tags(), SentenceVectors()),
        "tags": (Neighbours(), [SignmixWords()], SignmixTags(), SentenceVectors()),
        "articles": (WithArticles(), [SignmixWords()], SignmixTags(), SentenceVectors()),
        "short": (WithArticles(), [SignmixWords()], SignmixTags(), SentenceVectors(True)),
    }
    swap, words, tags, vectors = rules[step]
    column = InputColumnModification(["text", "textPair"], {"text"})
    return Attack(
        UntargetedClassification(victim),
        [RepeatModification(), *words, column, tags, vectors],
        swap,
        GreedyWordSwapWIR(wir_method="delete"),
    )


def recipe_stop_words():
    """The list that stands in the recipe, read from its source, since building the recipe downloads its vectors."""
    import inspect
    import re

    source = inspect.getsource(TextFoolerJin2019.build)
    return set(json.loads(re.search(r"stopwords = set\(\s*(\[.*?\])", source, re.S).group(1)))


def run(step, victim):
    attack = attack_with(step, victim)
    results = []
    oracle.seconds = 0.0
    begun = time.process_time()
    for example in job["examples"]:
        unaligned = align(example)
        pair = example.get("textPair")
        text = OrderedDict(text=example["text"]) if pair is None else OrderedDict(text=example["text"], textPair=pair)
        victim.asked.clear()
        result = attack.attack(text, example["label"])
        final = result.perturbed_result.attacked_text
        results.append(
            {
                "verdict": {"Succ": "succeeded", "Fail": "failed", "Skip": "skipped"}[type(result).__name__[:4]],
                "text": list(final._text_input.values())[-1],
                "originalScore": 1 - float(result.original_result.score),
                "queries": attack.goal_function.num_queries,
                "different": len(victim.asked),
                "changed": len(result.original_result.attacked_text.all_words_diff(final)),
                "words": len(final.words) - job["firstWords"],
                "unaligned": unaligned,
            }
        )
    return {
        "step": step,
        "seconds": time.process_time() - begun + oracle.seconds,
        "results": results,
    }


def main():
    model = AutoAdapterModel.from_pretrained(job["encoder"])
    model.load_adapter(job["adapter"], set_active=True)
    model.eval()
    victim = Victim(model, AutoTokenizer.from_pretrained(job["encoder"]))
    from importlib.metadata import version

    versions = {name: version(name) for name in ("textattack", "adapters", "transformers", "torch")}
    print(json.dumps({"versions": versions, "runs": [run(step, victim) for step in job["steps"]]}))


main()
