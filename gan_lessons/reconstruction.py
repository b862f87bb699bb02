"""Further losses of a generator that translates pictures, as `training.train` takes them for `extra`.

Each makes a function (gan, fake, batch) -> {name: value}.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.nn.functional import l1_loss

from gan_lessons.data.sources import Batch

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
