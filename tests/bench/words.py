"""The word GAN at its cpu size, trained afresh with three seeds, and beside it an LSTM with as many CPU seconds."""

import time
from statistics import median

import torch

from chapters.results._records import trained
from gan_lessons import recipes
from gan_lessons.data.text import words
from gan_lessons.likelihood import maximum_likelihood
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import LSTMGenerator

SEEDS = (0, 1, 2)
LSTM_STEPS = 2500
NAMES = ("plausible", "unique", "copied", "trigram_js")


def said(name: str, figures: dict[str, float]) -> dict[str, float]:
    """Print what a run reached."""
    print(f"{name}: " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
    return figures


def gan(seed: int, size: str = "cpu") -> dict[str, float]:
    """Train a GAN, and score it."""
    recipe = recipes.find("words", size)
    made, seconds = trained(recipe, seed)
    return said(f"GAN, seed {seed}", {**recipe.score(made), "cpu_seconds": seconds})


def lstm(seed: int) -> dict[str, float]:
    """Train an LSTM, and score its samples at a temperature of 1."""
    start = time.process_time()
    torch.manual_seed(seed)
    *_, model = maximum_likelihood(LSTMGenerator(), words().train.symbols, LSTM_STEPS, seed=seed)
    seconds = time.process_time() - start
    scores = text_scores(model.sample(5000), words())._asdict()
    return said(f"LSTM, seed {seed}", {**scores, "cpu_seconds": seconds})


def bench() -> dict[str, float]:
    runs = {"60s": [gan(seed) for seed in SEEDS], "lstm": [lstm(seed) for seed in SEEDS]}
    figures = {f"{name}_{which}": median(run[name] for run in some) for which, some in runs.items() for name in NAMES}
    for which, some in runs.items():
        figures[f"cpu_seconds_{which}"] = median(run["cpu_seconds"] for run in some)
    return figures
