"""Lines of verse by all writers at several temperatures, to verse.json; one seed.

Run as `OMP_NUM_THREADS=1 python chapters/results/verse.py`, after the recipes `verse` and `verse_codes` were stored. It
takes eight minutes on one quiet core, most of them for the GAN's control: the same training without D's rewards.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plan, trained, write
from gan_lessons import recipes
from gan_lessons.metrics.verse import floors, verse_scores

RECORD = Path(__file__).with_suffix(".json")
TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
CONTROL = replace(recipes.find("verse", "long"), reward=0.0)


def curve(plan: Any, gan: Any) -> list[dict[str, float]]:
    """The scores of 500 lines at each temperature."""
    every = ((heat, plan.samples(gan, 500, temperature=heat)) for heat in TEMPERATURES)
    return [{"temperature": heat, **verse_scores(lines)._asdict()} for heat, lines in every]


def traced() -> dict[str, Any]:
    """How the control's training begins; of the others the recipes' own records say it."""
    return {"gan without rewards": of_plan(CONTROL)}


def main() -> None:
    torch.set_num_threads(1)
    plans = {
        "likelihood": recipes.find("verse", "likelihood"),
        "gan": recipes.find("verse", "long"),
        "codes": recipes.find("verse_codes", "long"),
    }
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/verse.py",
        **{name: scores._asdict() for name, scores in floors().items()},
        **{name: curve(plan, plan.load()) for name, plan in plans.items()},
        "gan without rewards": curve(CONTROL, trained(CONTROL, name="gan without rewards")[0]),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
