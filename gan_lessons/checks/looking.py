"""Self-attention and modulation by hand: what they give, and what they give after the usual mistakes."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, unfold

from gan_lessons.data import avatars

NOISY, SIDE = 0.25, 32  # the noise on a picture that is to be cleaned, and its side in pixels
SHARP = 8.0  # how much more alike neighbourhoods count


def spoken(weight: Tensor, maps: Tensor) -> Tensor:
    """What every place of maps [n, channels, ...] says by a weight [width, channels]: [n, places, width]."""
    return maps.flatten(2).mT @ weight.mT


def attended(maps: Tensor, query: Tensor, key: Tensor, value: Tensor, gate: Tensor, *, way: str = "") -> Tensor:
    """Maps [n, channels, height, width] and what each place has looked up at all places; or with a mistake."""
    asks, answers, values = (spoken(weight, maps) for weight in (query, key, value))
    fits = asks @ answers.mT
    if way == "query and key swapped":
        fits = fits.mT
    divisor = {
        "fits not divided": 1.0,
        "divided by the width itself": query.shape[0],
        "root of the channels": maps.shape[1] ** 0.5,
        "root of the places": fits.shape[-1] ** 0.5,
    }.get(way, query.shape[0] ** 0.5)
    weights = (fits / divisor).softmax(-2 if way == "softmax over those who ask" else -1)
    if way == "no softmax":
        weights = fits / divisor
    if way == "softmax over the batch":
        weights = (fits / divisor).softmax(0)
    looked = weights @ values
    looked = (looked if way == "picture scrambled" else looked.mT).reshape(maps.shape)
    if way == "the maps themselves left out":
        return gate * looked
    if way == "gate left out":
        return maps + looked
    if way == "gate on the maps":
        return gate * maps + looked
    if way == "gate as a share":
        return torch.lerp(maps, looked, gate)
    return maps + gate * looked


ATTENTION = (
    "softmax over those who ask", "softmax over the batch", "no softmax", "fits not divided",
    "divided by the width itself", "root of the channels", "root of the places", "query and key swapped",
    "picture scrambled", "the maps themselves left out", "gate left out", "gate on the maps", "gate as a share",
)  # fmt: skip


def noisy_cat(seed: int = 0) -> Tensor:
    """A cat of your own, [1, 3, 32, 32], with noise all over it."""
    cats, random = avatars.load("cats", 64, held_out=True), torch.Generator().manual_seed(seed)
    cat = avg_pool2d(cats.pixels(slice(seed % 1000, seed % 1000 + 1)), 64 // SIDE)
    return cat + NOISY * torch.randn(cat.shape, generator=random)


def cleaned(attention: Callable, noisy: Tensor) -> Tensor:
    """What each place of a picture [1, 3, side, side] finds at places that look like its own 3 × 3 pixels.

    Two more channels, 1 and minus half the squares of the others, make of the inner product of query and key minus half
    their squared distance, but for what is the same for all keys: so white, the longest, fits no better than the rest.
    """
    patch = unfold(noisy, 3, padding=1).unflatten(-1, noisy.shape[2:])  # 27 channels
    maps = torch.cat([patch, torch.ones_like(patch[:, :1]), -patch.square().sum(1, keepdim=True) / 2], 1)
    query, key, value = SHARP * torch.eye(28, 29), torch.eye(29)[[*range(27), 28]], torch.zeros(29, 29)
    middle = [4, 13, 22]  # of red, green and blue
    value[middle, middle] = 1
    with torch.no_grad():
        return (attention(maps, query, key, value, torch.tensor(1.0)) - maps)[:, middle]


def modulated_maps(maps: Tensor, weight: Tensor, scale: Tensor, *, way: str = "") -> Tensor:
    """Maps [n, in, height, width], convolved by a weight [out, in, 3, 3] that carries each sample's scale [n, in]."""
    factor = scale if way == "one left out of the scale" else 1 + scale
    factor = factor.mean(0, keepdim=True).expand_as(factor) if way == "one style for the batch" else factor
    own = factor[:, None, :, None, None] * weight  # [n, out, in, 3, 3]
    squares = own.square()
    sizes = {
        "not demodulated": torch.ones(()),
        "root left out": squares.sum((2, 3, 4), keepdim=True),
        "mean in place of the sum": squares.mean((2, 3, 4), keepdim=True).sqrt(),
        "sum without the squares": own.sum((2, 3, 4), keepdim=True),
        "lengths in place of squares": own.abs().sum((2, 3, 4), keepdim=True),
        "demodulated without the style": weight.square().sum((1, 2, 3), keepdim=True).sqrt()[None],
        "sum over the outputs as well": squares.sum((1, 2, 3, 4), keepdim=True).sqrt(),
        "outputs in place of inputs": squares.sum((1, 3, 4), keepdim=True).sqrt(),
        "kernel left out of the sum": squares.sum(2, keepdim=True).sqrt(),
        "inputs left out of the sum": squares.sum((3, 4), keepdim=True).sqrt(),
    }
    size = sizes.get(way, squares.sum((2, 3, 4), keepdim=True).sqrt())
    own = weight.expand_as(own) if way == "style only in the size" else own
    own = own * size if way == "multiplied by the size" else own / size
    made = conv2d(maps.flatten(0, 1)[None], own.flatten(0, 1), padding=1, groups=len(maps))
    made = made[0].unflatten(0, own.shape[:2])
    if way == "measured, not computed":
        return made / made.square().mean((2, 3), keepdim=True).sqrt()
    return made


MODULATION = (
    "one left out of the scale", "one style for the batch", "style only in the size", "not demodulated",
    "root left out", "demodulated without the style", "mean in place of the sum", "sum without the squares",
    "lengths in place of squares", "sum over the outputs as well", "outputs in place of inputs",
    "kernel left out of the sum", "inputs left out of the sum", "multiplied by the size", "measured, not computed",
)  # fmt: skip
