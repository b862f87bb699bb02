"""Diagnosis: what a run suffers from, by rules on a few signs that one can read aloud."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan_lessons.metrics.neighbours import neighbour_scores, perfect_coverage


class Signs(NamedTuple):
    """What a run showed: each a tensor [moments], or a scalar for one moment.

    All are in units that make points and pictures, and one loss and another, comparable. `lead` is by how much D scores
    the training data above the fakes, `by_heart` by how much above real data that it has never seen; both in units of
    the spread of its scores, so that a lead of 2 means that D is never in doubt. `slope` is how much G's loss would
    change if a fake moved by one spread of the data (the size of the gradient that reaches G), `restlessness` by how
    many spreads the fakes of fixed noise have moved since the moment before. `coverage` is the share of small real
    neighbourhoods that hold a fake (1: as many as with fresh real samples), `variety` the share of the real samples
    that the fakes are roughly near to, `precision` the share of fakes that lie among the real ones.
    """

    step: Any
    lead: Tensor
    by_heart: Tensor
    slope: Tensor
    variety: Tensor
    coverage: Tensor
    precision: Tensor
    restlessness: Tensor


def look(
    step: int,
    discriminator: Callable[[Tensor], Tensor],
    loss: Callable,
    training: Tensor,
    held_out: Tensor,
    fakes: Tensor,
    before: Tensor,
    features: Callable[[Tensor], Tensor] = lambda samples: samples.flatten(1),
) -> Signs:
    """The signs at one moment, from samples [count, ...]: real ones of the training set and held out, and fakes.

    `before` has the fakes of the same noise at the moment before. `features` are what neighbours are looked for in,
    shape [count, dims]; for pictures give a judge's. Where fakes are not numbers, no sign is one.
    """
    if not fakes.isfinite().all():
        return Signs(torch.tensor(step), *torch.full((len(Signs._fields) - 1,), torch.nan))
    training = training[torch.arange(len(fakes)) % len(training)]  # a loss may compare in pairs
    spread = (held_out - held_out.mean(0)).flatten(1).square().sum(1).mean().sqrt()
    fakes = fakes.detach().requires_grad_()
    fake_scores, (real_scores, held_out_scores) = discriminator(fakes), map(discriminator, (training, held_out))
    whole = loss(real_scores, fake_scores).generator * len(fake_scores)  # the loss is a mean over scores
    (gradient,) = torch.autograd.grad(whole, fakes)
    unit = torch.cat([real_scores, fake_scores]).std().clamp(min=1e-12)
    here, there = features(held_out), features(fakes.detach())
    near = neighbour_scores(here, there)
    values = (
        (real_scores.mean() - fake_scores.mean()) / unit,
        (real_scores.mean() - held_out_scores.mean()) / unit,
        gradient.flatten(1).norm(dim=1).mean() * spread,
        torch.tensor(variety(here, there)),
        torch.tensor(near.coverage / perfect_coverage(len(held_out))),
        torch.tensor(near.precision),
        (fakes - before).flatten(1).square().sum(1).mean().sqrt() / spread,
    )
    return Signs(torch.tensor(step), *(value.detach().float().cpu() for value in values))


def variety(real: Tensor, fake: Tensor) -> float:
    """To what share of the real samples the fakes are near, from features [count, dims] of either; about 1 at best.

    Each fake is near to the tenth of the real samples that is nearest to it. The share is exp(entropy) of how often
    each real sample is among them, over their number: the perplexity, as a share.
    """
    tenth = torch.cdist(fake.float(), real.float()).topk(max(len(real) // 10, 1), largest=False).indices
    often = tenth.flatten().bincount(minlength=len(real)) / tenth.numel()
    return float((-torch.special.xlogy(often, often).sum()).exp() / len(real))


def gathered(moments: Sequence[Signs]) -> Signs:
    """The signs of many moments as one record, each of shape [moments]."""
    return Signs(*map(torch.stack, zip(*moments, strict=True)))


class Diagnosis(NamedTuple):
    """What a run suffers from, what was seen of it, and what to try."""

    fault: str
    sentence: str
    advice: str


ADVICE = {
    "diverged": "Go back to an earlier checkpoint; lower the rates, or add a penalty on D (penalties.r1).",
    "D overfits": "Get more data, or give D fewer weights and a penalty (penalties.r1).",
    "healthy": "Let the rates fall to nothing (training.cosine) and sample from the averaged generator.",
    "vanishing gradient": "Take a loss that keeps its slope (losses.non_saturating, losses.relativistic), fewer steps "
    "or a lower rate for D, or add noise to what D sees (networks.points.InstanceNoise).",
    "not finished": "Train for more steps.",
    "collapse": "Let D see several samples at once (networks.packing.Packed, losses.relativistic), and lower G's rate "
    "or raise D's.",
    "cycling": "Damp the game: a penalty on D (penalties.r1), less momentum, alternating updates, or rates that fall "
    "to nothing (training.cosine).",
}
FAULTS = tuple(ADVICE)


def diagnose(history: Signs) -> Diagnosis:
    """What a run of [moments] suffers from; the first of a few rules that holds for the last third of the moments.

    Raises ValueError where there are fewer than six moments, or signs of different shapes.
    """
    signs = Signs(*(torch.as_tensor(sign).detach().cpu().double() for sign in history))
    count = signs.step.numel()
    for name, sign in signs._asdict().items():
        if sign.shape != (count,):
            raise ValueError(f"Every sign needs a value a moment, shape [{count}]; {name} has {list(sign.shape)}.")
    broken = torch.stack(signs).isfinite().all(0).logical_not()
    if broken.any():
        first = int(broken.nonzero()[0])
        step = f"{signs.step[first]:.0f}" if signs.step[first].isfinite() else f"of moment {first + 1}"
        return Diagnosis("diverged", f"At step {step} a sign is not a number.", ADVICE["diverged"])
    if count < 6:
        raise ValueError(f"A diagnosis needs at least 6 moments, two in every third of the run; there are {count}.")
    if (signs.step.diff() <= 0).any():
        raise ValueError("The moments of a diagnosis must be in the order of their steps.")
    fault, sentence = found(signs)
    return Diagnosis(fault, sentence, ADVICE[fault])


def found(signs: Signs) -> tuple[str, str]:
    """The first rule that holds, and what was seen."""
    third = len(signs.step) // 3
    late = Signs(*(sign[-third:].mean() for sign in signs))
    before = Signs(*(sign[-2 * third : -third].mean() for sign in signs))
    seen = f"the fakes cover {late.coverage:.0%} of the data, and {late.precision:.0%} of them are good"
    # a perfect sampler has 1 of each, half of the modes .5 of the first two, and a crowd between the modes a low last
    well = late.variety > 0.75 and late.coverage > 0.55 and late.precision > 0.7
    # what D thinks of the training data only (Karras et al. 2020, arXiv:2006.06676, equation 1)
    if late.by_heart > (0.6 if well else 0.25):
        return "D overfits", (
            f"D scores the training data {late.by_heart:.1f} of its scores' spread above fresh data, and the fakes "
            f"{late.lead:.1f} below; {seen}."
        )
    if well:
        return "healthy", f"At the end {seen}."
    # a D without doubts, and at scores of 5 a saturating loss leaves G exp(-5) of D's slope: under a hundredth
    if late.slope < 0.01 and late.lead > 1.5:
        return "vanishing gradient", (
            f"D is never in doubt, and moving a fake across the data would change G's loss by {late.slope:.1g} only; "
            f"{seen}."
        )
    missed, missed_before = (1 - (each.coverage + each.variety) / 2 for each in (late, before))
    if missed < 0.85 * missed_before:
        return "not finished", f"What the fakes miss still shrinks, from {missed_before:.0%} to {missed:.0%}; {seen}."
    if late.variety < 0.3:
        return "collapse", f"At any moment the fakes are near to {late.variety:.0%} of the data only; {seen}."
    # with a third of a spread between two moments, few noises keep their place
    if late.restlessness > 0.35:
        return "cycling", (
            f"The fakes of one noise move by {late.restlessness:.1f} of the data's spread from moment to moment, and "
            f"get nowhere; {seen}."
        )
    return "collapse", f"The fakes keep their places, near to {late.variety:.0%} of the data; {seen}."
