"""Inside a latent space: what its directions change, how well a linear reader knows a factor, and the way back to it.

Styles are those of a `StyleGenerator`: [count, style_dim] where every layer has the same, or one a layer, [count,
layers + 1, style_dim].
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

CLEAR = 0.5  # a probability from which on a part counts as read
Reader = Callable[[Tensor], Mapping[str, Tensor]]  # pixels to how likely each variant of each part is, by name


def drawn_styles(generator: nn.Module, count: int, seed: int = 0) -> Tensor:
    """Styles [count, style_dim] of as many draws of noise."""
    noise = torch.randn(count, generator.noise_dim, generator=torch.Generator().manual_seed(seed))  # type: ignore
    with torch.no_grad():
        return generator.mapping(noise.to(device_of(generator)))  # type: ignore[operator]


@torch.no_grad()
def drawn(generator: nn.Module, styles: Tensor, maps: Tensor | None = None, batch: int = 250) -> Tensor:
    """Pixels of styles, one for all layers or one a layer, and of layouts of their own, if any; on the CPU."""
    layers = len(generator.layers) + 1  # type: ignore[arg-type]
    if styles.dim() == 2:
        styles = styles[:, None].expand(-1, layers, -1)
    told = (styles,) if maps is None else (styles, maps.to(styles))
    parts = zip(*(some.split(batch) for some in told), strict=True)
    return torch.cat([generator.draw(*part).float().cpu() for part in parts])  # type: ignore[operator]


@torch.no_grad()
def layouts(generator: nn.Module, styles: Tensor) -> Tensor:
    """The small pictures that styles [count, style_dim] lay out, [count, maps, side, side], on the CPU."""
    return generator.first(styles).float().cpu()  # type: ignore[operator]


def device_of(generator: nn.Module) -> torch.device:
    """Where a generator's weights are."""
    return next(generator.parameters()).device


def factors(
    generator: nn.Module, read: Reader, count: int = 4000, seed: int = 0, layout: bool = False
) -> dict[str, Tensor]:
    """The mean style of each variant of each part, [variants, style_dim], as `read` reads `count` samples.

    With `layout`, the mean of what the styles lay out, [variants, maps, side, side]. A variant that was never read has
    NaN.
    """
    styles = drawn_styles(generator, count, seed)
    readings = read(drawn(generator, styles))
    codes = layouts(generator, styles) if layout else styles.cpu()
    return {part: means(codes, told.argmax(1), told.shape[1]) for part, told in readings.items()}


def means(codes: Tensor, labels: Tensor, variants: int) -> Tensor:
    """The mean code of each label, [variants, ...]; NaN where a label does not occur."""
    sums = codes.new_zeros(variants, *codes.shape[1:]).index_add_(0, labels, codes)
    return sums / labels.bincount(minlength=variants).view(-1, *[1] * (codes.dim() - 1))


def edited(
    codes: Tensor, means: Tensor, present: Tensor, target: int, strength: float = 1.0, places: float = 1.0
) -> Tensor:
    """Codes moved from the mean of the variant that each has, `present` [count], towards the mean of `target`.

    Codes are styles, one for all layers or one a layer, or layouts. Of a layout only that share of places moves at
    which the two means differ most: a hat is where hats are. After Collins et al. 2020, arXiv:2004.14367. A ValueError
    where the generator was never seen to draw the target.
    """
    if means[target].isnan().any():
        raise ValueError(f"No sample was read as variant {target}, so there is no direction towards it.")
    move = (means[target] - means[present].nan_to_num(nan=0.0)).to(codes)
    if move.dim() == 4 and places < 1:
        apart = move.norm(dim=1, keepdim=True)  # [count, 1, side, side]
        move = move * (apart >= apart.flatten(1).quantile(1 - places, dim=1).view(-1, 1, 1, 1))
    return codes + strength * (move if move.dim() == codes.dim() else move[:, None])


class Effect(NamedTuple):
    """What edits did: the share that is read as the target then, and of each other part the share that stayed."""

    changed: float
    kept: dict[str, float]


def effect(before: Mapping[str, Tensor], after: Mapping[str, Tensor], part: str, target: int) -> Effect:
    """What edits of one part did, by readings before and after; those that had the target before do not count.

    Nor do parts that were not read clearly before: hidden ones change at a touch.
    """
    one, two = ({name: told.argmax(1) for name, told in readings.items()} for readings in (before, after))
    clear = {name: told.amax(1) >= CLEAR for name, told in before.items()}
    others = clear[part] & (one[part] != target)
    if not others.any():
        raise ValueError(f"No sample is clearly read as anything but variant {target} of {part}.")
    kept = {name: float((one[name] == two[name])[others & clear[name]].double().mean()) for name in one if name != part}
    return Effect(float((two[part] == target)[others].double().mean()), kept)


def principal(values: Tensor, count: int) -> Tensor:
    """The first principal directions [count, dims] of values [samples, dims], each as long as its standard deviation.

    Of styles these are GANSpace's directions: Härkönen et al. 2020, arXiv:2004.02546.
    """
    _, lengths, directions = torch.linalg.svd(values - values.mean(0), full_matrices=False)
    return directions[:count] * (lengths[:count] / max(1, len(values) - 1) ** 0.5)[:, None]


def disentanglement(importance: Tensor) -> float:
    """How far each dimension serves one factor alone, from 0 (all alike) to 1, of importances [dims, factors] ≥ 0.

    1 − the entropy of a dimension's shares among factors over log(factors), averaged with the dimensions' totals as
    weights. Eastwood & Williams 2018, "A framework for the quantitative evaluation of disentangled representations".
    """
    totals = importance.sum(1)
    shares = importance / totals.clamp(min=1e-12)[:, None]
    entropy = -torch.special.xlogy(shares, shares).sum(1)
    return float(1 - (entropy * totals).sum() / totals.sum() / torch.log(torch.tensor(float(importance.shape[1]))))


class Inverted(NamedTuple):
    """Styles [count, layers + 1, style_dim] that draw given pictures, and what is left, in root mean square of 1."""

    styles: Tensor
    errors: Tensor


def inverting(
    generator: nn.Module, pictures: Tensor, steps: int = 300, rate: float = 0.05, pull: float = 1e-3, seed: int = 0
) -> Iterator[Inverted]:
    """Look for the styles that draw pictures [count, channels, size, size], and yield the best so far after each step.

    From the nearest of 2,000 samples Adam descends on the squared error, in a style of each layer for itself; `pull`
    holds these near the mean style, where the generator knows its way. Abdal et al. 2019, arXiv:1904.03189.
    """
    device = device_of(generator)
    pictures, candidates = pictures.to(device), drawn_styles(generator, 2000, seed)
    samples = drawn(generator, candidates).to(device)
    nearest = torch.cdist(pictures.flatten(1), samples.flatten(1)).argmin(1)
    center = candidates.mean(0)
    layers = len(generator.layers) + 1  # type: ignore[arg-type]
    styles = candidates[nearest][:, None].repeat(1, layers, 1).clone().requires_grad_()
    best = Inverted(styles.detach().clone(), torch.full((len(pictures),), torch.inf, device=device))
    optimizer = torch.optim.Adam([styles], lr=rate)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        off = generator.draw(styles) - pictures  # type: ignore[operator]
        errors = off.detach().square().mean((1, 2, 3)).sqrt() / 2
        better = errors < best.errors
        best = Inverted(
            torch.where(better[:, None, None], styles.detach(), best.styles), torch.minimum(errors, best.errors)
        )
        yield best
        total = off.square().mean((1, 2, 3)).sum() + pull * (styles - center).square().mean((1, 2)).sum()
        (styles.grad,) = torch.autograd.grad(total, styles)
        optimizer.step()


def inverted(generator: nn.Module, pictures: Tensor, steps: int = 300, **settings: float) -> Inverted:
    """The end of `inverting`."""
    *_, last = inverting(generator, pictures, steps, **settings)  # type: ignore[arg-type]
    return last


def encoding(
    generator: nn.Module, encoder: nn.Module, steps: int = 500, batch: int = 64, rate: float = 2e-3, seed: int = 0
) -> Iterator[float]:
    """Teach an encoder, pixels to styles [batch, style_dim], by the generator's own samples, and yield its loss.

    Both are known of a sample, so that this is plain regression.
    """
    optimizer, styles = torch.optim.Adam(encoder.parameters(), lr=rate), drawn_styles(generator, steps * batch, seed)
    spread = styles.var(0).mean()
    for step, some in enumerate(styles.split(batch)):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        loss = mse_loss(encoder(drawn(generator, some).to(some)), some) / spread
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield float(loss.detach())
