"""Train a GAN of cats in float32 and with its products in bfloat16, from the same seeds, to precision.json.

Run `PYTHONPATH=. python chapters/results/precision.py` from the repository's root, on a processor that computes in
bfloat16 natively (on any other it is slow); it takes 50 minutes of one core. Chapter 21 reads the file.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plan, trained, write
from gan_lessons import recipes
from gan_lessons.gan import GAN
from gan_lessons.recipes import Recipe

RECORD = Path(__file__).parent / "precision.json"
STEPS, SEEDS = 2000, (0, 1, 2)
WAYS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "float32": nullcontext,
    "bfloat16": partial(torch.autocast, "cpu", torch.bfloat16),
}


def plan() -> Recipe:
    return replace(recipes.find("avatars", "long"), steps=STEPS)


def traced() -> dict[str, Any]:
    """How the training begins, which is in float32."""
    return {"float32": of_plan(plan())}


def compared(seed: int) -> dict[str, dict[str, float]]:
    """The scores of a training in either way, and the CPU seconds that it took."""
    found = {}
    for name, way in WAYS.items():
        gan, seconds = trained(set_to(way), seed, name)
        found[name] = {"seconds": round(seconds), **plan().score(gan)}
        print(seed, name, found[name], flush=True)
    return found


def set_to(way: Callable[[], AbstractContextManager[Any]]) -> Recipe:
    """The plan, whose GANs compute in that way."""
    recipe = plan()

    class Set(type(recipe)):  # type: ignore[misc]
        def build(self, device: str = "cpu", seed: int = 0) -> GAN:
            gan = super().build(device, seed)
            gan.autocast = way()
            return gan

    return Set(**vars(recipe))


def main() -> None:
    torch.set_num_threads(1)
    seeds = [compared(seed) for seed in SEEDS]
    ways = {name: [found[name] for found in seeds] for name in WAYS}
    command = "python chapters/results/precision.py"
    write(RECORD, {"command": command, "recipe_of": recipes.identity("avatars", "long"), "steps": STEPS, "ways": ways})


if __name__ == "__main__":
    main()
