"""LensLab: what is seen through each lens, its spectrum, and the way between two networks."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.kit.frame import Lines, Writing
from gan_lessons.labs.translation import LensLab
from gan_lessons.metrics.spectra import radial
from tests.labs.small import drawn, lens_lab


def shown(lab: LensLab) -> np.ndarray:
    return drawn(lab.frame().panels[0])[1]


def test_the_ends_of_the_way_are_the_two_networks() -> None:
    lab = lens_lab(lens="L1")
    l1 = shown(lab)
    lab.set(lens="GAN")
    gan = shown(lab)
    assert not np.allclose(l1, gan, atol=1e-2)
    for share, end in ((0, l1), (1, gan)):
        lab.set(lens="between", share=share)
        assert np.allclose(shown(lab), end, atol=1e-5)
    lab.set(share=0.5)
    assert not any(np.allclose(shown(lab), end, atol=1e-3) for end in (l1, gan))


def test_the_truth_is_the_true_picture_and_all_lenses_stand_below() -> None:
    lab = lens_lab(lens="truth", picture=1)
    assert np.allclose(shown(lab), lab.sharp[1].permute(1, 2, 0) / 2 + 0.5, atol=1e-6)
    row = lab.frame().panels[2]
    assert len(drawn(row)) == 5 and np.allclose(drawn(row)[4], shown(lab)) and "true picture" in lab.sentence
    (names,) = [one for one in row.layers if isinstance(one, Writing)]
    assert names.texts == ("bicubic", "L1", "between", "GAN", "truth") and np.allclose(np.diff(names.data[:, 0]), 1)


@pytest.mark.parametrize("lens", ["bicubic", "between"])
def test_the_spectrum_is_that_of_the_lens(lens: str) -> None:
    lab = lens_lab(lens=lens)
    lines = [one for one in lab.frame().panels[1].layers if isinstance(one, Lines) and one.label]
    assert {one.label for one in lines} == {"bicubic", "L1", "GAN", "truth", lens}
    (thick,) = [one for one in lines if one.width > 3]
    assert thick.label == lens
    assert np.allclose(thick.data[0, :, 1], radial(lab.seen()[lens].clamp(-1, 1))[0], atol=1e-4)
    assert "PSNR" in lab.sentence and "judge" in lab.sentence


def test_the_share_waits_where_it_does_nothing() -> None:
    assert lens_lab(lens="GAN").idle() == {"share"} and lens_lab().idle() == set()


def test_what_does_not_fit_is_told() -> None:
    lab = lens_lab()
    for sharp, small in ((lab.sharp[:1], lab.small), (lab.sharp[..., 1:, 1:], lab.small)):
        assert "as many as the small ones" in LensLab(sharp, small, lab.l1, lab.gan).sentence
    assert "The sharp are pictures" in LensLab(torch.zeros(3), lab.small, lab.l1, lab.gan).sentence
