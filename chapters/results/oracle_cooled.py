"""The GANs of oracle.py at each temperature, which they were not trained at: one seed each, to oracle_cooled.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/oracle_cooled.py`; it takes about 3 minutes on one core.
"""

from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plans, trained, write
from chapters.results.oracle import TEMPERATURES, recipe
from gan_lessons.judges.oracle import oracle
from gan_lessons.likelihood import likelihoods
from gan_lessons.recipes.oracle import WAYS

RECORD = Path(__file__).with_suffix(".json")


def by_way(way: str) -> list[dict[str, float]]:
    """Train a GAN from nothing; what its averaged generator reaches at each temperature."""
    writer, found = trained(recipe(way), name=way)[0].average, []
    for temperature in TEMPERATURES:
        torch.manual_seed(0)
        found.append({"temperature": temperature, **likelihoods(writer, oracle(), 5000, temperature)._asdict()})
    return found


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({way: recipe(way) for way in WAYS})


def main() -> None:
    torch.set_num_threads(1)
    command = "OMP_NUM_THREADS=1 python chapters/results/oracle_cooled.py"
    write(RECORD, {"command": command, "ways": {way: by_way(way) for way in WAYS}})


if __name__ == "__main__":
    main()
