"""Train the GAN of shapes that only sees silhouettes, with three seeds, smoothed and not, and store what it reached.

Run `OMP_NUM_THREADS=1 python chapters/results/shapes_from_pictures.py` from the repository's root; it takes about five
minutes on one core. `level` is where the surface would have to lie for the shapes to throw as large a shadow as real
ones do, by pictures alone: a real picture is in the shadow where a whole voxel is in the light's way. The generator of
the first seed, smoothed, is stored.
"""

import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from chapters.results._records import of_plans, scored, store, write
from gan_lessons import recipes
from gan_lessons.data import shapes
from gan_lessons.data.shapes import KINDS
from gan_lessons.gan import GAN
from gan_lessons.metrics.memory import nearest
from gan_lessons.metrics.shapes import faults, overlap
from gan_lessons.metrics.silhouettes import faced
from gan_lessons.networks.silhouettes import silhouettes
from gan_lessons.recipes.voxels import Voxels

RECORD = Path(__file__).with_suffix(".json")
SEEDS = range(3)
COUNT = 200
MEASUREMENTS = 4
THRESHOLDS = [0.2, 0.0, -0.2, -0.4]
WHOLE_VOXEL = 0.9  # how dark a picture is, from -1 to 1, behind one


@dataclass(frozen=True, kw_only=True)
class Rough(Voxels):
    """G's volumes as they are."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator, discriminator = super().players()
        generator.smooth = False  # type: ignore[assignment]
        return generator, discriminator


SMOOTHED: Any = replace(recipes.find("voxels", "pictures"), steps=800)
PLANS = {"smoothed": SMOOTHED, "as they are": Rough(**SMOOTHED.settings())}


def traced() -> dict[str, Any]:
    """How the trainings begin."""
    return of_plans(PLANS)


def near(volumes: Tensor) -> tuple[Tensor, Tensor]:
    """The IoU of each volume with the real shape that is nearest, and that shape's kind."""
    known = shapes.load()
    found = nearest(known.samples, volumes).indices
    return overlap(volumes, known.samples[found]), known.labels[found]


def iou(volumes: Tensor) -> float:
    """The mean IoU with the nearest real shape."""
    return float(near(volumes)[0].mean())


@cache
def shadow_of_real() -> Tensor:
    """The share of the real pictures that lies in the shadow."""
    return (SMOOTHED.data().samples > WHOLE_VOXEL).float().mean()


def level(volumes: Tensor) -> float:
    """The value at which the surface of volumes lies if they are to throw shadows as large as those in real pictures.

    No real volume is looked at. Found by halving, with the same sides each time.
    """
    low, high = -1.0, 1.0
    sides = 2 * torch.pi * torch.rand(len(volumes), generator=torch.Generator().manual_seed(0))
    for _ in range(12):
        middle = (low + high) / 2
        larger = (silhouettes((volumes - middle).sign(), sides) > 0).float().mean() > shadow_of_real()
        low, high = (middle, high) if larger else (low, middle)
    return (low + high) / 2


def judged(gan: GAN) -> dict[str, Any]:
    """How shapes of the kinds in turn do as they are, turned, and with their surface at other levels."""
    volumes, others = (SMOOTHED.samples(gan, COUNT, seed=seed) for seed in range(2))
    told, shadowed = torch.arange(COUNT) % len(KINDS), level(others)
    (standing, _), (turned, read) = near(volumes), near(faced(volumes))
    return {
        "iou": float(standing.mean()),
        "by_kind": standing.view(-1, len(KINDS)).mean(0).tolist(),
        "turned_iou": float(turned.mean()),
        "turned_by_kind": turned.view(-1, len(KINDS)).mean(0).tolist(),
        "right_kind": float((read == told).float().mean()),
        "valid": float(np.mean([not wrong for wrong in faults(volumes, told)])),
        "solid": float((volumes > 0).float().mean()),
        "level": shadowed,
        "level_iou": iou(volumes - shadowed),
        "swept": [iou(volumes - threshold) for threshold in THRESHOLDS],
    }


def main() -> None:
    torch.set_num_threads(1)
    start, runs = time.process_time(), []
    known = shapes.load().samples[:COUNT]
    for name, plan in PLANS.items():
        for seed in SEEDS:
            gan, curve = scored(plan, seed, MEASUREMENTS, name, judged)
            runs.append({"volumes": name, "seed": seed, "curve": curve})
            if (name, seed) == ("smoothed", 0):
                store(RECORD.with_suffix(".safetensors"), gan.average)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/shapes_from_pictures.py",
        "cpu_seconds": round(time.process_time() - start),
        "seeds": list(SEEDS),
        "steps": SMOOTHED.steps,
        "count": COUNT,
        "thresholds": THRESHOLDS,
        "level_of_real_shapes": [level(known), level(known - 0.2)],
        "runs": runs,
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
