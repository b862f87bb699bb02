"""How the collapse lab looks: the wall of GANs, one of them from near, and the scores' quartiles over time."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_lessons.labs.kit.frame import INK, Frame, Heat, Layer, Lines, Panel, Points, Writing, path
from gan_lessons.labs.points.collapse_simulation import SHOWN, Look, Run
from gan_lessons.labs.points.playground_drawing import LIGHT, pull_arrows
from gan_lessons.labs.points.watched import Problem
from gan_lessons.metrics.modes import ModeScores
from gan_lessons.plots import style

TILES = "GnBu"  # of which the light part is used, so that points stand out from it
DARKEST = 0.6  # share of the palette that the most modes get
GAP = 0.04  # round a tile, of its width
COLORS = [style.CATEGORIES[k] for k in (0, 1, 2, 5, 4, 3)]  # of the settings
MARK = "#333333"  # a frame and arrows that stand out from tiles and surfaces in either theme
TITLES = (
    "Modes covered: median and quartiles of the seeds",
    "High quality: share of points",
    "KL to equal shares, nats",
)


class Wall(NamedTuple):
    """A run at one step: points [settings, seeds, points, 2], the last scores, and who was lost when."""

    run: Run
    step: int
    points: Tensor
    scored: int  # step of the scores
    scores: ModeScores

    @property
    def lost(self) -> Tensor:
        """Whether each GAN had diverged by then, [settings, seeds]."""
        return (self.run.lost > 0) & (self.run.lost <= max(self.step, self.scored))


def shown(run: Run, step: int) -> Wall:
    """What a run looks like at a step: now, with fresh points, or in its last snapshot up to then."""
    kept = run.at(step)
    if step < run.step or kept.step == run.step:
        return Wall(run, kept.step, kept.points, kept.step, kept.scores)
    return Wall(run, run.step, run.points(SHOWN), kept.step, kept.scores)


def color_of(setting: int) -> str:
    return COLORS[setting % len(COLORS)]


def places(problem: Problem, points: np.ndarray) -> np.ndarray:
    """Points [..., 2] as places within a tile around (0, 0); what lies outside its picture sticks to the rim."""
    return np.clip(points / problem.limit, -1, 1) * (0.5 - GAP)


def draw_wall(wall: Wall, names: list[str], picked: tuple[int, int] | None, title: str, below: bool) -> Panel:
    """A tile a GAN, a row a setting, a column a seed; a darker tile has covered more modes."""
    problem = wall.run.problem
    rows, columns = wall.points.shape[:2]
    middle = np.stack(np.meshgrid(np.arange(columns), rows - 1.0 - np.arange(rows)), -1)  # [rows, columns, 2]
    most = len(problem.modes.centres)
    half = 0.5 - GAP
    tiles = [
        Heat(np.array([[float(wall.scores.modes[i, j])]]), (x - half, x + half, y - half, y + half),
             0, most / DARKEST, "Greys" if wall.lost[i, j] else TILES, smooth=False)
        for i in range(rows) for j, (x, y) in enumerate(middle[i])
    ]  # fmt: skip
    centres = middle[:, :, None] + places(problem, problem.modes.centres.numpy())
    fakes = middle[:, :, None] + places(problem, wall.points.numpy())
    corners = middle.reshape(-1, 2) + np.array([0.06 - half, half - 0.1])
    layers: list[Layer] = [
        *tiles,
        Points(fakes.reshape(-1, 2), style.FAKE, "fakes", 2.8, 0.9),
        Points(centres.reshape(-1, 2), style.REAL, "real modes", 3.4, 0.9),
        Writing(corners, tuple(f"{modes:g}" for modes in wall.scores.modes.flatten())),
    ]
    if picked is not None:
        frame = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * (half + GAP / 2)
        layers.append(Lines((frame + middle[picked])[None], INK, width=3))
    for i in range(rows):
        layers.append(Points(np.array([[-0.68, rows - 1.0 - i]]), color_of(i), size=9, opacity=1))
    medians = wall.run.quartiles(wall.scores)[0, 1]
    seeds = wall.run.sweep.seeds
    xlabel = "seed" if seeds == list(range(columns)) else f"column; its seed is one of {', '.join(map(str, seeds))}"
    labels = tuple((rows - 1.0 - i, f"{name}: {medians[i]:g}/{most}") for i, name in enumerate(names))
    return Panel(
        tuple(layers), (-0.8, columns - 0.5), (-0.5, rows - 0.5), title, xlabel, equal=True, rows=labels, share=2.1,
        below=below, tall=1.35,
    )  # fmt: skip


def draw_near(problem: Problem, look: Look, fakes: Tensor, title: str, below: bool) -> Panel:
    """One GAN from near: D's surface, its fakes and the real modes, and where the fakes are pulled."""
    rows, columns = look.surface.shape
    across = problem.limit * columns / rows
    surface = np.nan_to_num(look.surface.numpy(), nan=0.5)
    return Panel(
        (
            Heat(surface, (-across, across, -problem.limit, problem.limit), *LIGHT, style.SCORES),
            pull_arrows(look.pulls[:, :2], look.pulls[:, 2:], problem.limit, MARK),
            Points(fakes.numpy(), style.FAKE, size=4, opacity=0.7),
            Points(problem.modes.centres.numpy(), style.REAL, size=7, opacity=0.9),
        ),
        (-across, across), (-problem.limit, problem.limit), title, "x", "y", equal=True, share=2.1, below=below,
    )  # fmt: skip


def band(steps: np.ndarray, low: np.ndarray, high: np.ndarray, color: str) -> Lines:
    """The area between two curves, as a path there and back that is filled."""
    there, back = path(steps, low), path(steps[::-1], high[::-1])
    return Lines(np.concatenate([there, back, there[:, :1]], 1), color, width=0.4, fill=True)


def draw_curves(trunk: Run, branch: Run | None, names: list[str], step: int) -> list[Panel]:
    """Modes, high quality and KL over steps: medians and quartiles of each setting, and the perfect sampler's."""
    most = len(trunk.problem.modes.centres)
    perfect = [float(score) for score in trunk.perfect]
    tops = most * 1.06, 1.03, float(np.log(most)) * 1.06
    curves = [(run, np.array([at for at, _ in run.curve]), torch.stack([q for _, q in run.curve]).numpy())
              for run in (trunk, branch) if run is not None]  # fmt: skip
    end = max(100, *(run.curve[-1][0] for run, _, _ in curves))
    panels = []
    for k, top in enumerate(tops):
        first = k == 0
        layers: list[Layer] = [
            Lines(path([0, end], perfect[k]), INK, "a perfect sampler" if first else "", 1.0, dashed=True)
        ]
        for run, steps, quartiles in curves:
            for i, name in enumerate(names):
                low, median, high = quartiles[:, k, :, i].T
                if run is trunk:
                    layers.append(band(steps, low, high, color_of(i)))
                label = name if first and run is trunk else ""
                layers.append(Lines(path(steps, median), color_of(i), label, 2.0, dashed=run is branch))
        if branch is not None:
            layers.append(Lines(path([branch.start] * 2, [0, top]), style.REFERENCE,
                                "fork (dashed from here)" if first else "", 1.0))  # fmt: skip
        layers.append(Lines(path([step] * 2, [0, top]), INK, width=1.2))
        panels.append(
            Panel(
                tuple(layers),
                (0, end),
                (-0.03 * top, top),
                TITLES[k],
                "step" if k == 2 else "",
                share=1.15,
                below=not first,
            )
        )
    return panels


def say(walls: list[Wall], change: str, names: list[str], picked: tuple[int, int, int]) -> str:
    """What the picture shows."""
    wall = walls[0]
    run, most = wall.run, len(wall.run.problem.modes.centres)
    best = run.perfect
    medians = run.quartiles(wall.scores)[:, 1]
    seeds = len(run.sweep.seeds)
    parts = [f"{name} {modes:g} ({quality:.0%} good, KL {kl:.2f})" for name, modes, quality, kl in
             zip(names, *medians.tolist(), strict=True)]  # fmt: skip
    said = [
        f"Step {wall.scored}, modes covered of {most}, the median of {seeds} seed{'s' * (seeds > 1)}: "
        f"{'; '.join(parts)}. "
        f"A perfect sampler: {int(best.modes)} ({best.high_quality:.0%} good, KL {best.kl:.2f})."
    ]
    lost = wall.lost
    if lost.any():
        first = int(run.lost[lost].min())
        whole = f"{run.over}, and the wall waits. " if run.over else ""
        said.append(f"{whole}{int(lost.sum())} of {lost.numel()} GANs have diverged, the first at step {first} (grey).")
    for other in walls[1:]:
        # both at the same step, or the difference would be that of time
        same = min(wall.scored, other.scored)
        theirs = run.quartiles(run.at(same).scores)[:, 1]
        ours = other.run.quartiles(other.run.at(same).scores)[:, 1]
        changes = [f"{name} {new:g} modes ({new - old:+g}), {share:.0%} good" for name, new, old, share in
                   zip(names, ours[0].tolist(), theirs[0].tolist(), ours[1].tolist(), strict=True)]  # fmt: skip
        said.append(f"The fork of step {other.run.start} ({change}) has at step {same}: {'; '.join(changes)}.")
    k, i, j = picked
    kind = "" if len(walls) == 1 else (" of the wall", " of the fork")[k]
    said.append(
        f"Enlarged: {names[i]}, seed {run.sweep.seeds[j]}{kind}, with {int(walls[k].scores.modes[i, j])} modes and "
        f"{float(walls[k].scores.high_quality[i, j]):.0%} good points."
    )
    return " ".join(said)


def draw(
    trunk: Run, branch: Run | None, change: str, names: list[str], picked: tuple[int, int, int], step: int
) -> Frame:
    """The wall and, below it, the fork's or the GAN picked (wall, row, column) from near; the curves beside."""
    runs = [trunk] if branch is None else [trunk, branch]
    walls = [shown(run, step) for run in runs]
    most = len(trunk.problem.modes.centres)
    kinds = [""] if branch is None else [", not forked", ", fork"]
    place = picked[1:]
    panels = [
        draw_wall(wall, names, place if picked[0] == k else None,
                  f"Each tile a GAN, and how many of the {most} modes it covers{kind}", below=k > 0)
        for k, (wall, kind) in enumerate(zip(walls, kinds, strict=True))
    ]  # fmt: skip
    wall = walls[picked[0]]
    sweep = wall.run.sweep if wall.step == wall.run.step else wall.run.rewound(wall.run.at(wall.step))
    look = wall.run.look(sweep, wall.points[place], place, (40, 60))
    title = f"{names[place[0]]}, seed {trunk.sweep.seeds[place[1]]}{kinds[picked[0]]}: D from fake to real"
    near = draw_near(trunk.problem, look, wall.points[place], title, below=branch is None)
    curves = draw_curves(trunk, branch, names, step)
    order = [*panels, near, *curves] if branch is None else [*panels, *curves, near]
    return Frame(tuple(order), say(walls, change, names, picked))
