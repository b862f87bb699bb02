"""Answers to the assignment of chapter 01. A function's name says how it was written, or what is wrong with it."""

import math
from itertools import pairwise

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, softplus

from gan_lessons.checks import the_game as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: histogram


@right("histogram")
def with_numpy(x, samples, edges):
    counts, _ = np.histogram(samples.numpy(), edges.numpy())
    density = np.concatenate([[0], counts / len(samples) / np.diff(edges.numpy()), [0]])
    return torch.from_numpy(density[np.searchsorted(edges.numpy(), x.numpy())])


@right("histogram")
def in_a_loop(x, samples, edges):
    found = torch.zeros(len(x))
    for low, high in pairwise(edges):
        share = ((samples >= low) & (samples < high)).float().mean()
        found[(x >= low) & (x < high)] = share / (high - low)
    return found


def binned(change=lambda density, **_: density, place=lambda place, bins: place, outside=0.0):
    """A histogram, with another idea of its height or of where to look it up."""

    def histogram(x, samples, edges):
        bins, inside = len(edges) - 1, (samples > edges[0]) & (samples < edges[-1])
        counts = torch.bincount(torch.bucketize(samples[inside], edges) - 1, minlength=bins).float()
        density = change(counts / len(samples) / edges.diff(), counts=counts, widths=edges.diff())
        found = density[place(torch.bucketize(x, edges) - 1, bins).clamp(0, bins - 1)]
        return found if outside is None else torch.where((x > edges[0]) & (x < edges[-1]), found, outside)

    return histogram


wrong("histogram", "widths forgotten")(binned(lambda density, widths, **_: density * widths))
wrong("histogram", "count, not share")(binned(lambda density, counts, **_: counts))
wrong("histogram", "one width for all")(binned(lambda density, widths, **_: density * widths / widths.mean()))
wrong("histogram", "samples outside left out")(binned(lambda density, counts, widths: counts / counts.sum() / widths))
wrong("histogram", "the bin beside")(binned(place=lambda place, bins: place + 1))
wrong("histogram", "density outside")(binned(outside=None))


# Task 2: surprise, as a function of the student's number


def of_model(formula):
    return lambda seed: formula(*check.model(seed))


right("surprise")(of_model(lambda d, s: round(d / 2 * (1 / s**2 - 1 + math.log(s**2)), 3)))


@right("surprise")
def by_torch(seed):
    dims, std = check.model(seed)
    truth, model = (torch.distributions.Normal(0.0, torch.full((dims,), one)) for one in (1.0, std))
    return torch.distributions.kl_divergence(truth, model).sum()


wrong("surprise", "one dimension")(of_model(lambda d, s: math.log(s) + 1 / (2 * s**2) - 0.5))
wrong("surprise", "model and truth swapped")(of_model(lambda d, s: d * (s**2 / 2 - 0.5 - math.log(s))))
wrong("surprise", "spread, not variance")(of_model(lambda d, s: d * (math.log(s) + 1 / (2 * s) - 0.5)))
wrong("surprise", "truth's own surprise forgotten")(of_model(lambda d, s: d * (math.log(s) + 1 / (2 * s**2))))
wrong("surprise", "base two")(of_model(lambda d, s: d * (math.log2(s) + (1 / (2 * s**2) - 0.5) / math.log(2))))
wrong("surprise", "divergence negative")(of_model(lambda d, s: d * (0.5 - math.log(s) - 1 / (2 * s**2))))
wrong("surprise", "not written")(lambda seed: None)


# Task 3: push


def by_autograd(loss, average=torch.mean):
    """The gradient of a loss of the scores, as autograd has it."""

    def push(a, b, u, v, c, noise):
        a, b = a.requires_grad_(), b.requires_grad_()
        fake = noise @ a.T + b
        average(loss(u * fake.pow(2).sum(1) + fake @ v + c)).backward()
        return a.grad, b.grad

    return push


def by_hand(each, by_a=lambda each, noise: (each[:, :, None] * noise[:, None]).mean(0)):
    """The gradient from what pushes each fake, [n, dims]."""

    def push(a, b, u, v, c, noise):
        fake = torch.einsum("dk,nk->nd", a, noise) + b
        score = u * (fake * fake).sum(1) + (fake * v).sum(1) + c
        pushed = each(1 / (1 + torch.exp(-score))[:, None], u, fake, v)
        return by_a(pushed, noise), pushed.mean(0)

    return push


def sample_by_sample(chance, u, fake, v):
    return -(1 - chance) * (2 * u * fake + v)


right("push")(by_autograd(lambda s: softplus(-s)))
right("push")(by_hand(sample_by_sample))
right("push")(by_autograd(lambda s: binary_cross_entropy_with_logits(s, torch.ones_like(s), reduction="none")))
wrong("push", "wrong sign")(by_autograd(logsigmoid))
wrong("push", "summed")(by_autograd(lambda s: softplus(-s), torch.sum))
wrong("push", "value function")(by_autograd(lambda s: logsigmoid(-s)))
wrong("push", "discriminator's loss")(by_autograd(softplus))
wrong("push", "no sigmoid")(by_autograd(lambda s: -s))
wrong("push", "half a slope")(by_hand(lambda chance, u, fake, v: (chance - 1) * (u * fake + v)))
wrong("push", "curve forgotten")(by_hand(lambda chance, u, fake, v: (chance - 1) * v))
wrong("push", "means multiplied")(by_hand(sample_by_sample, lambda each, z: torch.outer(each.mean(0), z.mean(0))))
wrong("push", "transposed")(by_hand(sample_by_sample, lambda each, z: z.T @ each / len(z)))
wrong("push", "not two gradients")(lambda *inputs: by_autograd(lambda s: softplus(-s))(*inputs)[1])


# Task 4: first_gan


def training(noise=lambda: torch.randn(8, 64, 2), fixed=None, detach=True, fresh=False, both=True):
    """The training, written out, with another idea of one line."""

    def first_gan(gan, data, steps):
        kept = {"noise": noise(), "real": data[torch.randint(len(data), (8, 64))]}
        for _ in range(steps):
            real = kept["real"] if fixed == "real" else data[torch.randint(len(data), (8, 64))]
            fake = gan.generator(kept["noise"] if fixed == "noise" else noise())
            loss = softplus(-gan.discriminator(real)) + softplus(gan.discriminator(fake.detach() if detach else fake))
            gan.discriminator_optimizer.zero_grad()
            loss.mean(-1).sum().backward()
            gan.discriminator_optimizer.step()
            if both:
                loss = softplus(-gan.discriminator(gan.generator(noise()) if fresh else fake))
                gan.generator_optimizer.zero_grad()
                loss.mean(-1).sum().backward()
                gan.generator_optimizer.step()

    return first_gan


right("first_gan")(training())
right("first_gan")(training(fresh=True))
right("first_gan")(training(lambda: torch.empty(8, 64, 2).normal_()))
wrong("first_gan", "uniform noise")(training(lambda: torch.rand(8, 64, 2)))
wrong("first_gan", "uniform noise around 0")(training(lambda: 2 * torch.rand(8, 64, 2) - 1))
wrong("first_gan", "noise shifted")(training(lambda: torch.rand(8, 64, 2) + torch.randn(8, 64, 2)))
wrong("first_gan", "noise scaled")(training(lambda: 0.5 * torch.randn(8, 64, 2)))
wrong("first_gan", "noise drawn once")(training(fixed="noise"))
wrong("first_gan", "batch drawn once")(training(fixed="real"))
wrong("first_gan", "same graph")(training(detach=False))
wrong("first_gan", "wrong number of steps")(training(both=False))


# Task 5: games, as a function of the student's number: what the grader tells


def renamed(**other):
    """The right names, but for some."""
    names = {
        "healthy": "healthy",
        "means": "D sees means only",
        "still": "G stands still",
        "away": "G runs the wrong way",
    }
    called = {names[short]: names[said] for short, said in other.items()}
    return lambda seed: {
        letter: called.get(kind, kind) for letter, kind in zip("ABCD", check.order(seed, check.KINDS), strict=True)
    }


right("games")(renamed())
right("games")(lambda seed: dict(sorted(renamed()(seed).items(), reverse=True)))
wrong("games", "healthy by its losses")(renamed(healthy="means", means="healthy"))
wrong("games", "healthy by its losses")(renamed(means="healthy"))
wrong("games", "nobody moves and all is well")(renamed(still="healthy"))
wrong("games", "curves misread")(renamed(still="away", away="still"))
wrong("games", "four names")(lambda seed: renamed()(seed) | {"A": "sick"})
wrong("games", "four names")(lambda seed: list(renamed()(seed).values()))
