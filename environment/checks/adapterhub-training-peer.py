"""Trains a job's adapters with AdapterHub's library: the peer of adapterhub-training.mjs. Called by it.

Standard input is one JSON object, the last line of standard output another. Needs torch, transformers and adapters.
"""

import importlib.metadata
import json
import os
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch
from adapters import AutoAdapterModel
from transformers import get_linear_schedule_with_warmup

job = json.load(sys.stdin)
torch.set_num_threads(job["threads"])
model = AutoAdapterModel.from_pretrained(job["encoder"], attn_implementation="eager")


def inputs_of(batch, rows=slice(None)):
    return {name: torch.tensor(batch[name][rows]) for name in ("input_ids", "attention_mask", "token_type_ids")}


def predict(test):
    count = len(test["input_ids"])
    with torch.no_grad():
        parts = [model(**inputs_of(test, slice(i, i + 32))).logits.argmax(1) for i in range(0, count, 32)]
    return torch.cat(parts).tolist()


def train(domain):
    """Losses of every step, and labels of the test texts after the last."""
    name = model.load_adapter(domain["start"], set_active=True)
    model.train_adapter(name)
    model.active_head = name
    model.eval()  # no dropout; gradients flow all the same
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": job["weightDecay"]},
        {"params": [p for p in trained if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=job["rate"])
    schedule = get_linear_schedule_with_warmup(optimizer, job["warmupSteps"], job["steps"])
    losses = []
    for batch in domain["batches"]:
        logits = model(**inputs_of(batch)).logits
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(batch["labels"]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    predictions = predict(domain["test"])
    model.delete_adapter(name)
    model.delete_head(name)
    return {"losses": losses, "predictions": predictions}


def numbers_of(name):
    return {key: tensor for key, tensor in model.state_dict().items() if f".adapters.{name}." in key}


answers = [train(domain) for domain in job["domains"]]
names = [model.load_adapter(domain["trained"]) for domain in job["domains"]]
model.average_adapter("mixture", names)
ours = model.load_adapter(job["average"], load_as="ours")
theirs = numbers_of("mixture")
error = max(
    (tensor - theirs[key.replace(f".{ours}.", ".mixture.")]).abs().max().item() for key, tensor in numbers_of(ours).items()
)
model.set_active_adapters("mixture")
model.eval()
for domain, answer in zip(job["domains"], answers):
    model.active_head = domain["name"]
    answer["averagePredictions"] = predict(domain["test"])

versions = {package: importlib.metadata.version(package) for package in ("torch", "transformers", "adapters")}
print(json.dumps({"versions": versions, "averageError": error, "domains": answers}))
