"""LensLab: what is seen through each lens, its spectrum, and the way between two networks."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.kit.frame import Lines, Writing
from gan_lessons.labs.translation import LensLab
from gan_lessons.labs.translation.lens import COLORS
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


def test_the_truth_is_the_true_picture_and_its_corner_stands_below_through_all_lenses() -> None:
    lab = lens_lab(lens="truth", picture=1)
    assert np.allclose(shown(lab), lab.sharp[1].permute(1, 2, 0) / 2 + 0.5, atol=1e-6)
    row = lab.frame().panels[2]
    assert len(drawn(row)) == 5 and np.allclose(drawn(row)[4], shown(lab)[-10:, :10]) and "true picture" in lab.sentence
    names = [one for one in row.layers if isinstance(one, Writing)]
    assert [one.texts for one in names] == [("bicubic",), ("L1",), ("between",), ("GAN",), ("truth",)]
    assert np.allclose(np.diff([one.data[0, 0] for one in names]), 1)


@pytest.mark.parametrize("lens", ["bicubic", "between"])
def test_the_spectrum_is_that_of_the_lens(lens: str) -> None:
    lab = lens_lab(lens=lens)
    panel = lab.frame().panels[1]
    names = [one for one in panel.layers if isinstance(one, Writing)]
    heights = {one.texts[0]: one.data[0, 1] for one in names if one.data[0, 0] > 16}  # at the ends of the curves
    assert set(heights) == {"bicubic", "L1", "GAN", "truth", lens}
    assert np.diff(sorted(heights.values())).min() > 4.4  # no name lies on another
    (thick,) = [one for one in panel.layers if isinstance(one, Lines) and one.width > 3]
    assert thick.color == COLORS[lens]
    more = radial(lab.seen()[lens].clamp(-1, 1))[0] - radial(lab.sharp[:1])[0]
    assert thick.fill and np.allclose(thick.data[0, :, 1], more, atol=1e-4)
    assert f"{more[4:].min():+.0f} to {more[4:].max():+.0f} dB beside the truth" in panel.title
    assert "PSNR" in lab.sentence and "judge" in lab.sentence


def test_the_share_waits_where_it_does_nothing() -> None:
    assert lens_lab(lens="GAN").idle() == {"share"} and lens_lab().idle() == set()


def test_what_does_not_fit_is_told() -> None:
    lab = lens_lab()
    for sharp, small in ((lab.sharp[:1], lab.small), (lab.sharp[..., 1:, 1:], lab.small)):
        assert "as many as the small ones" in LensLab(sharp, small, lab.l1, lab.gan).sentence
    assert "The sharp are pictures" in LensLab(torch.zeros(3), lab.small, lab.l1, lab.gan).sentence
