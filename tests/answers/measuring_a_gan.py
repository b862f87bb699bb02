"""Answers to the assignment of chapter 08. A function's name says how it was written, or what is wrong with it."""

import math

import numpy as np
import torch
from scipy.linalg import sqrtm

from gan_lessons.checks import measuring_a_gan as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: frechet


@right("frechet")
def with_scipy(real, fake):
    one, other = np.cov(real.numpy(), rowvar=False), np.cov(fake.numpy(), rowvar=False)
    root = sqrtm(one @ other).real
    gap = real.numpy().mean(0) - fake.numpy().mean(0)
    return gap @ gap + np.trace(one + other - 2 * root)


@right("frechet")
def by_symmetric_roots(real, fake):
    def covariance(samples):
        off = samples - samples.mean(0)
        return off.T @ off / (len(samples) - 1)

    values, vectors = torch.linalg.eigh(covariance(real))
    root = vectors @ torch.diag(values.sqrt()) @ vectors.T
    overlap = torch.linalg.eigvalsh(root @ covariance(fake) @ root).sqrt().sum()
    spread = covariance(real).trace() + covariance(fake).trace() - 2 * overlap
    return torch.linalg.vector_norm(real.mean(0) - fake.mean(0)) ** 2 + spread


def put_together(formula, covariance=lambda samples: torch.cov(samples.T)):
    """A distance of the squared gap between the means, and both covariances."""

    def frechet(real, fake):
        return formula((real.mean(0) - fake.mean(0)).square().sum(), covariance(real), covariance(fake))

    return frechet


def overlap(one, other):
    return torch.linalg.eigvals(one @ other).real.clamp(min=0).sqrt().sum()


def whole(gap, one, other):
    return gap + one.trace() + other.trace() - 2 * overlap(one, other)


wrong("frechet", "means only")(put_together(lambda gap, one, other: gap))
wrong("frechet", "covariances only")(put_together(lambda gap, one, other: whole(0, one, other)))
wrong("frechet", "gap not squared")(put_together(lambda gap, one, other: whole(gap.sqrt(), one, other)))
wrong("frechet", "no matrix root")(put_together(lambda gap, one, other: gap + (one + other - 2 * one @ other).trace()))
wrong("frechet", "root of every number")(
    put_together(lambda gap, one, other: gap + (one + other - 2 * (one @ other).sqrt()).trace())
)
wrong("frechet", "variances only")(
    put_together(lambda gap, one, other: gap + (one.diag().sqrt() - other.diag().sqrt()).square().sum())
)
wrong("frechet", "taken off once")(
    put_together(lambda gap, one, other: gap + one.trace() + other.trace() - overlap(one, other))
)
wrong("frechet", "samples as features")(put_together(whole, torch.cov))
wrong("frechet", "divided by n")(put_together(whole, lambda samples: torch.cov(samples.T, correction=0)))
wrong("frechet", "root of the distance")(put_together(lambda *parts: whole(*parts).sqrt()))


# Task 2: birthday, as a function of the student's numbers


def of_birthdays(formula):
    return lambda seed: formula(*check.birthdays(seed))


right("birthday")(of_birthdays(lambda n, s: 1 - math.perm(n, s) / n**s))
right("birthday")(of_birthdays(lambda n, s: round(float(1 - np.prod((n - np.arange(s)) / n)), 3)))
wrong("birthday", "approximation")(of_birthdays(lambda n, s: 1 - math.exp(-(s**2) / (2 * n))))
wrong("birthday", "approximation")(of_birthdays(lambda n, s: 1 - math.exp(-s * (s - 1) / (2 * n))))
wrong("birthday", "number of pairs")(of_birthdays(lambda n, s: s * (s - 1) / 2 / n))
wrong("birthday", "one pair only")(of_birthdays(lambda n, s: 1 / n))
wrong("birthday", "the first one's birthday")(of_birthdays(lambda n, s: 1 - (1 - 1 / n) ** (s - 1)))
wrong("birthday", "all different")(of_birthdays(lambda n, s: math.perm(n, s) / n**s))
wrong("birthday", "off by one")(of_birthdays(lambda n, s: 1 - math.prod(1 - k / n for k in range(1, s + 1))))
wrong("birthday", "percent")(of_birthdays(lambda n, s: 100 * (1 - math.perm(n, s) / n**s)))


# Task 3: at_infinity


def fitted(power, degree=1, of=-1):
    """A coefficient of NumPy's line through the distances over a power of the counts; the last is the height at 0."""
    return lambda counts, distances: np.polyfit(counts.numpy() ** power, distances.numpy(), degree)[of]


right("at_infinity")(fitted(-1.0))


@right("at_infinity")
def by_normal_equations(counts, distances):
    x = 1 / counts
    slope = torch.cov(torch.stack([x, distances]))[0, 1] / x.var()
    return distances.mean() - slope * x.mean()


wrong("at_infinity", "line in n")(fitted(1.0))
wrong("at_infinity", "line in the root")(fitted(-0.5))
wrong("at_infinity", "slope of the line")(fitted(-1.0, of=0))
wrong("at_infinity", "averaged")(lambda counts, distances: distances.mean())
wrong("at_infinity", "largest count")(lambda counts, distances: distances[counts.argmax()])
wrong("at_infinity", "clamped at zero")(lambda counts, distances: max(0.0, fitted(-1.0)(counts, distances)))


@wrong("at_infinity", "first and last")
def through_two_points(counts, distances):
    low, high = counts.argmin(), counts.argmax()
    slope = (distances[low] - distances[high]) / (1 / counts[low] - 1 / counts[high])
    return distances[high] - slope / counts[high]


# Task 4: copied


def trial(split, verdict=lambda nearer: 2 * nearer - 1, learned=lambda learn, training, held_out: learn(training)):
    """A trial with another way to split the data, or to count."""

    def copied(learn, data, count):
        training, held_out = split(data[torch.randperm(len(data))], count)
        samples = learned(learn, training, held_out)
        nearer = torch.cdist(samples, training).amin(1) < torch.cdist(samples, held_out).amin(1)
        return verdict(nearer.float().mean())

    return copied


def in_two(data, count):
    return data[:count], data[count : 2 * count]


right("copied")(trial(in_two))
right("copied")(trial(lambda data, count: (data[-count:], data[:count])))


@right("copied")
def sample_by_sample(learn, data, count):
    shuffled = data[np.random.permutation(len(data))]
    training, held_out = shuffled[:count], shuffled[count : count + count]
    votes = []
    for sample in learn(training):
        near, far = ((part - sample).norm(dim=1).min() for part in (training, held_out))
        votes.append(1 if near < far else -1)
    return sum(votes) / len(votes)


wrong("copied", "held-out samples learned")(
    trial(lambda data, count: (data[:count], data[torch.randperm(len(data))[:count]]))
)
wrong("copied", "sets swapped")(trial(in_two, lambda nearer: 1 - 2 * nearer))
wrong("copied", "share, not a difference")(trial(in_two, lambda nearer: nearer))
wrong("copied", "held-out set of another size")(trial(lambda data, count: (data[:count], data[count:])))
wrong("copied", "everything held out")(trial(lambda data, count: (data[:count], data)))
wrong("copied", "everything learned")(trial(in_two, learned=lambda learn, *parts: learn(torch.cat(parts))))
wrong("copied", "drawn twice")(
    trial(lambda data, count: (data[torch.randint(len(data), (count,))], data[count : 2 * count]))
)
wrong("copied", "not from the data")(
    trial(in_two, learned=lambda learn, training, _: learn(training + 0.01 * torch.randn_like(training)))
)
wrong("copied", "not learned")(trial(in_two, learned=lambda learn, training, held_out: held_out))
wrong("copied", "verdict")(trial(in_two, lambda nearer: 0.9))


# Task 5: galleries, as a function of the student's number: what the grader tells


def renamed(**other):
    """The right names, but for some."""
    names = {"honest": "honest", "copies": "copies", "half": "half missing", "blurred": "blurred"}
    called = {names[short]: names[said] for short, said in other.items()}
    return lambda seed: {
        letter: called.get(kind, kind) for letter, kind in zip("ABCD", check.order(seed, check.KINDS), strict=True)
    }


right("galleries")(renamed())
right("galleries")(lambda seed: dict(sorted(renamed()(seed).items(), reverse=True)))
wrong("galleries", "copies taken for honest")(renamed(copies="honest", honest="copies"))
wrong("galleries", "copies taken for honest")(renamed(copies="honest"))
wrong("galleries", "quality for variety")(renamed(half="blurred", blurred="half"))
wrong("galleries", "scores misread")(renamed(honest="half"))
wrong("galleries", "four names")(lambda seed: renamed()(seed) | {"A": "good"})
