"""Networks for music in several voices, along time: noise [batch, noise_dim] to rolls, and rolls to scores [batch].

A roll [batch, voices, steps, kinds + 1] has one-hot pitches and, last, whether a note is struck.
"""

from itertools import combinations

import torch
from torch import Tensor, nn

from gan_lessons.estimators import straight_through
from gan_lessons.networks.images import GroupSpread

OCTAVE = 12


class Along(nn.Module):
    """Add to features [batch, width, steps] what two convolutions along time make of them."""

    def __init__(self, width: int, normalised: bool = False):
        super().__init__()
        self.norm = nn.GroupNorm(1, width, affine=False) if normalised else nn.Identity()
        self.layers = nn.Sequential(
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 3, padding=1),
        )

    def forward(self, features: Tensor) -> Tensor:
        return features + self.layers(self.norm(features))


class ChoraleGenerator(nn.Module):
    """Noise to all voices at once. Each choice of a pitch, and whether it is struck, is straight-through."""

    def __init__(self, noise_dim: int, kinds: int, width: int = 128, depth: int = 3, voices: int = 4, steps: int = 16):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, width * steps),
            nn.Unflatten(1, (width, steps)),
            *(Along(width, normalised=True) for _ in range(depth)),
            nn.GroupNorm(1, width, affine=False),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, voices * (kinds + 1), 1),
            nn.Unflatten(1, (voices, kinds + 1)),  # [batch, voices, kinds + 1, steps]
        )

    def forward(self, noise: Tensor) -> Tensor:
        logits = self.layers(noise).transpose(2, 3)
        strike = logits[..., -1:]
        struck = straight_through(torch.cat([torch.zeros_like(strike), strike], -1))[..., 1:]
        struck = torch.cat([torch.ones_like(struck[:, :, :1]), struck[:, :, 1:]], 2)
        return torch.cat([held(straight_through(logits[..., :-1]), struck), struck], -1)


def held(pitches: Tensor, struck: Tensor) -> Tensor:
    """Pitches [batch, voices, steps, kinds] of which only those that are struck [..., 1] sound, until the next one."""
    sung = [pitches[:, :, 0]]
    for step in range(1, pitches.shape[2]):
        sung.append(sung[-1] + struck[:, :, step] * (pitches[:, :, step] - sung[-1]))
    return torch.stack(sung, 2)


class ChoraleDiscriminator(nn.Module):
    """Rolls to scores, by convolutions along time. With `intervals` it is told what a musician hears at once.

    That is, for two voices at a step, and for one voice and its next step, which of twelve intervals lies between them,
    octaves aside; and how high each voice sings, since to one-hot pitches a neighbour is as far as any other.
    """

    def __init__(
        self, kinds: int, width: int = 128, depth: int = 2, voices: int = 4, steps: int = 16, intervals: bool = True,
        group: int = 4,
    ):  # fmt: skip
        super().__init__()
        self.intervals = intervals
        self.pairs = list(combinations(range(voices), 2))
        self.classes: Tensor
        self.turns: Tensor
        self.heights: Tensor
        self.register_buffer("classes", torch.eye(OCTAVE).repeat(-(-kinds // OCTAVE), 1)[:kinds], persistent=False)
        self.register_buffer("turns", turns(), persistent=False)
        self.register_buffer("heights", torch.linspace(-1, 1, kinds) * (kinds - 1) / (2 * OCTAVE), persistent=False)
        told = (len(self.pairs) + voices) * OCTAVE + 2 * voices if intervals else 0
        self.read = nn.Conv1d(voices * (kinds + 1) + told, width, 1)
        self.places = nn.Parameter(torch.zeros(width, steps))  # where in the bar
        self.layers = nn.Sequential(
            *(Along(width) for _ in range(depth)),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 4, stride=2, padding=1),
            Along(width),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(width * steps // 2, width),
            nn.LeakyReLU(0.2),
            GroupSpread(group),
            nn.Linear(2 * width, 1),
            nn.Flatten(0),
        )

    def forward(self, roll: Tensor) -> Tensor:
        parts = [roll, *self.heard(roll[..., :-1])] if self.intervals else [roll]
        rows = torch.cat([part.transpose(2, 3).flatten(1, 2) for part in parts], 1)  # [batch, features, steps]
        return self.layers(self.read(rows) + self.places)

    def heard(self, pitches: Tensor) -> list[Tensor]:
        """Of pitches [batch, voices, steps, kinds]: harmonies, melodies, and heights with their changes."""
        classes, heights = pitches @ self.classes, (pitches @ self.heights)[..., None]
        upper, lower = (classes[:, [pair[side] for pair in self.pairs]] for side in (0, 1))
        return [
            self.between(lower, upper),
            self.between(classes, following(classes)),
            torch.cat([heights, following(heights) - heights], -1),
        ]

    def between(self, some: Tensor, others: Tensor) -> Tensor:
        """Which interval [..., 12] leads up from some pitch classes [..., 12] to others."""
        return ((some @ self.turns).unflatten(-1, (OCTAVE, OCTAVE)) * others.unsqueeze(-2)).sum(-1)


def following(rows: Tensor) -> Tensor:
    """What each step of [batch, voices, steps, ...] is followed by; the last one by itself."""
    return torch.cat([rows[:, :, 1:], rows[:, :, -1:]], 2)


def turns() -> Tensor:
    """Twelve ways [12, 12 · 12] to move a pitch class, by 0 to 11 semitones up, side by side."""
    return torch.cat([torch.eye(OCTAVE).roll(interval, 1) for interval in range(OCTAVE)], 1)
