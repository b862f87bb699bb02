"""Which of the ring recipe's parts matters? Shorter trainings of all of it and without each part, to ring_parts.json.

Run `OMP_NUM_THREADS=1 python chapters/results/ring_parts.py` from the repository's root; it takes two minutes on one
core. Every training has half of the recipe's steps, over which the learning rate and the blur fall as in the recipe.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from chapters.results._records import of_plans, trained, write
from gan_lessons.metrics.modes import mode_scores, mode_width
from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import BlurredDiscriminator
from gan_lessons.recipes.ring import Ring

RECORD = Path(__file__).parent / "ring_parts.json"


class WithoutWaves(Ring):
    """The recipe with a discriminator that sees no waves, and blurs what it sees all the same."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator, _ = super().players()
        dims, width = 2 * self.pack, self.discriminator_width
        blurred = BlurredDiscriminator(dims, width, 2, waves=0, highest=self.highest / self.scale)
        return generator, Packed(blurred, self.pack)


WHOLE = Ring(steps=3500, batch=128, members=5)
PLANS = {
    "the whole recipe": WHOLE,
    "relativistic loss": replace(WHOLE, loss="non_saturating"),
    "packing": replace(WHOLE, pack=1),
    "noise": replace(WHOLE, highest=1e-3, lowest=1e-3),  # a twentieth of an island's width
    "waves": WithoutWaves(steps=WHOLE.steps, batch=WHOLE.batch, members=WHOLE.members),
    "third layer": replace(WHOLE, depth=2),
    "falling rate": replace(WHOLE, annealed=False),
}


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans(PLANS)


def main() -> None:
    torch.set_num_threads(1)
    without: dict[str, dict[str, list[float]]] = {}
    start = time.process_time()
    for name, plan in PLANS.items():
        gan, _ = trained(plan)
        for part, average in ((name, True), *([("average", False)] if plan is WHOLE else [])):
            points = gan.sample(2500, average=average) * plan.scale
            scores = mode_scores(points, plan.mixture)._asdict() | {"width": mode_width(points, plan.mixture)}
            without[part] = {score: values.tolist() for score, values in scores.items()}
            print(part, without[part], flush=True)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/ring_parts.py",
        "cpu_seconds": round(time.process_time() - start),
        "steps": WHOLE.steps,
        "seeds": list(range(WHOLE.members)),
        "without": without,
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
