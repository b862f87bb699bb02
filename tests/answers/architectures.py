"""Answers to the assignment of chapter 11. A function's name says how it was written, or what is wrong with it."""

import torch
from torch import nn
from torch.nn.functional import conv2d, relu, scaled_dot_product_attention, softplus

from gan_lessons.checks import architectures as check
from gan_lessons.checks.pixel_cats import drawn
from tests.answers import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


# Task 1: attention


@right("attention")
def by_convolutions(maps, query, key, value, gate):
    asks, answers, values = (
        conv2d(maps, weight[:, :, None, None]).flatten(2).transpose(1, 2) for weight in (query, key, value)
    )
    looked = scaled_dot_product_attention(asks, answers, values)
    return maps + gate * looked.transpose(1, 2).reshape(maps.shape)


@right("attention")
def with_einsum(maps, query, key, value, gate):
    x = maps.flatten(2)
    fits = torch.einsum("nai,naj->nij", query @ x, key @ x) / query.shape[0] ** 0.5
    found = torch.einsum("nij,nbj->nbi", torch.softmax(fits, dim=2), value @ x)
    return maps + gate * found.reshape_as(maps)


def looks(mistake):
    """The attention, with one mistake."""

    def attention(maps, query, key, value, gate):
        x = maps.flatten(2).transpose(1, 2)
        q, k, v = x @ query.T, x @ key.T, x @ value.T
        q, k = (k, q) if mistake == "query and key swapped" else (q, k)
        divisor = {
            "fits not divided": 1,
            "divided by the width itself": len(query),
            "root of the channels": maps.shape[1] ** 0.5,
            "root of the places": x.shape[1] ** 0.5,
        }.get(mistake, len(query) ** 0.5)
        fits = q @ k.transpose(1, 2) / divisor
        dim = {"softmax over those who ask": 1, "softmax over the batch": 0}.get(mistake, 2)
        looked = (fits if mistake == "no softmax" else fits.softmax(dim)) @ v
        folded = looked if mistake == "picture scrambled" else looked.transpose(1, 2)
        folded = folded.reshape(maps.shape).detach() if mistake == "no gradient" else folded.reshape(maps.shape)
        return {
            "the maps themselves left out": gate * folded,
            "gate left out": maps + folded,
            "gate on the maps": gate * maps + folded,
            "gate as a share": (1 - gate) * maps + gate * folded,
            "shape": (maps.flatten(2) + gate * folded.flatten(2)),
        }.get(mistake, maps + gate * folded)

    attention.__name__ = mistake.replace(" ", "_")
    return attention


for name in ("softmax over those who ask", "softmax over the batch", "no softmax", "fits not divided", "shape"):
    wrong("attention", name)(looks(name))
for name in ("divided by the width itself", "root of the channels", "root of the places", "query and key swapped"):
    wrong("attention", name)(looks(name))
for name in ("picture scrambled", "the maps themselves left out", "gate left out", "gate on the maps"):
    wrong("attention", name)(looks(name))
for name in ("gate as a share", "no gradient"):
    wrong("attention", name)(looks(name))


# Task 2: steps_left, as a function of the student's number


def asked(formula):
    return lambda seed: formula(*check.own_times(seed))


right("steps_left")(
    asked(lambda plain, layer, side, larger: int(1500 * plain / (plain + layer * (larger / side) ** 4)))
)
right("steps_left")(
    asked(lambda plain, layer, side, larger: torch.tensor(1500 / (1 + layer / plain * (larger // side) ** 4)).round())
)
for mistake, power in (("places, not pairs of places", 2), ("the side alone", 1), ("at the old side", 0)):
    wrong("steps_left", mistake)(
        asked(lambda plain, layer, side, larger, p=power: round(1500 * plain / (plain + layer * (larger / side) ** p)))
    )
wrong("steps_left", "plain step left out")(asked(lambda p, layer, s, b: int(1500 * p / (layer * (b / s) ** 4))))
wrong("steps_left", "steps, not time")(asked(lambda p, layer, s, b: 1500))
wrong("steps_left", "more for dearer steps")(asked(lambda p, layer, s, b: int(1500 * (p + layer * (b / s) ** 4) / p)))
wrong("steps_left", "time, not steps")(asked(lambda p, layer, s, b: 1500 * (p + layer * (b / s) ** 4)))
wrong("steps_left", "not a number")(lambda seed: "a third")
wrong("steps_left", "not written")(lambda seed: None)


# Task 3: modulated


@right("modulated")
def with_groups(maps, weight, scale):
    own = weight[None] * (1 + scale)[:, None, :, None, None]
    own = own / own.square().sum(dim=(2, 3, 4), keepdim=True).sqrt()
    n, out = own.shape[:2]
    made = conv2d(maps.reshape(1, -1, *maps.shape[2:]), own.reshape(n * out, *own.shape[2:]), padding=1, groups=n)
    return made.reshape(n, out, *maps.shape[2:])


@right("modulated")
def sample_by_sample(maps, weight, scale):
    made = []
    for one, a in zip(maps, scale, strict=True):
        own = weight * (1 + a)[:, None, None]
        made.append(conv2d(one[None], own / own.flatten(1).norm(dim=1)[:, None, None, None], padding="same")[0])
    return torch.stack(made)


def convolutions(mistake):
    """The styled convolution, with one mistake."""

    def modulated(maps, weight, scale):
        factor = scale if mistake == "one left out of the scale" else 1 + scale
        factor = factor.mean(0).expand_as(factor) if mistake == "one style for the batch" else factor
        own = weight * factor[:, None, :, None, None]
        squares = (weight[None] if mistake == "demodulated without the style" else own) ** 2
        dims = {
            "sum over the outputs as well": (1, 2, 3, 4),
            "outputs in place of inputs": (1, 3, 4),
            "kernel left out of the sum": (2,),
            "inputs left out of the sum": (3, 4),
        }.get(mistake, (2, 3, 4))
        size = {
            "root left out": squares.sum(dims, keepdim=True),
            "mean in place of the sum": squares.mean(dims, keepdim=True) ** 0.5,
            "sum without the squares": own.sum(dims, keepdim=True),
            "lengths in place of squares": own.abs().sum(dims, keepdim=True),
            "not demodulated": 1,
        }.get(mistake, squares.sum(dims, keepdim=True) ** 0.5)
        own = weight.expand_as(own) if mistake == "style only in the size" else own
        own = own * size if mistake == "multiplied by the size" else own / size
        own = own.detach() if mistake == "no gradient" else own
        padding = 0 if mistake == "shape" else 1
        made = [conv2d(one[None], weights, padding=padding) for one, weights in zip(maps, own, strict=True)]
        return torch.cat(made)

    modulated.__name__ = mistake.replace(" ", "_")
    return modulated


for name in ("one left out of the scale", "one style for the batch", "style only in the size", "not demodulated"):
    wrong("modulated", name)(convolutions(name))
for name in ("root left out", "demodulated without the style", "mean in place of the sum", "sum without the squares"):
    wrong("modulated", name)(convolutions(name))
for name in ("lengths in place of squares", "sum over the outputs as well", "outputs in place of inputs", "shape"):
    wrong("modulated", name)(convolutions(name))
for name in ("kernel left out of the sum", "inputs left out of the sum", "multiplied by the size", "no gradient"):
    wrong("modulated", name)(convolutions(name))


@wrong("modulated", "measured, not computed")
def measured(maps, weight, scale):
    made = conv2d(maps * (1 + scale)[:, :, None, None], weight, padding=1)
    return made / (made**2).mean((2, 3), keepdim=True) ** 0.5


# Task 4: local_edit


@right("local_edit")
def sample_after_sample(maps, move, places, strength):
    edited = maps.clone()
    for one, step in zip(edited, move, strict=True):
        chosen = step.square().sum(0).flatten().argsort(descending=True)[:places]
        one.flatten(1)[:, chosen] += strength * step.flatten(1)[:, chosen]
    return edited.clamp(min=0)


@right("local_edit")
def by_scattering(maps, move, places, strength):
    apart = (move**2).sum(dim=1).sqrt().flatten(1)
    mask = torch.zeros_like(apart).scatter_(1, apart.topk(places, dim=1).indices, 1.0)
    return relu(maps + strength * move * mask.view(len(maps), 1, *maps.shape[2:]))


def edits(mistake):
    """The edit, with one mistake."""

    def local_edit(maps, move, places, strength):
        strength = 1 if mistake == "no strength" else strength
        by = {
            "where the move is shortest": -move.norm(dim=1, keepdim=True),
            "where the maps are longest": maps.norm(dim=1, keepdim=True),
            "where the edited maps are longest": (maps + strength * move).norm(dim=1, keepdim=True),
            "sum of the coordinates": move.sum(1, keepdim=True),
            "sum of the sizes": move.abs().sum(1, keepdim=True),
            "largest coordinate": move.abs().amax(1, keepdim=True),
            "every map by itself": move.abs(),
        }.get(mistake, move.norm(dim=1, keepdim=True))
        by = by.mean(0, keepdim=True).expand_as(by) if mistake == "the same places for all" else by
        ranked = by.flatten(2).sort(dim=2, descending=True).values
        least = ranked[:, :, places - 1, None, None]
        if mistake == "the places of all samples together":
            least = by.flatten().sort(descending=True).values[places * len(maps) - 1]
        mask = {
            "one place more": by >= ranked[:, :, places, None, None],
            "one place fewer": by > least,
            "moved everywhere": torch.ones_like(by),
        }.get(mistake, by >= least)
        if mistake == "the rest emptied":
            return relu((maps + strength * move) * mask)
        if mistake == "the move in place of the maps":
            return relu(torch.where(mask, strength * move, maps))
        edited = maps + strength * move * mask
        return edited if mistake == "left below zero" else relu(edited)

    local_edit.__name__ = mistake.replace(" ", "_")
    return local_edit


for name in ("no strength", "where the move is shortest", "where the maps are longest", "sum of the coordinates"):
    wrong("local_edit", name)(edits(name))
for name in ("sum of the sizes", "largest coordinate", "every map by itself", "the same places for all"):
    wrong("local_edit", name)(edits(name))
for name in ("the places of all samples together", "one place more", "one place fewer", "moved everywhere"):
    wrong("local_edit", name)(edits(name))
for name in (
    "the rest emptied",
    "the move in place of the maps",
    "left below zero",
    "where the edited maps are longest",
):
    wrong("local_edit", name)(edits(name))


# Task 5: styled_training


def even(maps, dim=-1):
    return (maps - maps.mean(dim, keepdim=True)) / (maps.var(dim, unbiased=False, keepdim=True) + 1e-8).sqrt()


def by_layer_norm(generator, noise):
    w, maps = generator.mapping(noise), generator.constant(noise)
    for layer in generator.layers:
        maps = nn.functional.layer_norm(layer(maps), maps.shape[-1:], eps=1e-8)
        maps = torch.addcmul(layer.shift(w).unsqueeze(-1), maps, 1 + layer.scale(w).unsqueeze(-1)).clamp(min=0)
    return generator.picture(maps)


STYLED = {
    "": lambda x, a, b: relu((1 + a) * even(x) + b),
    "style washed out": lambda x, a, b: relu(even(x * (1 + a) + b)),
    "shift washed out": lambda x, a, b: relu((1 + a) * even(x + b)),
    "scale washed out": lambda x, a, b: relu(even((1 + a) * x) + b),
    "not normalised": lambda x, a, b: relu((1 + a) * x + b),
    "normalised over the batch": lambda x, a, b: relu((1 + a) * even(x, (1, 3)) + b),
    "all maps normalised together": lambda x, a, b: relu((1 + a) * even(x, (2, 3)) + b),
    "each place by itself": lambda x, a, b: relu((1 + a) * even(x, 2) + b),
    "scale without its one": lambda x, a, b: relu(a * even(x) + b),
    "shift scaled as well": lambda x, a, b: relu((1 + a) * (even(x) + b)),
    "without a ReLU": lambda x, a, b: (1 + a) * even(x) + b,
    "ReLU before the style": lambda x, a, b: (1 + a) * relu(even(x)) + b,
}


def by_hand(mistake):
    """Pictures, with the mistake in the line of the style."""

    def draw(generator, noise):
        w, maps = generator.mapping(noise), generator.constant(noise)
        for layer in generator.layers:
            maps = STYLED[mistake](layer(maps), layer.scale(w)[..., None], layer.shift(w)[..., None])
        return generator.picture(maps)

    return draw


def trained(mistake, draw=drawn):
    """The training, written out, with one mistake in a turn, or with another way to draw."""

    def styled_training(gan, batches):
        for real, noise in batches:
            fake = draw(gan.generator, noise[1 if mistake == "other noise" else 0]).detach()
            seen = (fake, real) if mistake == "real and fake swapped" else (real, fake)
            loss = softplus(-gan.discriminator(seen[0])).mean(-1)
            if mistake != "fakes forgotten":
                loss = loss + softplus(gan.discriminator(seen[1])).mean(-1)
            if mistake != "forgotten zero_grad":
                gan.discriminator_optimizer.zero_grad()
            (loss.mean() if mistake == "mean over the GANs" else loss.sum()).backward()
            gan.discriminator_optimizer.step()
            if mistake == "wrong number of steps":
                continue
            scores = gan.discriminator(draw(gan.generator, noise[1]))
            gan.generator_optimizer.zero_grad()
            softplus(scores if mistake == "discriminator's loss" else -scores).mean(-1).sum().backward()
            gan.generator_optimizer.step()

    styled_training.__name__ = (mistake or "mended").replace(" ", "_")
    return styled_training


right("styled_training")(trained("", by_layer_norm))
right("styled_training")(trained("", by_hand("")))
for name in list(STYLED)[1:]:
    wrong("styled_training", name)(trained(name, by_hand(name)))
for name in ("real and fake swapped", "fakes forgotten", "forgotten zero_grad", "mean over the GANs", "other noise"):
    wrong("styled_training", name)(trained(name))
for name in ("wrong number of steps", "discriminator's loss"):
    wrong("styled_training", name)(trained(name))


@wrong("styled_training", "stopped")
def asks_the_parts(gan, batches):
    for _, noise in batches:
        gan.generator(noise[0])
