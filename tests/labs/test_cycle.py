"""CycleLab: the round trip, what noise and rounding do to it, and how strongly the difference is shown."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.kit.frame import Lines
from gan_lessons.labs.translation import CycleLab
from tests.labs.small import cycle_lab, drawn

SHOWN = 6


def rows(lab: CycleLab) -> list[np.ndarray]:
    """Inputs, translations, reconstructions and differences, six pictures each."""
    every = drawn(lab.frame().panels[0])
    return [np.stack(every[start : start + SHOWN]) for start in range(0, 4 * SHOWN, SHOWN)]


def test_undisturbed_all_comes_home() -> None:
    sent, made, home, lost = rows(cycle_lab())
    assert np.allclose(sent, home, atol=1e-4) and np.allclose(lost, 0.5, atol=1e-3)
    assert made.std() < 0.01 < sent.std()


@pytest.mark.parametrize("between", ["8 bits", "noise"])
def test_what_is_hidden_finely_is_lost_on_the_way(between: str) -> None:
    lab = cycle_lab(between=between)
    assert not np.allclose(rows(lab)[0], rows(lab)[2], atol=0.05)
    assert "true pictures of the other kind" in lab.sentence


def test_what_is_lost_is_amplified() -> None:
    lab = cycle_lab(between="8 bits", times=1)
    once = rows(lab)[3]
    lab.set(times=2)
    assert np.allclose(rows(lab)[3] - 0.5, (2 * (once - 0.5)).clip(-0.5, 0.5), atol=1e-4)


def test_the_curves_say_how_much_noise_moves_either() -> None:
    lab = cycle_lab()
    lines = {one.label: one.data[0, :, 1] for one in lab.frame().panels[1].layers if isinstance(one, Lines)}
    assert set(lines) == {"translation", "real picture"}
    for curve in lines.values():  # the way back is a straight enlargement, by a hundred
        assert curve[0] == 0 and np.isclose(curve[5], 100 * 0.1 * (2 / np.pi) ** 0.5, rtol=0.1)


def test_the_noise_waits_where_there_is_none_and_others_begin_elsewhere() -> None:
    assert cycle_lab().idle() == {"noise"} and cycle_lab(between="noise").idle() == set()
    assert not np.allclose(rows(cycle_lab())[0], rows(cycle_lab(picture=2))[0])


def test_too_few_pictures_are_told() -> None:
    few = torch.zeros(3, 1, 8, 8)
    assert "6 pictures or more" in CycleLab(lambda x: x, lambda x: x, few, few).sentence


def test_unpaired_the_sentence_promises_no_truth() -> None:
    pictures = torch.rand(6, 1, 8, 8)
    assert "true pictures" not in CycleLab(lambda x: x, lambda x: x, pictures, pictures, paired=False).sentence


def test_the_film_ends_undisturbed_and_leaves_the_lab_as_it_was() -> None:
    lab = cycle_lab(between="8 bits", noise=0.11)
    before, film = lab.values, lab.film()
    assert lab.values == before
    errors = [float(frame.sentence.split(": ")[1].split(". ")[0]) for frame in film.frames]
    assert errors[0] == errors[-1] < 0.001 < max(errors) and errors.index(max(errors)) == len(errors) // 2
    assert "<script" in film.page()
