"""Scores for clips of moving digits, which know the truth: is it one digit throughout, and does it move by the law?"""

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data import videos
from gan_lessons.judges.digits import load
from gan_lessons.metrics.frechet import frechet_distance

SURE, MOSTLY_SURE = 0.9, 0.85  # probabilities: of a frame, and the median of a clip's
NEAR, SLOW = 0.5, 0.5  # pixels; pixels a frame
REFERENCE = 1000  # held-out clips
SPEEDS = torch.arange(0.75, 3.0, 0.25)  # pixels a frame: the bounds of a histogram, open at both ends
OCTANTS = 8


class ClipScores(NamedTuple):
    """How clips look to the judge of digits, and how far their paths are from the law.

    `confident`: the share of frames read with a probability above .9. `same_digit`: the share of clips in which all
    frames are read as one digit. `residual`: the median of the paths' distance from the best path by the law, in
    pixels. `class_kl`, `speed_kl` and `direction_kl`: KL(clips ‖ held-out clips) of what digits they show, how fast
    they move and where to, in nats. `frechet_frames`: Fréchet distance of single frames' features, in the judge's eyes;
    `frechet_motion`: of the steps from frame to frame, in pixels². `good`: the share of clips that are one digit, are
    read with a median probability above .85, move, and keep to the law within half a pixel.
    """

    confident: float
    same_digit: float
    residual: float
    class_kl: float
    speed_kl: float
    direction_kl: float
    frechet_frames: float
    frechet_motion: float
    good: float


class Fit(NamedTuple):
    """The law's path nearest to each clip's: residual [count], velocity at the start, and places [count, frames, 2].

    `corner` [count, 2] is where the ink has its centre when the window is in the upper left corner of the frame, if the
    digit turns at walls; `turns` [count, 2] says whether the path turns at all, across and down.
    """

    residual: Tensor
    velocity: Tensor
    places: Tensor
    corner: Tensor
    turns: Tensor


class Reading(NamedTuple):
    """What is seen in clips: digits, their probabilities [count, frames], features [count, 64], centres, and paths."""

    digits: Tensor
    probabilities: Tensor
    features: Tensor
    centers: Tensor
    fit: Fit

    @property
    def same(self) -> Tensor:
        """Whether all frames are read as one digit, [count]."""
        return (self.digits == self.digits[:, :1]).all(1)

    @property
    def digit(self) -> Tensor:
        """The digit that most frames are read as, [count]."""
        return self.digits.mode(1).values

    @property
    def good(self) -> Tensor:
        """Whether a clip is one digit that can be read, moves, and keeps to the law, [count]."""
        sure = self.probabilities.median(1).values > MOSTLY_SURE
        moves = self.fit.velocity.norm(dim=1) > SLOW
        return self.same & sure & moves & (self.fit.residual < NEAR)


def clip_scores(clips: Tensor) -> ClipScores:
    """Score clips [count, 1, 16, 32, 32] in [-1, 1], by custom 1,000 of them; compare at equal counts only."""
    return summary(read(clips))


def summary(seen: Reading) -> ClipScores:
    """The scores of clips that have been read."""
    real = held_out()
    return ClipScores(
        confident=float((seen.probabilities > SURE).float().mean()),
        same_digit=float(seen.same.float().mean()),
        residual=float(seen.fit.residual.median()),
        class_kl=divergence(seen.digit, real.digit, 10),
        speed_kl=divergence(speed_bins(seen), speed_bins(real), len(SPEEDS) + 1),
        direction_kl=divergence(octants(seen), octants(real), OCTANTS),
        frechet_frames=frechet_distance(real.features, seen.features),
        frechet_motion=frechet_distance(steps(real), steps(seen)),
        good=float(seen.good.float().mean()),
    )


@torch.inference_mode()
def read(clips: Tensor) -> Reading:
    """What the judge of digits reads in each frame's window around the ink, and the path of the ink's centre."""
    if clips.dim() != 5 or clips.shape[1:] != (1, videos.FRAMES, videos.SIDE, videos.SIDE):
        wanted = f"[count, 1, {videos.FRAMES}, {videos.SIDE}, {videos.SIDE}]"
        raise ValueError(f"The judge of clips reads {wanted}, not {list(clips.shape)}.")
    judge, clips = load(), clips.float().cpu().clamp(-1, 1)
    features = judge.features(videos.as_digits(videos.glimpses(clips).flatten(0, 1)), batch=400)
    probabilities, digits = judge.head(features).softmax(-1).max(-1)
    shape = len(clips), videos.FRAMES
    places = videos.centers(clips)
    middle = features.view(*shape, -1)[:, videos.FRAMES // 2]
    return Reading(digits.view(shape), probabilities.view(shape), middle, places, fit(places))


@cache
def held_out() -> Reading:
    """What is read in 1,000 clips of held-out digits."""
    return read(videos.moving_digits(held_out=True).batch(torch.arange(REFERENCE)).real)


def fit(places: Tensor) -> Fit:
    """The law's path nearest to each of [count, frames, 2], wherever a digit's ink has its centre.

    Across and down are fitted by themselves: of all speeds and starts on a fine grid, shifted as suits best, the one
    with the least squares. So where a path turns does not enter the residual; `off_walls` tells it.
    """
    speeds = torch.arange(0, videos.SPEEDS[1] + 0.26, 0.05)
    phases = torch.arange(0, 2 * videos.ROOM, 0.5)  # a start beyond ROOM is one on the way back
    time = torch.arange(places.shape[1])
    lines = videos.reflected(phases[:, None, None] + speeds[:, None] * time).flatten(0, 1)
    middles = lines.mean(1, keepdim=True)
    lines = lines - middles  # [phases * speeds, frames]
    found = [nearest(axis, lines) for axis in (places - places.mean(1, keepdim=True)).unbind(-1)]
    residual = sum(squares for squares, _ in found).sqrt()  # type: ignore[union-attr]
    phase, speed = (
        torch.stack(parts, -1) for parts in zip(*(divided(index, len(speeds)) for _, index in found), strict=True)
    )
    forward = 1 - 2 * (phases[phase] >= videos.ROOM).float()
    drawn = places.mean(1, keepdim=True) + torch.stack([lines[index] for _, index in found], -1)
    corner = places.mean(1) - torch.stack([middles[index, 0] for _, index in found], -1)
    last = phases[phase] + speeds[speed] * time[-1]
    turns = (last / videos.ROOM).floor() > (phases[phase] / videos.ROOM).floor()
    return Fit(residual, forward * speeds[speed], drawn, corner, turns)


def nearest(axis: Tensor, lines: Tensor) -> tuple[Tensor, Tensor]:
    """The mean square distance of each of [count, frames] from the nearest of [lines, frames], and which that is."""
    squares = axis.square().sum(1)[:, None] + lines.square().sum(1) - 2 * axis @ lines.T
    least = squares.min(1)
    return least.values.clamp(min=0) / axis.shape[1], least.indices


def divided(index: Tensor, by: int) -> tuple[Tensor, Tensor]:
    """Quotient and remainder."""
    return index // by, index % by


def speed_bins(seen: Reading) -> Tensor:
    """The bin of each clip's speed, [count]."""
    return torch.bucketize(seen.fit.velocity.norm(dim=1), SPEEDS)


def octants(seen: Reading) -> Tensor:
    """The eighth of the circle that each clip sets out to, [count]."""
    across, down = seen.fit.velocity.unbind(1)
    turns = torch.atan2(down, across) / (2 * torch.pi) % 1
    return (turns * OCTANTS).long().clamp(max=OCTANTS - 1)


def off_walls(seen: Reading) -> float:
    """How far from the walls clips turn, in pixels: the median over those that turn, across and down; nan if none do.

    The centre of a digit's ink is known to half a pixel only, so real clips are not at 0.
    """
    off = (seen.fit.corner - videos.CENTER).abs()
    return float(off[seen.fit.turns].median())


def steps(seen: Reading) -> Tensor:
    """How far the ink's centre moves from frame to frame, [count, 30]."""
    return seen.centers.diff(dim=1).flatten(1)


def divergence(bins: Tensor, real: Tensor, count: int) -> float:
    """KL(bins ‖ real bins), in nats, of counts to which half a sample is added, so that no bin is empty."""
    ours, theirs = (some.bincount(minlength=count).double() + 0.5 for some in (bins, real))
    ours, theirs = ours / ours.sum(), theirs / theirs.sum()
    return float((ours * (ours / theirs).log()).sum())


def cheats(count: int = REFERENCE) -> dict[str, Tensor]:
    """Samplers that a good score has to stand above: each a name and its clips, made of digits that are learnt from."""
    known = videos.moving_digits()
    indices, random = torch.arange(count), torch.Generator().manual_seed(1)
    clips = known.batch(indices).real
    order = torch.rand(count, videos.FRAMES, generator=random).argsort(1)
    shuffled = clips.gather(2, order[:, None, :, None, None].expand_as(clips))
    walk = known.starts[indices, None] + 1.5 * torch.randn(count, videos.FRAMES, 2, generator=random).cumsum(1)
    digits = known.samples[known.chosen[indices]]
    others = known.samples[known.chosen[indices + count]]
    half = torch.arange(videos.FRAMES)[:, None, None] < videos.FRAMES // 2
    paths = known.paths(indices)
    between = (paths.amin(1, keepdim=True) + paths.amax(1, keepdim=True)) / 2
    return {
        "known clips again": clips,
        "bounces in mid-air": videos.placed(digits, paths - between + videos.ROOM / 2),
        "still": clips[:, :, :1].expand_as(clips),
        "shuffled": shuffled,
        "wandering": videos.placed(digits, walk.clamp(0, videos.ROOM)),
        "another digit halfway": videos.placed(torch.where(half, digits, others), paths),
        "averages of two": (clips + known.batch(indices + count).real) / 2,
    }
