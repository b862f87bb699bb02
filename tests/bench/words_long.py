"""The word GAN at its long size, trained afresh with three seeds, and beside it the LSTM that takes a minute."""

from statistics import median

from tests.bench.words import NAMES, SEEDS, gan, lstm


def bench() -> dict[str, float]:
    runs = {"": [gan(seed, "long") for seed in SEEDS], "_lstm": [lstm(seed) for seed in SEEDS]}
    figures = {
        f"{name}{which}": median(run[name] for run in some)
        for which, some in runs.items()
        for name in (*NAMES, "cpu_seconds")
    }
    return {**figures, "samples": 5000}
