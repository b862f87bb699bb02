"""The digit GAN against the two idioms that readers would otherwise copy, at equal CPU seconds, in one process.

The idioms are written as tutorials write them: a DCGAN with binary cross-entropy, and fully connected layers with the
Wasserstein loss and a gradient penalty. Each gets the best of three learning rates, chosen on the first seed, and the
better of its two modes of BatchNorm whenever it is scored. About twenty minutes of CPU time.

The DCGAN has biases where no BatchNorm follows. The best-known tutorial leaves them out, and on digits that costs it
all its first steps: without a bias in its first layer, D's score hardly depends on the contrast of a batch, as leaky
ReLU and convolution pass a factor on and BatchNorm takes it out again. `after_16k` measures it.
"""

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from chapters.results._records import of_plans
from gan_lessons import recipes
from gan_lessons.data.images import digits
from gan_lessons.metrics.images import digit_scores, floor_distance, noise_distance

SEEDS = (0, 1, 2)
RATES = (2e-4, 5e-4, 1e-3)  # the first is what tutorials say
BATCH = 64
LAST = 60
# CPU seconds of training after which samples are scored
MOMENTS = (2.5, 5, 7.5, 10, 15, 20, 30, 45, LAST)
EARLY = 250  # steps of the DCGAN, 16,000 pictures, after which biases are judged


OURS: Any = replace(recipes.find("digits", "minutes"), steps=1500)


class Run(NamedTuple):
    """What one training reached: its Fréchet distance (a fraction of noise's) at each moment, and its pace."""

    curve: dict[float, float]
    rate: float  # real pictures a second


def dcgan(rate: float, seed: int, biases: bool = True) -> tuple[nn.Module, Iterator[int]]:
    """The plain tutorial DCGAN at 28 × 28: BatchNorm, N(0, 0.02²) weights, binary cross-entropy, Adam(0.5, 0.999)."""
    torch.manual_seed(seed)
    generator = nn.Sequential(
        nn.Unflatten(1, (100, 1, 1)),
        nn.ConvTranspose2d(100, 128, 7, 1, 0, bias=False),
        nn.BatchNorm2d(128),
        nn.ReLU(True),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(True),
        nn.ConvTranspose2d(64, 1, 4, 2, 1, bias=biases),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1, bias=biases),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(128, 1, 7, 1, 0, bias=biases),
        nn.Sigmoid(),
        nn.Flatten(0),
    )
    for layer in (*generator, *discriminator):
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)
    criterion = nn.BCELoss()
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=rate, betas=(0.5, 0.999))
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=rate, betas=(0.5, 0.999))

    def train() -> Iterator[int]:
        for real in batches():
            optimizer_d.zero_grad()
            criterion(discriminator(real), torch.ones(BATCH)).backward()
            fake = generator(torch.randn(BATCH, 100))
            criterion(discriminator(fake.detach()), torch.zeros(BATCH)).backward()
            optimizer_d.step()
            optimizer_g.zero_grad()
            criterion(discriminator(fake), torch.ones(BATCH)).backward()
            optimizer_g.step()
            yield BATCH

    return generator, train()


def mlp_gradient_penalty(rate: float, seed: int) -> tuple[nn.Module, Iterator[int]]:
    """The common fully connected GAN with the Wasserstein loss, gradient penalty 10 and five critic steps."""
    torch.manual_seed(seed)
    layers: list[nn.Module] = [nn.Linear(100, 128), nn.LeakyReLU(0.2, inplace=True)]
    for before, after in ((128, 256), (256, 512), (512, 1024)):
        layers += [nn.Linear(before, after), nn.BatchNorm1d(after, 0.8), nn.LeakyReLU(0.2, inplace=True)]
    generator = nn.Sequential(*layers, nn.Linear(1024, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))
    critic = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 512),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Linear(512, 256),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Linear(256, 1),
    )
    optimizer_d = torch.optim.Adam(critic.parameters(), lr=rate, betas=(0.5, 0.999))
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=rate, betas=(0.5, 0.999))

    def train() -> Iterator[int]:
        for step, real in enumerate(batches()):
            optimizer_d.zero_grad()
            fake = generator(torch.randn(BATCH, 100)).detach()
            share = torch.rand(BATCH, 1, 1, 1)
            between = (share * real + (1 - share) * fake).requires_grad_()
            (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
            penalty = (slope.flatten(1).norm(2, dim=1) - 1).square().mean()
            (critic(fake).mean() - critic(real).mean() + 10 * penalty).backward()
            optimizer_d.step()
            if step % 5 == 0:
                optimizer_g.zero_grad()
                (-critic(generator(torch.randn(BATCH, 100))).mean()).backward()
                optimizer_g.step()
            yield BATCH

    return generator, train()


IDIOMS: dict[str, Callable[[float, int], tuple[nn.Module, Iterator[int]]]] = {
    "dcgan": dcgan,
    "mlp_gradient_penalty": mlp_gradient_penalty,
}


def batches() -> Iterator[Tensor]:
    """Shuffled batches of real digits, epoch after epoch."""
    loader = DataLoader(TensorDataset(digits().pixels), BATCH, shuffle=True, drop_last=True)
    while True:
        for (real,) in loader:
            yield real


@torch.no_grad()
def drawn(generator: nn.Module, training_mode: bool) -> Tensor:
    """4,000 digits, BatchNorm by the batch's statistics or by the running ones."""
    network = copy.deepcopy(generator).train(training_mode)  # in training mode, BatchNorm would remember these samples
    return torch.cat([network(torch.randn(100, 100)) for _ in range(40)])


def timed(steps: Iterator[int], score: Callable[[], float]) -> Run:
    """Train for the last moment's CPU seconds, or to the end; score at each moment, which does not count as time."""
    curve: dict[float, float] = {}
    seconds, seen, start = 0.0, 0, time.process_time()

    def note() -> float:
        nonlocal seconds
        seconds += time.process_time() - start
        curve[seconds] = score()
        return time.process_time()

    for count in steps:
        seen += count
        if seconds + time.process_time() - start >= MOMENTS[len(curve)]:
            start = note()
            if len(curve) == len(MOMENTS):
                return Run(curve, seen / seconds)
    note()
    return Run(curve, seen / seconds)


def idiom(name: str, rate: float, seed: int) -> Run:
    """Train an idiom; it is scored with the better of its two modes of BatchNorm."""
    generator, steps = IDIOMS[name](rate, seed)
    return timed(steps, lambda: min(digit_scores(drawn(generator, mode)).frechet_fraction for mode in (True, False)))


def ours(seed: int) -> Run:
    """Train the recipe, at the size of minutes and for one of them."""
    recipe = OURS
    gan, data = recipe.build(seed=seed), recipe.data()
    return timed((recipe.batch for _ in recipe.train(gan, data)), lambda: recipe.score(gan)["frechet_fraction"])


def after_16k(biases: bool) -> float:
    """What the DCGAN reaches in 16,000 pictures, at the highest learning rate: the middle of the seeds."""
    found = []
    for seed in SEEDS:
        generator, steps = dcgan(RATES[-1], seed, biases)
        for _ in range(EARLY):
            next(steps)
        found.append(min(digit_scores(drawn(generator, mode)).frechet_fraction for mode in (True, False)))
    print(f"DCGAN {'with' if biases else 'without'} biases, {EARLY} steps: {found}", flush=True)
    return median(found)


def at(run: Run, moment: float) -> float:
    """The distance at the first score from that moment on, or at the last one where training ended before."""
    return next((value for seconds, value in run.curve.items() if seconds >= moment), [*run.curve.values()][-1])


def reached(run: Run, distance: float) -> float:
    """The CPU seconds of the first score at or below a distance."""
    return next((seconds for seconds, value in run.curve.items() if value <= distance), float("inf"))


def said(name: str, run: Run) -> Run:
    """Print a run."""
    curve = ", ".join(f"{seconds:.0f} s {value:.4f}" for seconds, value in run.curve.items())
    print(f"{name}: {run.rate:.0f} pictures/s; {curve}", flush=True)
    return run


def traced() -> dict[str, Any]:
    """How the training that is measured begins."""
    return of_plans({"ours": OURS})


def bench() -> dict[str, float]:
    first = {
        name: {rate: said(f"{name}, rate {rate:g}, seed {SEEDS[0]}", idiom(name, rate, SEEDS[0])) for rate in RATES}
        for name in IDIOMS
    }
    rates = {name: min(runs, key=lambda rate: at(runs[rate], LAST)) for name, runs in first.items()}
    runs = {name: [first[name][rate]] for name, rate in rates.items()} | {
        "ours": [said(f"ours, seed {SEEDS[0]}", ours(SEEDS[0]))]
    }
    for seed in SEEDS[1:]:  # in turn, so that a slow hour of the machine is everybody's
        for name, rate in rates.items():
            runs[name].append(said(f"{name}, rate {rate:g}, seed {seed}", idiom(name, rate, seed)))
        runs["ours"].append(said(f"ours, seed {seed}", ours(seed)))

    figures = {f"{name}_rate": rate for name, rate in rates.items()}
    for name, some in runs.items():
        figures |= {f"{name}_{moment}s": median(at(run, moment) for run in some) for moment in (10, 30, LAST)}
        figures[f"{name}_pictures_per_second"] = median(run.rate for run in some)
    best = min(figures[f"{name}_{LAST}s"] for name in IDIOMS)
    seconds = median(reached(run, best) for run in runs["ours"])
    return figures | {
        "dcgan_16k": after_16k(biases=True),
        "dcgan_without_biases_16k": after_16k(biases=False),
        "floor": floor_distance() / noise_distance(),
        "seeds": len(SEEDS),
        "seconds_to_the_best_idiom": seconds,
        "frechet_ratio": figures[f"ours_{LAST}s"] / best,
        "time_ratio": LAST / seconds,
    }
