"""ShapeLab: ends of the walk, turning, what the tests say, and what cannot be shown."""

import numpy as np
import torch

from gan_lessons.data import shapes
from gan_lessons.labs.shapes import ShapeLab
from tests.labs.small import drawn, shaped_gan, small_gan


def test_the_ends_of_the_walk_are_a_and_b() -> None:
    lab = ShapeLab(shaped_gan(), 24)
    a, b = lab.shapes(torch.tensor([0.0, 1.0]))
    p = lab.parameters
    for volume, kind, seed in ((a, p.first_kind, p.first), (b, p.second_kind, p.second)):
        noise = torch.randn(1, 8, generator=torch.Generator().manual_seed(seed))
        with torch.no_grad():
            expected = shaped_gan().average(noise, torch.tensor([shapes.KINDS.index(kind)]))
        torch.testing.assert_close(volume, expected[0], atol=1e-4, rtol=0)


def test_turning_shows_another_side_of_the_same_shape() -> None:
    lab = ShapeLab(shaped_gan(), 24)
    before, said = drawn(lab.frame().panels[0]), lab.sentence
    lab.set(turn=120)
    assert not np.array_equal(drawn(lab.frame().panels[0]), before) and lab.sentence == said
    lab.set(turn=35)
    assert np.array_equal(drawn(lab.frame().panels[0]), before)


def test_the_tests_of_the_family_speak() -> None:
    lab = ShapeLab(shaped_gan(), 24)
    chair = shapes.load(16, 5).samples[0, 0].numpy() > 0
    assert lab.said(chair) == "This passes all tests of a chair."
    assert lab.said(np.zeros_like(chair)) == "This is empty."
    sawn = chair.copy()
    sawn[:4, 8:, 8:] = False
    assert lab.said(sawn).startswith("As a chair it fails: 3 legs; As a lamp it fails")


def test_what_cannot_be_shown_is_told() -> None:
    assert "needs a generator of volumes that is told one of five kinds" in ShapeLab(small_gan()).sentence
    assert "looks into a GAN, not into None" in ShapeLab(None).sentence
    lab = ShapeLab(shaped_gan(), 24)
    lab.set(second_kind="chair", second=3)
    assert "A and B are the same shape" in lab.sentence


def test_a_film_goes_round_and_back_and_ends_where_it_began() -> None:
    lab = ShapeLab(shaped_gan(), 24)
    before = lab.values
    film = lab.film(6)
    assert len(film.frames) == 6 and lab.values == before and "<!doctype html>" in film.page()
    assert np.array_equal(drawn(film.frames[-1].panels[0]), drawn(lab.frame().panels[0]))
