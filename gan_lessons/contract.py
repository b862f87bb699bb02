"""What data, players and a loss have to be like, asked before the first step and told in a sentence if they are not."""

import copy
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.data.sources import Batch, Samples


class ContractError(ValueError):
    """Data, players or a loss that cannot be trained as they are."""


def flat(scores: Tensor, members: int | None) -> Tensor:
    """A discriminator's scores as [batch] or [members, batch]: [batch, 1] is [batch], and patches follow each other."""
    lead = 0 if members is None else 1
    return scores if scores.dim() == lead + 1 else scores.flatten(lead)


def per_sample(scores: Tensor, members: int | None) -> Tensor:
    """One score a sample, [batch] or [members, batch]: of patches, the mean."""
    lead = 1 if members is None else 2
    return scores if scores.dim() == lead else scores.flatten(lead).mean(-1)


def rehearse(gan: Any, batch: Batch, noise: Tensor, loss: Callable | None = None) -> bool:
    """Try copies of both players on a batch; whether D scores each sample by itself, and the same each time.

    Raises ContractError where data are no finite floats in a range that G can reach, where G makes other shapes than
    the data's, where D returns something else than one score a sample, or probabilities, or where the loss, if one is
    given, returns something else than one number a player, or in a population one a member.
    """
    real, condition = batch
    told = () if condition is None else (condition,)
    check_data(real)
    generator, discriminator = copied(gan.generator), copied(gan.discriminator)
    with torch.no_grad(), gan.autocast:
        fake = tried("generator", generator, "noise", noise, told)
        if not isinstance(fake, Tensor):
            raise ContractError(f"The generator returns a {type(fake).__name__}; wanted are samples {shape(real)}.")
        if fake.shape != real.shape:
            raise ContractError(
                f"The generator makes {shape(fake)} of noise {shape(noise)}, and the data are {shape(real)}: "
                "the two have to be of one shape."
            )
        scores = tried("discriminator", discriminator, "samples", real, told)
    check_scores(scores, real, gan.members)
    if loss is not None:
        check_loss(loss, flat(scores, gan.members), gan.members)
    if real.device.type == "meta":
        return False
    check_no_probability(discriminator, real, told)
    return alone(gan.discriminator, real, fake, condition, gan)


def copied(network: nn.Module) -> nn.Module:
    """A copy, also of a network whose layers keep a tensor that they computed, as `torch.nn.utils.spectral_norm` does.

    Copying refuses such tensors, so they are handed over as copied already.
    """
    kept = [value for layer in network.modules() for value in vars(layer).values() if isinstance(value, Tensor)]
    return copy.deepcopy(network, {id(value): value.detach().clone() for value in kept if not value.is_leaf})


def tried(player: str, network: nn.Module, kind: str, inputs: Tensor, told: tuple) -> Any:
    """What a player makes of its inputs; a ContractError says what it was given where it makes nothing of them."""
    try:
        return network(inputs, *told)
    except torch.OutOfMemoryError:
        raise
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        condition = "".join(f" and a condition {shape(one)}" for one in told if isinstance(one, Tensor))
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise ContractError(
            f"The {player} takes no {kind} {shape(inputs)}{condition}: {reason}.{hint(network, kind, inputs)}"
        ) from error


def hint(network: nn.Module, kind: str, inputs: Tensor) -> str:
    """What may help a player that does not take its inputs; nothing where that is not known."""
    weights = {weight.dtype for weight in network.parameters() if weight.is_floating_point()}
    if len(weights) == 1 and inputs.dtype not in weights:
        (own,) = weights
        cure = f"data.to({own})" if kind == "samples" else f"generator.to({inputs.dtype})"
        return f" The {kind} {'are' if kind == 'samples' else 'is'} {inputs.dtype} and its weights are {own}: {cure}."
    first = next((layer for layer in network.modules() if any(True for _ in layer.parameters(recurse=False))), None)
    weight = getattr(first, "weight", None)
    if kind == "noise" and isinstance(weight, Tensor) and weight.dim() > 2:  # a convolution
        places = ", ".join(["1"] * (weight.dim() - 2))
        return f" Put nn.Unflatten(1, (-1, {places})) before it, if its first layer is a convolution."
    return ""


def shape(tensor: Tensor) -> str:
    """A tensor's shape as it is written in the book."""
    return f"[{', '.join(map(str, tensor.shape))}]"


def check_data(real: Tensor) -> None:
    """Raise ContractError for data that a GAN cannot learn as they are."""
    if not real.is_floating_point():
        hint = "pixels / 127.5 - 1 brings 0 … 255 to -1 … 1" if real.dim() >= 4 else "data.float(), or sources.OneHot"
        raise ContractError(f"The data are whole numbers ({real.dtype}); a GAN needs floats: {hint}.")
    if real.device.type == "meta":
        return
    if not real.isfinite().all():
        raise ContractError("The data hold values that are no numbers (NaN or infinite); leave those samples out.")
    if real.dim() == 4 and real.shape[1] in (1, 3):  # pictures
        check_pixels(real)


def check_pixels(pixels: Tensor, slack: float = 0.01) -> None:
    """Raise ContractError for pixels beyond -1 … 1 by more than `slack`; warn of those that seem to lie in 0 … 1."""
    low, high = float(pixels.min()), float(pixels.max())
    if low < -1 - slack or high > 1 + slack:
        raise ContractError(
            f"The pixels run from {low:.3g} to {high:.3g}, and a generator reaches -1 (black) to 1 (white). "
            + ("Scale them: pixels / 127.5 - 1." if low >= 0 else "Scale them to that range.")
        )
    if low >= 0 and high > 0.5:
        warnings.warn(
            f"The pixels run from {low:.3g} to {high:.3g}: black is expected at -1. If they were scaled to 0 … 1, "
            "use 2 * pixels - 1.",
            stacklevel=5,
        )


def check_numbers(source: Any) -> None:
    """Raise ContractError where any sample holds what is no number; `check_data` sees those of a batch only."""
    for values in vars(source).values() if isinstance(source, Samples) else ():
        if not isinstance(values, Tensor) or not values.is_floating_point() or values.device.type == "meta":
            continue
        if values.sum(dtype=torch.promote_types(values.dtype, torch.float32)).isfinite():  # takes no memory
            continue
        if bad := [place for place, one in enumerate(values) if not one.isfinite().all()]:
            raise ContractError(
                f"{len(bad):,} of {len(values):,} samples hold values that are no numbers (NaN or infinite), the first "
                f"at {bad[0]}; leave those samples out."
            )


def check_scores(scores: Any, real: Tensor, members: int | None) -> None:
    """Raise ContractError for what are no scores, one a sample or one a patch."""
    wanted = "[batch], one a sample" if members is None else "[members, batch], one a sample of each member"
    if not isinstance(scores, Tensor):
        raise ContractError(f"The discriminator returns a {type(scores).__name__}; wanted are scores {wanted}.")
    lead = 1 if members is None else 2
    packed = scores.dim() >= lead and real.shape[lead - 1] % max(1, scores.shape[lead - 1]) == 0
    if scores.dim() < lead or scores.shape[: lead - 1] != real.shape[: lead - 1] or not packed:
        raise ContractError(f"The discriminator makes {shape(scores)} of samples {shape(real)}; wanted are {wanted}.")
    if scores.dim() == lead + 1 and scores.shape[-1] != 1:
        raise ContractError(
            f"The discriminator makes {shape(scores)} of samples {shape(real)}: {scores.shape[-1]} numbers a sample. "
            f"Wanted are {wanted}; a discriminator of patches returns [batch, 1, places…]."
        )


@torch.no_grad()
def check_loss(loss: Callable, scores: Tensor, members: int | None) -> None:
    """Raise ContractError for what is no loss of either player, averaged over the batch."""
    wanted = "a scalar" if members is None else f"[{members}], one a member"
    found = loss(scores, scores)
    for player in ("discriminator", "generator"):
        value = getattr(found, player, None)
        if not isinstance(value, Tensor):
            raise ContractError(
                f"The loss returns a {type(found).__name__} without a tensor for the {player}; wanted are "
                f"losses.Losses(discriminator, generator), each {wanted}."
            )
        if value.shape != scores.shape[:-1]:
            raise ContractError(
                f"The loss makes {shape(value)} for the {player} of scores {shape(scores)}; wanted is {wanted}: "
                "average over the last axis alone, .mean(-1)."
            )


@torch.no_grad()
def check_no_probability(discriminator: nn.Module, real: Tensor, told: tuple) -> None:
    """Raise ContractError where scores stay between 0 and 1 however far the samples go, or any weight.

    A network that normalises its inputs sees no difference between near and far; its last weights' size it does show.
    """

    def seen(*factors: float) -> Tensor:
        return torch.cat([discriminator(factor * real, *told).flatten() for factor in factors])

    def between(scores: Tensor) -> bool:
        return float(scores.min()) >= 0 and float(scores.max()) <= 1

    scores = seen(-100.0, 0.0, 1.0, 100.0)
    if not between(scores) or float(scores.min()) == float(scores.max()):  # all alike, they tell nothing
        return
    for weight in discriminator.parameters():
        before = weight.clone()
        weight.mul_(-100)
        if not between(seen(1.0)):
            return
        weight.copy_(before)
    raise ContractError(
        "The discriminator returns probabilities; leave out its last sigmoid: the losses take scores (logits), any "
        "real number, higher for what seems more real."
    )


def alone(network: nn.Module, real: Tensor, fake: Tensor, condition: Any, gan: Any) -> bool:
    """Whether D's scores of a batch are those of its halves, and nothing that it remembers changes by looking."""
    if condition is not None and not isinstance(condition, Tensor):
        return False
    discriminator, axis = copied(network), 0 if gan.members is None else 1
    told, twice = ((), ()) if condition is None else ((condition,), (torch.cat([condition, condition], axis),))
    before = [buffer.clone() for buffer in discriminator.buffers()]
    for layer in discriminator.modules():
        if getattr(layer, "random_per_sample", False):  # each sample has its chance, apart or together
            layer.eval()
    with torch.no_grad():
        for weight in discriminator.parameters():  # moved a little: what follows the weights may have come to rest
            weight.mul_(torch.linspace(0.9, 1.1, weight.numel(), device=weight.device).reshape(weight.shape))
        parts = torch.cat([flat(discriminator(some, *told), gan.members) for some in (real, fake.to(real.dtype))], -1)
        whole = flat(discriminator(torch.cat([real, fake.to(real.dtype)], axis), *twice), gan.members)
    still = all(map(torch.equal, before, discriminator.buffers()))
    size = float(parts.nan_to_num(0, 0, 0).std()) if parts.numel() > 1 else 1.0  # a member may have diverged
    alike = parts.shape == whole.shape and torch.allclose(parts, whole, 1e-4, 1e-4 * size, equal_nan=True)
    return still and alike
