"""Augmentation before D: random changes of real and fake pictures alike, through which gradients pass.

A change takes pictures [batch, channels, side, side] in [-1, 1] and random numbers [batch, numbers] from 0 to 1, and
changes each picture by its own. All are sums and products, so that the slopes of slopes, which penalties want, exist.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.data.sources import Source, as_source

NUMBERS = 3  # random numbers a picture for each change

Change = Callable[[Tensor, Tensor], Tensor]


def colour(pixels: Tensor, random: Tensor) -> Tensor:
    """Brightness by up to a quarter of the range, saturation by 0 to 2, contrast by 0.5 to 1.5.

    Zhao et al. 2020, arXiv:2006.10738, section 3.
    """
    brightness, saturation, contrast = (number[:, None, None, None] for number in random.unbind(1))
    pixels = pixels + brightness - 0.5
    grey = pixels.mean(1, keepdim=True)
    pixels = grey + 2 * saturation * (pixels - grey)
    middle = pixels.mean((1, 2, 3), keepdim=True)
    return middle + (contrast + 0.5) * (pixels - middle)


def translation(pixels: Tensor, random: Tensor) -> Tensor:
    """A shift by up to an eighth of the side, in whole pixels; grey where nothing is. Zhao et al. 2020, section 3."""
    side = pixels.shape[-1]
    most = max(1, side // 8)
    shift = (random[:, :2] * (2 * most + 1)).floor() - most
    return resampled(pixels, *(torch.arange(side, device=pixels.device) + shift[:, :, None]).unbind(1))


def cutout(pixels: Tensor, random: Tensor) -> Tensor:
    """Grey over a square of half the side, whose middle is anywhere. Zhao et al. 2020, section 3."""
    side = pixels.shape[-1]
    away = (torch.arange(side, device=pixels.device) + 0.5 - side * random[:, :2, None]).abs() > side / 4
    return pixels * (away[:, 0, :, None] | away[:, 1, None, :])[:, None]


def mirror(pixels: Tensor, random: Tensor) -> Tensor:
    """Left and right exchanged, in one picture of two. Karras et al. 2020, arXiv:2006.06676, appendix B."""
    return torch.where(chosen(random, 0, 1 / 2), pixels.flip(-1), pixels)


def quarter_turn(pixels: Tensor, random: Tensor) -> Tensor:
    """A turn by 0, 90, 180 or 270 degrees, each as likely. Karras et al. 2020, appendix B."""
    for turns in (1, 2, 3):
        pixels = torch.where(chosen(random, turns / 4, (turns + 1) / 4), pixels.rot90(turns, (-2, -1)), pixels)
    return pixels


def zoom(pixels: Tensor, random: Tensor) -> Tensor:
    """Larger or smaller by a factor of up to 4/3, mirrored at the edges. After Karras et al. 2020, appendix B."""
    side = pixels.shape[-1]
    factor = (math.log(4 / 3) * (2 * random[:, :1] - 1)).exp()
    middle = (side - 1) / 2
    places = middle + factor * (torch.arange(side, device=pixels.device) - middle)
    places = (side - 1) - (places.abs() - (side - 1)).abs()  # beyond either edge the picture is reflected
    return resampled(pixels, places, places)


def chosen(random: Tensor, low: float, high: float) -> Tensor:
    """In which pictures the first random number lies between two, [batch, 1, 1, 1]."""
    first = random[:, 0, None, None, None]
    return (first >= low) & (first < high)


def resampled(pixels: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Pictures read at rows and columns [batch, side] of their own, between pixels in proportion; grey outside.

    Two matrix products, which have second slopes; torch's `grid_sample` has none.
    """
    at = torch.arange(pixels.shape[-1], device=pixels.device)
    down, across = ((1 - (places[:, :, None] - at).abs()).clamp(min=0).to(pixels.dtype) for places in (rows, columns))
    return down[:, None] @ pixels @ across[:, None].mT


POLICIES: dict[str, tuple[Change, ...]] = {
    "none": (),
    "diffaugment": (colour, translation, cutout),
    "adaptive": (mirror, translation, zoom, colour),
}


def policy(name: str) -> tuple[Change, ...]:
    """The changes of that name; a ValueError lists the known ones."""
    if name not in POLICIES:
        raise ValueError(f"There is no augmentation {name!r}; the known ones are {', '.join(POLICIES)}.")
    return POLICIES[name]


class Augmentation(nn.Module):
    """Each change comes to each picture with a `probability`, a buffer; in evaluation mode nothing is changed.

    A change that comes always is learned by G as well where pictures can have come of it (a quarter turn, say); one
    that is often left out need not be. Karras et al. 2020, arXiv:2006.06676, section 2.2.
    """

    random_per_sample = True  # for `contract.alone`: it is the same whether real and fake come apart or together

    def __init__(self, changes: Sequence[Change], probability: float = 1.0):
        super().__init__()
        self.changes = tuple(changes)
        self.register_buffer("probability", torch.tensor(float(probability)))

    def forward(self, pixels: Tensor) -> Tensor:
        if not self.training:
            return pixels
        for change in self.changes:
            random = torch.rand(len(pixels), NUMBERS + 1, device=pixels.device, dtype=pixels.dtype)
            comes = random[:, 0, None, None, None] < self.probability  # type: ignore[operator]
            pixels = torch.where(comes, change(pixels, random[:, 1:]), pixels)
        return pixels


class Augmented(nn.Module):
    """A discriminator of pictures that sees them augmented; a condition is handed on."""

    def __init__(self, discriminator: nn.Module, changes: Sequence[Change], probability: float = 1.0):
        super().__init__()
        self.augmentation = Augmentation(changes, probability)
        self.discriminator = discriminator

    def forward(self, pixels: Tensor, *condition: Any) -> Tensor:
        return self.discriminator(self.augmentation(pixels), *condition)


def overfitting(real_scores: Tensor, held_out_scores: Tensor, fake_scores: Tensor, limit: float = 2.0) -> Tensor:
    """How far held-out pictures fall below those learnt from, as a share of how far fakes do: a scalar.

    0 where D cannot tell held-out from known pictures, 1 where they seem fakes to it; cut off at ±`limit`. It is r_v of
    Karras et al. 2020, arXiv:2006.06676, equation 1. Their r_t, E sign s(x), asks on which side of 0 the real scores
    lie, which a relativistic loss leaves to chance: it sees differences of scores alone, and so does this.
    """
    known, unseen, fake = (scores.float().mean() for scores in (real_scores, held_out_scores, fake_scores))
    return ((known - unseen) / (known - fake).clamp(min=1e-3)).clamp(-limit, limit)


class Feedback:
    """Adaptive augmentation: raise the probability of an `Augmented` D while it overfits, and lower it else.

    To be given to `training.train` as `discriminator_extra`. Every few steps D scores `held_out` pictures (a tensor or
    a source); where `overfitting` is above the `target`, the probability rises at a rate that takes `ramp` pictures
    from 0 to 1, and falls at that rate else. Nothing of it waits for the host. What it measures is recorded as
    "overfitting" and "augmentation"; neither has a gradient, so they change no loss. Karras et al. 2020,
    arXiv:2006.06676, section 3.
    """

    def __init__(
        self, held_out: Tensor | Source, target: float = 0.5, ramp: int = 40_000, every: int = 4, most: float = 0.8
    ):
        self.held_out, self.target, self.ramp, self.every, self.most = as_source(held_out), target, ramp, every, most

    def __call__(self, gan: Any, fake: Tensor, batch: Any) -> dict[str, Tensor]:
        if gan.step % self.every:
            return {}
        with torch.no_grad():
            indices = torch.randint(len(self.held_out), (len(batch.real),), device=batch.real.device)
            unseen, condition = self.held_out.batch(indices)
            real_scores, fake_scores = gan.score(batch.real, batch.condition), gan.score(fake, batch.condition)
            (found,) = gan.ranks.mean([overfitting(real_scores, gan.score(unseen, condition), fake_scores)])
            probability = gan.discriminator.augmentation.probability
            rise = self.every * len(batch.real) * gan.ranks.count / self.ramp
            probability.add_(rise * (found - self.target).sign()).clamp_(0, self.most)
        return {"overfitting": found, "augmentation": probability.clone()}


def freeze(discriminator: nn.Module, layers: int) -> nn.Module:
    """Keep a D's lowest `layers` layers that have weights as they are, in place: FreezeD.

    To be done before a GAN makes its optimisers. A ValueError where no layer would be left to learn. Mo et al. 2020,
    arXiv:2002.10964.
    """
    own = [layer for layer in discriminator.modules() if any(True for _ in layer.parameters(recurse=False))]
    if not 0 <= layers < len(own):
        raise ValueError(f"Of {len(own)} layers with weights 0 to {len(own) - 1} can be frozen, not {layers}.")
    for layer in own[:layers]:
        layer.requires_grad_(False)
    return discriminator
