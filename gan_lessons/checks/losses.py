"""Checks of adversarial losses: functions of real and fake scores that return both players' losses."""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from gan_lessons.checks import CheckError, call, compare, finite, slopes
from gan_lessons.checks.cards import task
from gan_lessons.losses import Losses, relativistic

Shape = tuple[int, ...]
Mistakes = list[tuple[str, Tensor]]


@task
def hinge(answer: Callable, seed: int = 0, shapes: Sequence[Shape] = ((6,), (2, 6)), margin: float = 2.0) -> None:
    """Check hinge(real_scores, fake_scores, margin) on scores of these shapes."""

    def terms(real: Tensor, fake: Tensor) -> Losses:
        return Losses(relu(margin - real) + relu(margin + fake), -fake)

    def own_mistakes(real: Tensor, fake: Tensor) -> Mistakes:
        return [
            ("relu after mean", relu(margin - real.mean(-1)) + relu(margin + fake.mean(-1))),
            ("margin ignored", (relu(1 - real) + relu(1 + fake)).mean(-1)),
            ("sign inside the fake hinge", (relu(margin - real) + relu(margin - fake)).mean(-1)),
            ("generator clamped", relu(margin - fake).mean(-1)),
        ]

    with_margin = partial(answer, margin=margin)
    with_margin.__name__ = answer.__name__  # type: ignore[attr-defined]
    for shape in shapes:
        check_loss(with_margin, terms, own_mistakes, scores(seed, shape), scores(seed + 1, shape))


@task
def every_pair(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[Shape, Shape]] = (((4,), (4,)), ((2, 5), (2, 3)))
) -> None:
    """Check every_pair(real_scores, fake_scores) on real and fake scores of these shapes, and on huge ones."""

    def terms(real: Tensor, fake: Tensor) -> Losses:
        margin = real[..., :, None] - fake[..., None, :]
        return Losses(softplus(-margin).flatten(-2), softplus(margin).flatten(-2))

    def own_mistakes(real: Tensor, fake: Tensor) -> Mistakes:
        mean_real, mean_fake = real.mean(-1), fake.mean(-1)
        gap = mean_real - mean_fake
        found = [
            ("means compared", softplus(-gap)),
            ("means compared", softplus(gap)),
            ("one against the mean", softplus(mean_fake[..., None] - real).mean(-1)),
            ("one against the mean", softplus(mean_real[..., None] - fake).mean(-1)),
            ("not compared", softplus(-real).mean(-1) + softplus(fake).mean(-1)),
            ("not compared", softplus(-fake).mean(-1)),
            ("no softplus", -gap),
            ("no softplus", gap),
        ]
        if real.shape == fake.shape:
            found += [("paired by place", loss) for loss in relativistic(real, fake)]
        return found

    for real_shape, fake_shape in shapes:
        check_loss(answer, terms, own_mistakes, scores(seed, real_shape), scores(seed + 1, fake_shape))
    huge = 300 * torch.ones(3)
    for player, yours, expected in zip(Losses._fields, call(answer, -huge, huge), (600.0, 0.0), strict=True):
        finite(f"{answer.__name__}, real scores -300, fake 300: the {player}'s loss", yours, torch.tensor(expected))


def scores(seed: int, shape: Shape) -> Tensor:
    """Scores on both sides of 0, spread evenly, in random order."""
    random = torch.Generator().manual_seed(seed)
    order = torch.rand(shape, generator=random).argsort(-1)
    return torch.linspace(-4, 4, shape[-1])[order] + 0.5 * torch.randn(shape, generator=random)


def check_loss(answer: Callable, terms: Callable, own_mistakes: Callable, real: Tensor, fake: Tensor) -> None:
    """Compare both losses, and the gradients that they send, with the means of `terms` over their last dimension."""
    name, given = answer.__name__, (real.clone(), fake.clone())
    results = call(answer, real, fake)
    if not isinstance(results, tuple) or len(results) != 2:
        raise CheckError("not a pair", f"{name} returned a {type(results).__name__}")
    if not all(map(torch.equal, given, (real, fake))):
        raise CheckError("in place", f"{name} has changed the scores that it was given")
    for player, yours, term in zip(Losses._fields, results, terms(real, fake), strict=True):
        mistakes = usual_mistakes(player, terms, real, fake) + own_mistakes(real, fake)
        what = f"{name}, real {list(real.shape)}, fake {list(fake.shape)}: the {player}'s loss"
        compare(what, yours, term.mean(-1), mistakes)

    inputs = real.requires_grad_(), fake.requires_grad_()
    for player, yours, term in zip(Losses._fields, call(answer, *inputs), terms(*inputs), strict=True):
        for kind, mine, truth in zip(
            ("real", "fake"), slopes(yours, inputs), slopes(term.mean(-1), inputs), strict=True
        ):
            what = f"{name}: the {player}'s gradient at the {kind} scores"
            compare(what, mine, truth, [("no gradient", torch.zeros_like(truth))])


def usual_mistakes(player: str, terms: Callable, real: Tensor, fake: Tensor) -> Mistakes:
    """The values that a player's loss has after mistakes that fit any loss."""
    right = terms(real, fake)
    term, (other,) = getattr(right, player), (getattr(right, each) for each in Losses._fields if each != player)
    return [
        ("players swapped", other.mean(-1)),
        ("real and fake swapped", getattr(terms(fake, real), player).mean(-1)),
        ("wrong sign", -term.mean(-1)),
        ("wrong sign", getattr(terms(-real, -fake), player).mean(-1)),
        ("halved", term.mean(-1) / 2),
        ("summed", term.sum(-1)),
        ("not averaged", term),
        ("mean of everything", term.mean()),
        ("mean over members", term.mean(0)),
    ]
