"""Adapters that PEFT and AdapterHub make and save, and what the libraries compute with them before and after signmix.

Reads one JSON object from standard input and prints one. Needs torch, transformers, peft and adapters. Called by
test/adapters/round-trip.test.ts and environment/checks/round-trips.mjs.

  {"do": "make", "folder", "inputs"} -> {"cases": [{"name", "method", "library", "encoder", "adapter", "kind", "hidden", "logits"}]}
  {"do": "run", "cases": [{"library", "encoder", "adapter", "kind"}], "inputs"} -> {"results": [{"hidden", "logits"}]}

`kind` is the model that an adapter is loaded into: "bare" (AutoModel) or a task. `hidden` is the last hidden state, `logits`
those of the head, null where it has none for texts. "make" takes "storages" too, pairs of a file format and a type such as
["bin", "float16"]: the numbers are rounded to the type before the library computes, and stored so; by default as it saves them.
"""

import json
import os
import sys
import warnings

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
warnings.filterwarnings("ignore")

import torch  # noqa: E402
import transformers  # noqa: E402

SMALL = {"vocab_size": 30, "max_position_embeddings": 16, "pad_token_id": 1, "num_labels": 3}
WIDE = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 24}
DISTIL = {"dim": 16, "n_layers": 3, "n_heads": 2, "hidden_dim": 24}
ENCODERS = {
    "bert": {**SMALL, **WIDE, "pad_token_id": 0},
    "roberta": {**SMALL, **WIDE, "type_vocab_size": 1},
    "xlm-roberta": {**SMALL, **WIDE, "type_vocab_size": 1},
    "distilbert": {**SMALL, **DISTIL, "pad_token_id": 0},
}
MODELS = {
    "bare": "AutoModel",
    "SEQ_CLS": "AutoModelForSequenceClassification",
    "TOKEN_CLS": "AutoModelForTokenClassification",
    "QUESTION_ANS": "AutoModelForQuestionAnswering",
}


def shake(model, fits):
    for name, parameter in model.named_parameters():
        if fits(name):
            torch.nn.init.normal_(parameter, std=0.3)


def encoder_of(family, folder):
    torch.manual_seed(1)
    config = transformers.AutoConfig.for_model(family, **ENCODERS[family])
    model = transformers.AutoModelForSequenceClassification.from_config(config)
    shake(model, lambda name: "LayerNorm" not in name and "layer_norm" not in name)
    path = f"{folder}/{family}-encoder"
    model.save_pretrained(path)
    return path


def load(kind, encoder):
    torch.manual_seed(2)  # of a head that the encoder does not have
    options = {"num_labels": 2} if kind == "QUESTION_ANS" else {}
    return getattr(transformers, MODELS[kind]).from_pretrained(encoder, attn_implementation="eager", **options)


def output_of(model, inputs, kind):
    tensors = {name: torch.tensor(rows) for name, rows in inputs.items()}
    with torch.no_grad():
        out = model.eval()(**tensors, output_hidden_states=True)
    return {
        "hidden": out.hidden_states[-1].tolist(),
        "logits": out.logits.tolist() if kind == "SEQ_CLS" else None,
    }


def rounded(model, fits, dtype):
    """Rounds the adapter's numbers to those that a type can hold."""
    for name, parameter in model.named_parameters():
        if dtype and fits(name):
            parameter.data = parameter.data.to(getattr(torch, dtype)).to(torch.float32)


def restored(folder, storage, dtype):
    """Writes the files of weights in a folder again, in a format and type."""
    from safetensors.torch import load_file, save_file

    for name in os.listdir(folder):
        stem, end = os.path.splitext(name)
        if end not in (".bin", ".safetensors"):
            continue
        path = f"{folder}/{name}"
        tensors = load_file(path) if end == ".safetensors" else torch.load(path, weights_only=True)
        tensors = {key: value.to(getattr(torch, dtype)).contiguous() for key, value in tensors.items()}
        os.remove(path)
        if "adapter_model" not in stem:  # AdapterHub calls its files by their format
            stem = {"adapter": "pytorch_adapter", "model_head": "pytorch_model_head"}.get(stem, stem)
            if storage == "safetensors":
                stem = stem.removeprefix("pytorch_")
        if storage == "safetensors":
            save_file(tensors, f"{folder}/{stem}.safetensors")
        else:
            torch.save(tensors, f"{folder}/{stem}.bin")


def peft_cases(family):
    distil = family == "distilbert"
    query, value = ("q_lin", "v_lin") if distil else ("query", "value")
    linears = ["q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"] if distil else ["query", "key", "value", "dense"]
    end = r".*layer\.\d+\.ffn\.lin2" if distil else r".*layer\.\d+\.output\.dense"
    small = {"r": 2, "lora_alpha": 5, "target_modules": [query, value]}
    yield "classifier", "SEQ_CLS", small
    yield "bare", "bare", {**small, "task_type": "FEATURE_EXTRACTION"}
    yield "no task", "bare", {**small, "task_type": None}
    yield "two layers", "SEQ_CLS", {**small, "layers_to_transform": [0, 1]}
    yield "one layer", "bare", {**small, "layers_to_transform": 1, "layers_pattern": "layer", "task_type": "FEATURE_EXTRACTION"}
    yield "every matrix", "SEQ_CLS", {**small, "use_rslora": True, "target_modules": linears, "exclude_modules": ["pooler.dense", "classifier.dense"]}
    yield "a pattern", "SEQ_CLS", {**small, "target_modules": end}
    yield "patterns of one rank", "bare", {**small, "rank_pattern": {query: 3, value: 3}, "alpha_pattern": {f"{query}|{value}": 7}, "task_type": None}
    yield "tagger", "TOKEN_CLS", small
    yield "answers", "QUESTION_ANS", small
    if family == "bert":
        yield "all linear", "bare", {**small, "target_modules": "all-linear", "task_type": "FEATURE_EXTRACTION"}
        yield "pooler saved", "SEQ_CLS", {**small, "modules_to_save": ["classifier", "pooler"]}


def make_peft(folder, family, encoder, inputs, storage, dtype):
    from peft import LoraConfig, get_peft_model

    own = lambda key: "lora_" in key or "modules_to_save" in key  # noqa: E731
    for name, kind, options in peft_cases(family):
        torch.manual_seed(3)
        model = get_peft_model(load(kind, encoder), LoraConfig(**{"task_type": kind, **options}))
        shake(model, own)
        rounded(model, own, dtype)
        path = f"{folder}/{family}-peft-{name.replace(' ', '-')}"
        model.save_pretrained(path)
        if storage:
            restored(path, storage, dtype)
        case = {"library": "peft", "encoder": encoder, "adapter": path, "kind": kind, "method": "lora"}
        yield {"name": f"{family}, PEFT, {name}", **case, **output_of(model, inputs, kind)}


def hub_cases():
    from adapters import DoubleSeqBnConfig, LoRAConfig, SeqBnConfig

    two = {"layers": 2, "activation_function": "tanh"}
    everywhere = {"attn_matrices": ["q", "k", "v"], "intermediate_lora": True, "output_lora": True}
    yield "pfeiffer", SeqBnConfig(reduction_factor=4), two
    yield "houlsby", DoubleSeqBnConfig(reduction_factor=2.5), {"layers": 1}
    yield "a layer left out", SeqBnConfig(leave_out=[1], scaling=1.5, non_linearity="gelu"), None
    yield "last layer left out", DoubleSeqBnConfig(leave_out=[2], non_linearity="tanh"), two
    yield "lora", LoRAConfig(r=2, alpha=5), two
    yield "lora on every place", LoRAConfig(r=2, alpha=3, **everywhere), {"layers": 1}


def make_hub(folder, family, encoder, inputs, storage, dtype):
    from adapters import AutoAdapterModel

    for name, config, head in hub_cases():
        torch.manual_seed(3)
        model = AutoAdapterModel.from_pretrained(encoder, attn_implementation="eager")
        model.add_adapter("a", config=config, set_active=True)
        if head:
            pooled = family == "bert" and head["layers"] == 1
            model.add_classification_head("a", num_labels=3, **{**head, **({"use_pooler": True} if pooled else {})})
        shake(model, lambda key: ".a." in key)
        rounded(model, lambda key: ".a." in key, dtype)
        path = f"{folder}/{family}-hub-{name.replace(' ', '-')}"
        model.save_adapter(path, "a", with_head=head is not None)
        if storage:
            restored(path, storage, dtype)
        method = {"SeqBnConfig": "pfeiffer", "DoubleSeqBnConfig": "houlsby", "LoRAConfig": "lora"}[type(config).__name__]
        kind = "SEQ_CLS" if head else "bare"
        case = {"library": "adapterhub", "encoder": encoder, "adapter": path, "kind": kind, "method": method}
        yield {"name": f"{family}, AdapterHub, {name}", **case, **hub_output(model, inputs, case["kind"])}


def run(case, inputs):
    kind, encoder, adapter = case["kind"], case["encoder"], case["adapter"]
    if case["library"] == "peft":
        from peft import PeftModel

        return output_of(PeftModel.from_pretrained(load(kind, encoder), adapter), inputs, kind)
    from adapters import AutoAdapterModel

    model = AutoAdapterModel.from_pretrained(encoder, attn_implementation="eager")
    safe = os.path.exists(f"{adapter}/adapter.safetensors")
    model.load_adapter(adapter, set_active=True, with_head=kind == "SEQ_CLS", use_safetensors=safe)
    return hub_output(model, inputs, kind)


def hub_output(model, inputs, kind):
    return output_of(model.base_model if kind == "bare" else model, inputs, kind)


def make(request):
    os.makedirs(request["folder"], exist_ok=True)
    cases = []
    for family in ENCODERS:
        encoder = encoder_of(family, request["folder"])
        for storage, dtype in request.get("storages", [[None, None]]):
            folder = f"{request['folder']}/{storage}-{dtype}" if storage else request["folder"]
            for maker in (make_peft, make_hub):
                found = maker(folder, family, encoder, request["inputs"], storage, dtype)
                cases.extend({**case, "storage": storage, "dtype": dtype} for case in found)
    return {"cases": cases}


def run_all(request):
    return {"results": [run(case, request["inputs"]) for case in request["cases"]]}


if __name__ == "__main__":
    request = json.load(sys.stdin)
    stdout, sys.stdout = sys.stdout, sys.stderr  # what the libraries print is no answer
    answer = {"make": make, "run": run_all}[request["do"]](request)
    print(json.dumps(answer), file=stdout)
