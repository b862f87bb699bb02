"""The checks of the assignment to chapter 16, Verse and news. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan_lessons.checks import CheckError, call, compare, number, own, seed_of
from gan_lessons.checks.cards import say, task
from gan_lessons.checks.coding import Codes, batches, check_codes, eight_coders, reached
from gan_lessons.checks.eight import trained
from gan_lessons.checks.metre import metre_cost, own_lines, read_aloud
from gan_lessons.checks.preferring import preference_loss
from gan_lessons.estimators import to_go

__all__ = [
    "TEMPERATURES", "code_training", "metre_cost", "own_runs", "papers", "preference_loss", "seed_of", "share_of_d",
    "worth",
]  # fmt: skip

SHOWN = 2  # real lines whose words' worth is drawn, and as many shuffled ones
RUNS = [
    (0.50, 0.75, 0.68), (0.52, 0.77, 0.67), (0.54, 0.79, 0.63), (0.56, 0.81, 0.69), (0.58, 0.83, 0.65),
    (0.60, 0.85, 0.71), (0.62, 0.82, 0.68), (0.58, 0.78, 0.69),
]  # fmt: skip
LINES = 2000  # that each run of a paper wrote
TEMPERATURES = {1.0: (0.600, 0.16), 0.8: (0.715, 0.25), 0.6: (0.865, 0.51)}  # of the start: share that scans, self-BLEU


@task
def worth(
    answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((4, 5), (6, 9)), discount: float = 0.5
) -> list[tuple[list[str], list[float]]]:
    """Check worth(scores, written, discount) for so many lines of up to so many symbols.

    Return four lines of your own, two real ones and the same shuffled: the words, and what each is worth.
    """
    for count, longest in sizes:
        random = torch.Generator().manual_seed(seed + count)
        scores = (2 * torch.randn(count, longest, generator=random)).requires_grad_()
        lengths = torch.randint(2, longest, (count, 1), generator=random)
        lengths[0], lengths[1] = longest, longest - 2  # the last symbol of the first line has no others beside it
        written = (torch.arange(longest) < lengths).float()
        what = f"{answer.__name__}, {count} lines"
        yours = call(answer, scores.clone(), written.clone(), discount)
        compare(what, yours, valued(scores, written, discount), worth_mistakes(scores, written, discount))
        if yours.requires_grad:
            raise CheckError("worth not constant", f"{what}: a gradient flows from the values to D's scores")
        say(f"✓ {what}: no gradient flows to D's scores")
    every = 6
    lines = own_lines(seed, every)
    values = call(answer, *read_aloud(lines), 0.5)
    chosen = [*range(SHOWN), *range(every, every + SHOWN)]
    words = {k: [*lines[k].split(), "(end)"] for k in chosen}
    return [(words[k], values[k, : len(words[k])].tolist()) for k in chosen]


def rewarded(scores: Tensor, written: Tensor) -> Tensor:
    return (2 * scores.detach().sigmoid() - 1) * written


def valued(scores: Tensor, written: Tensor, discount: float) -> Tensor:
    """What each symbol is worth: its return less the mean of the other lines' that are not yet at their end."""
    return less_others(to_go(rewarded(scores, written), discount), written)


def less_others(returns: Tensor, written: Tensor) -> Tensor:
    """Returns [n, length], 0 behind a line's end, less the mean of the other lines that go on."""
    others = (returns.sum(0) - returns) / (written.sum(0) - written).clamp(min=1)
    return (returns - others) * written


def worth_mistakes(scores: Tensor, written: Tensor, discount: float) -> list[tuple[str, Tensor]]:
    """The values after the usual mistakes."""
    scores = scores.detach()
    rewards = rewarded(scores, written)
    returns = to_go(rewards, discount)
    count, left = len(scores), written.sum(0)
    before = to_go(rewards.flip(1), discount).flip(1)
    after = torch.cat([rewards[:, 1:], torch.zeros(count, 1)], 1)
    leaked = to_go(2 * scores.sigmoid() - 1, discount)
    others = returns.sum(0) - returns
    alone = torch.where(left - written > 0, 0.0, torch.nan)

    def whole(values: Tensor) -> Tensor:
        return less_others(values * written, written)

    return [
        ("own line in the baseline", (returns - returns.sum(0) / left) * written),
        ("own line in the baseline", (returns - returns.mean(0)) * written),
        ("own line in the baseline", returns - returns.mean(0)),
        ("ended lines in the baseline", (returns - others / (count - 1)) * written),
        ("ended lines in the baseline", returns - others / (count - 1)),
        ("returns without a baseline", returns),
        ("baseline along the line", (returns - returns.sum(1, keepdim=True) / written.sum(1, keepdim=True)) * written),
        ("baseline along the line", (returns - returns.mean(1, keepdim=True)) * written),
        ("discount forgotten", whole(to_go(rewards, 1.0))),
        ("own reward not counted", whole(returns - rewards)),
        ("own reward only", whole(rewards)),
        ("one word ahead only", whole(rewards + discount * after)),
        ("words before", whole(before)),
        ("words before", (before - (before.sum(0) - before) / (left - written).clamp(min=1)) * written),
        ("one return for all words", whole(returns[:, :1].expand_as(returns))),
        ("one return for all words", whole(rewards.sum(1, keepdim=True).expand_as(returns))),
        ("probability as the reward", whole(to_go(scores.sigmoid() * written, discount))),
        ("score as the reward", whole(to_go(scores * written, discount))),
        ("rewards behind the end", whole(leaked)),
        ("rewards behind the end", (leaked - (leaked.sum(0) - leaked) / (count - 1)) * written),
        ("rewards behind the end", leaked - (leaked.sum(0) - leaked) / (count - 1)),
        ("worth behind the end", returns - others / (left - written).clamp(min=1)),
        ("no other line left", (returns - others / (left - written)) * written),
        ("no other line left", less_others(returns, written) + alone),
        ("no other line left", torch.where(alone.isnan(), 0.0, less_others(returns, written))),
    ]


def own_runs(seed: int = 0) -> tuple[float, float, float]:
    """Three shares of lawful headlines of your own: of the start, of the GAN, of the GAN with D's rewards off."""
    return own(seed, "runs", RUNS)


@task
def share_of_d(answer: Any, seed: int = 0) -> None:
    """Check the share of a gain that is D's, to two decimals."""
    start, gan, off = own_runs(seed)
    gain, rest = gan - start, off - start
    mistakes = [
        ("gain of the rest", rest / gain),
        ("difference, not its share", gan - off),
        ("share of the whole, not of the gain", (gan - off) / gan),
        ("share of the rest's gain", (gan - off) / rest),
        ("the whole gain", gain),
        ("the whole gain", gain / gan),
        ("the whole gain", gain / start),
        ("the whole gain", 1.0),
        ("share of the errors", (gan - off) / (1 - off)),
        ("percent, not a share", 100 * (gan - off) / gain),
    ]
    number("share_of_d", answer, (gan - off) / gain, mistakes, tolerance=0.006, secret=True)


@task
def code_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 400) -> Codes:
    """Check code_training(gan, batches): what is learned in single rounds, and where eight encoders' codes lie.

    Return what the eight autoencoders made of held-out lines.
    """
    check_codes(answer, seed, rounds)
    every = batches(torch.Generator().manual_seed(seed), steps)
    gan = trained(answer, eight_coders(seed), every)
    return reached(answer.__name__, gan, seed)


class Run(NamedTuple):
    """The lines of a run: the share that scans, and their self-BLEU."""

    scans: float
    self_bleu: float


class Paper(NamedTuple):
    """What a paper might have found: D's loss at the end, the GAN's lines, and those of the same with rewards off."""

    loss_of_d: float
    gan: Run
    off: Run


def papers(seed: int = 0) -> dict[str, Paper]:
    """Four papers, A to D in an order of your own. Shares are of 2,000 lines, drawn from each run's chance."""
    random = torch.Generator().manual_seed(seed)

    def run(chance: float, self_bleu: float) -> Run:
        share = (torch.rand(LINES, generator=random) < chance).float().mean()
        return Run(float(share), self_bleu + 0.01 * float(torch.rand((), generator=random) - 0.5))

    def paper(loss: float, gan: tuple[float, float], off: tuple[float, float]) -> Paper:
        return Paper(loss + 0.002 * float(torch.rand((), generator=random) - 0.5), run(*gan), run(*off))

    kinds = [
        paper(1.385, (0.76, 0.16), (0.76, 0.16)),  # the gain is the likelihood's
        paper(1.21, (0.76, 0.16), (0.61, 0.16)),  # D's
        paper(1.02, (0.86, 0.62), (0.60, 0.16)),  # D's, but no better than cooling
        paper(1.385, (0.605, 0.16), (0.60, 0.16)),  # none
    ]
    start = own(seed, "first paper", range(4))
    return dict(zip("ABCD", kinds[start:] + kinds[:start], strict=True))
