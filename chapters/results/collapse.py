"""What drives mode collapse on the ring, and what brings the modes back? Settings × seeds, to sweeps/collapse.json.

Run `OMP_NUM_THREADS=1 python chapters/results/collapse.py` at the repository's root; it takes a quarter of an
hour on one core.
"""

import math
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import write
from gan_lessons.data.points import ring
from gan_lessons.metrics.modes import ModeScores, mode_scores, perfect
from gan_lessons.sweeps import Setting, Sweep
from gan_lessons.traces import of_sweep

RECORD = Path(__file__).parent / "sweeps" / "collapse.json"
STEPS, SEEDS = 1000, range(30)
RATE = 6e-3
PLAIN: dict[str, Any] = {"loss": "non_saturating", "generator_rate": RATE, "discriminator_rate": RATE, "batch": 64}
PLAIN |= {"momentum": 0.5, "average_decay": 0.99, "discriminator_width": 64, "discriminator_depth": 2}
PAIRS = {"loss": "relativistic", "pack": 2}

# group → name → what differs from PLAIN; `std` is the islands', `size` the standard deviation of what the networks see
DRIVERS: dict[str, dict[str, dict[str, Any]]] = {
    "D's size": {
        "width 16": {"discriminator_width": 16},
        "width 256": {"discriminator_width": 256},
        "one layer": {"discriminator_depth": 1},
        "three layers": {"discriminator_depth": 3},
    },
    "rates": {
        "both / 6": {"generator_rate": RATE / 6, "discriminator_rate": RATE / 6},
        "G × 4": {"generator_rate": 4 * RATE},
        "G / 4": {"generator_rate": RATE / 4},
        "D / 4": {"discriminator_rate": RATE / 4},
        "momentum 0.9": {"momentum": 0.9},
    },
    "loss": {"minimax": {"loss": "minimax"}, "least squares": {"loss": "least_squares"}, "hinge": {"loss": "hinge"}},
    "batch": {"batch 16": {"batch": 16}, "batch 256": {"batch": 256}},
    "data": {"islands × 5": {"std": 0.1}, "all / 10": {"size": 0.1}, "all × 5": {"size": 5.0}},
}
REMEDIES: dict[str, dict[str, dict[str, Any]]] = {
    "D sees more": {
        "packing 2": {"pack": 2},
        "packing 4": {"pack": 4},
        "minibatch std": {"spread": True},
        "relativistic": {"loss": "relativistic"},
    },
    "G looks ahead": {
        "unrolled, 5 × 0.01": {"unrolled": 5, "unrolled_rate": 0.01},
        "unrolled, 5 × 0.1": {"unrolled": 5, "unrolled_rate": 0.1},
    },
    "D is smooth": {
        "R1, 0.0001": {"penalty": "r1", "penalty_weight": 1e-4},
        "R1, 0.01": {"penalty": "r1", "penalty_weight": 1e-2},
        "gradient penalty, 0.01": {"penalty": "gradient_penalty", "penalty_weight": 1e-2},
    },
    "steps get shorter": {
        "falling rate": {"annealed": STEPS},
        "falling rate, minibatch std": {"annealed": STEPS, "spread": True},
        "falling rate, relativistic, packing 2": {"annealed": STEPS, **PAIRS},
    },
}
GROUPS: dict[str, dict[str, dict[str, Any]]] = {"plain": {"plain": {}}, **DRIVERS, **REMEDIES}


def split(changes: dict[str, Any]) -> tuple[Setting, float, float]:
    """A setting, the islands' standard deviation, and the size of what the networks see."""
    own = PLAIN | changes
    std, size = own.pop("std", 0.02), own.pop("size", 1.0)
    return Setting(**own), std, size


def build(settings: Sequence[Setting], std: float, size: float) -> Sweep:
    """All of these settings, on these data."""
    return Sweep(ring(std=std).sample(20_000, seed=1) * (size / 2**0.5), settings, SEEDS)


def listed(scores: ModeScores) -> list[dict[str, list[float]]]:
    """Each member's scores, a dictionary a setting; a KL without any good sample counts as that of one island."""
    scores = scores._replace(kl=scores.kl.clamp(max=math.log(8)))
    each = [{name: value[k] for name, value in scores._asdict().items()} for k in range(len(scores.kl))]
    return [{name: [round(one, 4) for one in value.tolist()] for name, value in one.items()} for one in each]


def run(std: float, size: float, settings: dict[str, Setting]) -> dict[str, dict[str, Any]]:
    """Train settings on the same data together; score the present and the averaged generators."""
    sweep = build(list(settings.values()), std, size)
    reached: dict[str, dict[str, Any]] = {name: {"curve": []} for name in settings}
    for step in sweep.train(STEPS):
        if step % (STEPS // 5) == 0:
            for kind in ("present", "average"):
                points = sweep.sample(2500, average=kind == "average") * (2**0.5 / size)
                for one, scores in zip(reached.values(), listed(mode_scores(points, ring(std=std))), strict=True):
                    one[kind] = scores
                    medians = {name: round(statistics.median(values), 4) for name, values in scores.items()}
                    one["curve"].append({"step": step, "of": kind} | medians)
            print(std, size, step, flush=True)
    return reached


def costs(settings: dict[str, dict[str, Any]], steps: int = 20, rounds: int = 5) -> dict[str, float]:
    """CPU time of a step relative to the plain GAN's, the median of some rounds in turn."""
    sweeps = {}
    for name, changes in settings.items():
        setting, *data = split(changes)
        sweeps[name] = build([setting], *data)
    spent: dict[str, list[float]] = {name: [] for name in sweeps}
    for _ in range(rounds):
        for name, sweep in sweeps.items():
            start = time.process_time()
            for _ in sweep.train(sweep.step + steps):
                pass
            spent[name].append(time.process_time() - start)
    plain = statistics.median(spent["plain"])
    return {name: round(statistics.median(each) / plain, 2) for name, each in spent.items()}


def traced() -> dict[str, Any]:
    """How the training of each setting begins."""
    changes = {name: changed for group in GROUPS.values() for name, changed in group.items()}
    return {
        name: of_sweep(build([setting], *data), STEPS)
        for name, (setting, *data) in ((name, split(changed)) for name, changed in changes.items())
    }


def main() -> None:
    torch.set_num_threads(1)
    changes = {name: changed for group in GROUPS.values() for name, changed in group.items()}
    alike: dict[tuple[float, float], dict[str, Setting]] = {}
    for name, changed in changes.items():
        setting, *data = split(changed)
        alike.setdefault((data[0], data[1]), {})[name] = setting
    reached: dict[str, dict[str, Any]] = {}
    for (std, size), settings in alike.items():
        reached |= run(std, size, settings)
    spent = costs(changes)
    settings_reached = {
        name: {"group": group, "changes": changed, "cost": spent[name], **reached[name]}
        for group, entries in GROUPS.items()
        for name, changed in entries.items()
    }
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/collapse.py",
        "steps": STEPS,
        "seeds": list(SEEDS),
        "plain": PLAIN,
        "perfect": {name: float(value) for name, value in perfect(ring())._asdict().items()},
        "settings": settings_reached,
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
