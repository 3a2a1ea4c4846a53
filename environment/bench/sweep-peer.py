"""The same sweep in plain PyTorch, a loop over batches: the peer of sweep.mjs. Needs torch alone.

Reads one JSON command per line, answers with one JSON line. Mixtures are averages of the adapters' tensors. In a plain loop
the examples come in the order given, each batch is padded to its longest and every token is computed, as libraries do it;
`like_signmix` batches by length and computes the last layer for the first token alone.
"""

import torch
import torch.nn.functional as F
from peer import Classifier, read_safetensors, serve


class Mixture(Classifier):
    """A classifier whose adapter and head are given anew for every mixture."""

    tensors = {}

    def parameter(self, name):
        return self.tensors[name]


class Server:
    def setup(self, threads, file, size, domains, batchSize):
        torch.set_num_threads(threads)
        tensors = read_safetensors(file)
        self.batch_size = batchSize
        self.model = Mixture({name: value for name, value in tensors.items() if name.startswith("encoder.")}, size)
        self.domains = []
        for i in range(domains):
            own = {name[len(f"{i}.") :]: value for name, value in tensors.items() if name.startswith(f"{i}.")}
            lengths = own["lengths"].tolist()
            rows = list(zip(own["ids"].split(lengths), own["types"].split(lengths)))
            self.domains.append({"rows": rows, "tensors": own})
        return {"version": f"PyTorch {torch.__version__}"}

    def mix(self, target, members):
        own = self.domains[target]["tensors"]
        tensors = {name: value for name, value in own.items() if name.startswith("head.")}
        for name in own:
            if name.startswith("adapter."):
                tensors[name] = torch.stack([self.domains[i]["tensors"][name] for i in members]).mean(0)
        return tensors

    def run(self, target, members, like_signmix):
        rows = self.domains[target]["rows"]
        order = range(len(rows))
        if like_signmix:
            order = sorted(order, key=lambda i: len(rows[i][0]))
        self.model.first_token_only = like_signmix
        predictions = [0] * len(rows)
        with torch.inference_mode():
            self.model.tensors = self.mix(target, members)
            for start in range(0, len(rows), self.batch_size):
                places = order[start : start + self.batch_size]
                ids, types = (
                    torch.nn.utils.rnn.pad_sequence([rows[i][part] for i in places], batch_first=True)
                    for part in (0, 1)
                )
                lengths = torch.tensor([len(rows[i][0]) for i in places])
                mask = torch.arange(ids.shape[1]) < lengths[:, None]  # [batch, time]
                mask = None if bool(mask.all()) else mask[:, None, None]  # [batch, 1, 1, time]
                logits = self.model(ids, types, mask)
                for i, prediction in zip(places, logits.argmax(1).tolist()):
                    predictions[i] = prediction
        return {"predictions": predictions}


if __name__ == "__main__":
    serve(Server())
