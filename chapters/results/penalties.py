"""Train rings and digits with several penalties, and store what they reached in penalties.json and penalties.npz.

Run `OMP_NUM_THREADS=1 python chapters/results/penalties.py` from the repository's root; it takes a quarter of an hour
on one core. Chapter 07 and its PenaltyLab read both files.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from chapters.results._records import write
from gan_lessons import recipes, traces
from gan_lessons.metrics.modes import mode_scores, perfect
from gan_lessons.plots.images import tile
from gan_lessons.recipes.ring import Ring
from gan_lessons.sweeps import Setting, Sweep

HERE = Path(__file__).parent
SEEDS = range(10)
WEIGHTS = [round(10 ** (power / 2), 4) for power in range(-6, 3)]  # 0.001 to 10
DIGIT_WEIGHTS = [0.001, 0.01, 0.1, 0.5, 3.1623, 10.0]  # 0.5 is the recipe's own
PICTURES = 36
WINDOW = 50  # steps
BASE = Setting(loss="relativistic", penalty="r1_and_r2")
REMEDIES = {
    "plain": Setting(),
    "simultaneous": Setting(update="simultaneous"),
    "minimax": Setting(loss="minimax"),
    "R1, 0.1": Setting(penalty="r1", penalty_weight=0.1),
    "R1, 1": Setting(penalty="r1", penalty_weight=1.0),
    "R1 and R2, 0.1": Setting(penalty="r1_and_r2", penalty_weight=0.1),
    "gradient penalty, 1": Setting(penalty="gradient_penalty", penalty_weight=1.0),
    "spectral norm": Setting(spectral=True),
    "instance noise, 0.1": Setting(instance_noise=0.1),
    "D 4 times faster": Setting(discriminator_rate=4e-3),
    "G 4 times slower": Setting(generator_rate=2.5e-4),
    "optimism, 1": Setting(optimism=1.0),
    "consensus, 0.1": Setting(update="consensus", consensus_weight=0.1),
    "momentum 0": Setting(momentum=0.0),
    "momentum 0.9": Setting(momentum=0.9),
    "Wasserstein": Setting(loss="wasserstein"),
    "… clipped, 0.1": Setting(loss="wasserstein", clip=0.1),
    "… gradient penalty, 1": Setting(loss="wasserstein", penalty="gradient_penalty", penalty_weight=1.0),
    "… R1, 1": Setting(loss="wasserstein", penalty="r1", penalty_weight=1.0),
}


def listed(values: Any) -> list:
    return np.round(np.asarray(values, float), 4).tolist()


def reached(settings: list[Setting], steps: int) -> tuple[dict[str, list], Tensor]:
    """Scores [settings, seeds] of the present and of the averaged generators, and the averaged ones' points.

    Restlessness is how far the picture of one noise vector moves within 50 steps, root mean square, over the last 250.
    """
    scores: dict[str, list] = {}
    data = Ring.mixture.sample(20_000, seed=1) / Ring.scale
    together = len({setting.kept() for setting in settings}) == 1
    for batch in [settings] if together else [[setting] for setting in settings]:
        sweep, seen = Sweep(data, batch, SEEDS), []
        for step in sweep.train(steps):
            if step > steps - 6 * WINDOW and step % WINDOW == 0:
                seen.append(torch.stack([sweep.sample(1000, average=average) for average in (False, True)]))
        moved = Ring.scale * torch.stack(seen).diff(dim=0).square().sum(-1).mean((0, -1)).sqrt()  # [2, settings, seeds]
        for average, restlessness in zip((False, True), moved, strict=True):
            points = sweep.sample(2500, average=average) * Ring.scale
            found = {**mode_scores(points, Ring.mixture)._asdict(), "restlessness": restlessness}
            for name, values in found.items():
                scores.setdefault(("averaged_" if average else "") + name, []).extend(listed(values))
        print(batch[-1], {name: np.median(values[-1]) for name, values in scores.items()}, flush=True)
    return scores, points


def digits() -> tuple[dict[str, Any], np.ndarray]:
    """The digits recipe at several weights, one run each: its figures, and sheets [weights, height, width]."""
    figures, sheets = [], []
    for weight in DIGIT_WEIGHTS:
        recipe = replace(recipes.find("digits"), penalty_weight=weight)
        gan = recipe.build()
        for _ in recipe.train(gan, recipe.data()):
            pass
        figures.append(recipe.score(gan))
        sheet = tile(gan.sample(PICTURES, seed=1), columns=6, gap=1)[..., 0]
        sheets.append((255 * sheet).round().byte().numpy())
        print(weight, figures[-1], flush=True)
    scores = {name: listed([entry[name] for entry in figures]) for name in figures[0]}
    return {"weights": DIGIT_WEIGHTS, "steps": recipe.steps, **scores}, np.stack(sheets)


def traced() -> dict[str, Any]:
    """How each training begins: of the ring, and of the digits."""
    data = Ring.mixture.sample(20_000, seed=1) / Ring.scale
    plan = {f"ring, {weight}": (replace(BASE, penalty_weight=weight), 3000) for weight in WEIGHTS}
    plan |= {name: (setting, 2000) for name, setting in REMEDIES.items()}
    rings = {name: traces.of_sweep(Sweep(data, [setting], SEEDS), steps) for name, (setting, steps) in plan.items()}
    return rings | {
        f"digits, {weight}": traces.of_recipe(replace(recipes.find("digits"), penalty_weight=weight))
        for weight in DIGIT_WEIGHTS
    }


def main() -> None:
    torch.set_num_threads(1)
    start = time.process_time()
    ring, points = reached([replace(BASE, penalty_weight=weight) for weight in WEIGHTS], steps=3000)
    remedies, _ = reached(list(REMEDIES.values()), steps=2000)
    pictures, sheets = digits()
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/penalties.py",
        "cpu_seconds": round(time.process_time() - start),
        "seeds": list(SEEDS),
        "perfect": {name: float(value) for name, value in perfect(Ring.mixture)._asdict().items()},
        "ring": {"weights": WEIGHTS, "steps": 3000, "setting": repr(BASE), "centres": listed(Ring.mixture.centres)}
        | ring,
        "remedies": {"names": list(REMEDIES), "steps": 2000, "settings": list(map(repr, REMEDIES.values()))} | remedies,
        "digits": pictures,
    }
    write(HERE / "penalties.json", record)
    np.savez_compressed(HERE / "penalties.npz", points=points[:, 0, :400].numpy().astype(np.float16), sheets=sheets)


if __name__ == "__main__":
    main()
