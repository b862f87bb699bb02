"""The stored translation of gothic type to mincho and back, judged by 512 hidden pairs, beside what needs no GAN.

`iou_there`, `iou_back`: overlap of ink with the true character. `identity_iou`: that of the picture itself. `lda`: how
often spectra tell made pictures from true ones, the worse of the two ways.
"""

from functools import partial

from gan_lessons import recipes
from gan_lessons.metrics.steganography import carried, rounded
from gan_lessons.recipes.cyclegan import back, there
from tests.bench.avatars import shown


def bench() -> dict[str, float]:
    recipe = recipes.find("cyclegan", "kanji")
    gan, kinds = recipe.load(), recipe.kinds()
    beside = recipe.baselines()
    for name, figures in beside.items():
        shown(name, figures)
    figures = shown("stored", recipe.score(gan))

    ways = partial(there, gan), partial(back, gan)
    home, of_truth = carried(*ways, kinds.unseen_first, kinds.unseen_second)
    return {
        "iou_there": figures["ink_overlap_there"],
        "iou_back": figures["ink_overlap_back"],
        "identity_iou": beside["identity"]["ink_overlap_there"],
        "lda": max(figures["told_apart_there"], figures["told_apart_back"]),
        "cycle": home,
        "cycle_rounded": rounded(*ways, kinds.unseen_first),
        "back_from_truth": of_truth,
    }
