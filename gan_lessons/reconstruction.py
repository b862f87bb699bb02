"""Further losses of a generator that translates pictures, as `training.train` takes them for `extra`.

Each makes a function (gan, fake, batch) -> {name: value}.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss

from gan_lessons.data.sources import Batch
from gan_lessons.networks.perceptual import Shallow

Extra = Callable[[Any, Tensor, Batch], dict[str, Tensor]]


def l1(weight: float) -> Extra:
    """The mean distance of pixels between what G makes and the picture that belongs to its input.

    Isola et al. 2017, arXiv:1611.07004, equation 3.
    """

    def extra(gan: Any, fake: Tensor, batch: Batch) -> dict[str, Tensor]:
        return {"l1": weight * l1_loss(fake, batch.real)}

    return extra


def cycle(weight: float, identity_weight: float = 0.0) -> Extra:
    """What is lost of a picture that went there and back again; with `identity_weight` also what a generator changes in
    a picture that is already of the kind it makes.

    The generator is a `networks.translation.Both`. Zhu et al. 2017, arXiv:1703.10593, equation 2 and section 5.2.
    """

    def extra(gan: Any, fake: Tensor, batch: Batch) -> dict[str, Tensor]:
        losses = {"cycle": weight * l1_loss(gan.generate(None, fake), batch.condition)}
        if identity_weight:
            network = gan.generator
            first, second = network.apart(batch.condition)
            kept = l1_loss(network.back(None, first), first) + l1_loss(network.there(None, second), second)
            losses["identity"] = identity_weight * kept / 2
        return losses

    return extra


def contrast(weight: float, identity_weight: float = 0.0, places: int = 64, temperature: float = 0.07) -> Extra:
    """Whether each place of what G makes is more like the same place of its input than like the input's other places.

    A cross-entropy over at most so many `places` of a picture at each size of the U-Net's way down; with
    `identity_weight` also for a picture that is already of the kind G makes. It needs no way back. The generator is a
    `networks.translation.Contrastive`. PatchNCE: Park et al. 2020, arXiv:2007.15651, equations 3 to 5.
    """

    def between(network: Any, source: Tensor, made: Tensor) -> Tensor:
        with torch.no_grad():
            sizes = [maps.shape[-2] * maps.shape[-1] for maps in network.there.halved(source[:1])]
            chosen = [torch.randperm(size, device=source.device)[:places] for size in sizes]
            keys = network.described(source, chosen)
        losses = []
        for query, key in zip(network.described(made, chosen), keys, strict=True):
            alike = (query @ key.mT / temperature).flatten(0, 1)  # [batch * count, count]
            same = torch.arange(key.shape[1], device=key.device).repeat(len(key))
            losses.append(cross_entropy(alike, same))
        return torch.stack(losses).mean()

    def extra(gan: Any, fake: Tensor, batch: Batch) -> dict[str, Tensor]:
        losses = {"contrast": weight * between(gan.generator, batch.condition, fake)}
        if identity_weight:
            kept = gan.generate(None, batch.real)
            losses["identity"] = identity_weight * between(gan.generator, batch.real, kept)
        return losses

    return extra


def perceptual(weight: float, device: torch.device | str = "cpu") -> Extra:
    """How differently the first layers of EfficientNet-Lite0, on a device, see what G makes and the true picture.

    Johnson et al. 2016, arXiv:1603.08155; the distance is that of `feature_distance`.
    """
    network = Shallow().to(device)

    def extra(gan: Any, fake: Tensor, batch: Batch) -> dict[str, Tensor]:
        with torch.no_grad():
            wanted = network(batch.real)
        return {"perceptual": weight * feature_distance(network(fake), wanted).mean()}

    return extra


def feature_distance(first: Sequence[Tensor], second: Sequence[Tensor]) -> Tensor:
    """The distance of pictures [batch] in a network's maps, [batch, maps, h, w] a level, summed over the levels.

    At each place the maps are scaled to length 1, and the squared distances averaged: LPIPS without its weights, Zhang
    et al. 2018, arXiv:1801.03924, equation 1.
    """

    def unit(maps: Tensor) -> Tensor:
        return maps.float() / (maps.float().square().sum(1, keepdim=True) + 1e-6).sqrt()

    pairs = zip(first, second, strict=True)
    return torch.stack([(unit(one) - unit(other)).square().sum(1).mean((1, 2)) for one, other in pairs]).sum(0)


def together(*extras: Extra) -> Extra:
    """Several further losses as one."""

    def extra(gan: Any, fake: Tensor, batch: Batch) -> dict[str, Tensor]:
        return {name: value for each in extras for name, value in each(gan, fake, batch).items()}

    return extra
