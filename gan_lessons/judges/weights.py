"""The stored weights of judges: half precision, and read only if their hash is the one that the code names."""

import hashlib
from pathlib import Path

import safetensors.torch
from torch import Tensor, nn


def read(path: Path, sha256: str) -> dict[str, Tensor]:
    """The weights in a file; a ValueError where they are damaged."""
    stored = path.read_bytes()
    if hashlib.sha256(stored).hexdigest() != sha256:
        raise ValueError(f"The judge's weights {path} are damaged: get that file anew (git checkout, or pip install).")
    return safetensors.torch.load(stored)


def write(judge: nn.Module, path: Path) -> str:
    """Write a judge's weights; return their hash."""
    state = {name: value.half() if value.is_floating_point() else value for name, value in judge.state_dict().items()}
    stored = safetensors.torch.save(state)
    path.write_bytes(stored)
    return hashlib.sha256(stored).hexdigest()
