"""The digit GAN at its cpu size, trained afresh with three seeds, and the stored weights of the long run."""

import time
from collections.abc import Iterator
from statistics import median

from gan_lessons import recipes
from gan_lessons.metrics.images import floor_distance, noise_distance

SEEDS = (0, 1, 2)


def trained() -> Iterator[dict[str, float]]:
    """Train one GAN a seed, and score it."""
    recipe = recipes.find("digits", "cpu")
    data = recipe.data()
    for seed in SEEDS:
        gan = recipe.build(seed=seed)
        start = time.perf_counter()
        for _ in recipe.train(gan, data):
            pass
        seconds = time.perf_counter() - start
        figures = {**recipe.score(gan), "train_seconds": seconds}
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.4g}" for name, value in figures.items()), flush=True)
        yield figures


def stored() -> dict[str, float]:
    """Score the long run's generator."""
    recipe = recipes.find("digits", "long")
    return recipe.score(recipe.load())


def bench() -> dict[str, float]:
    runs = list(trained())
    names = ("frechet_fraction", "classes", "class_kl", "confident", "train_seconds")
    return {
        **{name: median(run[name] for run in runs) for name in names},
        "floor_fraction": floor_distance() / noise_distance(),
        "seeds": len(SEEDS),
        **{f"long_{name}": value for name, value in stored().items() if name in names},
    }
