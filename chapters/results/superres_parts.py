"""Super-resolution with the perceptual loss, the adversarial one, both and neither, to superres_parts.json and .npz.

Run `OMP_NUM_THREADS=1 python chapters/results/superres_parts.py` from the repository's root; it takes seven minutes on
one quiet core. Every training goes on from the stored network of L1 for as many steps, keeps L1 among its losses, and
is scored on the held-out patches, with three seeds. A held-out eye that those of the first seed enlarge is kept.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chapters.results._records import of_plans, trained, write
from gan_lessons import recipes
from gan_lessons.data import photographs

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)
PLAN: Any = replace(recipes.find("superres", "long"), steps=150, average_decay=0.97)
PARTS: dict[str, dict[str, Any]] = {
    "L1": {"perceptual_weight": 0.0, "adversarial": False},
    "L1 + perceptual": {"adversarial": False},
    "L1 + adversarial": {"perceptual_weight": 0.0},
    "all three": {},
}


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({part: replace(PLAN, **settings) for part, settings in PARTS.items()})


def main() -> None:
    torch.set_num_threads(1)
    eye = photographs.load(held_out=True)["chelsea"][None, :, 60:188, 130:258].float() / 127.5 - 1
    runs, seen = [], {}
    for part, settings in PARTS.items():
        plan = replace(PLAN, **settings)
        for seed in SEEDS:
            gan, seconds = trained(plan, seed)
            runs.append({"part": part, "seed": seed, "seconds": round(seconds, 1), **plan.score(gan)})
            print(runs[-1], flush=True)
            if seed == SEEDS[0]:
                made = plan.samples(gan, photographs.area(eye, plan.scale)).float()[0].clamp(-1, 1)
                seen[part] = ((made + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    np.savez_compressed(HERE / "superres_parts.npz", **seen)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/superres_parts.py",
        "cpu_seconds": round(sum(run["seconds"] for run in runs)),
        "steps": PLAN.steps,
        "seeds": list(SEEDS),
        "runs": runs,
    }
    write(HERE / "superres_parts.json", record)


if __name__ == "__main__":
    main()
