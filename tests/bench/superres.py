"""Held-out photographs at a quarter of their sides: bicubic, and the stored networks of L1 alone and of the GAN."""

from gan_lessons import recipes
from gan_lessons.metrics import superres
from gan_lessons.networks.superres import enlarged
from tests.bench.avatars import shown


def bench() -> dict[str, float]:
    l1, gan = recipes.find("superres", "l1"), recipes.find("superres", "long")
    real, small = l1.pairs()
    bicubic = shown("bicubic", superres.scores(real, enlarged(small, l1.scale), small))
    careful = shown("L1 alone, stored", l1.score(l1.load()))
    inventive = shown("GAN, stored", gan.score(gan.load()))
    return {
        "l1_gain_db": careful["psnr"] - bicubic["psnr"],
        "gan_spectrum_db": inventive["spectrum_db"],
        "gan_told_apart": inventive["told_apart"],
        "gan_feature_over_l1": inventive["feature_distance"] / careful["feature_distance"],
        "gan_psnr_loss_db": bicubic["psnr"] - inventive["psnr"],
        "gan_shrunk_back": inventive["shrunk_back"],
    }
