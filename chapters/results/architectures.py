"""Put one idea of an architecture at a time into the avatars recipe, at equal computing time, to architectures.json.

Run `OMP_NUM_THREADS=1 python chapters/results/architectures.py` from the repository's root; it takes 80 minutes on one
core, and goes on from where it was stopped. Every idea gets as many steps as take the time of the plain pair's: a
step's cost is measured side by side. Its learning rate is the better of two for a seed that is not counted, and then
three other seeds are trained. Chapter 11 reads the file.
"""

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from chapters.results._records import of_plans, write
from gan_lessons import losses, training
from gan_lessons.data import avatars
from gan_lessons.data.sources import Source
from gan_lessons.gan import GAN, Record
from gan_lessons.judges.avatars import load
from gan_lessons.metrics.avatars import cat_scores, cheats, real_confidence
from gan_lessons.networks.attention import SelfAttention
from gan_lessons.networks.growing import GrowingDiscriminator, GrowingGenerator, grow
from gan_lessons.networks.images import DCGANDiscriminator, DCGANGenerator
from gan_lessons.networks.pictures import PictureDiscriminator, PictureGenerator
from gan_lessons.networks.residual import ResidualDiscriminator, ResidualGenerator
from gan_lessons.networks.styles import Modulated, StyleGenerator
from gan_lessons.recipes.avatars import CPU, Avatars

RECORD, STARTED = Path(__file__).parent / "architectures.json", Path("runs/architectures.jsonl")
RATES, TRIAL, SEEDS = (2e-3, 4e-3), 100, (0, 1, 2)


@dataclass(frozen=True, kw_only=True)
class Rung(Avatars):
    """The avatars recipe with the plain pair, into which a rung brings its idea."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        return self.generator(), PictureDiscriminator(self.size, width=self.discriminator_width)

    def generator(self) -> nn.Module:
        return PictureGenerator(self.noise_dim, self.size, width=self.generator_width)


class DCGAN(Rung):
    """The pair, the loss and the optimiser of 2016, without penalty or falling rate."""

    betas: ClassVar = (0.5, 0.999)

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = DCGANGenerator(self.noise_dim, self.size, 3, self.generator_width)
        return generator, DCGANDiscriminator(self.size, 3, self.discriminator_width)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        return training.train(gan, data, losses.non_saturating, steps=self.steps, batch=self.batch)


class NoSpread(Rung):
    """Without the minibatch standard deviation in D."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        return self.generator(), PictureDiscriminator(self.size, width=self.discriminator_width, group=1)


class Growing(Rung):
    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = GrowingGenerator(self.noise_dim, self.size, width=self.generator_width)
        return generator, GrowingDiscriminator(self.size, width=self.discriminator_width)

    def train(self, gan: GAN, data: Tensor | Source, **more: Any) -> Iterator[Record]:
        return super().train(gan, data, on_step=grow)


class Attention(Rung):
    """Self-attention where G's maps have 16 × 16 places and D's 8 × 8."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator, discriminator = super().players()
        for network, side in ((generator, 16), (discriminator, 8)):
            place, maps = found(network.layers, self.noise_dim if network is generator else None, self.size, side)
            network.layers.insert(place, SelfAttention(maps))
        return generator, discriminator


def found(layers: nn.Sequential, noise_dim: int | None, size: int, side: int) -> tuple[int, int]:
    """Behind which layer the maps have that side for the first time, and how many maps there are."""
    values = torch.zeros(8, 3, size, size) if noise_dim is None else torch.zeros(8, noise_dim)
    for place, layer in enumerate(layers):
        values = layer(values)
        activated = isinstance(layer, nn.ReLU | nn.LeakyReLU)
        if activated and values.dim() == 4 and values.shape[-1] == side:
            return place + 1, values.shape[1]
    raise ValueError(f"No layer makes maps of a side of {side}.")


class Styles(Rung):
    """A mapping network, and its style at every normalisation."""

    changes: ClassVar[dict[str, Any]] = {}

    def generator(self) -> nn.Module:
        return StyleGenerator(self.noise_dim, self.size, width=self.generator_width, **self.changes)


class FromConstant(Styles):
    changes: ClassVar = {"constant": True}


class NoiseInputs(Styles):
    changes: ClassVar = {"noisy": True}


class Mixing(Styles):
    changes: ClassVar = {"mixing": 0.5}


class Modulation(Styles):
    changes: ClassVar = {"layer": Modulated}


class StyleGAN2(Styles):
    """All of them at once, as StyleGAN 2 has them."""

    changes: ClassVar = {"layer": Modulated, "constant": True, "noisy": True, "mixing": 0.5}


class Residual(Rung):
    """R3GAN's blocks in both players, which have no statistics of a batch."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        generator = ResidualGenerator(self.noise_dim, self.size, width=self.generator_width)
        return generator, ResidualDiscriminator(self.size, width=self.discriminator_width)


RUNGS: dict[str, type[Avatars]] = {
    "DCGAN (2016)": DCGAN,
    "plain pair": Rung,
    "no minibatch std": NoSpread,
    "growing": Growing,
    "attention": Attention,
    "told the colour": Avatars,
    "styles": Styles,
    "styles, constant input": FromConstant,
    "styles, noise inputs": NoiseInputs,
    "styles, mixing": Mixing,
    "styles, modulation": Modulation,
    "StyleGAN 2, small": StyleGAN2,
    "R3GAN blocks": Residual,
}


def plan(name: str, **changes: Any) -> Avatars:
    """The recipe of a rung, with the settings of the size `cpu`, but told nothing, or the body's colour alone."""
    settings = {field.name: getattr(CPU, field.name) for field in fields(CPU)} | {"noise_dim": 64}
    return RUNGS[name](**settings | {"told": "body" if RUNGS[name] is Avatars else None} | changes)


def costs(rounds: int = 9, steps: int = 8) -> dict[str, float]:
    """What a step of each rung costs, in CPU seconds: the median of a few rounds in which all take turns."""
    whole = {name: plan(name) for name in RUNGS}
    trainings = {name: one.train(grown(one.build(), one.steps), one.data()) for name, one in whole.items()}
    taken: dict[str, list[float]] = {name: [] for name in RUNGS}
    for _ in range(rounds):
        for name, records in trainings.items():
            start = time.process_time()
            list(islice(records, steps))
            taken[name].append((time.process_time() - start) / steps)
    return {name: statistics.median(times) for name, times in taken.items()}


def grown(gan: GAN, steps: int) -> GAN:
    """The same GAN at half of its training: a growing one then has nearly its full size."""
    gan.step = steps // 2
    return gan


def trained(name: str, steps: int, rate: float, seed: int) -> dict[str, Any]:
    """Train one GAN; its scores, how surely each part is read against real cats', and its CPU seconds."""
    one = plan(name, steps=steps, learning_rate=rate)
    gan, start = one.build(seed=seed), time.process_time()
    try:
        for _ in one.train(gan, one.data()):
            pass
    except training.DivergenceError:
        return {"name": name, "rate": rate, "seed": seed, "seconds": time.process_time() - start, "scores": None}
    seconds = time.process_time() - start
    samples = torch.cat([one.samples(gan, 500, seed) for seed in range(4)])
    readings = load().read(samples.float())[1]
    real = real_confidence(one.size).double().mean(0)
    sure = {
        part: float((reading.amax(1) >= 0.9).double().mean() / share)
        for (part, reading), share in zip(readings.items(), real, strict=True)
    }
    return {"name": name, "rate": rate, "seed": seed, "seconds": seconds, "sure": sure,
            "scores": one.score(gan)}  # fmt: skip


def traced() -> dict[str, Any]:
    """How the training of each rung begins at the higher rate."""
    return of_plans({name: plan(name) for name in RUNGS})


def main() -> None:
    torch.set_num_threads(1)
    STARTED.parent.mkdir(exist_ok=True)
    done = [json.loads(line) for line in STARTED.read_text("utf-8").splitlines()] if STARTED.exists() else []
    if not done:
        done = [{"name": "costs", "costs": costs()}]
        STARTED.write_text(json.dumps(done[0]) + "\n", "utf-8")
    price = done[0]["costs"]
    steps = {name: int(CPU.steps * price["plain pair"] / price[name]) for name in RUNGS}

    def reached(name: str, rate: float, seed: int) -> dict[str, Any]:
        for run in done:
            if (run["name"], run.get("rate"), run.get("seed")) == (name, rate, seed):
                return run
        run = trained(name, steps[name], rate, seed)
        with STARTED.open("a", encoding="utf-8") as file:
            file.write(json.dumps(run) + "\n")
        print(run, flush=True)
        return run

    rungs: dict[str, Any] = {}
    for name in RUNGS:
        trials = [distance(reached(name, rate, TRIAL)) for rate in RATES]
        rate = RATES[trials.index(min(trials))]
        runs = [reached(name, rate, seed) for seed in SEEDS]
        rungs[name] = {"cost": price[name] / price["plain pair"], "steps": steps[name], "rate": rate, "trials": trials}
        rungs[name] |= {"frechet_fraction": [distance(run) for run in runs], "runs": runs}
    known = avatars.load("cats", CPU.size, CPU.count)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/architectures.py",
        "steps": CPU.steps,
        "seconds_a_step": price["plain pair"],
        "rates": RATES,
        "seeds": SEEDS,
        "cheats": {name: cat_scores(pictures, known)._asdict() for name, pictures in cheats(CPU.size, known).items()},
        "rungs": rungs,
    }
    write(RECORD, record)


def distance(run: dict[str, Any]) -> float:
    """A run's Fréchet distance as a fraction of noise's, which is also what a run that diverged gets."""
    return 1.0 if run["scores"] is None else run["scores"]["frechet_fraction"]


if __name__ == "__main__":
    main()
