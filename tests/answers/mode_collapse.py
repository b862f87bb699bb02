"""Answers to the assignment of chapter 06. A function's name says how it was written, or what is wrong with it."""

import math

import numpy as np
import torch
from torch.nn.functional import softplus

from gan_lessons.checks import mode_collapse as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: spread


@right("spread")
def by_hand(features):
    centred = features - features.mean(dim=0, keepdim=True)
    deviation = torch.sqrt((centred**2).mean(dim=0) + 1e-8)
    return torch.hstack([features, torch.ones_like(features[:, :1]) * deviation.mean()])


@right("spread")
def moments(features):
    variance = torch.var_mean(features, dim=0, correction=0)[0]
    column = variance.add(1e-8).pow(0.5).mean().repeat(features.shape[0], 1)
    return torch.concat((features, column), dim=-1)


def spreads(mistake):
    """The column, appended, with one mistake."""

    def spread(features):
        deviation = (features.var(0, unbiased=False) + 1e-8).sqrt()
        value = {
            "over the features": features.std(1, unbiased=False).mean(),
            "unbiased": features.std(0).mean(),
            "variance": features.var(0, unbiased=False).mean(),
            "everything at once": features.std(),
            "spread detached": deviation.mean().detach(),
            "root at zero": features.std(0, unbiased=False).mean(),
            "added outside the root": features.std(0, unbiased=False).mean() + 1e-8,
        }.get(mistake, deviation.mean())
        column = value.expand(len(features), 1)
        if mistake == "not one column":
            return torch.cat([features, deviation.expand_as(features)], 1)
        if mistake == "in front":
            return torch.cat([column, features], 1)
        return torch.cat([features - features.mean(0) if mistake == "features changed" else features, column], 1)

    spread.__name__ = mistake.replace(" ", "_")
    return spread


for name in ("over the features", "unbiased", "variance", "everything at once", "spread detached"):
    wrong("spread", name)(spreads(name))
for name in ("not one column", "in front", "features changed", "added outside the root"):
    wrong("spread", name)(spreads(name))


@wrong("spread", "over the features")
def each_sample_its_own(features):
    return torch.cat([features, features.std(1, keepdim=True)], 1)


@wrong("spread", "root at zero")
def clamped_after_the_root(features):
    deviation = features.var(0, unbiased=False).sqrt().clamp(min=1e-4)
    return torch.cat([features, deviation.mean().expand(len(features), 1) + 0 * features.std(0).sum()], 1)


# Task 2: pack


@right("pack")
def slices(samples, size):
    return torch.cat([samples[k::size] for k in range(size)], dim=1)


@right("pack")
def unflattened(samples, size):
    return samples.unflatten(0, (-1, size)).flatten(1, 2)


@right("pack")
def pack_by_pack(samples, size):
    return torch.stack([torch.cat(list(samples[k : k + size])) for k in range(0, len(samples), size)])


wrong("pack", "far partners")(lambda samples, size: torch.cat(samples.chunk(size), 1))
wrong("pack", "overlapping")(lambda samples, size: torch.cat([samples.roll(-k, 0) for k in range(size)], 1))
wrong("pack", "with itself")(lambda samples, size: torch.cat([samples] * size, 1))
wrong("pack", "with itself")(lambda samples, size: torch.cat([samples[::size]] * size, 1))
wrong("pack", "new dimension")(lambda samples, size: samples.reshape(-1, size, *samples.shape[1:]))
wrong("pack", "order within the pack")(
    lambda samples, size: torch.cat([samples[k::size] for k in reversed(range(size))], 1)
)


@wrong("pack", "coordinates mixed")
def woven(samples, size):
    return samples.unflatten(0, (-1, size)).transpose(1, 2).flatten(1, 2)


# Task 3: missing, as a function of the student's number


def asked(formula):
    return lambda seed: formula(*check.islands_and_samples(seed))


right("missing")(asked(lambda k, n: k * (1 - 1 / k) ** n))
right("missing")(asked(lambda k, n: torch.tensor(round(k * math.exp(n * math.log1p(-1 / k)), 2))))
wrong("missing", "one island only")(asked(lambda k, n: (1 - 1 / k) ** n))
wrong("missing", "found, not missing")(asked(lambda k, n: k - k * (1 - 1 / k) ** n))
wrong("missing", "one sample too few")(asked(lambda k, n: k * (1 - 1 / k) ** (n - 1)))
wrong("missing", "limit, not exact")(asked(lambda k, n: k * math.exp(-n / k)))
wrong("missing", "one sample")(asked(lambda k, n: k - 1))
wrong("missing", "not written")(lambda seed: None)


# Task 4: faults


@right("faults")
def with_numpy(covered):
    covered = covered.numpy()
    late = covered[covered.shape[0] // 2 :].mean(0)
    never = ~covered.any(0)
    return [np.sum(late == 1), np.sum((late > 0) & (late < 1)), np.sum((late == 0) & ~never), np.sum(never)]


@right("faults")
def island_by_island(covered):
    found = dict.fromkeys(("held", "oscillating", "dropped", "not found"), 0)
    for island in covered.T.tolist():
        late = island[len(island) // 2 :]
        kind = "held" if all(late) else "oscillating" if any(late) else "dropped" if any(island) else "not found"
        found[kind] += 1
    return torch.tensor(list(found.values()))


def sortings(mistake):
    """The four numbers, with one mistake."""

    def faults(covered):
        covered = covered.T if mistake == "moments as islands" else covered
        half = len(covered) // 2
        late = {
            "last moment only": covered[-1:],
            "whole history": covered,
            "first half": covered[:half],
            "half cut short": covered[half + 1 :],
        }.get(mistake, covered[half:])
        held = late.any(0) if mistake == "any for all moments" else late.all(0)
        empty, ever = ~late.any(0), covered.any(0)
        kinds = [held, ~held & ~empty, empty & ever, empty & ~ever]
        if mistake == "dropped as not found":
            kinds[2:] = [empty & ~empty, empty]
        if mistake == "not found as dropped":
            kinds[2] = empty
        if mistake == "oscillating as held":
            kinds[0] = ~empty
        return tuple(int(kind.sum()) for kind in kinds)

    faults.__name__ = mistake.replace(" ", "_")
    return faults


for name in ("last moment only", "whole history", "first half", "half cut short", "any for all moments"):
    wrong("faults", name)(sortings(name))
for name in ("dropped as not found", "not found as dropped", "moments as islands", "oscillating as held"):
    wrong("faults", name)(sortings(name))
wrong("faults", "not four numbers")(lambda covered: sortings("")(covered)[:3])


# Task 5: packed_training


def neighbours(samples):
    return torch.cat([samples[:, ::2], samples[:, 1::2]], -1)


def packed(mistake, join=neighbours):
    """The training, written out, with one mistake, or with other partners."""

    def packed_training(gan, batches):
        for real, noise in batches:
            real_packs, fake = join(real), gan.generator(noise[1 if mistake == "other noise" else 0]).detach()
            fake_packs = join(fake)
            if mistake == "a sample with itself":
                fake_packs = torch.cat([fake[:, ::2], fake[:, ::2]], -1)
            if mistake == "samples left out":
                fake_packs = torch.cat([fake[:, :-1:2], fake[:, 1::2]], -1)[:, ::2].repeat(1, 2, 1)
            if mistake == "kinds mixed":
                fake_packs = torch.cat([fake[:, ::2], real[:, 1::2]], -1)
            if mistake == "unknown samples":
                fake_packs = fake.reshape(len(fake), 2, -1, 2).transpose(-1, -2).reshape(len(fake), -1, 4)
            scores = gan.discriminator(fake_packs), gan.discriminator(real_packs)
            gan.discriminator_optimizer.zero_grad()
            softplus(scores[0] - scores[1]).mean(-1).sum().backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            fake = gan.generator(noise[0 if mistake == "the same noise" else 1])
            gan.generator_optimizer.zero_grad()
            margin = gan.discriminator(real_packs) - gan.discriminator(fake if mistake == "shape" else join(fake))
            softplus(margin).mean(-1).sum().backward()
            gan.generator_optimizer.step()

    packed_training.__name__ = mistake.replace(" ", "_") or join.__name__
    return packed_training


def halves(samples):
    return torch.cat(samples.chunk(2, 1), -1)


right("packed_training")(packed(""))
right("packed_training")(packed("", halves))
for name in ("a sample with itself", "samples left out", "kinds mixed", "unknown samples", "other noise", "shape"):
    wrong("packed_training", name)(packed(name))
wrong("packed_training", "wrong number of steps")(packed("wrong number of steps"))
wrong("packed_training", "other noise")(packed("the same noise"))
