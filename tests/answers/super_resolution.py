"""Answers to the assignment of chapter 14. A function's name says how it was written, or what is wrong with it."""

import math

import torch
from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, interpolate, l1_loss, max_pool2d, pad, softplus

from gan_lessons.checks import super_resolution as check
from gan_lessons.networks.superres import enlarged
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: flat_start


@right("flat_start")
def by_loops(kernels, biases, scale):
    places = range(scale * scale)
    weights = torch.stack([kernel for kernel in kernels for _ in places])
    return weights, torch.stack([bias for bias in biases for _ in places])


@right("flat_start")
def expanded(kernels, biases, scale):
    many = scale * scale
    weights = kernels.unsqueeze(1).expand(-1, many, -1, -1, -1).flatten(0, 1)
    return [weights, biases[:, None].repeat(1, many).view(-1)]


def starts(mistake):
    """The first weights, with one mistake."""

    def flat_start(kernels, biases, scale):
        many = {"always four copies": 4, "scale, not its square": scale}.get(mistake, scale**2)
        if mistake == "one kernel a map still":
            return kernels, biases
        if mistake == "copies in turns":
            return kernels.repeat(many, 1, 1, 1), biases.repeat(many)
        if mistake == "other maps repeated":
            return kernels.repeat_interleave(many, 1), biases
        weights, shifts = kernels.repeat_interleave(many, 0), biases.repeat_interleave(many)
        if mistake == "copies shared out":
            return weights / many, shifts / many
        if mistake == "not weights and biases":
            return weights
        return weights, torch.zeros_like(shifts) if mistake == "biases left out" else shifts

    flat_start.__name__ = mistake.replace(" ", "_")
    return flat_start


for name in ("always four copies", "scale, not its square", "copies in turns", "copies shared out", "biases left out"):
    wrong("flat_start", name)(starts(name))
for name in ("one kernel a map still", "other maps repeated", "not weights and biases"):
    wrong("flat_start", name)(starts(name))


# Task 2: project


@right("project")
def by_convolutions(large, small, weights):
    scale, channels = weights.shape[0], large.shape[1]
    kernel = weights.expand(channels, 1, scale, scale)
    missing = small - conv2d(large, kernel, stride=scale, groups=channels)
    step = conv_transpose2d(missing, kernel, stride=scale, groups=channels)
    return large + step / (weights**2).sum()


@right("project")
def square_by_square(large, small, weights):
    made, scale = large.clone(), len(weights)
    for row in range(small.shape[2]):
        for column in range(small.shape[3]):
            square = large[:, :, row * scale : (row + 1) * scale, column * scale : (column + 1) * scale]
            t = (small[:, :, row, column] - (square * weights).sum((2, 3))) / weights.norm() ** 2
            place = slice(row * scale, (row + 1) * scale), slice(column * scale, (column + 1) * scale)
            made[:, :, place[0], place[1]] = square + t[..., None, None] * weights
    return made


def projections(mistake, turned="both"):
    """The projection, with one mistake."""

    def project(large, small, weights):
        scale = len(weights)
        over = weights.T.contiguous() if mistake == "weights turned over" else weights
        seen, spread = (over if turned == "both" else weights), over
        squares = large.unflatten(-1, (-1, scale)).unflatten(-3, (-1, scale)).transpose(-2, -3)
        shrunk = avg_pool2d(large, scale) if mistake == "shrunk by the plain mean" else (squares * seen).sum((-2, -1))
        missing = shrunk - small if mistake == "step away from it" else small - shrunk
        missing = missing.detach() if mistake in ("no gradient", "step without a gradient") else missing
        move = {
            "all pixels alike": torch.ones_like(weights),
            "against the weights": 1 / weights / weights.numel(),
            "step too short": weights / weights.norm() if turned == "root" else weights,
            "step for equal weights": weights * weights.numel(),
        }.get(mistake, spread / (spread * spread).sum())
        step = torch.kron(missing, move)
        large = large.detach() if mistake == "no gradient" else large
        return step if mistake == "step alone" else large + step

    project.__name__ = mistake.replace(" ", "_")
    return project


for name in ("all pixels alike", "against the weights", "shrunk by the plain mean", "step too short", "step alone"):
    wrong("project", name)(projections(name))
for name in ("step for equal weights", "step away from it", "no gradient", "step without a gradient"):
    wrong("project", name)(projections(name))
wrong("project", "step too short")(projections("step too short", "root"))
for name in ("both", "only spread"):
    wrong("project", "weights turned over")(projections("weights turned over", name))


# Task 3: hair_psnr, as a function of the student's number


def asked(formula):
    """A formula of the probabilities, and of the squared distance of hair and ground."""
    return lambda seed: formula(torch.tensor(check.own_places(seed), dtype=torch.double), 1.6**2)


def decibels(error, power=4.0):
    return 10 * math.log10(power / error)


@asked
def by_simulation_of_all_squares(chances, pixel):
    squares = torch.full((4, 4, 4), 0.6, dtype=torch.double)
    for place in range(4):
        squares[place, :, place] = -1
    mean = (chances[:, None, None] * squares).sum(0)
    return decibels(float((chances * (squares - mean).square().mean((1, 2))).sum()))


right("hair_psnr")(by_simulation_of_all_squares)
right("hair_psnr")(asked(lambda p, pixel: round(decibels(pixel * (1 - p.square().sum()) / 4), 1)))
wrong("hair_psnr", "six decibels too little")(asked(lambda p, pixel: decibels(pixel * (p * (1 - p)).mean(), 1)))
wrong("hair_psnr", "six decibels too little")(asked(lambda p, pixel: decibels(pixel * (p * (1 - p)).sum())))
wrong("hair_psnr", "three decibels too little")(asked(lambda p, pixel: decibels(pixel * (p * (1 - p)).mean(), 2)))
wrong("hair_psnr", "median, not mean")(asked(lambda p, pixel: decibels(pixel / 4)))
wrong("hair_psnr", "every place as likely")(asked(lambda p, pixel: decibels(pixel * 3 / 16)))
wrong("hair_psnr", "likeliest place")(asked(lambda p, pixel: decibels(2 * pixel * (1 - p.max()) / 4)))
wrong("hair_psnr", "contrast of one")(asked(lambda p, pixel: decibels((p * (1 - p)).mean())))
wrong("hair_psnr", "contrast not squared")(asked(lambda p, pixel: decibels(1.6 * (p * (1 - p)).mean())))
wrong("hair_psnr", "twenty, not ten")(asked(lambda p, pixel: 2 * decibels(pixel * (p * (1 - p)).mean())))
wrong("hair_psnr", "natural logarithm")(asked(lambda p, pixel: 10 * math.log(4 / (pixel * (p * (1 - p)).mean()))))
wrong("hair_psnr", "PSNR upside down")(asked(lambda p, pixel: -decibels(pixel * (p * (1 - p)).mean())))
wrong("hair_psnr", "error, not PSNR")(asked(lambda p, pixel: pixel * (p * (1 - p)).mean()))
wrong("hair_psnr", "pixel range of 255")(asked(lambda p, pixel: decibels(pixel * (p * (1 - p)).mean(), 255**2)))
wrong("hair_psnr", "not written")(lambda seed: None)


# Task 4: in_tiles


@right("in_tiles")
def into_a_canvas(network, small, tile, margin, scale):
    height, width = small.shape[2:]
    canvas = torch.zeros(1, 3, scale * height, scale * width)
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            bottom, right = min(top + tile, height), min(left + tile, width)
            first, second = max(top - margin, 0), max(left - margin, 0)
            seen = small[:, :, first : min(bottom + margin, height), second : min(right + margin, width)]
            made = network(seen)
            rows = slice(scale * (top - first), scale * (bottom - first))
            columns = slice(scale * (left - second), scale * (right - second))
            canvas[:, :, scale * top : scale * bottom, scale * left : scale * right] = made[:, :, rows, columns]
    return canvas


@right("in_tiles")
def first_rows_then_columns(network, small, tile, margin, scale):
    def along(side):
        starts = list(range(0, side, tile))
        return [(start, max(start - margin, 0), min(start + tile + margin, side)) for start in starts]

    def one(row, column):
        made = network(small[..., row[1] : row[2], column[1] : column[2]])
        for dim, (start, begin, _) in ((2, row), (3, column)):
            skip = scale * (start - begin)
            made = made.narrow(dim, skip, min(scale * tile, made.shape[dim] - skip))
        return made

    down, across = along(small.shape[2]), along(small.shape[3])
    return torch.cat([torch.cat([one(row, column) for column in across], 3) for row in down], 2)


def tilings(mistake):
    """The picture in tiles, with one mistake."""

    def in_tiles(network, small, tile, margin, scale):
        if mistake == "whole picture at once":
            return network(small)
        shown = 0 if mistake == "margin never shown" else margin
        framed = {"zeros beyond the edge": "constant", "edge continued": "replicate"}.get(mistake)
        source = pad(small, (margin,) * 4, mode=framed) if framed else small
        rows = []
        ends = [side - tile + 1 if mistake == "last tiles left out" else side for side in small.shape[-2:]]
        for top in range(0, ends[0], tile):
            row = []
            for left in range(0, ends[1], tile):
                behind = 0 if mistake == "margin on two sides only" else shown
                if framed:
                    bottom, right = (
                        min(start + tile, side) for start, side in zip((top, left), small.shape[-2:], strict=True)
                    )
                    made = network(source[..., top : bottom + 2 * margin, left : right + 2 * margin])
                    made = made[..., scale * margin :, scale * margin :]
                    row.append(made[..., : scale * (bottom - top), : scale * (right - left)])
                    continue
                first, second = max(top - shown, 0), max(left - shown, 0)
                if mistake == "tile from below zero":
                    first, second = top - shown, left - shown
                made = network(small[..., first : top + tile + behind, second : left + tile + behind])
                times = 1 if mistake == "margin cut in small pixels" else scale
                above, before = times * (top - first), times * (left - second)
                if mistake == "margin cut off at the edge":
                    above = before = scale * margin
                if mistake != "margin left in":
                    made = made[..., above : above + scale * tile, before : before + scale * tile]
                row.append(made)
            rows.append(torch.cat(row, -1))
        return torch.cat(rows, -2)

    in_tiles.__name__ = mistake.replace(" ", "_")
    return in_tiles


for name in ("margin never shown", "margin left in", "margin cut in small pixels", "margin cut off at the edge"):
    wrong("in_tiles", name)(tilings(name))
for name in ("zeros beyond the edge", "edge continued", "margin on two sides only", "last tiles left out"):
    wrong("in_tiles", name)(tilings(name))
for name in ("whole picture at once", "tile from below zero"):
    wrong("in_tiles", name)(tilings(name))


@wrong("in_tiles", "too much at once")
def looks_before_it_cuts(network, small, tile, margin, scale):
    network(small)
    return into_a_canvas(network, small, tile, margin, scale)


# Task 5: enlarging_training


SHRINK = {
    "every fourth pixel": lambda real: real[..., ::4, ::4],
    "middle pixels only": lambda real: interpolate(real, scale_factor=0.25, mode="bilinear"),
    "bicubic, not means": lambda real: interpolate(real, scale_factor=0.25, mode="bicubic"),
    "largest pixel": lambda real: max_pool2d(real, 4),
}


def enlargers(mistake, shrink=None):
    """The training, written out, with one mistake, or with another way to take the means."""

    def enlarging_training(gan, batches):
        for real in batches:
            small = (shrink or SHRINK.get(mistake, lambda real: avg_pool2d(real, 4)))(real)
            fake = gan.generator(None, small)
            of_real = gan.discriminator(real, small)
            of_fake = gan.discriminator(fake if mistake == "same graph" else fake.detach(), small)
            margin = of_fake - of_real if mistake == "real and fake swapped" else of_real - of_fake
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            softplus(-margin).mean().backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            of_fake = gan.discriminator(fake.detach() if mistake == "nothing learned" else fake, small)
            margin = gan.discriminator(real, small) - of_fake
            target = enlarged(small, 4) if mistake == "towards the bicubic picture" else real
            apart = l1_loss(fake.detach() if mistake in ("nothing learned", "L1 cut off") else fake, target)
            apart = (fake - real).square().mean() if mistake == "squares, not L1" else apart
            verdict = softplus(-margin if mistake == "discriminator's loss" else margin).mean()
            weight = {"L1 without its weight": 1, "L1 left out": 0}.get(mistake, 50)
            gan.generator_optimizer.zero_grad()
            loss = weight * apart if mistake == "L1 alone" else verdict + weight * apart
            (loss + 0 * sum(each.sum() for each in gan.generator.parameters())).backward()
            gan.generator_optimizer.step()

    enlarging_training.__name__ = mistake.replace(" ", "_") or "mended"
    return enlarging_training


right("enlarging_training")(enlargers(""))
right("enlarging_training")(enlargers("", lambda real: real.unflatten(-1, (-1, 4)).unflatten(-3, (-1, 4)).mean((3, 5))))
right("enlarging_training")(enlargers("", lambda real: interpolate(real, scale_factor=1 / 4, mode="area")))
for name in SHRINK:
    wrong("enlarging_training", name)(enlargers(name))
for name in ("real and fake swapped", "forgotten zero_grad", "wrong number of steps", "same graph", "nothing learned"):
    wrong("enlarging_training", name)(enlargers(name))
for name in ("L1 without its weight", "L1 left out", "L1 alone", "squares, not L1", "towards the bicubic picture"):
    wrong("enlarging_training", name)(enlargers(name))
wrong("enlarging_training", "L1 left out")(enlargers("L1 cut off"))
wrong("enlarging_training", "discriminator's loss")(enlargers("discriminator's loss"))
