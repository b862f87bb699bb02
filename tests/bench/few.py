"""64 cats at 32 pixels, three seeds with augmentation and without, each at its best of four moments, beside the cheats.

`frechet_ratio`: the Fréchet distance to held-out cats with the better of DiffAugment and adaptive augmentation, over
that without. `new_ratio`: of the shares of clear cats whose combination was never shown, with over without.
`gap_ratio`: of D's held-out gaps. Ratios are of medians over the seeds. About half an hour of CPU time.
"""

from statistics import median
from typing import Any

from chapters.results import few
from tests.bench.avatars import shown

SEEDS = (0, 1, 2)
FIGURES = ("frechet_fraction", "new_share", "copied_share", "held_out_gap")


def best_of(way: str) -> dict[str, float]:
    """Medians over the seeds of a way's figures at its best moment."""
    runs: list[dict[str, Any]] = [few.trained(way, 64, seed, "")[0]["best"] for seed in SEEDS]
    return {name: median(run[name] for run in runs) for name in FIGURES}


def bench() -> dict[str, float]:
    for name, figures in few.beside()["64"].items():
        shown(name, figures)
    plain, *augmented = (shown(way, best_of(way)) for way in ("none", "diffaugment", "adaptive"))
    better = min(augmented, key=lambda figures: figures["frechet_fraction"])
    return {
        "frechet_ratio": better["frechet_fraction"] / plain["frechet_fraction"],
        "new_ratio": better["new_share"] / max(plain["new_share"], 1 / 2000),
        "gap_ratio": better["held_out_gap"] / plain["held_out_gap"],
        **{f"none_{name}": value for name, value in plain.items()},
        **better,
    }
