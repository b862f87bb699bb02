"""Checks of a training over ranks: is a step that of the whole batch, and do eight GANs learn what all ranks hold?"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_lessons.checks import call, compare, flat, gradients, length, slopes
from gan_lessons.checks.eight import MEMBERS, own_ring, spied
from gan_lessons.checks.steps import check_turns

RANKS, SLICE = 4, 16  # samples of a rank in a step
SLOW = 0.05  # the rate of the spied optimisers


def slices(seed: int, steps: int) -> list[tuple[Tensor, Tensor]]:
    """Real [ranks, 8, 16, 2] and noise [2, ranks, 8, 16, 2] of every step: each rank holds islands of its own."""
    mixture, random = own_ring(seed), torch.Generator().manual_seed(seed)
    islands = torch.arange(len(mixture.centres)).tensor_split(RANKS)
    batches = []
    for _ in range(steps):
        real = [
            mixture.centres[some[torch.randint(len(some), (MEMBERS, SLICE), generator=random)]]
            + mixture.std * torch.randn(MEMBERS, SLICE, 2, generator=random)
            for some in islands
        ]
        batches.append((torch.stack(real), torch.randn(2, RANKS, MEMBERS, SLICE, 2, generator=random)))
    return batches


def check_ranks(answer: Callable, seed: int, rounds: int) -> None:
    """Let an answer play single rounds, and compare what either player learns from with one process's gradient."""
    gan, notes = spied(seed, SLOW)
    for number, (real, noise) in enumerate(slices(seed, rounds), 1):
        networks = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
        left = [flat(gradients(player.parameters())) for player in (gan.discriminator, gan.generator)]
        notes.clear()
        call(answer, gan, [(real.clone(), noise.clone())])
        check_turns(answer.__name__, [player for player, _, _ in notes])
        expected = learned(networks, copy.deepcopy(gan.discriminator), real, noise, left)
        for (player, _, yours), (truth, mistakes) in zip(notes, expected, strict=True):
            compare(f"{answer.__name__}, round {number}: the {player}s learn from", yours, truth, mistakes, length)


def learned(
    networks: tuple[nn.Module, nn.Module], fresh: nn.Module, real: Tensor, noise: Tensor, left: list[Tensor]
) -> list[tuple[Tensor, list[tuple[str, Tensor]]]]:
    """For either player, the gradient from which it should learn, and those after the usual mistakes."""
    generator, discriminator = networks
    weights, theirs = list(discriminator.parameters()), list(generator.parameters())

    def of_real(rank: int, sign: int = -1) -> Tensor:
        return flat(slopes(softplus(sign * discriminator(real[rank])).mean(-1).sum(), weights))

    def of_fake(rank: int, sign: int = 1, turn: int = 0) -> Tensor:
        scores = discriminator(generator(noise[turn, rank]))
        return flat(slopes(softplus(sign * scores).mean(-1).sum(), weights))

    def answered(rank: int, judge: nn.Module = fresh, sign: int = -1, turn: int = 1) -> Tensor:
        scores = judge(generator(noise[turn, rank]))
        return flat(slopes(softplus(sign * scores).mean(-1).sum(), theirs))

    ranks = range(RANKS)
    reals, fakes, pulls = (torch.stack([each(rank) for rank in ranks]) for each in (of_real, of_fake, answered))
    swapped = torch.stack([of_real(rank, 1) + of_fake(rank, -1) for rank in ranks])
    others = torch.stack([of_fake(rank, turn=1) for rank in ranks])
    right, mine = (reals + fakes).mean(0), pulls.mean(0)
    turn = reals + fakes
    return [
        (right, [
            *of_ranks(turn),
            ("the same noise for all", (reals + fakes[0]).mean(0)),
            ("the same reals for all", (reals[0] + fakes).mean(0)),
            ("first rank only", turn[0]),
            ("ranks not averaged over fakes", (reals / RANKS + fakes).sum(0)),
            ("ranks not averaged over fakes", (reals + fakes / RANKS).sum(0)),
            ("real and fake swapped", swapped.mean(0)),
            ("fakes forgotten", reals.mean(0)),
            ("real forgotten", fakes.mean(0)),
            ("other noise", (reals + others).mean(0)),
            ("halved", right / 2),
            *of_both(right, left[0]),
        ]),
        (mine, [
            *of_ranks(pulls),
            ("the same noise for all", pulls[0]),
            ("discriminator's loss", torch.stack([answered(rank, sign=1) for rank in ranks]).mean(0)),
            ("stale scores", torch.stack([answered(rank, discriminator) for rank in ranks]).mean(0)),
            ("other noise", torch.stack([answered(rank, turn=0) for rank in ranks]).mean(0)),
            *of_both(mine, left[1]),
        ]),
    ]  # fmt: skip


def of_ranks(each: Tensor) -> list[tuple[str, Tensor]]:
    """Mistakes in putting the ranks' gradients [ranks, weights] together."""
    return [
        ("ranks added up", each.sum(0)),
        ("ranks added up", RANKS * each[0]),  # with one noise for all
        ("last rank only", each[-1]),
        ("last rank only", each[-1] / RANKS),
    ]


def of_both(right: Tensor, left: Tensor) -> list[tuple[str, Tensor]]:
    """Mistakes that either player can suffer from."""
    return [
        ("forgotten zero_grad", right + left),
        ("mean over the GANs", right / MEMBERS),
        ("nothing learned", torch.zeros_like(right)),
    ]
