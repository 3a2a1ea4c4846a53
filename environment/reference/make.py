"""Makes test/fixtures/reference: small numbers of the PyTorch libraries that signmix must agree with.

    python environment/reference/make.py [folder]

Needs torch, transformers, peft, safetensors. Where the `adapters` package (AdapterHub) is there too, it computes the
bottleneck adapters; otherwise the class `Bottleneck` below does, written from AdapterHub's published order of
operations. The manifest says which. Same versions and machine give the same files; everything comes from fixed seeds.

Each family (bert, roberta, distilbert) has a folder:
  model_seqcls/, model_mlm/   a tiny random model for classification, and one for masked words, with equal encoders
  inputs.json                 a padded batch, labels, masked-word labels (-100 = not asked)
  houlsby/, pfeiffer/         adapters in AdapterHub's layout (adapter.safetensors)
  lora/                       an adapter as PEFT saves it, with a classifier
  expected.safetensors        hidden_states.<n>; seqcls/, mlm/: logits, loss, grad/<parameter>; houlsby/, pfeiffer/, lora/:
                              logits with the model's classifier, loss, grad/<parameter>, train_losses [4] before and
                              after each of three AdamW steps (learning rate 1e-2, no decay)

peft/ holds two LoRAs on bert/model_seqcls (lora_a/, lora_b/) and what add_weighted_adapter makes of them:
  expected.safetensors        merge/<type>/<w0>_<w1>/: lora_A/<module>, lora_B/<module>, logits, and for dare_*
                              mask/<adapter>/lora_A|lora_B/<module>, the draws of torch.bernoulli (1 = kept)
pruning.safetensors holds what torch.nn.utils.prune keeps of bert/houlsby and bert/lora:
  <adapter>/<global|tensor>/<sparsity>/<parameter>, 1 = kept, 2-D parameters only
"""

import json
import os
import shutil
import sys

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils import prune

try:
    import adapters as adapterhub
except ImportError:
    adapterhub = None

torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)

VOCAB, HIDDEN, LAYERS, HEADS, INNER, POSITIONS, CLASSES = 40, 16, 2, 2, 24, 24, 3
ROWS, TIME = 3, 9

CONFIGS = {
    "bert": dict(hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER),
    "roberta": dict(
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    ),
    "distilbert": dict(dim=HIDDEN, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INNER),
}

# The layer's parts, by family: prefix of the layers, then (last matrix, LayerNorm) of attention and of feed-forward.
PARTS = {
    "bert": (
        "encoder.layer",
        [("attention.output.dense", "attention.output.LayerNorm"), ("output.dense", "output.LayerNorm")],
    ),
    "distilbert": (
        "transformer.layer",
        [("attention.out_lin", "sa_layer_norm"), ("ffn.lin2", "output_layer_norm")],
    ),
}
PARTS["roberta"] = PARTS["bert"]

# Where AdapterHub keeps a bottleneck, below the layer: after attention, after feed-forward.
PLACES = {
    "bert": ["attention.output.adapters", "output.adapters"],
    "roberta": ["attention.output.adapters", "output.adapters"],
    "distilbert": ["attention_adapters.adapters", "output_adapters.adapters"],
}


class Bottleneck(nn.Module):
    """a(x) = up(act(down(x))), in the place of a sub-layer's LayerNorm.

    With h the output of the sub-layer's last matrix and x the sub-layer's input, that LayerNorm is given h + x.
    double_seq_bn (Houlsby): LN(a(h) + h + x); seq_bn (Pfeiffer): LN(a(LN(h + x)) + h + x), one LN used twice.
    """

    def __init__(self, norm, matrix, normalised_first, activation, width):
        super().__init__()
        self.norm, self.normalised_first, self.activation = norm, normalised_first, activation
        self.adapter_down = nn.Sequential(nn.Linear(HIDDEN, width))
        self.adapter_up = nn.Linear(width, HIDDEN)
        self.hidden = None
        matrix.register_forward_hook(self.remember)

    def remember(self, _module, _inputs, output):
        self.hidden = output

    def forward(self, hidden_plus_input):
        read = self.norm(hidden_plus_input) if self.normalised_first else self.hidden
        return self.norm(self.adapter_up(self.activation(self.adapter_down(read))) + hidden_plus_input)


def randomise(module, generator, names=lambda name: True):
    """Numbers large enough for a wrong term to show: matrices N(0, 1/in), LayerNorms about 1, biases N(0, 0.1^2)."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if not names(name):
                continue
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                spread = 0.5 if "embeddings" in name else parameter.shape[-1] ** -0.5
                parameter.copy_(noise * spread)
            elif "norm" in name.lower() and name.endswith("weight"):
                parameter.copy_(1 + 0.25 * noise)
            else:
                parameter.copy_(0.1 * noise)


def make_inputs(family, generator):
    first = 4
    ids = torch.randint(first, VOCAB, (ROWS, TIME), generator=generator)
    pad = CONFIGS[family].get("pad_token_id", 0)
    mask = torch.ones(ROWS, TIME, dtype=torch.long)
    for row, length in enumerate([TIME, TIME - 2, TIME - 5]):
        mask[row, length:] = 0
        ids[row, length:] = pad
    asked = (torch.rand(ROWS, TIME, generator=generator) < 0.4) & (mask == 1)
    asked[:, 1] = True
    masked = torch.where(asked, torch.randint(first, VOCAB, (ROWS, TIME), generator=generator), torch.tensor(-100))
    inputs = {"input_ids": ids, "attention_mask": mask}
    if family == "bert":
        inputs["token_type_ids"] = (torch.arange(TIME).expand(ROWS, TIME) > 3).long() * mask
    return inputs, torch.tensor([0, 2, 1]), masked


def run(model, inputs, labels):
    """Logits, loss, and the gradient of every parameter that trains."""
    model.eval()
    model.zero_grad()
    output = model(**inputs, labels=labels)
    output.loss.backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return output.logits, output.loss, gradients


def train(model, inputs, labels, steps=3):
    """Loss before and after each AdamW step; the model is put back as it was."""
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = model(**inputs, labels=labels).loss
        losses.append(loss.item())
        loss.backward()
        optimiser.step()
    losses.append(model(**inputs, labels=labels).loss.item())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(before[name])
    return torch.tensor(losses)


def note(expected, prefix, logits, loss, gradients):
    expected[f"{prefix}/logits"] = logits
    expected[f"{prefix}/loss"] = loss.reshape(1)
    for name, gradient in gradients.items():
        expected[f"{prefix}/grad/{name}"] = gradient


def new_model(family, kind):
    config = transformers.AutoConfig.for_model(
        family, vocab_size=VOCAB, max_position_embeddings=POSITIONS, num_labels=CLASSES, **CONFIGS[family]
    )
    config._attn_implementation = "eager"
    return kind.from_config(config)


def bottleneck_case(family, seqcls, name, folder, inputs, labels, generator):
    """An adapter by hand, under the names that AdapterHub gives its parameters."""
    houlsby = name == "houlsby"
    reduction = 4
    prefix, parts = PARTS[family]
    base = getattr(seqcls, family)
    layers = base.get_submodule(prefix)
    inserted = {}
    hooked = []
    for key, parameter in seqcls.named_parameters():
        parameter.requires_grad_("classifier" in key)
    for number, layer in enumerate(layers):
        for place, (matrix, norm) in enumerate(parts):
            if place == 0 and not houlsby:
                continue
            original = layer.get_submodule(norm)
            activation = nn.functional.silu if houlsby else nn.functional.relu
            bottleneck = Bottleneck(original, layer.get_submodule(matrix), not houlsby, activation, HIDDEN // reduction)
            randomise(bottleneck, generator, lambda key: not key.startswith("norm."))
            layer.set_submodule(norm, bottleneck)
            hooked.append((layer, norm, original, layer.get_submodule(matrix)))
            for key, parameter in bottleneck.named_parameters():
                if not key.startswith("norm."):
                    inserted[f"{family}.{prefix}.{number}.{PLACES[family][place]}.{name}.{key}"] = parameter
    logits, loss, others = run(seqcls, inputs, labels)
    gradients = {key: p.grad for key, p in inserted.items()}
    gradients.update({key: value for key, value in others.items() if "classifier" in key})
    losses = train(seqcls, inputs, labels)
    os.makedirs(folder)
    save_file({key: p.detach().contiguous() for key, p in inserted.items()}, os.path.join(folder, "adapter.safetensors"))
    config = {
        "config": {
            "adapter_residual_before_ln": False,
            "init_weights": "bert",
            "leave_out": [],
            "ln_after": False,
            "ln_before": False,
            "mh_adapter": houlsby,
            "non_linearity": "swish" if houlsby else "relu",
            "original_ln_after": True,
            "original_ln_before": not houlsby,
            "output_adapter": True,
            "reduction_factor": reduction,
            "residual_before_ln": True,
            "scaling": 1.0,
        },
        "hidden_size": HIDDEN,
        "model_class": type(seqcls).__name__,
        "model_name": f"tiny-{family}",
        "model_type": family,
        "name": name,
        "version": "adapters.1.2.0",
    }
    with open(os.path.join(folder, "adapter_config.json"), "w", newline="\n") as file:
        json.dump(config, file, indent=2)
        file.write("\n")
    for layer, norm, original, matrix in hooked:
        layer.set_submodule(norm, original)
        matrix._forward_hooks.clear()
    return logits, loss, gradients, losses


def adapterhub_case(seqcls, name, folder, inputs, labels, generator):
    """The same by AdapterHub's library."""
    adapterhub.init(seqcls)
    config = {"houlsby": adapterhub.DoubleSeqBnConfig, "pfeiffer": adapterhub.SeqBnConfig}[name](reduction_factor=4)
    seqcls.add_adapter(name, config=config)
    seqcls.train_adapter(name)
    for key, parameter in seqcls.named_parameters():
        parameter.requires_grad_(f".{name}." in key or "classifier" in key)
    seqcls.set_active_adapters(name)
    randomise(seqcls, generator, lambda key: f".{name}." in key)
    logits, loss, gradients = run(seqcls, inputs, labels)
    losses = train(seqcls, inputs, labels)
    seqcls.save_adapter(folder, name, with_head=False, use_safetensors=True)
    seqcls.delete_adapter(name)
    return logits, loss, gradients, losses


def lora_case(family, seqcls, folder, inputs, labels, generator):
    for parameter in seqcls.parameters():
        parameter.requires_grad_(True)
    targets = ["q_lin", "v_lin", "lin1"] if family == "distilbert" else ["query", "value", "intermediate.dense"]
    seqcls.name_or_path = f"tiny-{family}"
    seqcls.config._name_or_path = f"tiny-{family}"
    config = peft.LoraConfig(r=3, lora_alpha=5, target_modules=targets, lora_dropout=0, task_type="SEQ_CLS")
    model = peft.get_peft_model(seqcls, config)
    randomise(model, generator, lambda key: "lora_" in key or "modules_to_save" in key)
    logits, loss, gradients = run(model, inputs, labels)
    losses = train(model, inputs, labels)
    save_lora(model, folder)
    gradients = {key.replace(".default", ""): value for key, value in gradients.items()}
    return logits, loss, gradients, losses


def save_lora(model, folder, adapter="default"):
    """As PEFT saves it, without its card, and with sets in one order."""
    model.save_pretrained(folder, selected_adapters=[adapter], save_embedding_layers=False)
    if adapter != "default":  # PEFT gives a named adapter a folder of its own
        for name in os.listdir(os.path.join(folder, adapter)):
            os.replace(os.path.join(folder, adapter, name), os.path.join(folder, name))
        os.rmdir(os.path.join(folder, adapter))
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    with open(path) as file:
        saved = json.load(file)
    saved["target_modules"].sort()
    with open(path, "w", newline="\n") as file:
        json.dump(saved, file, indent=2)
        file.write("\n")


# combination type, then weights; ties by count is "ties" with majority_sign_method="frequency"
MERGES = [
    (kind, weights)
    for weights in ([1.0, 1.0], [0.7, 0.3])
    for kind in (
        *("linear", "cat", "svd", "ties", "ties_frequency", "ties_svd"),
        *("magnitude_prune", "magnitude_prune_svd", "dare_linear", "dare_ties"),
    )
] + [(kind, [1.0, -0.5]) for kind in ("linear", "cat", "svd")]
DENSITY = 0.5


def make_mixtures(root, generator):
    """PEFT's own mixtures of two LoRAs."""
    folder = os.path.join(root, "peft")
    shutil.rmtree(folder, ignore_errors=True)
    base = transformers.AutoModelForSequenceClassification.from_pretrained(
        os.path.join(root, "bert", "model_seqcls"), attn_implementation="eager"
    )
    with open(os.path.join(root, "bert", "inputs.json")) as file:
        saved = json.load(file)
    inputs = {name: torch.tensor(saved[name]) for name in ("input_ids", "attention_mask", "token_type_ids")}
    base.name_or_path = base.config._name_or_path = "tiny-bert"
    config = peft.LoraConfig(r=2, lora_alpha=6, target_modules=["query", "value"], lora_dropout=0)
    model = peft.get_peft_model(base, config, adapter_name="lora_a")
    model.add_adapter("lora_b", config)
    randomise(model, generator, lambda key: "lora_" in key)
    for adapter in ("lora_a", "lora_b"):
        save_lora(model, os.path.join(folder, adapter), adapter)

    expected = {}
    draws = []
    bernoulli = torch.bernoulli

    def record(probabilities, **_):
        draws.append(bernoulli(probabilities, generator=generator))
        return draws[-1]

    for kind, weights in MERGES:
        prefix = f"merge/{kind}/{weights[0]}_{weights[1]}"
        draws.clear()
        torch.bernoulli = record
        options = {"majority_sign_method": "frequency"} if kind == "ties_frequency" else {}
        if kind not in ("linear", "cat", "svd"):
            options["density"] = DENSITY
        combination = kind.removesuffix("_frequency")
        model.add_weighted_adapter(["lora_a", "lora_b"], weights, "mixed", combination_type=combination, **options)
        torch.bernoulli = bernoulli
        model.set_adapter("mixed")
        with torch.no_grad():
            expected[f"{prefix}/logits"] = model.eval()(**inputs).logits
        order = iter(draws)
        for path, module in model.base_model.model.bert.named_modules():
            if not hasattr(module, "lora_A"):
                continue
            for factor in ("lora_A", "lora_B"):
                expected[f"{prefix}/{factor}/{path}"] = getattr(module, factor)["mixed"].weight
                for adapter in ("lora_a", "lora_b") if draws else ():
                    expected[f"{prefix}/mask/{adapter}/{factor}/{path}"] = next(order).to(torch.uint8)
        assert next(order, None) is None, "a draw has no place"
        model.delete_adapter("mixed")
    tensors = {key: value.detach().clone().contiguous() for key, value in sorted(expected.items())}
    save_file(tensors, os.path.join(folder, "expected.safetensors"))


def make_pruned(root):
    """Keep-masks of torch.nn.utils.prune on saved adapters."""
    expected = {}
    files = {"houlsby": "adapter.safetensors", "lora": "adapter_model.safetensors"}
    for name, file in files.items():
        saved = load_file(os.path.join(root, "bert", name, file))
        weights = {key: value for key, value in sorted(saved.items()) if value.dim() == 2 and "classifier" not in key}
        for sparsity in (0.1, 0.5, 0.9):
            for scope in ("global", "tensor"):
                holders = {key: nn.Module() for key in weights}
                for key, holder in holders.items():
                    holder.weight = nn.Parameter(weights[key].clone())
                if scope == "global":
                    parameters = [(holder, "weight") for holder in holders.values()]
                    prune.global_unstructured(parameters, pruning_method=prune.L1Unstructured, amount=sparsity)
                else:
                    for holder in holders.values():
                        prune.l1_unstructured(holder, "weight", amount=sparsity)
                for key, holder in holders.items():
                    expected[f"{name}/{scope}/{sparsity}/{key}"] = holder.weight_mask.to(torch.uint8)
    save_file(expected, os.path.join(root, "pruning.safetensors"))


def make_family(family, root, number):
    generator = torch.Generator().manual_seed(20240610 + number)
    folder = os.path.join(root, family)
    os.makedirs(folder)
    inputs, labels, masked = make_inputs(family, generator)
    lists = {key: value.tolist() for key, value in inputs.items()}
    with open(os.path.join(folder, "inputs.json"), "w", newline="\n") as file:
        json.dump({**lists, "labels": labels.tolist(), "mlm_labels": masked.tolist()}, file)
        file.write("\n")

    expected = {}
    seqcls = new_model(family, transformers.AutoModelForSequenceClassification)
    randomise(seqcls, generator)
    seqcls.save_pretrained(os.path.join(folder, "model_seqcls"))
    states = getattr(seqcls.eval(), family)(**inputs, output_hidden_states=True).hidden_states
    expected.update({f"hidden_states.{i}": state for i, state in enumerate(states)})
    note(expected, "seqcls", *run(seqcls, inputs, labels))

    mlm = new_model(family, transformers.AutoModelForMaskedLM)
    randomise(mlm, generator)
    encoder = {key: value for key, value in getattr(seqcls, family).state_dict().items() if "pooler" not in key}
    getattr(mlm, family).load_state_dict(encoder)
    mlm.tie_weights()
    mlm.save_pretrained(os.path.join(folder, "model_mlm"))
    note(expected, "mlm", *run(mlm, inputs, masked))

    for name in ("houlsby", "pfeiffer"):
        place = os.path.join(folder, name)
        if adapterhub:
            made = adapterhub_case(seqcls, name, place, inputs, labels, generator)
        else:
            made = bottleneck_case(family, seqcls, name, place, inputs, labels, generator)
        note(expected, name, *made[:3])
        expected[f"{name}/train_losses"] = made[3]
    made = lora_case(family, seqcls, os.path.join(folder, "lora"), inputs, labels, generator)
    note(expected, "lora", *made[:3])
    expected["lora/train_losses"] = made[3]
    tensors = {key: value.detach().clone().contiguous() for key, value in sorted(expected.items())}
    save_file(tensors, os.path.join(folder, "expected.safetensors"))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    default = os.path.join(here, "..", "..", "test", "fixtures", "reference")
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.normpath(default)
    os.makedirs(root, exist_ok=True)
    for number, family in enumerate(CONFIGS):
        shutil.rmtree(os.path.join(root, family), ignore_errors=True)
        make_family(family, root, number)
    make_mixtures(root, torch.Generator().manual_seed(20240620))
    make_pruned(root)
    if adapterhub:
        bottlenecks = f"adapters {adapterhub.__version__}"
    else:
        bottlenecks = "the class Bottleneck in make.py, from AdapterHub's published order of operations (no library)"
    manifest = {
        "made by": "environment/reference/make.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "bottleneck adapters computed by": bottlenecks,
    }
    with open(os.path.join(root, "manifest.json"), "w", newline="\n") as file:
        json.dump(manifest, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
