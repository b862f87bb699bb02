"""Colour emoji eight ways: L1 alone, D alone, both at three weights, a D that is not told the lines, and with noise.

Run `OMP_NUM_THREADS=1 python chapters/results/pix2pix_ways.py` from the repository's root. Each way trains for as many
steps with one seed, and is scored on held-out emoji; eight of them are kept in pix2pix_ways.npz. With noise, `spread`
is how far two draws for the same lines are apart, beside how far either is from the truth (l1). No gradient is scaled
down here, as the recipe does by now: with a weight of 1, one that was far too long threw the generator off.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chapters.results._records import of_plans, trained, write
from gan_lessons import recipes
from gan_lessons.gan import GAN
from gan_lessons.metrics import translation
from gan_lessons.recipes.pix2pix import Patched, Pix2Pix

HERE = Path(__file__).parent
STEPS = 500


class Unclipped(Pix2Pix):
    """The recipe with gradients of any length."""

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        return super(Patched, self).build(device, seed)


PLAN: Any = replace(Unclipped(**vars(recipes.find("pix2pix"))), steps=STEPS)
WAYS: dict[str, dict[str, Any]] = {
    "L1 alone": {"adversarial": False},
    "D alone": {"l1_weight": 0.0},
    "D alone, not told": {"l1_weight": 0.0, "told": False},
    "both, 1": {"l1_weight": 1.0},
    "both, 4": {},
    "both, 4, not told": {"told": False},
    "both, 20": {"l1_weight": 20.0},
    "both, 4, noise": {"noise_dim": 16},
}
SHOWN = 8


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({way: replace(PLAN, **settings) for way, settings in WAYS.items()})


def reached(way: str) -> tuple[dict[str, Any], np.ndarray]:
    """What one way scores, and what it makes of eight held-out emoji, [8, 32, 32, 3] as bytes."""
    plan = replace(PLAN, **WAYS[way])
    gan, seconds = trained(plan)
    run = {"way": way, "seconds": round(seconds, 1), **plan.score(gan)}
    inputs = plan.pairs().unseen_inputs
    made = plan.samples(gan, inputs)
    if plan.noise_dim:
        run["spread"] = translation.distance(made, plan.samples(gan, inputs, seed=1))
    print(run, flush=True)
    return run, ((made[:SHOWN].clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def main() -> None:
    torch.set_num_threads(1)
    runs, sheets = zip(*map(reached, WAYS), strict=True)
    truth = PLAN.pairs().unseen_targets
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/pix2pix_ways.py",
        "cpu_seconds": round(sum(run["seconds"] for run in runs)),
        "steps": STEPS,
        "seeds": [0],
        "real": {"chroma": translation.chroma(truth), "flatness": translation.flatness(truth)},
        "runs": runs,
    }
    np.savez_compressed(HERE / "pix2pix_ways.npz", **dict(zip(WAYS, sheets, strict=True)))
    write(HERE / "pix2pix_ways.json", record)


if __name__ == "__main__":
    main()
