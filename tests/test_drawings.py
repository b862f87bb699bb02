"""Emoji and kanji: each picture is of what its label says, hands are aligned, and what is missing is told."""

from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
import torch
from PIL import Image

from gan_lessons.data import avatars, emoji, glyphs, images, packages


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """A cache for these tests alone, filled once."""
    monkeypatch.setenv("GAN_LESSONS_DATA", str(tmp_path_factory.getbasetemp() / "drawings"))


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Forty kanji, and a cache for them alone: drawing all takes half a minute."""
    every = glyphs.strokes()
    monkeypatch.setattr(glyphs, "strokes", lambda: {code: every[code] for code in list(every)[::160]})
    monkeypatch.setenv("GAN_LESSONS_DATA", str(tmp_path))
    return glyphs.load.__wrapped__(32)


# Emoji


def test_emoji_are_drawn_in_their_categories():
    drawn, titles = emoji.load(16), emoji.titles()
    assert drawn.pixels.shape == (1849, 3, 16, 16) and len(titles) == 1849
    assert drawn.pixels.min() >= -1 and drawn.pixels.max() == 1
    assert drawn.names[:3] == ("smileys", "people", "animals")
    assert drawn.class_counts().tolist() == [163, 361, 144, 132, 218, 86, 255, 221, 269]
    places = {name: titles.index(name) for name in ("panda face", "pizza")}
    assert [drawn.names[drawn.labels[place]] for place in places.values()] == ["animals", "food"]
    assert (drawn.pixels < 0.9).flatten(1).any(1).all()  # none is blank


def test_emoji_have_the_colours_of_what_they_are():
    drawn, titles = emoji.load(16), emoji.titles()
    middle = (drawn.pixels[:, :, 6:10, 6:10].mean((2, 3)) + 1) / 2  # red, green, blue
    red, green, blue = middle[titles.index("red circle")]
    assert red > 0.6 and green < 0.5 and blue < 0.5
    red, green, blue = middle[titles.index("large blue circle")]
    assert blue > 0.6 and red < 0.6
    japan, ireland = (drawn.pixels[titles.index(name)] for name in ("jp", "ireland"))  # each of two letters
    assert japan[0, 8, 8] > japan[1, 8, 8] + 0.5
    assert ireland[1, 8, 3] > ireland[0, 8, 3] + 0.5 and ireland[0, 8, 12] > ireland[2, 8, 12] + 0.5


def test_each_emoji_fills_its_picture():
    ink = (emoji.load(32).pixels < 0.9).any(1)
    extents = []
    for along in (ink.any(1), ink.any(2)):  # columns, rows: from the first with ink to the last
        first, last = along.float().argmax(1), 31 - along.flip(1).float().argmax(1)
        extents.append(last - first + 1)
        assert (first + last - 31).abs().max() <= 2  # in the middle
    larger = torch.maximum(*extents)
    assert larger.min() >= 28 and larger.max() <= 31


def test_a_drawing_is_centred_in_a_square():
    picture = Image.new("RGB", (100, 100), "white")
    picture.paste((200, 0, 0), (10, 30, 50, 50))
    square = emoji.centred(picture)
    assert square.size == (44, 44)
    left, top, right, bottom = (np.argwhere(np.asarray(square)[..., 1] == 0)[[0, -1]]).ravel()[[1, 0, 3, 2]]
    assert (left, top, right, bottom) == (2, 12, 41, 31)


def test_an_emoji_without_a_drawing_is_named():
    characters, joined = {65: "a", 66: "b"}, {("a", "b"): "ab"}
    assert emoji.glyph([65], characters, joined) == "a"
    assert emoji.glyph([65, 0xFE0F, 66], characters, joined) == "ab"
    with pytest.raises(ValueError, match="no drawing of BA"):
        emoji.glyph([66, 65], characters, joined)


# Kanji


def test_all_but_one_of_the_strokes_are_in_both_fonts():
    files = glyphs.strokes()
    shared = glyphs.common(files, packages.folder("pylopdf_fonts_cjk", "Gothic and mincho"))
    assert len(files) == 6413 and len(shared) == 6412 and ord("学") in shared


def test_three_hands_write_the_same_characters(few):
    assert len(few) == len(set(few.characters)) and len(few) > 35
    pictures = [getattr(few, hand) for hand in glyphs.HANDS]
    assert {tuple(picture.shape) for picture in pictures} == {(len(few), 1, 32, 32)}
    for picture in pictures:
        assert picture.min() < -0.8 and picture.max() == 1 and len(picture.unique(dim=0)) == len(few)
        corners = picture[:, 0, [0, 0, -1, -1], [0, -1, 0, -1]]
        assert (corners == 1).all()  # white paper
    pen, gothic, mincho = ((1 - picture) / 2 for picture in pictures)
    for one, other in [(pen, gothic), (pen, mincho), (gothic, mincho)]:  # aligned: they share most ink as they are
        shared = {(x, y): (one * other.roll((y, x), (2, 3))).mean() for x in range(-2, 3) for y in range(-2, 3)}
        assert max(shared, key=shared.get) == (0, 0)
        assert shared[0, 0] > 1.2 * (one * other.roll(1, 0)).mean()  # and more than with another character
    assert pen.mean() < mincho.mean() < gothic.mean()  # thin, thick and thin, thick


def test_parts_of_the_characters_do_not_meet(few):
    first, second = few.split(0.75, seed=1)
    assert set(first.characters) | set(second.characters) == set(few.characters)
    assert not set(first.characters) & set(second.characters) and len(first) == round(0.75 * len(few))
    place = few.characters.index(second.characters[0])
    assert all(torch.equal(getattr(second, hand)[0], getattr(few, hand)[place]) for hand in glyphs.HANDS)
    assert few.split(0.75, seed=1)[0].characters == first.characters


def test_a_stroke_follows_its_curve():
    assert glyphs.points("M1,2L3,4") == [(1, 2), (3, 4)]
    curve = glyphs.points("M0,0c0,4,4,8,8,8", each=2)
    np.testing.assert_allclose(curve, [(0, 0), (2.5, 5.5), (8, 8)])  # at 0, ½ and 1


# By name, and what cannot be


@pytest.mark.parametrize("kind", avatars.KINDS)
def test_avatars_are_known_sets(kind):
    learnt, held_out = images.load(kind, 8), images.load(kind, 8, held_out=True)
    assert len(learnt) == 4000 and len(held_out) == 1000 and learnt.pixels.shape[1:] == (3, 8, 8)
    some = avatars.load(kind, 8, 4000)
    assert torch.equal(learnt.pixels[:9], some.pixels(slice(9)))
    assert torch.equal(learnt.labels, some.variants()[:, 0])
    assert len(learnt.names) == len(learnt.class_counts(least=2)) and learnt.names[0].endswith(" 1")


def test_emoji_are_a_known_set_and_every_set_names_its_licence():
    assert images.load("emoji", 16).names == tuple(emoji.CATEGORIES.values())
    assert [line.split()[0] for line in images.listed()] == list(images.KNOWN)
    assert all("BSD" in line or "CC BY" in line for line in images.listed())
    assert "CC BY-SA 4.0" in emoji.CREDIT and "CC BY-SA 3.0" in glyphs.CREDIT and "OFL" in glyphs.CREDIT


@pytest.mark.parametrize("module", [emoji, glyphs])
def test_other_sides_are_refused(module):
    for size in (0, 30, 260):
        with pytest.raises(ValueError, match=f"a multiple of 4; {size} is none"):
            module.load(size)


def test_a_missing_package_is_told(monkeypatch):
    for what in ("folder", "beside"):
        with pytest.raises(
            ModuleNotFoundError, match=r"^Elves come with the package elf_art, which is not installed: "
        ):
            getattr(packages, what)("elf_art", "Elves")

    def gone(package):
        raise PackageNotFoundError(package)

    monkeypatch.setattr(packages, "distribution", gone)
    with pytest.raises(ModuleNotFoundError, match=r"kanji come with the package kanjivg.*gan_lessons\[pictures\]"):
        glyphs.load.__wrapped__(12)
    monkeypatch.setattr(packages, "find_spec", lambda package: None)
    with pytest.raises(ModuleNotFoundError, match=r"emoji come with the package emojis.*gan_lessons"):
        emoji.load.__wrapped__(12)
