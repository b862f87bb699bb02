"""The digit GAN at its cpu size, trained afresh with three seeds, and the stored long run, scored by the judge."""

import time
from statistics import median

from gan_lessons import recipes
from gan_lessons.metrics.images import floor_distance, noise_distance
from gan_lessons.runs import load_result

SEEDS = (0, 1, 2)


def bench() -> dict[str, float]:
    recipe = recipes.find("digits", "cpu")
    data = recipe.data()
    runs = []
    for seed in SEEDS:
        gan = recipe.build(seed=seed)
        start = time.perf_counter()
        for _ in recipe.train(gan, data):
            pass
        seconds = time.perf_counter() - start
        runs.append({**recipe.score(gan), "train_seconds": seconds})
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.4g}" for name, value in runs[-1].items()), flush=True)
    names = ("frechet_fraction", "classes", "class_kl", "confident", "train_seconds")
    return {
        **{name: median(run[name] for run in runs) for name in names},
        "floor_fraction": floor_distance() / noise_distance(),
        "seeds": len(SEEDS),
    }
