"""Moving digits two ways, as many seconds each: a sprite, and frames of content and motion.

Run `OMP_NUM_THREADS=1 python chapters/results/clip_ways.py` from the repository's root. The two share batch, D, loss
and penalty, which were chosen for the sprite. A step of frames costs more than twice as much, so they take fewer: their
steps were set beforehand, by timing a few, so that both need about the same CPU seconds. Three clips of each are kept
in clip_ways.npz.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from chapters.results._records import of_plans, trained, write
from gan_lessons import recipes

HERE = Path(__file__).parent
SHOWN = 3
PLAN: Any = recipes.find("moving_digits")
WAYS: dict[str, dict[str, Any]] = {
    "sprite": {"steps": 1500},
    "frames": {"steps": 610, "generator_width": 16},
}


def planned(way: str) -> Any:
    return replace(PLAN, way=way, **WAYS[way])


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({way: planned(way) for way in WAYS})


def reached(way: str) -> tuple[dict[str, Any], np.ndarray]:
    """What one way costs and scores, and three clips that it makes, [3, 16, 32, 32] as bytes."""
    plan = planned(way)
    gan, seconds = trained(plan)
    parameters = sum(value.numel() for value in gan.generator.parameters())
    cost = {"parameters": parameters, "steps": plan.steps, "seconds": round(seconds, 1)}
    run = {"way": way, **cost, **plan.score(gan)}
    print(run, flush=True)
    clips = plan.samples(gan, SHOWN).float()[:, 0]
    return run, ((clips.clamp(-1, 1) + 1) * 127.5).round().byte().numpy()


def main() -> None:
    torch.set_num_threads(1)
    runs, clips = zip(*map(reached, WAYS), strict=True)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/clip_ways.py",
        "cpu_seconds": round(sum(run["seconds"] for run in runs)),
        "batch": PLAN.batch,
        "seeds": [0],
        "runs": runs,
    }
    np.savez_compressed(HERE / "clip_ways.npz", **dict(zip(WAYS, clips, strict=True)))
    write(HERE / "clip_ways.json", record)


if __name__ == "__main__":
    main()
