"""Answers to the assignment of chapter 07. A function's name says how it was written, or what is wrong with it."""

import math

import numpy as np
import torch
from torch.nn.functional import relu, softplus

from gan_lessons.checks import convergence as check
from gan_lessons.penalties import r1, r2
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: arrow


@right("arrow")
def by_autograd(theta, phi, weight):
    theta, phi = (torch.tensor(each, requires_grad=True) for each in (theta, phi))
    score = -phi * theta
    (in_theta,) = torch.autograd.grad(softplus(-score), theta, retain_graph=True)
    (in_phi,) = torch.autograd.grad(softplus(score) + weight / 2 * phi**2, phi)
    return torch.stack([-in_theta, -in_phi])


@right("arrow")
def with_numpy(theta, phi, weight):
    falling, rising = np.exp(-np.logaddexp(0, [-phi * theta, phi * theta]))
    return np.array([-phi * falling, theta * rising - weight * phi])


def arrows(mistake):
    """The arrow, by hand, with one mistake."""

    def arrow(theta, phi, weight):
        s = torch.sigmoid(torch.tensor(phi * theta, dtype=torch.double)).item()
        g, d, pull = -phi * s, theta * (1 - s), -weight * phi
        return {
            "uphill": (-g, -d - pull),
            "players swapped": (d + pull, g),
            "minimax": (-phi * (1 - s), d + pull),
            "score's sign": (phi * (1 - s), -theta * s + pull),
            "generator uphill": (-g, d + pull),
            "weight forgotten": (g, d),
            "penalty added to the arrow": (g, d - pull),
            "penalty halved": (g, d + pull / 2),
            "penalty not halved": (g, d + 2 * pull),
            "penalty at the sample": (g, d + pull * theta**2),
            "sigmoid forgotten": (-phi, theta + pull),
            "not two numbers": [g],
        }[mistake]

    arrow.__name__ = mistake.replace(" ", "_").replace("'", "")
    return arrow


for name in ("uphill", "players swapped", "minimax", "score's sign", "generator uphill", "weight forgotten"):
    wrong("arrow", name)(arrows(name))
for name in ("penalty added to the arrow", "penalty halved", "penalty not halved", "penalty at the sample"):
    wrong("arrow", name)(arrows(name))
for name in ("sigmoid forgotten", "not two numbers"):
    wrong("arrow", name)(arrows(name))


@wrong("arrow", "overflow")
def with_exponentials(theta, phi, weight):
    return -phi / (1 + math.exp(-phi * theta)), theta / (1 + math.exp(phi * theta)) - weight * phi


# Task 2: largest_rate, as a function of the student's number


right("largest_rate")(lambda seed: 4 * check.own_weight(seed))
right("largest_rate")(lambda seed: np.float32(round(4 * check.own_weight(seed), 2)))
wrong("largest_rate", "Wasserstein's game")(lambda seed: check.own_weight(seed))
wrong("largest_rate", "real part only")(lambda seed: 4 / check.own_weight(seed))
wrong("largest_rate", "as for a minimum")(lambda seed: 2 / 0.5)
wrong("largest_rate", "half of it")(lambda seed: 2 * check.own_weight(seed))
wrong("largest_rate", "other")(lambda seed: 0.01)
wrong("largest_rate", "not written")(lambda seed: None)


# Task 3: settles


@right("settles")
def with_numpys_eigenvalues(jacobian, rate):
    values = np.linalg.eigvals(np.eye(len(jacobian)) + rate * jacobian.numpy())
    return np.max(np.abs(values)) < 1


@right("settles")
def by_playing(jacobian, rate):
    states = torch.eye(len(jacobian), dtype=torch.double)
    for _ in range(4000):
        states = states + rate * states @ jacobian.double().T
    return states.norm() < 1e-3


for name in ("flow, not steps", "real part only", "symmetric only", "any for all", "one forgotten", "determinant"):
    wrong("settles", name)(lambda jacobian, rate, name=name: check.CRITERIA[name](jacobian, rate))


@wrong("settles", "downhill twice")
def minus_for_plus(jacobian, rate):
    return bool((torch.linalg.eigvals(torch.eye(len(jacobian)) - rate * jacobian).abs() < 1).all())


@wrong("settles", "not yes or no")
def the_largest_modulus(jacobian, rate):
    return (1 + rate * torch.linalg.eigvals(jacobian)).abs().max().item()


# Task 4: gradient_penalty


def slope_at(discriminator, samples, **options):
    samples = samples.detach().requires_grad_()
    return torch.autograd.grad(discriminator(samples).sum(), samples, **{"create_graph": True, **options})[0]


def between(real, fake, u):
    return fake + u.reshape(-1, *[1] * (real.dim() - 1)) * (real - fake)


@right("gradient_penalty")
def ones_and_norm(discriminator, real, fake, u, weight=10.0):
    mixed = torch.lerp(fake, real, u.reshape(-1, *[1] * (real.dim() - 1))).requires_grad_(True)
    scores = discriminator(mixed)
    slope = torch.autograd.grad(scores, mixed, torch.ones_like(scores), create_graph=True, retain_graph=True)[0]
    return ((slope.reshape(len(real), -1).norm(2, dim=1) - 1) ** 2).mean() * weight


@right("gradient_penalty")
def squares_and_roots(discriminator, real, fake, u, weight=10.0):
    slope = slope_at(discriminator, between(real, fake, u))
    steep = slope.square().sum(tuple(range(1, slope.dim()))).sqrt()
    return weight * torch.nn.functional.mse_loss(steep, torch.ones_like(steep))


def penalties(mistake):
    """The penalty, written out, with one mistake."""

    def gradient_penalty(discriminator, real, fake, u, weight=10.0):
        at = {
            "ends swapped": between(fake, real, u),
            "at the real": real,
            "at the fakes only": fake,
            "one share for all": u[0] * real + (1 - u[0]) * fake,
            "halfway": (real + fake) / 2,
        }.get(mistake, between(real, fake, u))
        slope = slope_at(discriminator, at)
        steep = slope.flatten(1).norm(dim=1)
        return {
            "towards zero": weight * steep.square().mean(),
            "one-sided": weight * relu(steep - 1).square().mean(),
            "mean slope": weight * (steep.mean() - 1).square(),
            "square of the length": weight * (steep.square() - 1).square().mean(),
            "no square": weight * (steep - 1).abs().mean(),
            "every coordinate by itself": weight * (slope - 1).square().mean(),
            "last dimension only": weight * (slope.norm(dim=-1) - 1).square().mean(),
            "slope of the mean": weight * (steep / len(real) - 1).square().mean(),
            "weight forgotten": (steep - 1).square().mean(),
            "summed": weight * (steep - 1).square().sum(),
            "no gradient": (weight * (steep - 1).square().mean()).detach(),
        }.get(mistake, weight * (steep - 1).square().mean())

    gradient_penalty.__name__ = mistake.replace(" ", "_").replace("-", "_")
    return gradient_penalty


for name in ("ends swapped", "at the real", "at the fakes only", "one share for all", "halfway", "towards zero"):
    wrong("gradient_penalty", name)(penalties(name))
for name in ("one-sided", "mean slope", "square of the length", "no square", "every coordinate by itself"):
    wrong("gradient_penalty", name)(penalties(name))
for name in ("last dimension only", "slope of the mean", "weight forgotten", "summed"):
    wrong("gradient_penalty", name)(penalties(name))
wrong("gradient_penalty", "forgotten create_graph")(penalties("no gradient"))


@wrong("gradient_penalty", "forgotten create_graph")
def without_a_graph(discriminator, real, fake, u, weight=10.0):
    steep = slope_at(discriminator, between(real, fake, u), create_graph=False).flatten(1).norm(dim=1)
    return weight * (steep - 1).square().mean()


@wrong("gradient_penalty", "shape")
def share_not_reshaped(discriminator, real, fake, u, weight=10.0):
    mixed = u * real + (1 - u) * fake
    return weight * (slope_at(discriminator, mixed).flatten(1).norm(dim=1) - 1).square().mean()


@wrong("gradient_penalty", "backward inside")
def by_backward(discriminator, real, fake, u, weight=10.0):
    mixed = between(real, fake, u).requires_grad_()
    discriminator(mixed).sum().backward(create_graph=True)
    return weight * (mixed.grad.flatten(1).norm(dim=1) - 1).square().mean()


# Task 5: damped_training


@right("damped_training")
def with_the_librarys_penalty(gan, batches, weight):
    for real, noise in batches:
        with torch.no_grad():
            fake = gan.generator(noise[0])
        gan.discriminator_optimizer.zero_grad()
        gap = gan.discriminator(fake).mean(-1) - gan.discriminator(real).mean(-1)
        (gap + r1(gan.discriminator, real, fake, weight)).sum().backward()
        gan.discriminator_optimizer.step()
        gan.generator_optimizer.zero_grad()
        gan.discriminator(gan.generator(noise[1])).mean(-1).sum().neg().backward()
        gan.generator_optimizer.step()


def damped(mistake):
    """The training, written out, with one mistake."""

    def damped_training(gan, batches, weight):
        for real, noise in batches:
            real = real.requires_grad_()
            fake = gan.generator(noise[0]).detach()
            real_scores, fake_scores = gan.discriminator(real), gan.discriminator(fake)
            sick = mistake == "penalty without effect"
            (slope,) = torch.autograd.grad(real_scores.sum(), real, create_graph=not sick, retain_graph=True)
            penalty = weight / 2 * slope.square().sum(-1).mean(-1)
            penalty = {
                "penalty subtracted": -penalty,
                "penalty twice": 2 * penalty,
                "mean over coordinates": weight / 2 * slope.square().mean((-1, -2)),
                "detached": penalty.detach(),
            }.get(mistake, penalty)
            if mistake == "at the fakes":
                penalty = r2(gan.discriminator, real, fake, weight)
            early = -gan.discriminator(gan.generator(noise[1])).mean(-1)
            loss = (fake_scores - real_scores).mean(-1) + penalty
            if mistake == "real and fake swapped":
                loss = (real_scores - fake_scores).mean(-1) + penalty
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.generator_optimizer.zero_grad()
            if mistake == "stale scores":
                early.sum().backward()
            gan.discriminator_optimizer.step()

            loss = -gan.discriminator(gan.generator(noise[1])).mean(-1)
            if mistake == "discriminator's loss":
                loss = -loss
            if mistake != "stale scores":
                loss.sum().backward()
            gan.generator_optimizer.step()

    damped_training.__name__ = mistake.replace(" ", "_").replace("'", "") or "written_out"
    return damped_training


right("damped_training")(damped(""))
for name in ("penalty without effect", "penalty subtracted", "penalty twice", "mean over coordinates", "at the fakes"):
    wrong("damped_training", name)(damped(name))
for name in (
    "forgotten zero_grad",
    "real and fake swapped",
    "mean over the GANs",
    "stale scores",
    "discriminator's loss",
):
    wrong("damped_training", name)(damped(name))
wrong("damped_training", "penalty without effect")(damped("detached"))
