"""Train a GAN of cats in float32 and with its products in bfloat16, from the same seeds, to precision.json.

Run `PYTHONPATH=. python chapters/results/precision.py` from the repository's root, on a processor that computes in
bfloat16 natively (on any other it is slow); it takes 50 minutes of one core. Chapter 21 reads the file.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Any, ClassVar

import torch

from chapters.results._records import of_plan, trained, write
from gan_lessons import recipes
from gan_lessons.gan import GAN
from gan_lessons.recipes.avatars import LONG, Avatars

RECORD = Path(__file__).parent / "precision.json"
STEPS, SEEDS = 2000, (0, 1, 2)


class Single(Avatars):
    """The recipe in float32, whatever the processor can do."""

    halved: ClassVar = False

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        gan.autocast = torch.autocast(device, torch.bfloat16) if self.halved else nullcontext()
        return gan


class Half(Single):
    """The same with its products in bfloat16."""

    halved: ClassVar = True


SETTINGS = vars(LONG) | {"steps": STEPS}
WAYS = {"float32": Single(**SETTINGS), "bfloat16": Half(**SETTINGS)}


def traced() -> dict[str, Any]:
    """How the training begins, which is in float32."""
    return {"float32": of_plan(WAYS["float32"])}


def compared(seed: int) -> dict[str, dict[str, float]]:
    """The scores of a training in either way, and the CPU seconds that it took."""
    found = {}
    for name, plan in WAYS.items():
        gan, seconds = trained(plan, seed, name)
        found[name] = {"seconds": round(seconds), **plan.score(gan)}
        print(seed, name, found[name], flush=True)
    return found


def main() -> None:
    torch.set_num_threads(1)
    seeds = [compared(seed) for seed in SEEDS]
    ways = {name: [found[name] for found in seeds] for name in WAYS}
    command = "python chapters/results/precision.py"
    write(RECORD, {"command": command, "recipe_of": recipes.identity("avatars", "long"), "steps": STEPS, "ways": ways})


if __name__ == "__main__":
    main()
