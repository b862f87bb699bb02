"""The checks of the assignment to chapter 05, The first GAN. In each, `seed` and what follows may be changed."""

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, brief, call, compare, flat, number, own, seed_of
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import eight_gans, own_ring, reached, spied, trained
from gan_lessons.checks.patients import patients, treat
from gan_lessons.checks.reading import gallery, order, runs
from gan_lessons.metrics.modes import mode_scores

__all__ = [
    "diagnose", "eight_gans", "gallery", "limit", "order", "own_ring", "patients", "perfect", "runs", "seed_of",
    "three_numbers", "training", "update_average",
]  # fmt: skip

RATE = 1e-2  # of the GANs that are to be mended


@task
def three_numbers(answer: Callable, seed: int = 0, count: int = 400, std: float = 0.1) -> None:
    """Check three_numbers(samples, centres, std) on samples of every kind, and on some of which none is good."""
    mixture, random = own_ring(seed, std), torch.Generator().manual_seed(seed)
    modes = len(mixture.centres)
    uneven = torch.multinomial(torch.arange(1.0, modes), count, replacement=True, generator=random)
    near = mixture.centres[uneven] + 1.6 * std * torch.randn(count, 2, generator=random)
    astray = 3 * torch.randn(count // 4, 2, generator=random)
    mixed = torch.cat([near, astray, mixture.centres[-1:] + 4 * std])  # the last island has only a near miss
    for what, samples in ((f"{len(mixed)} samples", mixed), ("no good sample", mixture.centres + 5 * std)):
        found = call(answer, samples.clone(), mixture.centres.clone(), std)
        if not isinstance(found, tuple | list) or len(found) != 3:
            raise CheckError("not three numbers", f"{answer.__name__} returned {brief(found)}")
        right, wrong = mode_scores(samples, mixture), counting_mistakes(samples, mixture.centres, std)
        yours = dict(zip(right._fields, found, strict=True))
        for name in ("high_quality", "modes", "kl"):  # what counts as good shows best in its share
            truth = float(getattr(right, name))
            number(f"{answer.__name__}, {modes} islands, {what}: {name}", yours[name], truth, wrong[name])


def counting_mistakes(samples: Tensor, centres: Tensor, std: float) -> dict[str, list[tuple[str, float]]]:
    """The values that modes, high quality and KL have after the usual mistakes."""
    apart = samples[:, None] - centres
    distance, nearest = apart.norm(dim=-1).min(-1)

    def shares(good: Tensor) -> Tensor:
        counts = torch.bincount(nearest[good], minlength=len(centres)).double()
        return counts / counts.sum()

    rules = {
        "no distance asked": torch.ones_like(distance, dtype=torch.bool),
        "one standard deviation": distance <= std,
        "squared distance": distance**2 <= 3 * std,
        "a square, not a circle": (apart.abs() <= 3 * std).all(-1).any(-1),
    }
    good = distance <= 3 * std
    share = shares(good)
    seen = share[share > 0]
    entropy, even = -float((seen * seen.log()).sum()), 1 / len(centres)
    everywhere = torch.special.xlogy(shares(rules["no distance asked"]), shares(rules["no distance asked"]) / even)
    kl = math.log(len(centres)) - entropy
    return {
        "modes": [(name, len(nearest[rule].unique())) for name, rule in rules.items()],
        "high_quality": [
            *((name, float(rule.double().mean())) for name, rule in rules.items()),
            ("count, not share", float(good.sum())),
            ("percent", 100 * float(good.double().mean())),
        ],
        "kl": [
            ("KL the wrong way round", float((even * (even / share).log()).sum())),
            ("zero times its logarithm", math.nan),
            ("bad samples counted", float(everywhere.sum())),
            ("islands found only", math.log(max(len(seen), 1)) - entropy),
            ("entropy", entropy),
            ("base two", kl / math.log(2)),
            ("wrong sign of KL", -kl),
        ],
    }


def limit(seed: int = 0) -> float:
    """In your course, up to how many standard deviations a sample is of high quality."""
    return own(seed, "limit", [1.5, 1.75, 2.0, 2.25, 2.5])


@task
def perfect(answer: Any, seed: int = 0) -> None:
    """Check the share of a perfect sampler's points within `limit(seed)` standard deviations, to three decimals."""
    k = limit(seed)
    share = 1 - math.exp(-(k**2) / 2)
    mistakes = [
        ("one coordinate", math.erf(k / math.sqrt(2))),
        ("two coordinates by themselves", math.erf(k / math.sqrt(2)) ** 2),
        ("the others", 1 - share),
        ("density, not share", 1 - math.exp(-(k**2))),
        ("three standard deviations", 1 - math.exp(-4.5)),
        ("percent", 100 * share),
    ]
    number("perfect", answer, share, mistakes, tolerance=5e-4, secret=True)


@task
def update_average(answer: Callable, seed: int = 0, steps: Sequence[int] = (0, 7, 2000), decay: float = 0.98) -> None:
    """Check update_average(average, generator, step, decay) on a network with weights and buffers."""
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    for step in steps:
        generator, average = copy.deepcopy(network), copy.deepcopy(network).requires_grad_(False)
        for parameter in generator.parameters():
            nn.init.normal_(parameter)
        generator(torch.randn(16, 2))  # moves the buffers
        before, target, what = flat(average.parameters()), flat(generator.parameters()).detach(), f"at step {step}"
        left, buffers = (flat(filter(torch.is_floating_point, one.buffers())) for one in (average, generator))
        call(answer, average, generator, step, decay)
        if not torch.equal(flat(generator.parameters()), target):
            raise CheckError("generator moved", f"{what}: the generator's weights have changed")
        pairs = zip(average.parameters(), generator.parameters(), strict=True)
        if any(one.data_ptr() == two.data_ptr() for one, two in pairs):
            raise CheckError("average shared", f"{what}: the average holds the generator's own tensors")

        def mixed(share: float, before: Tensor = before, target: Tensor = target) -> Tensor:
            return share * before + (1 - share) * target

        warm, due = (1 + step) / (10 + step), min(decay, (1 + step) / (10 + step))
        mistakes = [
            ("average copied", target),
            ("average unmoved", before),
            ("shares swapped", mixed(1 - due)),
            ("no warm-up", mixed(decay)),
            ("warm-up for ever", mixed(warm)),
            ("off by one", mixed(min(decay, (2 + step) / (11 + step)))),
            ("off by one", mixed(min(decay, step / (9 + step)))),
        ]
        compare(f"{what}: the average's weights", flat(average.parameters()), mixed(due), mistakes)
        mistakes = [("buffers forgotten", left), ("buffers averaged", mixed(due, left, buffers))]
        kept = flat(filter(torch.is_floating_point, average.buffers()))
        compare(f"{what}: the average's buffers", kept, buffers, mistakes)
        if any(parameter.requires_grad for parameter in average.parameters()):
            raise CheckError("average learns", f"{what}: the average's weights now remember how they were made")


@task
def diagnose(answer: Callable, seed: int = 0, dims: Sequence[int] = (2,)) -> None:
    """Check diagnose(patient) on a patient of every kind, for data of each of these numbers of dimensions."""
    for number_of in dims:
        found = [(call(answer, patient), fault) for patient, fault in patients(seed, number_of)]
        for said, fault in sorted(found, key=lambda each: each[1] != "healthy"):
            treat(answer.__name__, said, fault)


def rates(steps: int, full: float) -> dict[str, list[float]]:
    """The learning rates of a training of so many steps: the right ones, and those after the usual mistakes."""
    cosine = [(1 + math.cos(math.pi * step / steps)) / 2 for step in range(steps + 1)]
    multiplied = [full]
    for factor in cosine:
        multiplied.append(multiplied[-1] * factor)
    return {
        "": [full * factor for factor in cosine[:steps]],
        "rates multiplied up": multiplied[1 : steps + 1],
        "no schedule": [full] * steps,
        "schedule upside down": [full * (1 - factor) for factor in cosine[:steps]],
        "schedule off by one": [full * factor for factor in [1.0, *cosine][:steps]],
        "schedule ends early": [full * factor for factor in cosine[1:]],
        "a whole wave": [full * (1 + math.cos(2 * math.pi * step / steps)) / 2 for step in range(steps)],
    }


@task
def training(answer: Callable, seed: int = 0, short: Sequence[int] = (6, 9), steps: int = 500) -> Tensor:
    """Check training(gan, data, steps, rate): the rates of a short one, and what eight GANs reach.

    Return their samples [8, 500, 2]. Of 48 such GANs 47 lacked one island at most and had 20 % good samples; of those
    that the sick training made, none.
    """
    mixture = own_ring(seed)
    data = mixture.sample(5000, seed)
    for count in short:
        gan, notes = spied(seed, RATE)
        call(answer, gan, data, count, RATE)
        wanted = rates(count, RATE)
        for player in ("discriminator", "generator"):
            yours = torch.tensor([rate for who, rate, _ in notes if who == player], dtype=torch.double)
            if len(yours) != count:
                sentence = f"{answer.__name__}, {count} steps: the {player}'s optimiser took {len(yours)}"
                raise CheckError("wrong number of steps", sentence)
            known = [(name, torch.tensor(each, dtype=torch.double)) for name, each in wanted.items()]
            what = f"{answer.__name__}, {count} steps, in thousandths: the {player}'s rates"
            compare(what, 1e3 * yours, 1e3 * known[0][1], [(name, 1e3 * each) for name, each in known[1:]])
    gan = trained(answer, eight_gans(seed, RATE), data, steps, RATE)
    return reached(answer.__name__, gan, mixture, seed, good=0.2)
