"""The check of single rounds of a packed training: which samples the discriminator is shown together."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from gan_lessons.checks import CheckError, call
from gan_lessons.checks.cards import say
from gan_lessons.checks.eight import spied
from gan_lessons.checks.steps import check_turns


class Watched(nn.Module):
    """A discriminator that notes what it is shown, and how many steps had been taken by then."""

    def __init__(self, inner: nn.Module, notes: Sequence):
        super().__init__()
        self.inner, self.notes = inner, notes
        self.shown: list[tuple[int, Tensor]] = []

    def forward(self, samples: Tensor) -> Tensor:
        self.shown.append((len(self.notes), samples.detach().clone()))
        return self.inner(samples)


def check_packs(answer: Callable, seed: int, rounds: int, batch: int = 32) -> None:
    """Let an answer play single rounds of eight GANs whose D takes packs of two, and look at what D is shown."""
    gan, notes = spied(seed, 0.01, dims=4)
    gan.discriminator = watched = Watched(gan.discriminator, notes)
    random = torch.Generator().manual_seed(seed)
    for number in range(1, rounds + 1):
        real = 2 + torch.randn(8, batch, 2, generator=random)
        noise = torch.randn(2, 8, batch, 2, generator=random)
        with torch.no_grad():
            fakes = gan.generator(noise[0]), gan.generator(noise[1])
        notes.clear()
        watched.shown.clear()
        call(answer, gan, [(real, noise)])
        check_turns(answer.__name__, [player for player, _, _ in notes])
        for turn, player in enumerate(("discriminator", "generator")):
            what = f"{answer.__name__}, round {number}, the {player}'s turn"
            seen = [samples for steps, samples in watched.shown if steps == turn]
            check_turn(
                what, seen, real, fakes[turn], fakes[1 - turn], must=("real", "fake") if turn == 0 else ("fake",)
            )
            say(f"✓ {what}: every sample was packed with another one of its kind")


def check_turn(what: str, seen: list[Tensor], real: Tensor, fake: Tensor, other: Tensor, must: Sequence[str]) -> None:
    """Raise a CheckError with the first mistake in the packs that D was shown, each [8, packs, 4]."""
    if not seen:
        raise CheckError("samples left out", f"{what}: D was shown nothing")
    points = torch.cat(seen, 1).unflatten(-1, (2, 2)).flatten(1, 2)  # partners follow each other
    first, second = points[:, ::2], points[:, 1::2]
    if (first == second).all(-1).any():
        share = float((first == second).all(-1).float().mean())
        raise CheckError("a sample with itself", f"{what}: in {share:.0%} of the packs both samples are the same")
    kinds = {"real": real, "fake": fake, "other": other}
    among = torch.stack([apart(points, samples).amin(-1) < 1e-5 for samples in kinds.values()])
    if among[2].any():
        raise CheckError("other noise", f"{what}: D was shown fakes that are meant for the other turn")
    if not among.any(0).all():
        raise CheckError("unknown samples", f"{what}: D was shown points that nobody gave you")
    if (among[0, :, ::2] != among[0, :, 1::2]).any():
        raise CheckError("kinds mixed", f"{what}: D was shown packs of a real sample and a fake")
    for name in must:
        if lost := int((apart(kinds[name], points).amin(-1) >= 1e-5).sum(1).max()):
            raise CheckError("samples left out", f"{what}: D never saw {lost} of the {real.shape[1]} {name} samples")


def apart(one: Tensor, other: Tensor) -> Tensor:
    """Distances [8, n, m], exact for near points."""
    return torch.cdist(one, other, compute_mode="donot_use_mm_for_euclid_dist")
