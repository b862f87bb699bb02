"""Shapes: the stored run beside fresh real shapes and cheats, and the small recipe trained afresh with three seeds."""

from statistics import median

import torch

from chapters.results._records import trained
from gan_lessons import recipes
from gan_lessons.data import shapes
from gan_lessons.metrics.shapes import COUNT, cheats, shape_scores

SEEDS = (0, 1, 2)


def shown(name: str, figures: dict[str, float]) -> dict[str, float]:
    """The figures, printed."""
    print(f"{name:>40}: " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
    return figures


def bench() -> dict[str, float]:
    shown("fresh real shapes", shape_scores(*shapes.drawn(16, COUNT, seed=7))._asdict())
    for name, (volumes, told) in cheats().items():
        shown(name, shape_scores(volumes, told)._asdict())
    small, long, pictures = (recipes.find("voxels", size) for size in ("cpu", "long", "pictures"))
    found = shown("stored", long.score(long.load()))
    runs = []
    for seed in SEEDS:
        gan, seconds = trained(small, seed)
        runs.append(shown(f"cpu, seed {seed}", {**small.score(gan), "seconds": seconds}))
    told = torch.arange(COUNT) % len(shapes.KINDS)
    shown("from pictures", shape_scores(pictures.samples(trained(pictures, 0)[0], COUNT), told)._asdict())
    return {**found, **{f"cpu_{name}": median(run[name] for run in runs) for name in runs[0]}}
