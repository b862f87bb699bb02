"""The word GAN at its long size, three seeds, to words_long.json: its scores along the way, and what it wrote.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_long.py`; it takes 8 minutes on one quiet core.
"""

from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plans, scored, write
from gan_lessons import recipes
from gan_lessons.data.text import words

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
MEASUREMENTS = 10
PLAN = recipes.find("words", "long")


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({"long": PLAN})


def main() -> None:
    torch.set_num_threads(1)
    runs = [scored(PLAN, seed, MEASUREMENTS, "long") for seed in SEEDS]
    gan, _ = runs[0]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_long.py",
        "long": [curve for _, curve in runs],
        "samples": words().train.read(gan.sample(200).argmax(-1)),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
