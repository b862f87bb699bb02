"""Train the GAN of shapes that only sees silhouettes, with two seeds, and store what it reached.

Run `OMP_NUM_THREADS=1 python chapters/results/shapes_from_pictures.py` from the repository's root; it takes about five
minutes on one core. A shape of such a GAN may lie in values a little below 0, where silhouettes are dark already; so
each is also scored at the one of several thresholds at which other samples of the same GAN come nearest to real shapes.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from chapters.results._records import of_plans, scored, write
from gan_lessons import recipes
from gan_lessons.data import shapes
from gan_lessons.data.shapes import KINDS
from gan_lessons.gan import GAN
from gan_lessons.metrics.memory import nearest
from gan_lessons.metrics.shapes import faults, overlap
from gan_lessons.metrics.silhouettes import faced

HERE = Path(__file__).parent
SEEDS = range(2)
COUNT = 200
MEASUREMENTS = 4
THRESHOLDS = [0.0, -0.2, -0.4, -0.6, -0.8, -0.9]
PLAN: Any = replace(recipes.find("voxels", "pictures"), steps=800)


def traced() -> dict[str, Any]:
    """How the training begins."""
    return of_plans({"pictures": PLAN})


def near(volumes: Tensor) -> tuple[Tensor, Tensor]:
    """The IoU of each volume with the real shape that is nearest, and that shape's kind."""
    known = shapes.load()
    found = nearest(known.samples, volumes).indices
    return overlap(volumes, known.samples[found]), known.labels[found]


def iou(volumes: Tensor) -> float:
    """The mean IoU with the nearest real shape."""
    return float(near(volumes)[0].mean())


def judged(gan: GAN) -> dict[str, Any]:
    """How shapes of the kinds in turn do as they are, turned, and at the best threshold for others of their GAN."""
    volumes, others = (PLAN.samples(gan, COUNT, seed=seed) for seed in range(2))
    told = torch.arange(COUNT) % len(KINDS)
    swept = [iou(others - threshold) for threshold in THRESHOLDS]
    threshold = THRESHOLDS[int(np.argmax(swept))]
    best = volumes - threshold
    of_best, read = near(best)
    return {
        "iou": iou(volumes),
        "turned_iou": iou(faced(volumes)),
        "solid": float((volumes > 0).float().mean()),
        "fog": float(((volumes > -0.7) & (volumes <= 0)).float().mean()),
        "swept": swept,
        "threshold": threshold,
        "best_iou": float(of_best.mean()),
        "best_by_kind": of_best.view(-1, len(KINDS)).mean(0).tolist(),
        "right_kind": float((read == told).float().mean()),
        "valid": float(np.mean([not wrong for wrong in faults(best, told)])),
    }


def main() -> None:
    torch.set_num_threads(1)
    start, runs = time.process_time(), []
    for seed in SEEDS:
        curve = scored(PLAN, seed, MEASUREMENTS, "pictures", judged)[1]
        runs.append({"seed": seed, "curve": curve})
        record = {
            "command": "OMP_NUM_THREADS=1 python chapters/results/shapes_from_pictures.py",
            "cpu_seconds": round(time.process_time() - start),
            "seeds": [each["seed"] for each in runs],
            "steps": PLAN.steps,
            "count": COUNT,
            "thresholds": THRESHOLDS,
            "runs": runs,
        }
        write(HERE / "shapes_from_pictures.json", record)


if __name__ == "__main__":
    main()
