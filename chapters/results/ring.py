"""Train the ring recipe and the plain GAN to the end, and store what they reached in ring.json and ring.safetensors.

Run `OMP_NUM_THREADS=1 python chapters/results/ring.py` from the repository's root; it takes two minutes on one core.
With `grid` behind it, it does the same for the grid recipe, in ten minutes.
"""

import sys
import time
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from chapters.results._records import write
from gan_lessons import recipes
from gan_lessons.gan import GAN
from gan_lessons.metrics.modes import ModeScores, perfect
from gan_lessons.recipes.ring import Ring

HERE = Path(__file__).parent
POINTS = 20  # of the curve


def listed(scores: ModeScores) -> dict[str, list[float]]:
    """Each member's scores."""
    return {name: [round(value, 4) for value in values.tolist()] for name, values in scores._asdict().items()}


def run(name: str, size: str) -> tuple[GAN, dict[str, Any]]:
    """Train one population; the CPU time counts the training and not the measurements."""
    recipe = recipes.find(name, size)
    assert isinstance(recipe, Ring)
    gan, data = recipe.build(), recipe.data()
    curve, seconds, start = [], 0.0, time.process_time()
    for record in recipe.train(gan, data):
        if record.step % (recipe.steps // POINTS) == 0:
            seconds += time.process_time() - start
            curve.append({"step": record.step, "cpu_seconds_per_gan": round(seconds / recipe.members, 2)})
            curve[-1] |= recipe.score(gan)
            print(name, size, curve[-1], flush=True)
            start = time.process_time()
    reached = {
        "size": size,
        "steps": gan.step,
        "seeds": gan.seed,
        "cpu_seconds_per_gan": curve[-1]["cpu_seconds_per_gan"],
        "members": listed(recipe.mode_scores(gan)),
        "figures": curve[-1],
        "curve": curve,
    }
    return gan, reached


def main(name: str = "ring") -> None:
    torch.set_num_threads(1)
    gan, best = run(name, "cpu")
    plain = {"plain": run(name, "plain")[1]} if "plain" in recipes.sizes(name) else {}
    recipe = recipes.find(name)
    assert isinstance(recipe, Ring)
    record = {
        "recipe": name,
        "version": recipe.version,
        "command": " ".join(["OMP_NUM_THREADS=1 python chapters/results/ring.py", *sys.argv[1:]]),
        **best,
        **plain,
        "perfect": {name: float(value) for name, value in perfect(recipe.mixture)._asdict().items()},
    }
    write(HERE / f"{name}.json", record)
    weights = {name: value.contiguous() for name, value in gan.average.state_dict().items()}
    safetensors.torch.save_file(weights, HERE / f"{name}.safetensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
