"""How much of the colour is true: three numbers, and four translators of drawings that they tell apart."""

from functools import cache

import torch
from torch import Tensor

from gan_lessons.checks import own
from gan_lessons.data import pairs
from gan_lessons.data.pairs import Pairs

COLOURFUL, NEAR = 0.4, 0.4  # strongest minus weakest channel, and how far off a right channel may be


@cache
def drawings() -> Pairs:
    """Emoji as line art and in colour, of 32 × 32 pixels: to learn from, and held out."""
    return pairs.load("emoji", 32)


def some(pictures: Tensor, seed: int, count: int = 8) -> Tensor:
    """So many of the pictures, of your own."""
    return pictures[torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))[:count]]


def nearest(lines: Tensor, known: Tensor) -> Tensor:
    """Which of the known drawings has the nearest lines, for each."""
    return torch.cdist(lines.flatten(1), known.flatten(1)).argmin(1)


def chroma(pictures: Tensor) -> Tensor:
    """The strongest channel minus the weakest, pixel by pixel."""
    return pictures.amax(1) - pictures.amin(1)


def colours(made: Tensor, truth: Tensor) -> Tensor:
    """L1, the chroma as a share of the truth's, and the share of the colourful pixels that are right."""
    colourful = chroma(truth) > COLOURFUL
    right = (made - truth).abs().amax(1) < NEAR
    return torch.stack(
        [(made - truth).abs().mean(), chroma(made).mean() / chroma(truth).mean(), right[colourful].float().mean()]
    ).double()


def colour_mistakes(made: Tensor, truth: Tensor) -> list[tuple[str, Tensor]]:
    """The three numbers after the usual mistakes."""
    l1, share, right = colours(made, truth)
    off, colourful = (made - truth).abs(), chroma(truth) > COLOURFUL
    hits = off.amax(1) < NEAR

    def found(first: Tensor = l1, second: Tensor = share, third: Tensor = right) -> Tensor:
        return torch.stack([first, second, third]).double()

    each = torch.stack([hits[k][colourful[k]].float().mean() for k in range(len(truth))])
    own_colour = chroma(made) > COLOURFUL
    return [
        ("L1 summed over channels", found(off.sum(1).mean())),
        ("L1 of the colourful pixels", found(off.movedim(1, -1)[colourful].mean())),
        ("L1 squared", found(off.square().mean())),
        ("chroma for itself", found(second=chroma(made).mean())),
        ("chroma for itself", found(second=chroma(made).mean() / 2)),
        ("truth's chroma above", found(second=1 / share)),
        ("chroma pixel by pixel", found(second=(chroma(made) / chroma(truth).clamp(min=1e-9)).mean())),
        (
            "chroma of the colourful pixels",
            found(second=chroma(made)[colourful].mean() / chroma(truth)[colourful].mean()),
        ),
        ("chroma by the spread", found(second=made.std(1).mean() / truth.std(1).mean())),
        ("white counts as right", found(third=hits.float().mean())),
        ("share of all the pixels", found(third=(hits & colourful).float().mean())),
        ("colourful as made", found(third=hits[own_colour].float().mean())),
        ("colourful in both", found(third=hits[own_colour & colourful].float().mean())),
        ("one right channel is enough", found(third=(off.amin(1) < NEAR)[colourful].float().mean())),
        ("channels on average", found(third=(off.mean(1) < NEAR)[colourful].float().mean())),
        ("channels one by one", found(third=(off < NEAR).movedim(1, -1)[colourful].float().mean())),
        ("picture by picture", found(third=each.nanmean())),
        ("a fifth of one", found(third=(off.amax(1) < NEAR / 2)[colourful].float().mean())),
        ("share of the wrong", found(third=1 - right)),
    ]


def translators(seed: int = 0, count: int = 200) -> dict[str, dict[str, tuple[Tensor, Tensor]]]:
    """Four translators, A to D in an order of your own: what each makes of either kind of pairs, and the truth."""
    known = drawings()
    kinds = {
        "training": (some(known.inputs, seed, count), some(known.targets, seed, count)),
        "held out": (some(known.unseen_inputs, seed, count), some(known.unseen_targets, seed, count)),
    }

    def pale(lines: Tensor, truth: Tensor) -> Tensor:
        return lines + 0.15 * (truth - lines)

    def bold(lines: Tensor, truth: Tensor) -> Tensor:
        return torch.minimum(truth.roll(1, 0), lines)

    def memory(lines: Tensor, truth: Tensor) -> Tensor:
        return known.targets[nearest(lines, known.inputs)]

    def fair(lines: Tensor, truth: Tensor) -> Tensor:
        known_well = torch.arange(len(truth)) % 2 < 1
        return torch.where(known_well[:, None, None, None], truth, bold(lines, truth))

    ways = [pale, bold, memory, fair]
    start = own(seed, "first translator", range(4))
    return {
        name: {kind: (way(*pair).clamp(-1, 1), pair[1]) for kind, pair in kinds.items()}
        for name, way in zip("ABCD", ways[start:] + ways[:start], strict=True)
    }
