"""Trace a step of the recipe `digits` with torch.profiler, and measure what bounds this machine.

Both are stored in step_profile.json, which chapter 21 draws. Run `python -m chapters.results.step_profile` from the
repository's root, on a machine that does nothing else; it takes a few seconds. Of five traces the shortest is kept,
which other programs have disturbed least.
"""

from pathlib import Path

import torch

from chapters.results._records import write
from gan_lessons import recipes, timelines

HERE = Path(__file__).parent
TRACES = 5


def main() -> None:
    torch.set_num_threads(1)
    traces = [timelines.profiled(recipes.find("digits", "cpu")) for _ in range(TRACES)]
    shortest = min(traces, key=lambda spans: spans[-1].start + spans[-1].length)
    write(
        HERE / "step_profile.json",
        {
            "command": "python -m chapters.results.step_profile",
            "recipe": recipes.identity("digits", "cpu"),
            "roof": timelines.measured()._asdict(),
            "spans": [list(span) for span in shortest],
        },
    )


if __name__ == "__main__":
    main()
