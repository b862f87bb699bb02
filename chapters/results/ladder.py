"""Climb from the DCGAN to the digits recipe a change at a time, and take each change out again, to ladder.json.

Run `OMP_NUM_THREADS=1 python chapters/results/ladder.py` from the repository's root; it takes 40 minutes on one core.
Every rung trains for the steps and at the batch of the recipe's cpu size, with networks of the same widths. On the way
up its learning rate is the best of three for a seed that is not counted, and then three other seeds are trained; a
change is taken out again at the rate of the last rung. Chapter 09 reads the file.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from chapters.results._records import write
from gan_lessons import losses, penalties, recipes, traces, training
from gan_lessons.gan import GAN
from gan_lessons.metrics.images import digit_scores, floor_distance, noise_distance
from gan_lessons.networks.images import (
    DCGANDiscriminator,
    DCGANGenerator,
    GroupSpread,
    ImageDiscriminator,
    ImageGenerator,
)

RECORD = Path(__file__).parent / "ladder.json"
RECIPE: Any = recipes.find("digits", "cpu")
RATES = (6e-4, 2e-3, 6e-3)
TRIAL, SEEDS = 100, (0, 1, 2)
PARTS = (DCGANDiscriminator, DCGANGenerator, GroupSpread, ImageDiscriminator, ImageGenerator, losses.relativistic,
         losses.non_saturating, penalties.r1_and_r2, training.cosine, training.train)  # fmt: skip


@dataclass(frozen=True)
class Rung:
    """Which of the changes are made; none of them is the DCGAN, and all of them the recipe but for its average."""

    plain_discriminator: bool = False  # no BatchNorm in D, and a hidden layer after the convolutions
    relativistic: bool = False
    penalty: bool = False
    spread: bool = False
    deeper_generator: bool = False
    no_momentum: bool = False
    annealed: bool = False

    def build(self, rate: float, seed: int) -> GAN:
        """A fresh GAN of this rung."""
        torch.manual_seed(seed)
        wide, narrow = RECIPE.generator_width, RECIPE.discriminator_width
        generator = (ImageGenerator if self.deeper_generator else DCGANGenerator)(RECIPE.noise_dim, width=wide)
        discriminator: nn.Module = DCGANDiscriminator(width=narrow)
        if self.plain_discriminator:
            # a group of one has no spread
            discriminator = ImageDiscriminator(width=narrow, group=8 if self.spread else 1)
        for network in (generator, discriminator):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        betas = (0.0, 0.99) if self.no_momentum else (0.5, 0.99)
        return GAN(
            generator,
            discriminator,
            noise_dim=RECIPE.noise_dim,
            seed=seed,
            optimizer=partial(torch.optim.Adam, lr=rate, betas=betas, fused=True),
            average_decay=RECIPE.average_decay,
        )

    def steps(self, gan: GAN, data: Any, **more: Any) -> Iterator[training.Record]:
        """Train a GAN of this rung step by step."""
        return training.train(
            gan,
            data,
            losses.relativistic if self.relativistic else losses.non_saturating,
            steps=RECIPE.steps,
            batch=RECIPE.batch,
            penalty=partial(penalties.r1_and_r2, weight=RECIPE.penalty_weight) if self.penalty else None,
            penalty_every=RECIPE.penalty_every,
            schedule=training.cosine if self.annealed else training.constant,
            **more,
        )

    def train(self, rate: float, seed: int) -> dict[str, float]:
        """Train one GAN; its Fréchet fraction with the present and with the averaged generator, and its CPU seconds."""
        gan, start = self.build(rate, seed), time.process_time()
        try:
            for _ in self.steps(gan, RECIPE.data()):
                pass
        except training.DivergenceError:
            return {"present": 1.0, "averaged": 1.0, "seconds": time.process_time() - start}
        seconds = time.process_time() - start
        present, averaged = (digit_scores(gan.sample(4000, average=average)) for average in (False, True))
        return {
            "present": round(present.frechet_fraction, 5),
            "averaged": round(averaged.frechet_fraction, 5),
            "seconds": round(seconds, 1),
        }


CHANGES = [field.name for field in fields(Rung)]
CLIMB = {name: Rung(**dict.fromkeys(CHANGES[: k + 1], True)) for k, name in enumerate(CHANGES)}
TOP = CLIMB[CHANGES[-1]]
WITHOUT = {
    # the spread is a part of the discriminator without BatchNorm, so it goes with it
    name: replace(TOP, **{name: False} | ({"spread": False} if name == "plain_discriminator" else {}))
    for name in CHANGES
}


def tried(rung: Rung) -> dict[str, Any]:
    """A rung's best learning rate, and what every rate reaches with the trial seed."""
    trials = [rung.train(rate, TRIAL)["averaged"] for rate in RATES]
    return {"rate": RATES[trials.index(min(trials))], "trials": trials}


def reached(rung: Rung, rate: float) -> dict[str, Any]:
    """What the counted seeds reach."""
    runs = [rung.train(rate, seed) for seed in SEEDS]
    return {"rate": rate} | {figure: [run[figure] for run in runs] for figure in runs[0]}


def traced() -> dict[str, Any]:
    """How the training of each rung begins at the middle rate."""
    data, rungs = (
        RECIPE.data(),
        {"dcgan": Rung(), **CLIMB} | {f"without {name}": rung for name, rung in WITHOUT.items()},
    )
    return {
        name: traces.of_training(traces.made(partial(rung.build, RATES[1], 0)), data, rung.steps, RECIPE.steps)
        for name, rung in rungs.items()
    }


def main() -> None:
    torch.set_num_threads(1)
    climb: dict[str, dict[str, Any]] = {}
    for name, rung in {"dcgan": Rung(), **CLIMB}.items():
        trial = tried(rung)
        climb[name] = trial | reached(rung, trial["rate"])
        print(name, climb[name], flush=True)
    without: dict[str, dict[str, Any]] = {}
    for name, rung in WITHOUT.items():
        without[name] = reached(rung, climb[CHANGES[-1]]["rate"])
        print("without", name, without[name], flush=True)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/ladder.py",
        "steps": RECIPE.steps,
        "batch": RECIPE.batch,
        "rates": RATES,
        "seeds": SEEDS,
        "floor": floor_distance() / noise_distance(),
        "climb": climb,
        "without": without,
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
