"""Headlines by likelihood, by a GAN, its two controls, and by more likelihood, to headlines.json; three seeds.

Run as `OMP_NUM_THREADS=1 python chapters/results/headlines.py`; it takes twenty minutes on one core. Real
headlines, with one seed, are those of the hub's guardian_headlines, which are downloaded. With `dealt` behind it, the
command runs the last control alone, in five minutes, and adds it to the record: the rewards go to wrong lines.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean
from typing import Any

import torch

from chapters.results._records import dated, of_plans, trained, write
from gan_lessons import recipes
from gan_lessons.metrics.headlines import floors
from gan_lessons.recipes.headlines import Headlines
from gan_lessons.recipes.verse import dealt


class Dealt(Headlines):
    """A GAN each of whose lines gets the values of another."""

    worth = staticmethod(dealt)


RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
TEMPERATURES = (1.0, 0.8, 0.6)
EVERY = 200  # steps over which D's loss is averaged
SHORT, GAN = (recipes.find("headlines", size) for size in ("likelihood", "long"))
PLANS = {
    "likelihood": SHORT,
    "likelihood, 4,000 steps": replace(SHORT, steps=4000, taught=4000),
    "GAN": GAN,
    "GAN without rewards": replace(GAN, reward=0.0),
}
DEALT = {"GAN, rewards dealt": Dealt(**asdict(GAN))}
# so few real headlines are known by heart in fewer steps
NEWS = {
    "likelihood": replace(SHORT, source="hub:guardian_headlines", steps=300, taught=300, width=256, embedded=128),
    "GAN": replace(GAN, source="hub:guardian_headlines", steps=700, taught=300, waiting=100, width=256, embedded=128),
}


def traced() -> dict[str, Any]:
    """How each training on made headlines begins; the others want a network."""
    return of_plans(PLANS | DEALT)


def baselines(plan: Headlines) -> dict[str, dict[str, float]]:
    """What held-out headlines, shuffled ones and those of a bigram model score."""
    return {name: plan.judged(lines) for name, lines in floors(plan.splits()).items()}


def reached(plan: Headlines, seed: int, name: str) -> dict[str, Any]:
    """What one training scores at each temperature, eight of its headlines at the first, and a GAN's mean D losses."""
    losses: list[float] = []
    gan, seconds = trained(plan, seed, name, lambda record: losses.append(float(record.discriminator_loss)))
    curve = [{"temperature": heat, **plan.judged(plan.samples(gan, 500, temperature=heat))} for heat in TEMPERATURES]
    lines = plan.splits().train.read(plan.samples(gan, 8, seed=1))
    row = {"seed": seed, "seconds": round(seconds, 1), "curve": curve, "lines": lines}
    if name in ("GAN", *DEALT):
        row["discriminator_loss"] = [mean(losses[k : k + EVERY]) for k in range(plan.taught, plan.steps, EVERY)]
    return row


def main() -> None:
    torch.set_num_threads(1)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/headlines.py",
        "made": {
            **baselines(SHORT),
            **{name: [reached(plan, seed, name) for seed in SEEDS] for name, plan in (PLANS | DEALT).items()},
        },
        "guardian": {
            **baselines(NEWS["GAN"]),
            **{name: reached(plan, 0, f"guardian, {name}") for name, plan in NEWS.items()},
        },
    }
    write(RECORD, record)


def add_dealt(seeds: Iterable[int] = SEEDS) -> None:
    """Run the control of dealt rewards with these seeds, and add it to what the record has."""
    torch.set_num_threads(1)
    for name, plan in DEALT.items():
        for seed in seeds:
            row = dated(reached(plan, seed, name))
            record = json.loads(RECORD.read_text("utf-8"))
            others = [one for one in record["made"].get(name, []) if one["seed"] != seed]
            record["made"][name] = sorted([*others, row], key=lambda one: one["seed"])
            write(RECORD, record)


if __name__ == "__main__":
    add_dealt() if sys.argv[1:] == ["dealt"] else main()
