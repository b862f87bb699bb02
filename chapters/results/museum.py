"""A museum of runs, healthy and ill, with labels that come from the truth, to sweeps/museum.json.

Run `OMP_NUM_THREADS=1 python chapters/results/museum.py` at the repository's root.
"""

import dataclasses
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan_lessons import losses
from gan_lessons.data.points import Mixture, grid, ring
from gan_lessons.metrics.diagnosis import Signs, gathered, look, variety
from gan_lessons.recipes import hashed
from gan_lessons.runs import machine
from gan_lessons.sweeps import Setting, Sweep

RECORD = Path(__file__).parent / "sweeps" / "museum.json"
STEPS, EVERY, LONGER = 1000, 50, 2  # a moment every 50 steps; the truth also knows what twice as many steps bring
SEEDS = range(4)
COUNT = 512
MIXTURES = {"ring": ring(std=0.25), "grid": grid(3, std=0.25)}


class Exhibit(NamedTuple):
    """A setting and its data: which mixture, how many training points (0: plenty), how far off they are moved.

    What it is meant to show is no label: that comes from the truth. `twin` has the same setting and plenty of data.
    """

    intended: str
    setting: Setting
    mixture: str = "ring"
    points: int = 0
    shift: float = 0.0
    twin: str = ""


def rates(generator: float, discriminator: float, loss: str = "non_saturating", **rest: Any) -> Setting:
    """A setting with these two learning rates."""
    return Setting(generator_rate=generator, discriminator_rate=discriminator, loss=loss, **rest)


PAIRS: dict[str, Any] = {"loss": "relativistic", "pack": 2}
WIDE: dict[str, Any] = {"discriminator_width": 128, "discriminator_depth": 3}
CHASE: dict[str, Any] = {"momentum": 0.9, "update": "simultaneous"}
R1: dict[str, Any] = {"penalty": "r1", "penalty_weight": 0.01}
SLOW: dict[str, Any] = {"loss": "minimax", "discriminator_steps": 5}
# The rules were set on these. Of the first half (the 1st, 3rd, …) first; the other half was then told right in 53 runs
# of 65, which is 82 %, and one rule was changed after that. So none of them can test the rules any more.
SEEN = {
    "G × 10": Exhibit("collapse", rates(1e-2, 1e-3)),
    "G × 20, hinge": Exhibit("collapse", rates(1e-2, 5e-4, "hinge")),
    "G × 10, least squares": Exhibit("collapse", rates(1e-2, 1e-3, "least_squares")),
    "G × 8, relativistic": Exhibit("collapse", rates(8e-3, 1e-3, "relativistic")),
    "grid: G × 6": Exhibit("collapse", rates(6e-3, 1e-3), "grid"),
    "grid: G × 10, hinge": Exhibit("collapse", rates(1e-2, 1e-3, "hinge"), "grid"),
    "momentum": Exhibit("cycling", rates(2e-3, 2e-3, **CHASE)),
    "momentum, least squares": Exhibit("cycling", rates(2e-3, 2e-3, "least_squares", **CHASE)),
    "equal rates": Exhibit("cycling", rates(3e-4, 3e-4)),
    "equal rates, relativistic": Exhibit("cycling", rates(3e-4, 3e-4, "relativistic")),
    "far: momentum, D × 10": Exhibit("cycling", rates(1e-3, 1e-2, "minimax", momentum=0.9), shift=4.0),
    "momentum, minimax": Exhibit("cycling", rates(1e-3, 1e-3, "minimax", **CHASE)),
    "momentum, Wasserstein": Exhibit("cycling", rates(3e-4, 3e-4, "wasserstein", **CHASE)),
    "grid: momentum, Wasserstein": Exhibit("cycling", rates(3e-4, 3e-4, "wasserstein", **CHASE), "grid"),
    "far: 5 steps of D": Exhibit("vanishing gradient", rates(3e-4, 3e-3, **SLOW), shift=4.0),
    "far: 5 steps of D, slow G": Exhibit("vanishing gradient", rates(1e-4, 2e-3, **SLOW), shift=4.0),
    "far grid: 5 steps of D": Exhibit("vanishing gradient", rates(3e-4, 3e-3, **SLOW), "grid", shift=4.0),
    "far grid: 5 steps of D, slow G": Exhibit("vanishing gradient", rates(1e-4, 1e-3, **SLOW), "grid", shift=4.0),
    "32 points": Exhibit("D overfits", rates(1e-3, 1e-3, **WIDE), points=32, twin="wide D"),
    "32 points, hinge": Exhibit("D overfits", rates(1e-3, 1e-3, "hinge", **WIDE), points=32, twin="wide D, hinge"),
    "32 points, pairs": Exhibit("D overfits", rates(1e-3, 1e-3, **PAIRS, **WIDE), points=32, twin="wide D, pairs"),
    "64 points": Exhibit("D overfits", rates(1e-3, 1e-3, **WIDE), points=64, twin="wide D"),
    "D × 50, minimax": Exhibit("not finished", rates(2e-4, 1e-2, "minimax")),
    "D × 50, hinge": Exhibit("not finished", rates(2e-4, 1e-2, "hinge")),
    "pairs, low rates": Exhibit("not finished", rates(2e-4, 2e-4, **PAIRS)),
    "R1, low rates": Exhibit("not finished", rates(2e-4, 2e-4, **R1)),
    "D × 10": Exhibit("healthy", rates(1e-3, 1e-2)),
    "R1": Exhibit("healthy", rates(3e-3, 3e-3, **R1)),
    "pairs, rates falling": Exhibit("healthy", rates(3e-3, 3e-3, **PAIRS, annealed=STEPS)),
    "grid: pairs, rates falling": Exhibit("healthy", rates(3e-3, 3e-3, **PAIRS, annealed=STEPS), "grid"),
    "wide D": Exhibit("healthy", rates(1e-3, 1e-3, **WIDE)),
    "wide D, hinge": Exhibit("healthy", rates(1e-3, 1e-3, "hinge", **WIDE)),
    "wide D, pairs": Exhibit("healthy", rates(1e-3, 1e-3, **PAIRS, **WIDE)),
    "R1, hinge": Exhibit("healthy", rates(3e-3, 3e-3, "hinge", **R1)),
}
FAR: dict[str, Any] = {"loss": "minimax", "discriminator_steps": 4, "discriminator_depth": 3}
# These were chosen, and their results first seen, after the last change of a rule.
KEPT_OUT = {
    "deep, far: 4 steps of D": Exhibit("vanishing gradient", rates(3e-4, 3e-3, **FAR), shift=5.0),
    "deep, far: 4 steps of D, slow G": Exhibit("vanishing gradient", rates(1e-4, 3e-3, **FAR), shift=5.0),
    "grid: G × 8, least squares": Exhibit("collapse", rates(8e-3, 1e-3, "least_squares"), "grid"),
    "grid: G × 8, relativistic": Exhibit("collapse", rates(8e-3, 1e-3, "relativistic"), "grid"),
    "grid: equal rates": Exhibit("cycling", rates(5e-4, 5e-4), "grid"),
    "grid: D × 40": Exhibit("not finished", rates(25e-5, 1e-2), "grid"),
    "grid: D × 10": Exhibit("healthy", rates(1e-3, 1e-2), "grid"),
    "24 points": Exhibit("D overfits", rates(1e-3, 1e-3, **WIDE), points=24, twin="wide D"),
    "24 points, least squares": Exhibit(
        "D overfits", rates(1e-3, 1e-3, "least_squares", **WIDE), points=24, twin="wide D, least squares"
    ),
    "wide D, least squares": Exhibit("healthy", rates(1e-3, 1e-3, "least_squares", **WIDE)),
    "grid: momentum": Exhibit("cycling", rates(2e-3, 2e-3, **CHASE), "grid"),
    "grid: momentum, relativistic": Exhibit("cycling", rates(2e-3, 2e-3, "relativistic", **CHASE), "grid"),
    "momentum in turns": Exhibit("cycling", rates(2e-3, 2e-3, momentum=0.9)),
    "momentum in turns, least squares": Exhibit("cycling", rates(1e-3, 1e-3, "least_squares", momentum=0.9)),
    "grid: pairs": Exhibit("healthy", rates(3e-3, 3e-3, **PAIRS), "grid"),
    "grid: pairs, low rates": Exhibit("not finished", rates(3e-4, 3e-4, **PAIRS), "grid"),
    "grid: R1": Exhibit("healthy", rates(3e-3, 3e-3, **R1), "grid"),
    "grid: R1, low G": Exhibit("not finished", rates(3e-4, 3e-3, **R1), "grid"),
    "spectral": Exhibit("healthy", rates(1e-3, 3e-3, spectral=True)),
    "spectral, hinge": Exhibit("healthy", rates(1e-3, 3e-3, "hinge", spectral=True)),
}
EXHIBITS = SEEN | KEPT_OUT


# the truth: what only one who knows the mixture can see


def places(points: Tensor, mixture: Mixture) -> Tensor:
    """The share of points [..., count, 2] in each mode, and behind them those astray near each mode, [..., 2 · modes].

    Astray is what is farther than three standard deviations from every centre.
    """
    distance, nearest = torch.cdist(points, mixture.centres).min(-1)
    modes = len(mixture.centres)
    place = nearest + modes * (distance > 3 * mixture.std)
    return torch.nn.functional.one_hot(place, 2 * modes).sum(-2) / points.shape[-2]


def wrong(shares: Tensor) -> Tensor:
    """How much of the mass [..., 2 · modes] should be elsewhere: 0 is perfect, 1 has nothing right."""
    inside, _ = shares.chunk(2, -1)
    return (1 / inside.shape[-1] - inside).relu().sum(-1)


def kinds(shares: Tensor) -> Tensor:
    """How many of the modes the samples are near to, as a share: exp(entropy) / modes, in (0, 1]."""
    near = torch.stack(shares.chunk(2, -1)).sum(0)
    return (-torch.special.xlogy(near, near).sum(-1)).exp() / near.shape[-1]


def late(path: Tensor) -> Tensor:
    """The last fifth of what was trained before the signs end, of a path [moments, ...]."""
    moments = STEPS // EVERY
    return path[moments - moments // 5 : moments]


def label(run: dict[str, Any], seed: int, twin: dict[str, Any] | None = None) -> tuple[str, dict[str, float]]:
    """What is the matter with a run, by the first of these that holds, and the figures that say so.

    D overfits: after training for as long again, .15 more of the mass is in the wrong mode or astray than in the same
    run with plenty of data.
    healthy: no more than .3 of the mass is in the wrong mode or astray.
    not finished: training for as long again makes it healthy, or takes away a quarter of what is wrong where the fakes
    keep their places (less than a seventh of all noises is sent to another mode every 50 steps).
    vanishing gradient: that does not, but it does if G's loss is changed to the one that keeps the gradient.
    collapse: fakes are near to less than a third of the modes at a time, whether they stay there or hop.
    cycling: the fakes do not keep their places.
    collapse, too: up to two thirds of the modes, and they stay. What is left has no label.
    """
    path = run["path"][:, seed]
    fifth = STEPS // EVERY // 5
    figures = {
        "wrong": wrong(late(path)).mean(),
        "later": wrong(path[-fifth:]).mean(),
        "kinds": kinds(late(path)).mean(),
        "hops": late(run["hops"][:, seed]).mean(),
    }
    if run["minimax"]:
        figures["rescued"] = wrong(run["rescued"][-fifth:, seed]).mean()
    if twin is not None:
        figures["twin later"] = wrong(twin["path"][-fifth:, seed]).mean()
    it = {name: round(float(value), 3) for name, value in figures.items()}
    if twin is not None and it["later"] - it["twin later"] >= 0.15:
        return "D overfits", it
    if it["wrong"] <= 0.3:
        return "healthy", it
    if it["later"] <= 0.3 or (it["later"] <= 0.75 * it["wrong"] and it["hops"] < 1 / 7):
        return "not finished", it
    if it.get("rescued", 1) <= 0.75 * it["wrong"]:
        return "vanishing gradient", it
    if it["kinds"] <= 1 / 3:
        return "collapse", it
    if it["hops"] >= 1 / 7:
        return "cycling", it
    return ("collapse" if it["kinds"] <= 2 / 3 else "none of these"), it


# the runs


class Hall:
    """Exhibits that train in one batch."""

    def __init__(self, exhibits: dict[str, Exhibit]):
        self.exhibits, first = exhibits, next(iter(exhibits.values()))
        self.mixture = MIXTURES[first.mixture]
        self.scale = float(self.mixture.sample(20_000).std())
        self.offset = torch.tensor([first.shift, 0.0])
        self.training = self.seen(self.mixture.sample(first.points or 20_000, seed=1))
        self.held_out = self.seen(self.mixture.sample(COUNT, seed=2))
        repeated = self.training.repeat(-(-128 // len(self.training)), 1) if first.points else self.training
        self.sweep = Sweep(repeated, [exhibit.setting for exhibit in exhibits.values()], SEEDS)

    def seen(self, points: Tensor) -> Tensor:
        """Points of the mixture as the networks see them."""
        return points / self.scale + self.offset

    def shares(self, sweep: Sweep) -> Tensor:
        """Where the present generators' samples are, [settings, seeds, 2 · modes]."""
        return places((sweep.sample(2000, average=False) - self.offset) * self.scale, self.mixture)

    def modes(self) -> Tensor:
        """Which mode each of 2,000 fixed noises is nearest to, [settings, seeds, 2000]."""
        points = (self.sweep.sample(2000, average=False) - self.offset) * self.scale
        return torch.cdist(points, self.mixture.centres).argmin(-1)

    def looks(self, before: Tensor, now: Tensor) -> Iterator[tuple[tuple[int, int], Signs]]:
        """Every member's signs at this moment."""
        for place in self.sweep.places:
            _, discriminator = self.sweep.networks(*place)
            loss = losses.named(self.sweep.settings[place.setting].loss)  # type: ignore[arg-type]
            samples = now[place], before[place]
            yield place, look(self.sweep.step, discriminator, loss, self.training[:COUNT], self.held_out, *samples)

    def run(self) -> dict[str, dict[str, Any]]:
        """Train and look; then see what going on brings, and what a loss that keeps G's gradient does."""
        signs: dict[tuple[int, int], list[Signs]] = {place: [] for place in self.sweep.places}
        before, rescued = self.sweep.sample(COUNT, average=False), None
        path, modes = [], [self.modes()]
        for step in self.sweep.train(LONGER * STEPS):
            if step % EVERY == 0:
                path.append(self.shares(self.sweep))
                modes.append(self.modes())
            if step % EVERY == 0 and step <= STEPS:
                now = self.sweep.sample(COUNT, average=False)
                for place, one in self.looks(before, now):
                    signs[place].append(one)
                before = now
            if step == STEPS and any(setting.loss == "minimax" for setting in self.sweep.settings):
                fork = self.sweep.fork([dataclasses.replace(s, loss="non_saturating") for s in self.sweep.settings])
                saved = []
                for later in fork.train(LONGER * STEPS):
                    if later % EVERY == 0:
                        saved.append(self.shares(fork))
                rescued = torch.stack(saved)
        whole = torch.stack(path)  # [moments, settings, seeds, 2 · modes]
        return {
            name: {
                "path": whole[:, s],
                "hops": (torch.stack(modes[1:]) != torch.stack(modes[:-1])).float().mean(-1)[:, s],
                "minimax": self.sweep.settings[s].loss == "minimax",
                "rescued": None if rescued is None else rescued[:, s],
                "signs": [gathered(signs[s, k]) for k in range(len(SEEDS))],
            }
            for s, name in enumerate(self.exhibits)
        }


def halls(exhibits: dict[str, Exhibit]) -> list[Hall]:
    """Exhibits that can train together, together."""
    apart: dict[tuple, dict[str, Exhibit]] = {}
    for name, exhibit in exhibits.items():
        data = exhibit.mixture, exhibit.points, exhibit.shift
        apart.setdefault((data, exhibit.setting.kept()), {})[name] = exhibit
    return [Hall(alike) for alike in apart.values()]


def short(values: Tensor) -> list[float]:
    """Two digits of each, and no more than four decimals."""
    return [round(float(f"{value:.2g}"), 4) for value in values.tolist()]


def fingerprint() -> str:
    """A hash of all exhibits and of the code that decides what is stored of them."""
    parts: list[Any] = [look, variety, gathered, places, wrong, kinds, late, label, Hall]
    return hashed(repr((EXHIBITS, STEPS, EVERY, LONGER, SEEDS, COUNT)), parts)


def write(runs: dict[str, dict[str, Any]]) -> None:
    """Label all runs, and store them with their signs."""
    stored = []
    for name, exhibit in EXHIBITS.items():
        for k, seed in enumerate(SEEDS):
            fault, truth = label(runs[name], k, runs[exhibit.twin] if exhibit.twin else None)
            signs = {sign: short(values) for sign, values in runs[name]["signs"][k]._asdict().items() if sign != "step"}
            kept_out = name in KEPT_OUT
            entry = {
                "setting": name,
                "seed": seed,
                "kept_out": kept_out,
                "label": fault,
                "truth": truth,
                "signs": signs,
            }
            stored.append(entry)
    plain = Setting()
    changes = {
        name: {
            field.name: getattr(exhibit.setting, field.name)
            for field in dataclasses.fields(Setting)
            if getattr(exhibit.setting, field.name) != getattr(plain, field.name)
        }
        | {key: value for key, value in exhibit._asdict().items() if key != "setting" and value}
        for name, exhibit in EXHIBITS.items()
    }
    head = {
        "date": datetime.date.today().isoformat(),
        "command": "OMP_NUM_THREADS=1 python chapters/results/museum.py",
        "machine": machine(torch.device("cpu")),
        "steps": STEPS,
        "step": list(range(EVERY, STEPS + 1, EVERY)),
        "fingerprint": fingerprint(),
        "kept_out": list(KEPT_OUT),
        "settings": changes,
    }
    # a run a line
    text = json.dumps(head, indent=1, ensure_ascii=False)[:-2] + ',\n "runs": [\n'
    lines = [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in stored]
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(text + ",\n".join(lines) + "\n]}\n", "utf-8")


def main() -> None:
    torch.set_num_threads(1)
    runs: dict[str, dict[str, Any]] = {}
    for hall in halls(EXHIBITS):
        runs |= hall.run()
        print(*hall.exhibits, sep=", ", flush=True)
    write(runs)


if __name__ == "__main__":
    main()
