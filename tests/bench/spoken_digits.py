"""Spoken digits at the cpu size, three seeds, after Griffin-Lim; DATA=path measures on your own recordings.

Without DATA the digits are eSpeak's. As many clips are scored as there are test clips.
"""

import os
from dataclasses import replace
from statistics import median
from typing import Any

from chapters.results._records import of_plans, trained
from gan_lessons import recipes
from gan_lessons.judges.sounds import accuracy
from gan_lessons.metrics.sound import frechet_floor, nearest_clip, sound_scores
from gan_lessons.recipes.spoken_digits import SpokenDigits
from gan_lessons.spectrograms import griffin_lim, log_mel

SEEDS = (0, 1, 2)


def one(recipe: SpokenDigits, seed: int) -> dict[str, float]:
    """Train with one seed, and score what is heard."""
    (train, test), judge = recipe.clips(), recipe.judge()
    gan, seconds = trained(recipe, seed)
    drawn = recipe.samples(gan, test.labels)
    heard = log_mel(griffin_lim(drawn))
    figures = sound_scores(judge, heard, test.labels, test)._asdict()
    figures |= {"mel_accuracy": sound_scores(judge, drawn, test.labels, test).digit_accuracy}
    figures |= {"nearest": float(nearest_clip(drawn, log_mel(train.waveforms)).mean()), "cpu_seconds": seconds}
    print(f"seed {seed}: " + ", ".join(f"{name} {value:.4g}" for name, value in figures.items()), flush=True)
    return figures


def traced() -> dict[str, Any]:
    """How the training that is measured begins, on eSpeak's digits."""
    return of_plans({"digits": recipes.find("spoken_digits", "cpu")})


def bench() -> dict[str, float]:
    recipe = replace(recipes.find("spoken_digits", "cpu"), source=os.environ.get("DATA") or "espeak")
    assert isinstance(recipe, SpokenDigits)
    (train, test), judge = recipe.clips(), recipe.judge()
    floor = frechet_floor(judge, train, test)
    print(f"data: {recipe.source}, {len(train)} clips to train, {len(test)} to test", flush=True)
    runs = [one(recipe, seed) for seed in SEEDS]
    figures = {name: median(run[name] for run in runs) for name in runs[0]}
    return {
        **figures,
        "frechet_floor": floor,
        "frechet_over_floor": figures["frechet"] / floor,
        "judge_accuracy": accuracy(judge, test),
        "nearest_of_test": float(nearest_clip(log_mel(test.waveforms), log_mel(train.waveforms)).mean()),
    }
