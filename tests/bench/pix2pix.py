"""Image to image on pairs held out: the stored runs, beside what needs no GAN.

Earth's relief to satellite, a pen's kanji to mincho type, and lines of emoji to colours; each stored run has one seed.
"""

from gan_lessons import recipes, results
from gan_lessons.recipes.pix2pix import Pix2Pix

SOURCES = ("earth", "pen", "emoji")


def shown(name: str, figures: dict[str, float]) -> dict[str, float]:
    """The figures, printed."""
    print(f"{name:>18}: " + ", ".join(f"{key} {value:.4f}" for key, value in figures.items()), flush=True)
    return figures


def bench() -> dict[str, float]:
    found = {}
    for source in SOURCES:
        recipe = recipes.find("pix2pix", source)
        assert isinstance(recipe, Pix2Pix)
        for name, figures in recipe.baselines().items():
            shown(f"{source}, {name}", figures)
        if f"pix2pix/{source}" in results.stored():
            found[source] = shown(f"{source}, stored run", recipe.score(recipe.load()))
    wanted = {
        "earth_l1": ("earth", "l1"),
        "earth_spectrum_db": ("earth", "spectrum_db"),
        "earth_lda": ("earth", "told_apart"),
        "pen_iou": ("pen", "ink_overlap"),
        "pen_nearest": ("pen", "nearest"),
        "pen_lda": ("pen", "told_apart"),
        "emoji_chroma_error": ("emoji", "chroma_error"),
        "emoji_flatness": ("emoji", "flatness"),
        "emoji_l1": ("emoji", "l1"),
    }
    return {key: found[source][figure] for key, (source, figure) in wanted.items() if source in found}
