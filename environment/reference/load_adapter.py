"""Loads what signmix wrote with the libraries that it was written for, and prints what they make of it.

Reads JSON objects, one a line, from standard input and prints one for each, so that the libraries are imported once. Needs torch, transformers, peft, safetensors; for
"adapterhub" also the `adapters` package. Called by test/adapters/libraries.test.ts.

  {"do": "versions"}                                   -> {"peft": "...", "adapters": null, ...}
  {"do": "peft", "encoder", "adapter", "inputs"}       -> {"logits": [[...]]}
  {"do": "adapterhub", "encoder", "adapter", "inputs"} -> {"logits": [[...]]}
  {"do": "mlm", "encoder", "inputs"}                   -> {"logits": [[[...]]]}
  {"do": "same-as-peft", "adapter", "original", "config"} -> {"equal": true, "tensors": 28}
  {"do": "same-as-torch", "bin", "safetensors"}        -> {"equal": true, "tensors": 48}
"""

import importlib.metadata
import json
import os
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"


def versions(_):
    def version(package):
        try:
            return importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return None

    return {name: version(name) for name in ("torch", "transformers", "peft", "adapters")}


def tensors(inputs):
    import torch

    return {name: torch.tensor(rows) for name, rows in inputs.items()}


def logits_of(model, inputs):
    import torch

    with torch.no_grad():
        return {"logits": model.eval()(**tensors(inputs)).logits.tolist()}


def peft(request):
    from peft import PeftModel
    from transformers import AutoModelForSequenceClassification

    base = AutoModelForSequenceClassification.from_pretrained(
        request["encoder"], num_labels=request["classes"], attn_implementation="eager"
    )
    return logits_of(PeftModel.from_pretrained(base, request["adapter"]), request["inputs"])


def adapterhub(request):
    from adapters import AutoAdapterModel

    model = AutoAdapterModel.from_pretrained(request["encoder"], attn_implementation="eager")
    model.load_adapter(request["adapter"], set_active=True)
    return logits_of(model, request["inputs"])


def mlm(request):
    from transformers import AutoModelForMaskedLM

    model = AutoModelForMaskedLM.from_pretrained(request["encoder"], attn_implementation="eager")
    return logits_of(model, request["inputs"])


def same_as_peft(request):
    """Loads a re-exported adapter into a model of the right shape; its state must be that of the original's file."""
    import torch
    from peft import PeftModel, get_peft_model_state_dict
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModelForSequenceClassification

    config = dict(request["config"])
    base = AutoModelForSequenceClassification.from_config(AutoConfig.for_model(config.pop("model_type"), **config))
    loaded = get_peft_model_state_dict(PeftModel.from_pretrained(base, request["adapter"]))
    original = load_file(request["original"])
    equal = loaded.keys() == original.keys() and all(torch.equal(loaded[key], original[key]) for key in original)
    return {"equal": equal, "tensors": len(loaded)}


def same_as_torch(request):
    import torch
    from safetensors.torch import load_file

    ours = torch.load(request["bin"], weights_only=True)
    theirs = load_file(request["safetensors"])
    equal = ours.keys() == theirs.keys() and all(torch.equal(ours[key], theirs[key]) for key in theirs)
    return {"equal": equal, "tensors": len(ours)}


ACTIONS = {
    "versions": versions,
    "peft": peft,
    "adapterhub": adapterhub,
    "mlm": mlm,
    "same-as-peft": same_as_peft,
    "same-as-torch": same_as_torch,
}

if __name__ == "__main__":
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints is no answer
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = ACTIONS[request["do"]](request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
