"""WaveGAN at its cpu size, with phase shuffle and without, to wavegan.json; the weights of the first are stored.

Run as `OMP_NUM_THREADS=1 python chapters/results/wavegan.py`; it takes 12 minutes on one quiet core.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plans, scored, store, write
from gan_lessons import recipes
from gan_lessons.metrics.sound import frechet_floor

RECORD = Path(__file__).with_suffix(".json")
SEED = 0
MEASUREMENTS = 6
SHUFFLED: Any = recipes.find("wavegan", "cpu")
PLANS = {"phase shuffle": SHUFFLED, "no phase shuffle": replace(SHUFFLED, shuffle=0)}


def train(name: str) -> list[dict[str, float]]:
    """Train a GAN; its scores along the way. That with phase shuffle leaves its weights."""
    gan, curve = scored(PLANS[name], SEED, MEASUREMENTS, name)
    if PLANS[name] == SHUFFLED:
        store(RECORD.with_suffix(".safetensors"), gan.average)
    return curve


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans(PLANS)


def main() -> None:
    torch.set_num_threads(1)
    clips, test = SHUFFLED.clips()
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/wavegan.py",
        "frechet_floor": frechet_floor(SHUFFLED.judge(), clips, test),
        **{name: train(name) for name in PLANS},
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
