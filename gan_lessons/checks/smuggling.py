"""Round trips in which something is hidden: a way there that writes what no eye sees, and a way back that reads it."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_lessons.checks.four_translators import drawings, some
from gan_lessons.metrics.steganography import in_eight_bits

Way = Callable[[Tensor], Tensor]
LEVEL = 1 / 127.5  # from one of 256 levels to the next, in pixels of [-1, 1]
FAINT = 0.3 * LEVEL  # so far does a message move a pixel: rounding loses it


def ways(turned: bool = False) -> tuple[Way, Way]:
    """A way there and one back, for pictures in sixteenths: what goes there is partly beyond [-1, 1], partly faint."""
    sign = -1 if turned else 1

    def there(pictures: Tensor) -> Tensor:
        levels = (pictures * 16).round() * 9 * sign  # up to 144 levels from the middle; 127.5 is the edge
        return (levels + 0.5) * LEVEL + FAINT * pictures.roll(1, -1).sign()

    def back(pictures: Tensor) -> Tensor:
        message = torch.sin(2 * math.pi * (pictures + 1) / LEVEL)
        return 0.5 * sign * pictures + 0.3 * message.roll(-1, -1)

    return there, back


def distance(one: Tensor, other: Tensor) -> Tensor:
    """The mean distance of pixels."""
    return (one - other).abs().mean().double()


def trips(there: Way, back: Way, pictures: Tensor, truth: Tensor) -> Tensor:
    """How far the reconstruction ends from the pictures: undisturbed, rounded to 256 levels, and from true pictures."""
    made = there(pictures)
    return torch.stack([distance(back(each), pictures) for each in (made, in_eight_bits(made), truth)])


def trip_mistakes(there: Way, back: Way, pictures: Tensor, truth: Tensor) -> list[tuple[str, Tensor]]:
    """The three distances after the usual mistakes."""
    made, home = there(pictures), back(there(pictures))
    plain, rounded, from_truth = trips(there, back, pictures, truth)

    def wrongly(instead: Tensor) -> Tensor:
        return torch.stack([plain, distance(back(instead), pictures), from_truth])

    fine = [(made + 1) * 127.5, (made + 1) * 128, (made.clamp(-1, 1) + 1) / 2 * 256]
    unclamped, many, more = fine[0].round() / 127.5 - 1, fine[1].round() / 128 - 1, fine[2].round() / 128 - 1
    floored = ((made.clamp(-1, 1) + 1) * 127.5).floor() / 127.5 - 1
    squares = [(back(each) - pictures).square().mean().double() for each in (made, in_eight_bits(made), truth)]
    sums = [each * pictures.numel() for each in (plain, rounded, from_truth)]
    return [
        ("not clamped", wrongly(unclamped)),
        ("rounded to other levels", wrongly(many)),
        ("rounded to other levels", wrongly(more)),
        ("rounded to other levels", wrongly((made.clamp(-1, 1) * 127.5).round() / 127.5)),
        ("rounded to other levels", wrongly((made.clamp(-1, 1) * 128).round() / 128)),
        ("rounded down", wrongly(floored)),
        ("rounded to whole numbers", wrongly(made.clamp(-1, 1).round())),
        ("clamped, not rounded", wrongly(made.clamp(-1, 1))),
        ("not rounded", wrongly(made)),
        ("rounded at home", torch.stack([plain, distance(in_eight_bits(home), pictures), from_truth])),
        ("rounded before it leaves", wrongly(there(in_eight_bits(pictures)))),
        ("from the undisturbed", torch.stack([plain, distance(back(in_eight_bits(made)), home), from_truth])),
        ("to the truth", torch.stack([plain, rounded, distance(back(truth), truth)])),
        ("truth not sent back", torch.stack([plain, rounded, distance(truth, pictures)])),
        ("only there", torch.stack([plain, rounded, distance(made, truth)])),
        ("only there", torch.stack([distance(made, pictures), distance(in_eight_bits(made), pictures), from_truth])),
        ("truth sent there", torch.stack([plain, rounded, distance(back(there(truth)), pictures)])),
        ("squares of the distances", torch.stack(squares)),
        ("distances summed", torch.stack(sums)),
    ]


def smuggled(seed: int = 0) -> tuple[Tensor, ...]:
    """Six drawings; what a way there makes of them, one and the same; what comes back; and that after rounding."""
    known = drawings()
    lines = some(known.unseen_inputs, seed, 6)
    cover = in_eight_bits(some(known.unseen_targets, seed + 1, 1).mean(1, keepdim=True) * 0.9)
    made = cover + FAINT * lines
    return lines, made, (made - cover) / FAINT, (in_eight_bits(made) - cover) / FAINT
