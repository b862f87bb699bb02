"""Run one bench by name, with one thread; the last line that it prints is a JSON object."""

import importlib
import json
import pkgutil
import sys

import torch

from tests import bench


def main(arguments: list[str]) -> None:
    known = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    name, *more = arguments or [""]
    if name not in known:
        sys.exit(f"Name one bench: {', '.join(known)}.")
    torch.set_num_threads(1)
    figures = importlib.import_module(f"{bench.__name__}.{name}").bench(*more)
    print(json.dumps({name: round(value, 5) for name, value in figures.items()}))


main(sys.argv[1:])
