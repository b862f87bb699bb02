"""The word GAN at its long size, trained afresh with three seeds, and beside it the LSTM that takes a minute."""

from statistics import median

from gan_lessons import recipes
from tests.bench._runs import trained
from tests.bench.words import NAMES, SEEDS, lstm, said


def long_gan(seed: int) -> dict[str, float]:
    """Train a GAN, and score it."""
    recipe = recipes.find("words", "long")
    made, seconds = trained(recipe, seed)
    return said(f"GAN, seed {seed}", {**recipe.score(made), "cpu_seconds": seconds})


def bench() -> dict[str, float]:
    runs = {"": [long_gan(seed) for seed in SEEDS], "_lstm": [lstm(seed) for seed in SEEDS]}
    figures = {
        f"{name}{which}": median(run[name] for run in some)
        for which, some in runs.items()
        for name in (*NAMES, "cpu_seconds")
    }
    return {**figures, "samples": 5000}
