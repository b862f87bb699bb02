"""Cats at 32 pixels, trained afresh with three seeds, and the stored runs at 64, beside real cats and the cheats."""

from statistics import median

from chapters.results._records import trained
from gan_lessons import recipes
from gan_lessons.data import avatars
from gan_lessons.metrics.avatars import REFERENCE, cat_scores, cheats

SEEDS = (0, 1, 2)


def shown(name: str, figures: dict[str, float]) -> dict[str, float]:
    """The figures, printed."""
    print(f"{name:>18}: " + ", ".join(f"{key} {value:.4f}" for key, value in figures.items()), flush=True)
    return figures


def bench() -> dict[str, float]:
    small, large = recipes.find("avatars"), recipes.find("avatars", "parts")
    known = avatars.load("cats", large.size, large.count)
    unseen = avatars.load("cats", large.size).pixels(slice(large.count, large.count + REFERENCE))
    for name, pixels in {"new cats": unseen, **cheats(large.size, known)}.items():
        shown(name, cat_scores(pixels, known)._asdict())
    untold = recipes.find("avatars", "long")
    shown("stored, told nothing", untold.score(untold.load()))
    found = shown("stored, told all", large.score(large.load()))
    runs = []
    for seed in SEEDS:
        gan, seconds = trained(small, seed)
        runs.append(shown(f"32 pixels, seed {seed}", {**small.score(gan), "seconds": seconds}))
    return {**found, **{f"cpu_{name}": median(run[name] for run in runs) for name in runs[0]}}
