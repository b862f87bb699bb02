"""What a cycle hides: the way there may write what it takes off into pixels that no eye sees, for the way back to read.

Chu et al. 2017, arXiv:1712.02950. A message of that kind is lost as soon as the picture between is disturbed a little.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

Way = Callable[[Tensor], Tensor]


class Disturbed(NamedTuple):
    """What noise of an amplitude does to pictures between the two ways, as mean distances of pixels.

    `round_trip`: from a picture that went there and, disturbed, back, to itself. `made`: how far the noise moves the
    way back from a made picture; `real`: how far it does so from a real one of that kind. A `made` far above `real`
    says that something is written there finely.
    """

    amplitude: float
    round_trip: float
    made: float
    real: float


@torch.no_grad()
def disturbed(
    there: Way, back: Way, pictures: Tensor, others: Tensor, amplitudes: Sequence[float], seed: int = 0
) -> list[Disturbed]:
    """Round trips of `pictures` [count, channels, height, width] with Gaussian noise between, by its amplitudes.

    `others` are as many real pictures of the other kind. Amplitudes are standard deviations, of pixels in [-1, 1].
    """
    made = there(pictures)
    home, home_of_real = back(made), back(others)
    found = []
    for amplitude in amplitudes:
        noise = torch.randn(made.shape, generator=torch.Generator().manual_seed(seed)) * amplitude
        again = back(made + noise)
        of_real = back(others + noise)
        found.append(
            Disturbed(amplitude, distance(again, pictures), distance(again, home), distance(of_real, home_of_real))
        )
    return found


@torch.no_grad()
def rounded(there: Way, back: Way, pictures: Tensor) -> float:
    """The same of a round trip whose picture between is rounded to 8 bits, as a file keeps it."""
    return distance(back(in_eight_bits(there(pictures))), pictures)


@torch.no_grad()
def carried(there: Way, back: Way, pictures: Tensor, truth: Tensor) -> tuple[float, float]:
    """How near the way back comes to `pictures` from what was made of them, and from their true twins, `truth`.

    Both are of the same content in the other kind's manner; what the made ones give beyond the true ones is carried
    along by them.
    """
    return distance(back(there(pictures)), pictures), distance(back(truth), pictures)


def in_eight_bits(pixels: Tensor) -> Tensor:
    """Pixels in [-1, 1] as 256 levels can show them."""
    return ((pixels.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


def distance(first: Tensor, second: Tensor) -> float:
    """The mean distance of pixels."""
    return float((first - second).abs().mean())
