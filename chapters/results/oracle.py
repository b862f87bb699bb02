"""The oracle's texts learnt from nothing by four ways, and by maximum likelihood, three seeds each.

Run as `OMP_NUM_THREADS=1 python chapters/results/oracle.py`; it writes oracle.json beside itself (about 10 minutes).
"""

import time
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plans, scored, write
from gan_lessons import recipes
from gan_lessons.judges.oracle import KINDS, LENGTH, oracle
from gan_lessons.likelihood import likelihoods, maximum_likelihood
from gan_lessons.networks.text import LSTMGenerator
from gan_lessons.recipes.oracle import WAYS

SEEDS = (0, 1, 2)
TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
LIKELIHOOD_STEPS = 2000
MEASUREMENTS = 8
RECORD = Path(__file__).with_suffix(".json")


def recipe(way: str) -> recipes.Recipe:
    """The recipe of that way, at the size that takes 30 to 50 CPU seconds."""
    return recipes.find("oracle", "cpu" if way == "all_actions" else way)


def by_way(way: str, seed: int) -> list[dict[str, float]]:
    """Train a GAN from nothing; what it reaches along the way, with the CPU seconds of training."""
    plan = recipe(way)
    start = {"step": 0, "seconds": 0.0, **plan.score(plan.build(seed=seed))}
    return [start, *scored(plan, seed, MEASUREMENTS, way)[1]]


def by_likelihood(seed: int) -> list[dict[str, float]]:
    """Train the same generator by maximum likelihood; what it reaches at each temperature."""
    data = recipe("all_actions").data()
    torch.manual_seed(seed)
    start = time.process_time()
    *_, model = maximum_likelihood(
        LSTMGenerator(KINDS, LENGTH, width=64), data, LIKELIHOOD_STEPS, ended=False, seed=seed
    )
    seconds, found = time.process_time() - start, []
    for temperature in TEMPERATURES:
        torch.manual_seed(0)
        found.append(
            {
                "temperature": temperature,
                "seconds": seconds,
                **likelihoods(model, oracle(), 5000, temperature)._asdict(),
            }
        )
    return found


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({way: recipe(way) for way in WAYS})


def main() -> None:
    torch.set_num_threads(1)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/oracle.py",
        "ways": {way: [by_way(way, seed) for seed in SEEDS] for way in WAYS},
        "likelihood": [by_likelihood(seed) for seed in SEEDS],
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
