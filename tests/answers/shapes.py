"""Answers to the assignment of chapter 20. A function's name says how it was written, or what is wrong with it."""

import torch
from torch.nn.functional import logsigmoid, softplus

from gan_lessons.checks import shapes as check
from gan_lessons.metrics.clouds import chamfer as between_clouds
from gan_lessons.networks.silhouettes import silhouettes
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: balls


@right("balls")
def one_after_the_other(centres, radii, size):
    block = torch.full((size, size, size), -1.0)
    height, depth, width = torch.meshgrid(*[torch.arange(size) + 0.5] * 3, indexing="ij")
    for (up, back, aside), radius in zip(centres.tolist(), radii.tolist(), strict=True):
        distance = ((height - up) ** 2 + (depth - back) ** 2 + (width - aside) ** 2) ** 0.5
        block = torch.maximum(block, (radius - distance) / 1.5)
    return block.clamp(max=1)


@right("balls")
def by_cdist(centres, radii, size):
    cells = torch.cartesian_prod(*[torch.linspace(0.5, size - 0.5, size)] * 3)
    values = (radii - torch.cdist(cells, centres, compute_mode="donot_use_mm_for_euclid_dist")) / 1.5
    return values.clamp(-1, 1).max(1).values.view(size, size, size)


def figures(mistake):
    """The block, with one mistake."""

    def balls(centres, radii, size):
        middles = torch.arange(size) + (0.0 if mistake == "corner, not middle" else 0.5)
        cells = torch.stack(torch.meshgrid(middles, middles, middles, indexing="ij"), -1)
        if mistake == "axes in another order":
            cells = cells.flip(-1)
        far = (cells - centres[:, None, None, None]).square().sum(-1)
        far = far if mistake == "squared distance to a centre" else far.sqrt()
        deep = radii[:, None, None, None] - far
        unit = {"a voxel as the unit": 1.0, "times one and a half": 1 / 1.5}.get(mistake, 1.5)
        if mistake == "not cut off at one":
            return (deep / unit).amax(0)
        values = (deep / unit).clamp(-1, 1)
        block = {"in all balls at once": values.amin(0), "balls added": values.sum(0).clamp(-1, 1)}
        block |= {"one ball only": values[-1], "balls not joined": values}
        block = block.get(mistake, values.amax(0))
        after = {"below 0 inside": -block, "only solid or empty": (block > 0).float(), "nothing below 0": block.relu()}
        return after.get(mistake, block)

    balls.__name__ = mistake.replace(" ", "_")
    return balls


for name in ("corner, not middle", "axes in another order", "squared distance to a centre", "a voxel as the unit"):
    wrong("balls", name)(figures(name))
for name in ("times one and a half", "not cut off at one", "in all balls at once", "balls added", "one ball only"):
    wrong("balls", name)(figures(name))
for name in ("balls not joined", "below 0 inside", "only solid or empty", "nothing below 0"):
    wrong("balls", name)(figures(name))


# Task 2: holes, as a function of the student's number


def asked(formula):
    return lambda seed: formula(*check.own_counts(seed).values())


right("holes")(asked(lambda pieces, cavities, c, e, f, v: pieces + cavities - c + e - f + v))
right("holes")(asked(lambda pieces, cavities, c, e, f, v: torch.tensor([pieces + cavities - (c - e + f - v)])))
wrong("holes", "characteristic, not holes")(asked(lambda pieces, cavities, c, e, f, v: c - e + f - v))
wrong("holes", "minus the holes")(asked(lambda pieces, cavities, c, e, f, v: c - e + f - v - pieces - cavities))
wrong("holes", "as if in one piece without cavities")(asked(lambda pieces, cavities, c, e, f, v: 1 - (c - e + f - v)))
wrong("holes", "cavities forgotten")(asked(lambda pieces, cavities, c, e, f, v: pieces - (c - e + f - v)))
wrong("holes", "cavities taken off")(asked(lambda pieces, cavities, c, e, f, v: pieces - cavities - (c - e + f - v)))
wrong("holes", "voxels forgotten")(asked(lambda pieces, cavities, c, e, f, v: pieces + cavities - (c - e + f)))
wrong("holes", "signs of the cells")(asked(lambda pieces, cavities, c, e, f, v: pieces + cavities - (c + e + f + v)))
wrong("holes", "not written")(lambda seed: None)


# Task 3: crossed


@right("crossed")
def cell_by_cell(front, side):
    (height, width), depth = front.shape, side.shape[1]
    block = torch.empty(height, depth, width)
    for up in range(height):
        for back in range(depth):
            block[up, back] = front[height - 1 - up].clamp(max=side[height - 1 - up, back])
    return block


@right("crossed")
def stacked_and_turned(front, side):
    ahead = front.unsqueeze(1).expand(-1, side.shape[1], -1)
    aside = side.unsqueeze(2).expand(-1, -1, front.shape[1])
    return torch.stack([ahead, aside]).min(0).values.flip(0)


def blocks(mistake):
    """The block, with one mistake."""

    def crossed(front, side):
        ahead, aside = front[:, None, :], side[:, :, None]
        if mistake != "block upside down":
            aside = aside.flip(0)
            ahead = ahead if mistake == "one picture upside down" else ahead.flip(0)
        if mistake == "left and right mirrored":
            aside = aside.flip(1)
        if mistake == "depth and width swapped":
            ahead, aside = ahead.transpose(1, 2), aside.transpose(1, 2)
        block = torch.minimum(ahead, aside)
        return {
            "in either shadow": torch.maximum(ahead, aside),
            "shadows added": (ahead + aside) / 2,
            "shadows multiplied": ahead * aside,
            "one picture only": ahead.expand_as(block),
            "only solid or empty": torch.where(block > 0, 1.0, -1.0),
        }.get(mistake, block)

    crossed.__name__ = mistake.replace(" ", "_")
    return crossed


for name in ("block upside down", "one picture upside down", "left and right mirrored", "depth and width swapped"):
    wrong("crossed", name)(blocks(name))
for name in ("in either shadow", "shadows added", "shadows multiplied", "one picture only", "only solid or empty"):
    wrong("crossed", name)(blocks(name))


# Task 4: chamfer


@right("chamfer")
def by_distances(first, second):
    distances = torch.cdist(first, second)
    return distances.min(dim=1).values.pow(2).mean() + distances.min(dim=0).values.pow(2).mean()


@right("chamfer")
def by_indices(first, second):
    with torch.no_grad():
        distances = (first.unsqueeze(1) - second.unsqueeze(0)).pow(2).sum(2)
    there, back = second[distances.argmin(1)], first[distances.argmin(0)]
    return (first - there).pow(2).sum(1).mean() + (second - back).pow(2).sum(1).mean()


def distances(mistake):
    """The distance, with one mistake."""

    def chamfer(first, second):
        each = (first[:, None] - second).square()
        squares = each.mean(-1) if mistake == "averaged over coordinates" else each.sum(-1)
        squares = squares.sqrt() if mistake == "distances not squared" else squares
        there, back = squares.amin(1), squares.amin(0)
        both = there.mean() + back.mean()
        return {
            "one way only": there.mean(),
            "points summed": there.sum() + back.sum(),
            "half the sum of both ways": both / 2,
            "root of the whole": both.sqrt(),
            "farthest, not mean": torch.maximum(there.max(), back.max()),
            "every pair of points": squares.mean(),
            "nearest pair only": squares.min(),
            "coordinate by coordinate": each.amin(1).sum(-1).mean() + each.amin(0).sum(-1).mean(),
            "no gradient": both.detach(),
        }.get(mistake, both)

    chamfer.__name__ = mistake.replace(" ", "_")
    return chamfer


for name in ("averaged over coordinates", "distances not squared", "one way only", "points summed", "no gradient"):
    wrong("chamfer", name)(distances(name))
for name in ("half the sum of both ways", "root of the whole", "farthest, not mean", "every pair of points"):
    wrong("chamfer", name)(distances(name))
for name in ("nearest pair only", "coordinate by coordinate"):
    wrong("chamfer", name)(distances(name))


@wrong("chamfer", "not a tensor")
def as_a_number(first, second):
    return float(between_clouds(first[None], second[None]))


# Task 5: silhouette_training


def trained(mistake, lost=softplus):
    """The training, written out, with one mistake, or with another way to write the loss."""

    def pictured(gan, noise, angles):
        volumes = gan.generator(noise)
        if mistake == "voxels made hard":
            volumes = volumes.sign()
        if mistake == "always the same side":
            angles = torch.zeros_like(angles)
        around = angles.rad2deg() if mistake == "angles in degrees" else angles
        return silhouettes(volumes.view(-1, 1, 8, 8, 8), around.reshape(-1)).flatten(1).unflatten(0, (8, -1))

    def silhouette_training(gan, batches):
        for real, noise, angles in batches:
            if mistake == "angles of the other turn":
                angles = angles.flip(0)
            fake = pictured(gan, noise[0], angles[0]).detach()
            seen = (fake, real) if mistake == "real and fake swapped" else (real, fake)
            loss = lost(-gan.discriminator(seen[0])).mean(-1)
            if mistake != "fakes forgotten":
                loss = loss + lost(gan.discriminator(seen[1])).mean(-1)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            scores = gan.discriminator(pictured(gan, noise[0 if mistake == "other noise" else 1], angles[1]))
            gan.generator_optimizer.zero_grad()
            lost(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum().backward()
            gan.generator_optimizer.step()

    silhouette_training.__name__ = mistake.replace(" ", "_") or "mended"
    return silhouette_training


right("silhouette_training")(trained(""))
right("silhouette_training")(trained("", lambda scores: -logsigmoid(-scores)))
for name in ("always the same side", "angles in degrees", "angles of the other turn", "voxels made hard"):
    wrong("silhouette_training", name)(trained(name))
for name in ("real and fake swapped", "fakes forgotten", "forgotten zero_grad", "mean over the GANs"):
    wrong("silhouette_training", name)(trained(name))
for name in ("wrong number of steps", "other noise", "discriminator's loss"):
    wrong("silhouette_training", name)(trained(name))
