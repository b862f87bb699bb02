"""The weight of L1 in pix2pix: emoji coloured with L1 alone and at three weights, three seeds each; two longer, too.

Run `OMP_NUM_THREADS=1 python chapters/results/pix2pix_weights.py` from the repository's root. Each is the recipe of
chapter 13 but for its weight and its number of steps, and is scored on held-out emoji; `chroma` is how colourful the
results are, and `chroma_error` by how much that is off. Of the first seed, pictures are kept in pix2pix_weights.npz,
evenly spread over those held out.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chapters.results._records import of_plans, trained, write
from gan_lessons import recipes
from gan_lessons.metrics import translation

HERE = Path(__file__).parent
SEEDS = range(3)
SHOWN = 40
PLAN: Any = replace(recipes.find("pix2pix"), steps=300)
WAYS: dict[str, dict[str, Any]] = {
    "λ = 1": {"l1_weight": 1.0},
    "λ = 4": {},
    "λ = 20": {"l1_weight": 20.0},
    "L1 alone": {"adversarial": False},
}
LONGER: dict[str, dict[str, Any]] = {  # with the first seed only
    "L1 alone, longer": {"adversarial": False, "steps": 1_500},
    "λ = 4, longer": {"steps": 1_500},
}


def plan_of(way: str) -> Any:
    return replace(PLAN, **(WAYS | LONGER)[way])


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({way: plan_of(way) for way in WAYS | LONGER})


def reached(way: str, seed: int) -> tuple[dict[str, Any], np.ndarray]:
    """What one way scores with one seed, and what it makes of some held-out lines, [count, 32, 32, 3] as bytes."""
    plan = plan_of(way)
    gan, seconds = trained(plan, seed)
    made = plan.samples(gan, plan.pairs().unseen_inputs).clamp(-1, 1)
    figures = {"chroma": translation.chroma(made), **plan.score(gan)}
    run = {"way": way, "seed": seed, "steps": plan.steps, "seconds": round(seconds, 1), **figures}
    print(run, flush=True)
    shown = made[torch.linspace(0, len(made) - 1, SHOWN).round().long()]
    return run, ((shown + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def store(every: Sequence[tuple[dict[str, Any], np.ndarray]]) -> None:
    """Write the record, and the pictures of the first seed."""
    runs, truth = [run for run, _ in every], PLAN.pairs().unseen_targets
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/pix2pix_weights.py",
        "cpu_seconds": round(sum(run["seconds"] for run in runs)),
        "steps": PLAN.steps,
        "seeds": list(SEEDS),
        "real": {"chroma": translation.chroma(truth), "flatness": translation.flatness(truth)},
        "runs": runs,
    }
    sheets = {run["way"]: sheet for run, sheet in every if run["seed"] == SEEDS[0]}
    np.savez_compressed(HERE / "pix2pix_weights.npz", **sheets)
    write(HERE / "pix2pix_weights.json", record)


def main() -> None:
    torch.set_num_threads(1)
    asked = [(way, seed) for seed in SEEDS for way in WAYS] + [(way, SEEDS[0]) for way in LONGER]
    store([reached(way, seed) for way, seed in asked])


if __name__ == "__main__":
    main()
