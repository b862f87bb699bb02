"""A reader's own losses, penalties and networks: tried out before they train, and brought into the library's form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons import losses, penalties
from gan_lessons.labs.kit.state import explained
from gan_lessons.losses import Losses
from gan_lessons.networks.points import PointDiscriminator
from gan_lessons.sweeps import Setting


def fitted(loss: Callable) -> Callable:
    """A reader's loss in the form of the library's: one number a member from each player, whatever mean it took."""

    def one(real_scores: Tensor, fake_scores: Tensor) -> Losses:
        pair = loss(real_scores, fake_scores)
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(isinstance(v, Tensor) for v in pair):
            raise ValueError("Your loss has to return two tensors: what D minimises, and what G minimises.")
        shape = real_scores.shape[:-1]
        return Losses(*(value if value.shape == shape else value.mean().expand(shape) for value in pair))

    return one


def try_out(players: Callable, noise_dim: int) -> None:
    """Raise a ValueError if a reader's networks are not such as a GAN on points needs."""
    try:
        generator, discriminator = players()
        fakes = generator(torch.zeros(8, noise_dim))
        scores = discriminator(torch.zeros(8, 2))
    except Exception as error:
        raise ValueError(f"Your players do not work: {type(error).__name__}: {error}") from error
    if not all(isinstance(network, nn.Module) for network in (generator, discriminator)):
        raise ValueError("Your players have to be two torch modules: a generator and a discriminator.")
    for network in (generator, discriminator):
        if not any(True for _ in network.parameters()):
            raise ValueError(f"Your {type(network).__name__} has no weights, so there is nothing to train.")
    if fakes.shape != (8, 2):
        raise ValueError(f"Your generator makes {list(fakes.shape)} of noise [8, {noise_dim}]; it needs [8, 2].")
    if scores.shape != (8,):
        raise ValueError(f"Your discriminator makes {list(scores.shape)} of points [8, 2]; it needs [8], a score each.")
    for name, values in (("generator", fakes), ("discriminator", scores)):
        if not values.isfinite().all():
            raise ValueError(f"Your {name} returns values that are no numbers (NaN) before any training.")


def tried(what: str, function: Any, *arguments: Any) -> None:
    """Call a reader's own function once; a ValueError says what went wrong."""
    try:
        function(*arguments)
    except Exception as error:
        raise ValueError(f"Your {what} does not work: {explained(error)}") from error


def usable(setting: Setting) -> Setting:
    """A setting with a reader's own parts tried out and fitted; a ValueError says what is wrong with it."""
    if isinstance(setting.loss, str):
        losses.named(setting.loss)
    else:
        setting = replace(setting, loss=fitted(setting.loss))
        tried("loss", setting.loss, torch.zeros(1, 8), torch.zeros(1, 8))
    if not isinstance(setting.penalty, str):
        tried("penalty", setting.penalty, PointDiscriminator(), *torch.randn(2, 1, 8, 2))
    elif setting.penalty != "none":
        penalties.named(setting.penalty)
    if setting.players is not None:
        try_out(setting.players, setting.noise_dim)
    return setting
