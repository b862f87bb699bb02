"""The word GAN at its long size, three seeds, to words_long.json: its scores along the way, and what it wrote.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_long.py`; it takes 8 minutes on one quiet core.
"""

import datetime
from pathlib import Path

import torch

from chapters.results._records import scored, write
from gan_lessons import recipes
from gan_lessons.data.text import words
from gan_lessons.metrics.text import text_scores
from gan_lessons.recipes import hashed
from gan_lessons.runs import machine

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
MEASUREMENTS = 10
PLAN = recipes.find("words", "long")


def fingerprint() -> str:
    """A hash of the plan and of the code that trains and scores."""
    return hashed(repr(PLAN), [*PLAN.parts(), text_scores])


def main() -> None:
    torch.set_num_threads(1)
    runs = [scored(PLAN, seed, MEASUREMENTS, "long") for seed in SEEDS]
    gan, _ = runs[0]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_long.py",
        "date": datetime.date.today().isoformat(),
        "machine": machine(torch.device("cpu")),
        "fingerprint": fingerprint(),
        "long": [curve for _, curve in runs],
        "samples": words().train.read(gan.sample(200).argmax(-1)),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
