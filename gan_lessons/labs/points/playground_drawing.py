"""The playground's picture: D's surface, the points and their pulls, G's image of a grid, and curves over the steps."""

import time
from typing import Any

import numpy as np
import torch
from contourpy import contour_generator
from torch import Tensor

from gan_lessons.data.points import Mixture
from gan_lessons.labs.kit.frame import DARK, Arrows, Frame, Heat, Layer, Lines, Panel, Points, Strip, path
from gan_lessons.labs.points.playground_simulation import Game
from gan_lessons.labs.points.watched import DECIDED, frozen, undecided
from gan_lessons.metrics.modes import ModeScores
from gan_lessons.plots import style

CELLS, SHOWN, PULLED = 32, 250, 48  # cells along D's surface, points shown, and those of them with an arrow
FINE = 97  # places along a line of noise: G is steep between modes, where few places would make straight chords
SLOWER = 0.2  # seconds that curves stay while a training goes on
BRIEF = 0.08  # seconds that what D said may stay in a hurry
PULL, LONGEST = 0.35, 0.2  # an arrow's share of its pull, and its longest as a share of the picture's half width
NEAR = 0.05  # of the picture's half width: so far from a point the mouse still means it
LIGHT = (-0.45, 1.45)  # the ends of the palette: between them lie its light colours, from which arrows stand out


class Plane:
    """What the plane shows of a game, at the data's own scale; what stays the same is drawn once."""

    def __init__(self, game: Game):
        self.limit = limit = game.problem.limit
        self.asked = self.curved = -1.0  # when D was asked, and when the curves were drawn
        self.curves: tuple[Panel, ...] = ()
        self.reals = game.problem.real[:SHOWN]
        ticks = torch.linspace(-limit, limit, CELLS)
        self.ticks = ticks.numpy()
        self.cells = torch.stack(torch.meshgrid(ticks, ticks, indexing="xy"), -1).flatten(0, 1)
        lines, along = torch.linspace(-2, 2, 9), torch.linspace(-2, 2, FINE)
        across = torch.stack(torch.meshgrid(lines, along, indexing="ij"), -1)  # [9, FINE, 2]
        dims = game.noise.shape[1]
        grid = torch.cat([across, across.flip(-1)]) if dims > 1 else along[None, :, None]
        self.grid = torch.nn.functional.pad(grid, (0, max(dims - 2, 0)))

    def layers(self, game: Game, what: str, hurried: bool = False) -> tuple[list[Layer], Tensor, Tensor, float]:
        """The plane's layers, D's scores of the real and fake points, and the mean length of the pulls.

        In a hurry what D says, which takes longest, stays as it was for a moment.
        """
        image = game.generate(torch.cat([game.noise[:SHOWN], self.grid.flatten(0, 1)]))
        fakes, image = image[:SHOWN], image[SHOWN:].unflatten(0, self.grid.shape[:2])
        if not hurried or time.monotonic() - self.asked > BRIEF:
            self.asked, self.said = time.monotonic(), self.ask(game, fakes)
        heat, arrows, real_scores, fake_scores, pull = self.said
        made: list[Layer] = [*heat] if "surface" in what else []
        if "grid" in what:
            made.append(Lines(image.numpy(), style.FAKE, "G's image of a grid of noise", 0.7))
        if "pulls" in what:
            made.append(arrows)
        made.append(Points(self.reals.numpy(), style.REAL, "real", 6.5, 0.9))  # larger, so that fakes on them hide none
        made.append(Points(fakes.numpy(), style.FAKE, "fake", 3.5, 0.8))
        return made, real_scores, fake_scores, pull

    def ask(self, game: Game, fakes: Tensor) -> tuple[list[Layer], Layer, Tensor, Tensor, float]:
        """D's surface, the pulls on the first fakes, D's scores of the real and fake points, and the mean pull."""
        # everything in one pass, since a pass takes as long for few points as for many
        real_scores, fake_scores, cells = game.judge(torch.cat([self.reals, fakes, self.cells])).split(
            [SHOWN, SHOWN, len(self.cells)]
        )
        pulls = game.pulls(fakes[:PULLED], self.reals[:PULLED])
        return (
            self.surface(cells - undecided(game.loss, real_scores, fake_scores)),
            pull_arrows(fakes[:PULLED], pulls, self.limit, DARK),
            real_scores,
            fake_scores,
            float(pulls.norm(dim=1).mean()),
        )

    def surface(self, scores: Tensor) -> list[Layer]:
        """D's scores at the cells, 0 where it cannot decide, as heat, and the line of these places."""
        place = np.nan_to_num(scores.unflatten(0, (CELLS, CELLS)).sigmoid().numpy(), nan=0.5)
        limit = self.limit
        heat = Heat(place, (-limit, limit, -limit, limit), *LIGHT, style.SCORES)
        found: Any = contour_generator(self.ticks, self.ticks, place).lines(0.5)
        gap = np.full((1, 2), np.nan)
        ends = np.concatenate([gap, *(part for line in found for part in (line, gap))])
        return [heat, Lines(ends[None], style.DISCRIMINATOR, "D's decision", 1.8)]


def picture(
    game: Any,
    plane: Plane,
    what: str,
    loss: str,
    hurried: bool = False,
    lit: str = "",
    pause: float = 0,
    pen: Points | None = None,
) -> Frame:
    """The whole picture of a game, or of what stands for it: the plane, the curves, the diagram and the sentence."""
    with frozen(game.discriminator):
        layers, *said, pull = plane.layers(game, what, hurried)
    limit = plane.limit
    shown = "D's opinion and " if "surface" in what else ""
    title = f"{shown}G's points, {loss.replace('_', '-')} loss"
    panel = Panel(
        (*layers, pen) if pen else tuple(layers), (-limit, limit), (-limit, limit), title, equal=True, share=1.3
    )
    scores = game.present if hurried else game.measure()
    sentence = game.diverged or say(game, scores)
    if "surface" in what and not game.diverged:
        sentence += " " + say_of_d(game, (said[0], said[1]), pull)
    if not hurried or time.monotonic() - plane.curved > SLOWER:
        plane.curves, plane.curved = curves(game), time.monotonic()
    values = {"loss": "D {:.2f}, G {:.2f}".format(*game.now)} if game.step else None
    return Frame((panel, *plane.curves), sentence, Strip(lit, values, pause))


def pull_arrows(starts: Tensor, pulls: Tensor, limit: float, color: str) -> Arrows:
    """Arrows from the fakes [count, 2] along their pulls, the longest cut off."""
    lengths = pulls.norm(dim=1, keepdim=True)
    arrows = pulls * (lengths * PULL).clamp(max=LONGEST * limit) / lengths.clamp(min=1e-12)
    return Arrows(torch.cat([starts, arrows], 1).nan_to_num().numpy(), color, "pull on a fake", 1.0)


def under(game: Game, plane: Plane, x: float, y: float) -> str:
    """What is at a place: the fake there with its noise, D's score and its pull, or a real point, or the score."""
    place = torch.tensor([[x, y]])
    fakes = game.generate(game.noise[:SHOWN])
    off, k = (fakes - place).norm(dim=1).min(0)
    away = float((plane.reals - place).norm(dim=1).min())
    near = NEAR * plane.limit
    spot = fakes[k][None] if off < near else place
    score = float(game.judge(spot))
    said = f"D's score here is {score:.2f}" + (
        f", so D(x) = {1 / (1 + np.exp(-score)):.0%}" if game.loss in DECIDED[:2] else ""
    )
    if off < near:
        noise = ", ".join(f"{value:.2f}" for value in game.noise[k].tolist())
        pull = float(game.pulls(fakes[k][None].expand(PULLED, 2), plane.reals[:PULLED])[0].norm())
        said = f"a fake: G(z) of z = ({noise})\n{said}\npull on it: {pull:.2g}"
    elif away < near:
        said = f"a real point\n{said}"
    return said.replace("-", "−")


def curves(game: Game) -> tuple[Panel, Panel]:
    """Both losses, and the scores with the perfect sampler's lines, over steps."""
    end = max(game.step, 100)
    steps, by_d, by_g = game.losses.rows.T
    known = np.concatenate([by_d, by_g])[-600:] if len(steps) else np.zeros(1)
    low, high = float(min(known.min(), 0)), float(max(known.max(), 0.1))
    both = Panel(
        (
            Lines(path(steps, by_d), style.DISCRIMINATOR, "D's loss"),
            Lines(path(steps, by_g), style.GRADIENT, "G's loss"),
        ),
        (0, end), (low, low + 1.05 * (high - low)), "Losses", "step", "loss", share=1.4, below=False,
    )  # fmt: skip
    steps, modes, quality, kl = game.scores.rows.T
    count = len(game.problem.modes.centres)
    unit = np.log(count)
    best = game.perfect
    what = "modes" if isinstance(game.problem.source, Mixture) else "pieces of the curve"
    ideal = [float(best.modes) / count, float(best.high_quality), float(best.kl) / unit]
    colors = [style.CATEGORIES[k] for k in (0, 1, 5)]
    scores = Panel(
        (
            *(
                Lines(path([0, end], level), color, "a perfect sampler" if color == colors[0] else "", 1.0, dashed=True)
                for level, color in zip(ideal, colors, strict=True)
            ),
            Lines(path(steps, modes / count), colors[0], f"{what} / {count}", 2.0),
            Lines(path(steps, quality), colors[1], "high quality", 2.0),
            Lines(path(steps, np.nan_to_num(kl, posinf=unit) / unit), colors[2], f"KL / log {count}", 2.0),
        ),
        (0, end), (-0.03, 1.1), "What G covers, and how well", "step", "share", below=True,
    )  # fmt: skip
    return both, scores


def say(game: Game, scores: ModeScores) -> str:
    """What the picture shows of G's points."""
    count, best = len(game.problem.modes.centres), game.perfect
    if isinstance(game.problem.source, Mixture):
        covered = f"G covers {int(scores.modes)} of {count} modes"
    else:
        covered = f"G reaches {int(scores.modes)} of {count} pieces of the curve (it has no modes to count)"
    return (
        f"After {game.step} steps {covered}; {scores.high_quality:.0%} of its points are good "
        f"(a perfect sampler's: {best.high_quality:.0%}), KL {scores.kl:.2f} ({best.kl:.2f})."
    )


def say_of_d(game: Game, said: tuple[Tensor, Tensor], pull: float) -> str:
    """What it shows of D; a score alone decides nothing under losses that compare, or whose level is free."""
    middle = undecided(game.loss, *said)
    real, fake = (f"{float((s > middle).float().mean()):.0%}" for s in said)
    if game.loss in DECIDED:
        calls = f"D takes {real} of the real and {fake} of the fake points for real"
    else:
        calls = f"D scores {real} of the real and {fake} of the fake points above midway"
    return f"{calls}, and pulls a fake by {pull:.2g} on average."
