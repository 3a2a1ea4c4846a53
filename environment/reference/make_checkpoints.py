"""Writes the small PyTorch checkpoints of test/files/fixtures. Needs torch and safetensors; run from the project's root.

    python environment/reference/make_checkpoints.py
"""

from pathlib import Path

import safetensors.torch
import torch

folder = Path("test/files/fixtures")
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)

x = torch.randn(6, 8)
state = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4)).state_dict()  # an OrderedDict with attributes
state["transposed"] = x.t()
state["strided"] = x[1:5:2, 2:7:3]
state["parameter"] = torch.nn.Parameter(x)
state["half"] = x.half()
state["bfloat16"] = x.bfloat16()
state["double"] = x.double()
state["short"] = torch.arange(-2, 2, dtype=torch.int16)
state["flags"] = x > 0
state["scalar"] = x[0, 0]
state["empty"] = torch.zeros(0, 3)

torch.save(state, folder / "views.bin")
torch.save(state, folder / "views-legacy.bin", _use_new_zipfile_serialization=False)
plain = {name: tensor.detach().contiguous().clone() for name, tensor in state.items()}
safetensors.torch.save_file(plain, folder / "views.safetensors")

torch.save({"a": x.to_sparse()}, folder / "refused-sparse.bin")
torch.save(torch.nn.Linear(2, 2), folder / "refused-module.bin")
torch.save({"a": torch.ones(1).expand(100)}, folder / "refused-expanded.bin")
torch.save({"model": {"a": x}, "epoch": 3}, folder / "refused-nested.bin")
torch.save({"a": x}, folder / "protocol-4.bin", pickle_protocol=4)
