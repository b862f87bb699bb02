"""Ghazals: the poems as the package has them, and a rhyme that is counted letter by letter."""

import pytest

from gan_lessons.data import ghazals as data
from gan_lessons.data import packages
from gan_lessons.metrics.ghazals import dealt, rhyming

POEM = ("بوی جان", "باد صبا", "سرو سهی", "باغ جنان")


def test_letters_are_without_signs_and_of_one_alphabet():
    assert data.letters("مشکل ها، ١٢") == data.letters("مشكل\u200cها") == "مشکلها"


def test_the_ending_returns_in_every_second_half_line():
    assert rhyming(POEM) == 0.5 and rhyming(POEM[:1] + POEM[3:]) == 1
    assert rhyming(("مشکل ها", "محفل\u200cها")) == 1, "where a word ends is no part of a rhyme"
    with pytest.raises(ValueError, match="this one has 3 half-lines"):
        rhyming(POEM[:3])


def test_dealing_keeps_the_half_lines_and_what_comes_first():
    poems = [POEM, POEM[::-1], ("آ", "ب")]
    mixed = dealt(poems)
    assert [poem[::2] for poem in mixed] == [list(poem[::2]) for poem in poems]
    assert sorted(half for poem in mixed for half in poem) == sorted(half for poem in poems for half in poem)
    assert dealt(poems) == mixed and any(dealt(poems, seed) != mixed for seed in range(1, 5))


def test_hafez_rhymes_and_dealt_half_lines_do_not():
    pytest.importorskip("hafez")
    poems = data.ghazals()
    heard, by_chance = (sum(map(rhyming, some)) / len(poems) for some in (poems, dealt(poems)))
    assert len(poems) == 495 and heard > 0.95 and by_chance < 0.06


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    data.ghazals.cache_clear()
    with pytest.raises(ModuleNotFoundError, match=r"^Ghazals by Hafez come with the package hafez, which is not inst"):
        data.ghazals()
