"""The one place that names devices."""

import importlib.util
import os
import shutil
from contextlib import AbstractContextManager, nullcontext

import torch

KNOWN = ("auto", "cpu", "cuda", "mps")


def available() -> list[str]:
    """The kinds of device on this machine, the fastest first."""
    kinds = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return [kind for kind, there in kinds.items() if there]


def pick(name: str = "auto") -> torch.device:
    """The device of that name, or with `auto` the fastest; a ValueError lists what is known and what is there."""
    kind = name.partition(":")[0]
    if kind not in KNOWN:
        raise ValueError(f"There is no device {name!r}; the known ones are {', '.join(KNOWN)}.")
    if name == "auto":
        return torch.device(available()[0])
    if kind not in available():
        raise ValueError(f"This machine offers torch no {kind} device; it has {', '.join(available())}.")
    return torch.device(name)


def mixed_precision(device: torch.device) -> AbstractContextManager:
    """Run matrix products and convolutions in bfloat16 where the device computes in it natively, else as they are."""
    capabilities = torch.cpu.get_capabilities()
    native = {
        "cuda": torch.cuda.is_available() and torch.cuda.is_bf16_supported(including_emulation=False),
        "cpu": bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")),
    }
    return torch.autocast(device.type, torch.bfloat16) if native.get(device.type) else nullcontext()


def no_compiler(device: torch.device) -> str:
    """Why torch.compile cannot work here, in a sentence; nothing where it can."""
    if device.type == "cuda":
        found = importlib.util.find_spec("triton") is not None
        return "" if found else "torch.compile needs Triton for a CUDA device, and it is not installed."
    if device.type != "cpu":
        return f"torch.compile is not offered here for {device.type} devices."
    compilers = [os.environ.get("CXX"), "g++", "clang++", "cl"]
    found = any(shutil.which(name) for name in compilers if name)
    return "" if found else "torch.compile needs a C++ compiler, g++ or clang++, and none was found."
