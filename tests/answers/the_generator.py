"""Answers to the assignment of chapter 02. A function's name says how it was written, or what is wrong with it."""

import math
from itertools import pairwise

import numpy as np
import torch
from scipy.stats import norm
from torch import nn

from gan_lessons.checks import the_generator as check
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: density


@right("density")
def in_a_loop(x, z, g):
    found = torch.zeros(len(x))
    for k in range(len(z) - 1):
        within = (x - g[k]) * (x - g[k + 1]) < 0
        found += within * ((z[k + 1] - z[k]) / (z[-1] - z[0])) / abs(g[k + 1] - g[k])
    return found


@right("density")
def with_numpy(x, z, g):
    share = np.diff(z.numpy()) / (z[-1] - z[0]).numpy()
    ends = np.sort(np.stack([g.numpy()[:-1], g.numpy()[1:]]), axis=0)
    reached = (ends[0] < x.numpy()[:, None]) & (x.numpy()[:, None] <= ends[1])
    return torch.from_numpy((reached * share / np.diff(ends, axis=0)[0]).sum(1)).float()


def mapped(of_pieces, total=lambda each, reached: each.sum(1)):
    """A density put together of pieces, [m, k - 1]."""

    def density(x, z, g):
        reached = ((x[:, None] - g[:-1]) * (x[:, None] - g[1:]) < 0).float()
        return total(reached * of_pieces(g.diff() / z.diff(), 1 / (z[-1] - z[0]), g), reached)

    return density


wrong("density", "slope's sign")(mapped(lambda slope, noise, g: noise / slope))
wrong("density", "times the slope")(mapped(lambda slope, noise, g: noise * slope.abs()))
wrong("density", "noise's density forgotten")(mapped(lambda slope, noise, g: 1 / slope.abs()))
wrong("density", "slope ignored")(mapped(lambda slope, noise, g: noise))
wrong("density", "pieces alike")(mapped(lambda slope, noise, g: 1 / len(slope) / g.diff().abs()))
wrong("density", "branches averaged")(
    mapped(lambda slope, noise, g: noise / slope.abs(), lambda each, reached: each.sum(1) / reached.sum(1).clamp(min=1))
)


@wrong("density", "first branch only")
def stops_at_the_first(x, z, g):
    found = torch.zeros(len(x))
    for place, each in enumerate(x):
        for k in range(len(z) - 1):
            if min(g[k], g[k + 1]) < each < max(g[k], g[k + 1]):
                found[place] = (z[k + 1] - z[k]) / (z[-1] - z[0]) / abs(g[k + 1] - g[k])
                break
    return found


# Task 2: in_the_gap, as a function of the student's number


def of_crossing(formula):
    return lambda seed: formula(*check.crossing(seed))


right("in_the_gap")(
    of_crossing(lambda w, s, left: norm.cdf(norm.ppf(left) + w / 2 / s) - norm.cdf(norm.ppf(left) - w / 2 / s))
)
right("in_the_gap")(
    of_crossing(
        lambda w, s, left: round(norm(-norm.ppf(left)).cdf(w / s / 2) - norm(-norm.ppf(left)).cdf(-w / s / 2), 3)
    )
)
exact = next(answer.function for answer in BANK if answer.task == "in_the_gap")
wrong("in_the_gap", "crossed in the middle")(of_crossing(lambda w, s, left: 2 * norm.cdf(w / s / 2) - 1))
wrong("in_the_gap", "crossed in the middle")(of_crossing(lambda w, s, left: 0.3989 * w / s))
wrong("in_the_gap", "level density")(of_crossing(lambda w, s, left: norm.pdf(norm.ppf(left)) * w / s))
wrong("in_the_gap", "twice the stretch")(
    of_crossing(lambda w, s, left: norm.cdf(norm.ppf(left) + w / s) - norm.cdf(norm.ppf(left) - w / s))
)
wrong("in_the_gap", "crossed from its left end")(
    of_crossing(lambda w, s, left: norm.cdf(norm.ppf(left) + w / s) - left)
)
wrong("in_the_gap", "outside of the gap")(lambda seed: 1 - exact(seed))
wrong("in_the_gap", "percent")(lambda seed: 100 * exact(seed))
wrong("in_the_gap", "share for quantile")(
    of_crossing(lambda w, s, left: norm.cdf(left + w / s / 2) - norm.cdf(left - w / s / 2))
)


# Task 3: log_density


@right("log_density")
def row_by_row(generator, z):
    found = []
    for row in z:
        jacobian = torch.autograd.functional.jacobian(generator, row)
        noise = torch.distributions.MultivariateNormal(torch.zeros(len(row)), torch.eye(len(row)))
        found.append(noise.log_prob(row) - torch.det(jacobian).abs().log())
    return torch.stack(found)


@right("log_density")
def by_singular_values(generator, z):
    inputs = z.requires_grad_()
    sums = generator(inputs).sum(0)
    rows = [torch.autograd.grad(each, inputs, retain_graph=True)[0] for each in sums]
    stretched = torch.linalg.svdvals(torch.stack(rows, 1)).log().sum(1)
    return (torch.distributions.Normal(0, 1).log_prob(z).sum(1) - stretched).detach()


def changed(formula):
    """A log-density by the noise's, the determinant, z and the Jacobian."""

    def log_density(generator, z):
        jacobian = torch.func.vmap(torch.func.jacrev(generator))(z)
        noise = torch.distributions.Normal(0.0, 1.0)
        return formula(noise.log_prob(z).sum(1), torch.det(jacobian), z, jacobian)

    return log_density


wrong("log_density", "determinant added")(changed(lambda noise, det, *_: noise + det.abs().log()))
wrong("log_density", "sign of the determinant")(changed(lambda noise, det, *_: noise - det.log()))
wrong("log_density", "constant forgotten")(changed(lambda noise, det, z, _: -0.5 * z.pow(2).sum(1) - det.abs().log()))
wrong("log_density", "constant of one dimension")(
    changed(lambda noise, det, z, _: -0.5 * z.pow(2).sum(1) - 0.5 * math.log(2 * math.pi) - det.abs().log())
)
wrong("log_density", "noise alone")(changed(lambda noise, *_: noise))
wrong("log_density", "diagonal only")(
    changed(lambda noise, det, z, jacobian: noise - torch.stack([j.diag().abs().log().sum() for j in jacobian]))
)
wrong("log_density", "density, not its logarithm")(changed(lambda noise, det, *_: noise.exp() / det.abs()))
wrong("log_density", "determinant without logarithm")(changed(lambda noise, det, *_: noise - det.abs()))
wrong("log_density", "one number for all")(changed(lambda noise, det, *_: (noise - det.abs().log()).mean()))


@wrong("log_density", "noise's density at x")
def asked_at_x(generator, z):
    noise = torch.distributions.Normal(0, 1).log_prob(generator(z)).sum(1)
    return noise - torch.func.vmap(torch.func.jacrev(generator))(z).det().abs().log()


# Task 4: deep_generator


def deep(first=lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"), biases=True, last=False, between=nn.ReLU):
    """A deep generator with other first weights, or with other ends."""

    def deep_generator(widths):
        network = nn.Sequential()
        for place in range(len(widths) - 1):
            layer = nn.Linear(widths[place], widths[place + 1])
            first(layer.weight)
            if biases:
                layer.bias.data.zero_()
            network.append(layer)
            network.append(between())
        return network if last else network[:-1]

    return deep_generator


right("deep_generator")(deep())
right("deep_generator")(deep(lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu")))


@right("deep_generator")
def by_numbers(widths):
    layers = [nn.Linear(n, m) for n, m in pairwise(widths)]
    for layer in layers:
        layer.weight.data = torch.randn_like(layer.weight) * (2 / layer.in_features) ** 0.5
        layer.bias.data *= 0
    return nn.Sequential(layers[0], *(each for layer in layers[1:] for each in (nn.ReLU(), layer)))


wrong("deep_generator", "root forgotten")(deep(lambda w: nn.init.normal_(w, std=2 / w.shape[1])))
wrong("deep_generator", "outputs counted")(deep(lambda w: nn.init.normal_(w, std=(2 / w.shape[0]) ** 0.5)))
wrong("deep_generator", "outputs counted")(deep(lambda w: nn.init.kaiming_normal_(w, mode="fan_out")))
wrong("deep_generator", "half the variance")(deep(lambda w: nn.init.normal_(w, std=w.shape[1] ** -0.5)))
wrong("deep_generator", "in and out averaged")(deep(nn.init.xavier_normal_))
wrong("deep_generator", "default weights")(deep(lambda w: w))
wrong("deep_generator", "biases kept")(deep(biases=False))
wrong("deep_generator", "weights alike")(deep(lambda w: nn.init.constant_(w, (2 / w.shape[1]) ** 0.5)))
wrong("deep_generator", "first weights")(deep(lambda w: nn.init.normal_(w, std=1.0)))
wrong("deep_generator", "ReLU at the end")(deep(last=True))
wrong("deep_generator", "ReLUs missing")(deep(between=nn.Identity))
wrong("deep_generator", "other layers")(lambda widths: deep()([*widths[:-1], 16, widths[-1]]))
wrong("deep_generator", "not a network")(lambda widths: None)
