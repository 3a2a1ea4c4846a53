"""The same classifier in plain PyTorch: the peer that `npm run bench` compares with. Needs torch alone.

Reads one JSON command per line, answers with one JSON line. The model is written as PyTorch is meant to be used: fused
linear layers with bias, scaled_dot_product_attention without a mask where there is no padding, inference_mode for the forward
pass, fused AdamW for training, gradients for the trained tensors alone.
"""

import json
import math
import struct
import sys
import time

import torch
import torch.nn.functional as F


def read_safetensors(path):
    """A file's tensors by name; float32 and int32 are all that the bench writes."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    types = {"F32": torch.float32, "I32": torch.int32}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=types[entry["dtype"]], count=(end - begin) // 4, offset=begin)
        tensors[name] = flat.clone().reshape(entry["shape"])
    return tensors


class Classifier(torch.nn.Module):
    """BERT with Houlsby or Pfeiffer adapters (AdapterHub's double_seq_bn, seq_bn) and a one-matrix head on the first token."""

    def __init__(self, tensors, size):
        super().__init__()
        self.layers, self.heads, self.epsilon = size["layers"], size["heads"], size["layerNormEpsilon"]
        self.first_token_only = size["firstTokenOnly"]
        self.houlsby = size.get("method", "houlsby") == "houlsby"
        self.activation = getattr(F, size.get("activation", "gelu"))
        self.frozen = {name[8:]: value for name, value in tensors.items() if name.startswith("encoder.")}
        trained = {name: value for name, value in tensors.items() if name.startswith("parameter.")}
        self.names = {name: name.replace(".", "/") for name in trained}
        self.trained = torch.nn.ParameterDict({self.names[name]: torch.nn.Parameter(trained[name]) for name in trained})

    def parameter(self, name):
        return self.trained[self.names["parameter." + name]]

    def linear(self, x, name):
        return F.linear(x, self.frozen[name + ".weight"], self.frozen[name + ".bias"])

    def norm(self, x, name):
        weight, bias = self.frozen[name + ".weight"], self.frozen[name + ".bias"]
        return F.layer_norm(x, weight.shape, weight, bias, self.epsilon)

    def adapter(self, x, name):
        name = "adapter.layers." + name
        down = F.linear(x, self.parameter(name + ".down.weight"), self.parameter(name + ".down.bias"))
        inner = F.silu(down) if self.houlsby else F.relu(down)
        return F.linear(inner, self.parameter(name + ".up.weight"), self.parameter(name + ".up.bias"))

    def split(self, x):  # [batch, time, hidden] -> [batch, heads, time, headDim]
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def encode(self, ids, types=None, mask=None):  # int [batch, time] -> [batch, time or 1, hidden]
        w = self.frozen
        x = F.embedding(ids, w["embeddings.word_embeddings.weight"])
        segments = w["embeddings.token_type_embeddings.weight"]
        x = x + (segments[0] if types is None else F.embedding(types, segments))
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self.norm(x, "embeddings.LayerNorm")
        for i in range(self.layers):
            at = f"encoder.layer.{i}."
            asking = x[:, :1] if self.first_token_only and i == self.layers - 1 else x
            query = self.split(self.linear(asking, at + "attention.self.query"))
            key = self.split(self.linear(x, at + "attention.self.key"))
            value = self.split(self.linear(x, at + "attention.self.value"))
            mixed = F.scaled_dot_product_attention(query, key, value, mask).transpose(1, 2).flatten(2)
            hidden = self.linear(mixed, at + "attention.output.dense")
            adapted = self.adapter(hidden, f"{i}.attention") + hidden if self.houlsby else hidden
            x = self.norm(adapted + asking, at + "attention.output.LayerNorm")
            hidden = self.linear(self.activation(self.linear(x, at + "intermediate.dense")), at + "output.dense")
            before = hidden if self.houlsby else self.norm(hidden + x, at + "output.LayerNorm")
            x = self.norm(self.adapter(before, f"{i}.feedForward") + hidden + x, at + "output.LayerNorm")
        return x

    def forward(self, ids, types=None, mask=None):
        return F.linear(self.encode(ids, types, mask)[:, 0], self.parameter("head.out.weight"), self.parameter("head.out.bias"))


class Server:
    def setup(self, threads, file, size, learningRate, compiled):
        torch.set_num_threads(threads)
        self.tensors = read_safetensors(file)
        self.size = size
        self.compiled = compiled
        self.learning_rate = learningRate
        self.ids, self.labels = self.tensors["inputIds"], self.tensors["labels"].long()
        self.reset()
        return {"version": f"PyTorch {torch.__version__}" + (" compiled" if compiled else "")}

    def reset(self):
        copies = {name: tensor.clone() for name, tensor in self.tensors.items()}
        self.model = Classifier(copies, self.size)
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=self.learning_rate, weight_decay=0.0, fused=True)
        self.infer = self.model
        self.loss = lambda: F.cross_entropy(self.model(self.ids), self.labels)
        if self.compiled:
            self.infer = torch.compile(self.model, fullgraph=True)
            self.loss = torch.compile(self.loss, fullgraph=True)

    def forward(self):
        with torch.inference_mode():
            return self.infer(self.ids)

    def train(self):
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        self.optimiser.step()
        return loss.item()

    def check(self, steps):
        self.reset()
        with torch.inference_mode():
            hidden = self.model.encode(self.ids)
        logits = self.forward()
        first_loss = self.train()
        gradients = {name: self.model.parameter(name[10:]).grad.flatten().tolist() for name in self.model.names}
        losses = [first_loss] + [self.train() for _ in range(steps - 1)]
        return {
            "logits": logits.flatten().tolist(),
            "hidden": hidden.flatten()[:4096].tolist(),
            "gradients": gradients,
            "losses": losses,
        }

    def time(self, task, repeats):
        run = {"forward": self.forward, "train": self.train}[task]
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        return {"seconds": (time.perf_counter() - start) / repeats}

    def peak(self, rows, inner, columns, seconds):
        a, b = torch.rand(rows, inner), torch.rand(inner, columns)
        best, end = math.inf, time.perf_counter() + seconds
        with torch.inference_mode():
            while time.perf_counter() < end:
                start = time.perf_counter()
                torch.mm(a, b)
                best = min(best, time.perf_counter() - start)
        return {"gigaflops": 2e-9 * rows * inner * columns / best}


def serve(server):
    """Answers the commands of client.mjs with the methods of a server."""
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(server, command.pop("do"))(**command)
        except Exception as error:  # the asker decides what to do with it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(Server())
