"""DiracLab: a GAN of two numbers, its vector field, its way through it, and the eigenvalues that foretell it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gan_lessons import dynamics
from gan_lessons.dynamics import DiracGAN, Field, Rule
from gan_lessons.labs.kit.controls import Preset, chosen, ranged
from gan_lessons.labs.kit.frame import INK, Arrows, Frame, Handles, Lines, Panel, Points, Writing, path
from gan_lessons.labs.kit.reel import Reel
from gan_lessons.plots import style

LIMIT = 2.5  # of the plane
STRIP = 0.6  # of the plane, above its arrows: the names of the dots
FLOOR = 1e-8  # the shortest distance that is drawn
STEPS = 500
UPDATES = ["simultaneous", "alternating", "extragradient"]
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class DiracParameters:
    """A game, how it is played, and where it starts."""

    loss: str = chosen("minimax", list(dynamics.SLOPES), "Loss", "What either player minimises")
    update: str = chosen("simultaneous", UPDATES, "Steps", "Both at once; D first; or by the push one step ahead")
    penalty: str = chosen("none", list(dynamics.PENALTIES), "Penalty on D", "What D pays for its slope")
    weight: float = ranged(0.3, 0, 3, 0.05, "Penalty: weight", "The penalty's factor")
    noise: float = ranged(0.0, 0, 2, 0.05, "Instance noise", "Standard deviation of noise on real and fake points")
    generator_rate: float = ranged(0.2, 0.01, 1, 0.01, "G: learning rate", "How far G follows its gradient")
    discriminator_rate: float = ranged(0.2, 0.01, 1, 0.01, "D: learning rate", "How far D follows its gradient")
    momentum: float = ranged(0.0, -0.9, 0.9, 0.05, "Momentum", "The share of the last velocity that a step keeps")
    optimism: float = ranged(0.0, 0, 1, 0.05, "Optimism", "How much of the last change of the gradient is added")
    consensus: float = ranged(0.0, 0, 2, 0.05, "Consensus", "How much both players also shorten the field")
    clip: float = ranged(0.0, 0, 2, 0.05, "Clip D's slope", "The bound that phi is kept within; 0: none")
    average: float = ranged(0.0, 0, 0.99, 0.01, "Average (EMA)", "The decay of the average over the way; 0: none")
    steps: int = ranged(STEPS, 0, 1000, 1, "Steps played", "How much of the trajectory is shown")
    eigenvalues: str = chosen("of a step", ["of a step", "of the flow"], "Eigenvalues", "Of one step, or of the field")
    theta: float = ranged(1.0, -LIMIT, LIMIT, 0.05, "Start: θ", "Where the fake begins; the real point is at 0")
    phi: float = ranged(1.0, -LIMIT, LIMIT, 0.05, "Start: φ", "How steeply D's score falls at the beginning")


def game(parameters: DiracParameters) -> tuple[Field, Rule]:
    """The field and the rule that these parameters name."""
    field: Field = DiracGAN(parameters.loss, parameters.penalty, parameters.weight, parameters.noise)
    if parameters.consensus:
        field = dynamics.consensus(field, parameters.consensus)
    return field, Rule(
        parameters.generator_rate, parameters.discriminator_rate, parameters.update == "alternating",
        parameters.momentum, parameters.optimism, parameters.update == "extragradient", parameters.clip,
    )  # fmt: skip


def eigenvalues(parameters: DiracParameters, field: Field, rule: Rule) -> np.ndarray:
    """At (0, 0); none where the field jumps there."""
    if parameters.penalty == "gradient_penalty" and parameters.weight:
        return np.array([])
    return rule.eigenvalues(field) if parameters.eigenvalues == "of a step" else dynamics.eigenvalues(field)


def written(distance: float) -> str:
    """A distance in three figures, in powers of ten where it is small or large."""
    if distance == 0 or 0.01 <= distance < 1e4 or not np.isfinite(distance):
        return f"{distance:.3g}"
    figures, power = f"{distance:.1e}".split("e")
    return f"{figures} · 10{str(int(power)).translate(RAISED)}"


def word(x: float, y: float, text: str, color: str) -> Writing:
    """A name that begins at a place, as small as a figure's labels."""
    return Writing(np.array([[x, y]]), (text,), color, 12.6)


def plane(field: Field, way: np.ndarray, averaged: np.ndarray | None, start: tuple[float, float]) -> Panel:
    """The field's arrows, the way through it, and the start that the mouse can drag."""
    ticks = np.linspace(-LIMIT, LIMIT, 12)[:-1] + LIMIT / 11
    places = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    push = field(places)
    length = np.hypot(*push.T)[:, None]
    # the longest arrow fills its cell; the square root keeps short ones visible
    arrows = push / np.maximum(length, 1e-9) * np.sqrt(length / max(float(length.max()), 1e-9)) * LIMIT / 6.2
    lines, names = [Lines(way[None], style.FAKE, width=1.4)], [(-2.45, "start", INK), (-1.35, "now", style.FAKE)]
    if averaged is not None:
        lines.append(Lines(averaged[None], style.AVERAGE, width=2))
        names.append((-0.5, "average", style.AVERAGE))
    names.append((1.5, "goal", style.REAL))
    return Panel(
        (
            Arrows(np.concatenate([places - arrows / 2, arrows], 1), style.REFERENCE, "", 0.9),
            *lines,
            Points(np.zeros((1, 2)), style.REAL, size=14, opacity=1.0),  # a rim stays when now is upon it
            Points(way[-1:], style.FAKE, size=8, opacity=1.0),
            Handles(np.array([start]), (("theta", "phi"),), (INK,)),
            *(word(x, LIMIT + STRIP / 2, name, color) for x, name, color in names),
        ),
        (-LIMIT, LIMIT), (-LIMIT, LIMIT + STRIP), "Dirac-GAN: trajectory", "θ: where G is", "φ: D's downward slope",
        equal=True,
    )  # fmt: skip


def spectrum(values: np.ndarray, discrete: bool) -> Panel:
    """The eigenvalues, and the border within which a game settles."""
    if discrete:
        near = len(values) == 0 or np.abs(values - 1).max() < 0.3
        turn = np.linspace(-0.33, 0.33) if near else np.linspace(0, 2 * np.pi, 181)
        border, hint = path(np.cos(turn), np.sin(turn)), "inside the line: settles"
        xlim, ylim = ((0.68, 1.32), (-0.32, 0.4)) if near else ((-1.4, 1.4), (-1.4, 1.75))
    else:
        border, hint = path([0, 0], [-2, 1.45]), "left of the line: settles"
        xlim, ylim = (-2.2, 0.7), (-1.45, 1.8)
    dots = np.stack([values.real, values.imag], -1).reshape(-1, 2)
    return Panel(
        (
            Lines(border, INK, width=1.2, dashed=True),
            Points(dots, style.AVERAGE, size=10, opacity=1.0),
            word(xlim[0] + 0.01 * np.ptp(xlim), ylim[1] - 0.05 * np.ptp(ylim), hint, INK),
        ),
        xlim, ylim, f"Eigenvalues {'of a step' if discrete else 'of the flow'}", "real part", "imaginary part",
        equal=True,
    )  # fmt: skip


def distances(way: np.ndarray, averaged: np.ndarray | None) -> Panel:
    """How far the players are from the equilibrium, in powers of ten."""
    height = lambda states: np.log10(np.maximum(dynamics.radius(states), FLOOR))  # noqa: E731
    rounds, end = np.arange(len(way)), max(len(way) - 1, 1)
    layers: list[Lines | Writing] = [Lines(path(rounds, height(way)), style.FAKE)]
    if averaged is not None:
        layers += [
            Lines(path(rounds, height(averaged)), style.AVERAGE),
            word(0.03 * end, -6.8, "both players", style.FAKE),
            word(0.03 * end, -7.5, "their average", style.AVERAGE),
        ]
    rows = tuple((power, name) for power, name in ((1, "10"), (0, "1"), (-2, "0.01"), (-4, "10⁻⁴"), (-6, "10⁻⁶")))
    return Panel(
        tuple(layers), (0, end), (-8, 1.5), "Distance from (0, 0)", "step", "distance", rows=rows,
    )  # fmt: skip


def say(parameters: DiracParameters, way: np.ndarray, averaged: np.ndarray | None, values: np.ndarray) -> str:
    """What the picture shows."""
    begin, end = dynamics.radius(way[[0, -1]])
    how = f"{parameters.loss.replace('_', ' ').capitalize()}, {parameters.update} steps"
    if not np.isfinite(way).all():
        words = f"{how}: within {len(way) - 1} steps the players left all bounds."
    else:
        words = f"{how}: from a distance of {begin:.2f} to {written(end)} in {len(way) - 1} steps."
        if averaged is not None:
            words += f" The average is {written(float(dynamics.radius(averaged)[-1]))} away."
    if not len(values):
        return f"{words} The gradient penalty's push jumps at φ = 0, so there is no equilibrium there to settle in."
    if parameters.eigenvalues == "of the flow":
        most = values.real.max()
        verdict = "settles" if most < -1e-9 else "moves away" if most > 1e-9 else "only turns, as far as they can tell"
        return f"{words} The largest real part is {most:+.3f}: the flow {verdict}."
    largest = np.abs(values).max()
    if largest < 1 - 1e-7:
        verdict = f"near (0, 0) the distance halves every {np.log(0.5) / np.log(largest):.0f} steps"
    else:
        verdict = "near (0, 0) it moves away" if largest > 1 + 1e-7 else "they do not decide it"
    return f"{words} The largest eigenvalue of a step has size {largest:.4f}: {verdict}."


PLAIN = {"loss": "minimax", "update": "simultaneous", "penalty": "none", "noise": 0.0, "momentum": 0.0, "optimism": 0.0,
         "consensus": 0.0, "clip": 0.0, "average": 0.0, "generator_rate": 0.2, "discriminator_rate": 0.2,
         "steps": STEPS, "theta": 1.0, "phi": 1.0}  # fmt: skip


class DiracLab(Reel):
    """Drag the start through the plane, pick a loss, a penalty and a way of stepping, and see whether it settles."""

    Parameters = DiracParameters
    reel: ClassVar = ("steps", 3, 0)
    tooltips: ClassVar = "Let both players move", "Frames a second, three steps each"
    wide = ("steps",)
    presets = (
        Preset("spiral out", "Watch the orange trajectory leave: both move at once, and every turn is wider.", PLAIN),
        Preset("circle", "Watch it come back to where it was: in turns, the players circle and never rest.",
               {**PLAIN, "update": "alternating"}),
        Preset("settle with R1", "Watch the arrows bend inwards: R1 brakes D, and the spiral ends in the middle.",
               {**PLAIN, "penalty": "r1", "weight": 0.3}),
        Preset("average", "Watch the purple line: the players circle, their moving average walks to the middle.",
               {**PLAIN, "update": "alternating", "average": 0.99}),
    )  # fmt: skip
    tabs: ClassVar = {
        "The game": ("noise", "theta", "phi"),
        "How it is played": ("momentum", "optimism", "consensus", "clip"),
        "What is shown": ("average", "eigenvalues"),
    }

    def picture(self) -> Frame:
        parameters = self.parameters
        field, rule = game(parameters)
        way = rule.play(field, (parameters.theta, parameters.phi), parameters.steps)
        averaged = dynamics.average(way, parameters.average) if parameters.average else None
        values = eigenvalues(parameters, field, rule)
        panels = (
            plane(field, way, averaged, (parameters.theta, parameters.phi)),
            spectrum(values, parameters.eigenvalues == "of a step"),
            distances(way, averaged),
        )
        return Frame(panels, say(parameters, way, averaged, values))

    def idle(self) -> set[str]:
        return {"weight"} if self.parameters.penalty == "none" else set()
