"""Train conditional GANs on digits, five ways of using labels over three seeds, and store what they reached.

Run `OMP_NUM_THREADS=1 python chapters/results/conditioning.py` from the repository's root; it takes ten minutes on one
core. Each way has the best of three learning rates, by the Fréchet distance of a seed that is not counted. Chapter 10
reads sweeps/conditioning.json, and the sheets of samples in conditioning.npz.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chapters.results._records import of_plans, trained, write
from gan_lessons import recipes
from gan_lessons.data.images import Images, digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.asked import asked_scores, variety
from gan_lessons.metrics.inception import inception_score

HERE = Path(__file__).parent
STEPS = 400
SEEDS = range(3)
RATES = (2e-3, 4e-3, 8e-3)  # the middle one is the recipe's
TRIAL = 100
WAYS = {
    "concatenation": {"head": "concatenation"},
    "projection": {"head": "projection"},
    "auxiliary": {"head": "auxiliary"},
    "auxiliary × 3": {"head": "auxiliary", "classifier_weight": 3.0},
    "auxiliary × 10": {"head": "auxiliary", "classifier_weight": 10.0},
}


def recipe(way: str, rate: float = RATES[1]) -> Any:
    return replace(recipes.find("conditional"), steps=STEPS, learning_rate=rate, **WAYS[way])


def traced() -> dict[str, Any]:
    """How each training begins at the middle rate."""
    return of_plans({way: recipe(way) for way in WAYS})


def tried(way: str) -> list[float]:
    """What each rate reaches with the trial seed."""
    found = []
    for rate in RATES:
        one = recipe(way, rate)
        found.append(one.score(trained(one, TRIAL)[0])["frechet_fraction"])
    print(way, dict(zip(RATES, found, strict=True)), flush=True)
    return found


def main() -> None:
    torch.set_num_threads(1)
    held_out, judge = digits(held_out=True), load()
    assert held_out.labels is not None
    asked = held_out.labels.repeat(4)
    reached: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    trials: dict[str, list[float]] = {}
    sheets: dict[str, np.ndarray] = {}
    for way in WAYS:
        trials[way] = tried(way)
        one = recipe(way, RATES[trials[way].index(min(trials[way]))])
        for seed in SEEDS:
            gan, seconds = trained(one, seed)
            drawn = Images(one.samples(gan, asked), asked)
            spread = variety(drawn, held_out)
            reached[way].append(
                {
                    **asked_scores(drawn, held_out),
                    "inception_score": inception_score(judge.probabilities(drawn.pixels)),
                    "variety": float(spread.mean()),
                    "worst_variety": float(spread.min()),
                    "cpu_seconds": round(seconds, 1),
                }
            )
            print(way, seed, {name: round(value, 4) for name, value in reached[way][-1].items()}, flush=True)
            if seed == 0:
                sheet = one.samples(gan, torch.arange(10).repeat_interleave(10), seed=1)
                sheets[way] = ((sheet[:, 0] + 1) * 127.5).round().byte().numpy()
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/conditioning.py",
        "cpu_seconds": round(sum(run["cpu_seconds"] for runs in reached.values() for run in runs)),
        "steps": STEPS,
        "seeds": list(SEEDS),
        "rates": RATES,
        "trials": trials,
        "ways": reached,
    }
    write(HERE / "sweeps" / "conditioning.json", record)
    np.savez_compressed(HERE / "conditioning.npz", **sheets)


if __name__ == "__main__":
    main()
