"""Does a remedy help a GAN that drops modes? Least squares with one remedy each × seeds, to sweeps/dropping.json.

Run `OMP_NUM_THREADS=1 python chapters/results/dropping.py` at the repository's root; it takes some
two minutes on one core.
"""

from pathlib import Path
from typing import Any

import torch

from chapters.results._records import write
from chapters.results.collapse import PLAIN, RATE, SEEDS, STEPS, build, run, split
from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import perfect
from gan_lessons.traces import of_sweep

RECORD = Path(__file__).parent / "sweeps" / "dropping.json"
REMEDIES: dict[str, dict[str, Any]] = {
    "least squares": {},
    "G / 4": {"generator_rate": RATE / 4},
    "packing 2": {"pack": 2},
    "minibatch std": {"spread": True},
    "R1, 0.01": {"penalty": "r1", "penalty_weight": 1e-2},
    "falling rate": {"annealed": STEPS},
}
CHANGES = {name: {"loss": "least_squares"} | changes for name, changes in REMEDIES.items()}


def traced() -> dict[str, Any]:
    """How the training of each setting begins."""
    settings = {name: split(changes) for name, changes in CHANGES.items()}
    return {name: of_sweep(build([setting], *data), STEPS) for name, (setting, *data) in settings.items()}


def main() -> None:
    torch.set_num_threads(1)
    setting = {name: split(changes) for name, changes in CHANGES.items()}
    _, std, size = setting["least squares"]
    reached = run(std, size, {name: own for name, (own, *_) in setting.items()})
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/dropping.py",
        "steps": STEPS,
        "seeds": list(SEEDS),
        "plain": PLAIN,
        "perfect": {name: float(value) for name, value in perfect(ring())._asdict().items()},
        "settings": {name: {"changes": CHANGES[name], **reached[name]} for name in CHANGES},
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
