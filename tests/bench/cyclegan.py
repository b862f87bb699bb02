"""Kanji from gothic to mincho without pairs, judged by the hidden pairs: the stored runs, and what needs no GAN."""

from gan_lessons import recipes, results
from gan_lessons.metrics import steganography
from gan_lessons.recipes.cyclegan import back, there
from tests.bench.avatars import shown


def bench() -> dict[str, float]:
    plan = recipes.find("cyclegan", "kanji")
    kinds, gan = plan.kinds(), plan.load()
    identity, _ = (shown(name, figures) for name, figures in plan.baselines().items())
    found = shown("CycleGAN, stored", plan.score(gan))
    ways = (lambda pixels: there(gan, pixels)), (lambda pixels: back(gan, pixels))
    clean, honest = steganography.carried(*ways, kinds.unseen_first, kinds.unseen_second)
    hidden = {"clean": clean, "rounded": steganography.rounded(*ways, kinds.unseen_first), "honest": honest}
    for one in steganography.disturbed(*ways, kinds.unseen_first, kinds.unseen_second, (0.03, 0.1)):
        hidden |= {f"{name}_{one.amplitude:g}": getattr(one, name) for name in ("round_trip", "made", "real")}
    shown("round trips", hidden)
    measured = {
        "iou_there": found["ink_overlap_there"],
        "iou_back": found["ink_overlap_back"],
        "identity_iou": identity["ink_overlap_there"],
        "lda": max(found["told_apart_there"], found["told_apart_back"]),
    }
    if "cut/kanji" in results.stored():
        one_sided = recipes.find("cut", "kanji")
        figures = shown("CUT, stored", one_sided.score(one_sided.load()))
        measured |= {"cut_iou": figures["ink_overlap_there"], "cut_lda": figures["told_apart_there"]}
    return measured
