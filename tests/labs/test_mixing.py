"""MixingLab: layers from either sample, and whose parts the mix has."""

import numpy as np
import pytest
import torch

from gan_lessons import latents
from gan_lessons.labs.kit.frame import Lines
from gan_lessons.labs.latents import MixingLab
from tests.labs.small import drawn, sees, small_gan, styled_gan


def test_all_places_and_layers_of_one_sample_are_that_sample() -> None:
    lab = MixingLab(styled_gan(), sees, rows=0)
    a, mix, b = drawn(lab.frame().panels[0])
    assert np.allclose(mix, b, atol=1e-5) and not np.allclose(mix, a, atol=1e-3)
    lab.set(rows=lab.side, cut=lab.layers)
    a, mix, b = drawn(lab.frame().panels[0])
    assert np.allclose(mix, a, atol=1e-5) and not np.allclose(mix, b, atol=1e-3)
    assert lab.sentence.startswith("Read in this mix:") and "B's" not in lab.sentence


def test_the_upper_rows_and_the_first_layers_are_as() -> None:
    lab = MixingLab(styled_gan(), sees, rows=2, cut=1)
    network = styled_gan().average
    a, b = (latents.drawn_styles(network, 1, seed) for seed in (lab.parameters.first, lab.parameters.second))
    maps = latents.layouts(network, b)
    maps[:, :, :2] = latents.layouts(network, a)[:, :, :2]
    styles = torch.cat([a, a, *[b] * (len(network.layers) - 1)])[None]
    expected = (latents.drawn(network, styles, maps)[0].permute(1, 2, 0) + 1) / 2
    assert np.allclose(drawn(lab.frame().panels[0])[1], expected, atol=1e-5)


def test_the_share_of_parts_rises_from_bs_to_as() -> None:
    lab = MixingLab(styled_gan(), sees)
    for values in lab.shares.values():
        assert len(values) == lab.side + 1 and values[-1] > values[0] and values[0] < 0.5
    curves = [layer for layer in lab.frame().panels[2].layers if isinstance(layer, Lines) and layer.label]
    assert [curve.label for curve in curves] == list(lab.shares)


def test_truncation_to_nothing_makes_both_the_mean_cat() -> None:
    lab = MixingLab(styled_gan(), psi=0.0)
    a, mix, b = drawn(lab.frame().panels[0])
    assert np.allclose(a, b, atol=1e-5) and np.allclose(a, mix, atol=1e-5)
    assert "layout follow A" in lab.sentence and len(lab.frame().panels) == 2


def test_what_cannot_be_mixed_is_told() -> None:
    lab = MixingLab(styled_gan(), sees)
    lab.set(first=5)
    assert "same sample" in lab.sentence and lab.parameters.first == 93
    lab.set(cut=9)
    assert lab.parameters.cut == lab.layers and "takes a whole number from 0 to" in lab.sentence
    for other, words in ((small_gan(), "needs a StyleGenerator"), ("cats", "not into 'cats'")):
        assert words in MixingLab(other).sentence  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_the_mark_stands_below_the_present_mix(rows: int) -> None:
    lab = MixingLab(styled_gan(), sees, rows=rows)
    (mark,) = [layer for layer in lab.frame().panels[1].layers if isinstance(layer, Lines)]
    assert int(mark.data[0, :, 0].mean()) == rows


def test_a_part_that_the_judge_is_not_sure_of_is_nobodys() -> None:
    def doubts(pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        read = sees(pixels)
        return read | {"fur": 0.3 * read["fur"] + 0.7 / read["fur"].shape[1]}

    for rows in (0, 4):
        lab = MixingLab(styled_gan(), doubts, rows=rows)
        assert "unclear: fur" in lab.sentence and lab.sentence.count("fur") == 1
        assert "unclear" not in MixingLab(styled_gan(), sees, rows=rows).sentence
