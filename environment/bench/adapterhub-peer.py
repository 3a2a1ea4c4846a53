"""The same sweep in AdapterHub's own loop: the peer of sweep.mjs. Needs torch, transformers and adapters.

Reads one JSON command per line, answers with one JSON line. A mixture is what `average_adapter` makes of the adapters that
signmix exported; examples come in the order given, each batch padded to its longest, as the library's users write it.
"""

import os

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import adapters
import torch
from adapters import AutoAdapterModel
from peer import read_safetensors, serve


class Server:
    def setup(self, threads, encoder, folders, file, batchSize):
        torch.set_num_threads(threads)
        self.model = AutoAdapterModel.from_pretrained(encoder).eval()
        self.names = [self.model.load_adapter(folder) for folder in folders]
        self.batch_size = batchSize
        tensors = read_safetensors(file)
        self.rows = []
        for i in range(len(folders)):
            lengths = tensors[f"{i}.lengths"].tolist()
            self.rows.append(list(zip(tensors[f"{i}.ids"].split(lengths), tensors[f"{i}.types"].split(lengths))))
        return {"version": f"AdapterHub {adapters.__version__} on PyTorch {torch.__version__}"}

    def run(self, target, members):
        names = [self.names[i] for i in members]
        self.model.average_adapter("mixture", names, overwrite_ok=True)
        self.model.set_active_adapters("mixture")
        self.model.active_head = self.names[target]
        rows = self.rows[target]
        predictions = []
        with torch.inference_mode():
            for start in range(0, len(rows), self.batch_size):
                chosen = rows[start : start + self.batch_size]
                ids, types = (
                    torch.nn.utils.rnn.pad_sequence([row[part] for row in chosen], batch_first=True).long()
                    for part in (0, 1)
                )
                lengths = torch.tensor([len(row[0]) for row in chosen])
                mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
                logits = self.model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
                predictions += logits.argmax(1).tolist()
        return {"predictions": predictions}


if __name__ == "__main__":
    serve(Server())
