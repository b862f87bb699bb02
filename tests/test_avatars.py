"""Avatars: their parts, their numbers, how layers are laid over one another, and which are held out."""

import sys

import numpy as np
import pytest
import torch
from PIL import Image

from gan_lessons.data import avatars, packages
from gan_lessons.data.avatars import KINDS, decoded, encoded

SIZES = {"cats": 360_000, "robots": 1_000_000, "monsters": 16_000_000, "heads": 12_830_400}


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """A cache for these tests alone, filled once."""
    monkeypatch.setenv("GAN_LESSONS_DATA", str(tmp_path_factory.getbasetemp() / "avatars"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_combination_has_its_own_number(kind: str) -> None:
    some = avatars.load(kind, 8, 500)
    counts = tuple(some.parts.values())
    assert np.prod(counts) == SIZES[kind]
    variants = some.variants()
    assert (variants >= 0).all() and (variants < torch.tensor(counts)).all()
    assert torch.equal(encoded(variants, counts), some.codes)
    assert some.variants(torch.tensor([3, 3])).unique(dim=0).shape == (1, len(counts))


def test_numbers_are_those_of_a_clock() -> None:
    seconds = torch.tensor([0, 59, 3661])
    assert decoded(seconds, (24, 60, 60)).tolist() == [[0, 0, 0], [0, 0, 59], [1, 1, 1]]
    assert torch.equal(encoded(decoded(seconds, (24, 60, 60)), (24, 60, 60)), seconds)


def test_layers_are_laid_over_one_another_as_pillow_does() -> None:
    cats = avatars.load("cats", 64, 3)
    root = packages.folder("robohash", "The cats") / "sets/set4"
    parts = sorted((part for part in root.iterdir() if part.is_dir()), key=lambda part: part.name.partition("#")[2])
    for variants, ours in zip(cats.variants().tolist(), cats.pixels(), strict=True):
        whole = Image.new("RGBA", (1024, 1024), "white")
        for part, variant in zip(parts, variants, strict=True):
            file = sorted(part.glob("*.png"), key=avatars.number)[variant]
            with Image.open(file) as layer:
                whole.alpha_composite(layer.convert("RGBA"))
        small = np.asarray(whole.convert("RGB").resize((64, 64), Image.Resampling.BOX)).transpose(2, 0, 1)
        # laid over one another at full size or when already small: the same but for edges that meet within a pixel
        off = np.abs(small - (ours.numpy() + 1) * 127.5)
        assert off.mean() < 1.5 and np.quantile(off, 0.99) < 32


@pytest.mark.parametrize("kind", KINDS)
def test_layers_are_laid_only_where_they_show(kind: str) -> None:
    some = avatars.load(kind, 32, 40)
    for layer, (rows, columns) in zip(some.layers, avatars.boxes(kind, 32), strict=True):
        beyond = layer.clone()
        beyond[:, :, rows, columns] = 0
        assert not beyond.any()
    variants = some.variants()
    places = variants.clone()
    if KINDS[kind].coloured:  # ten variants in the first colour, ten in the second, and so on
        places = variants[:, 1:] + 10 * variants[:, :1]
    picture = torch.ones(40, 3, 32, 32)
    for part, layer in enumerate(some.layers):
        over = layer[places[:, part]]
        picture = over[:, :3] + picture * (1 - over[:, 3:])
    torch.testing.assert_close(some.pixels(), 2 * picture - 1, atol=1e-6, rtol=0)


def test_a_robot_keeps_its_shape_in_another_colour() -> None:
    robots = avatars.load("robots", 32, 50)
    assert next(iter(robots.parts)) == "colour"
    variants = robots.variants()
    repainted = variants.clone()
    repainted[:, 0] = (variants[:, 0] + 1) % 10
    first, second = robots.compose(variants), robots.compose(repainted)
    outline = [(picture.mean(1) > 0.97) for picture in (first, second)]
    assert (outline[0] == outline[1]).float().mean() > 0.97
    assert (first - second).abs().mean((1, 2, 3)).min() > 0.02
    others = (outline[0][:-1] == outline[0][1:]).float().mean()  # of different robots
    assert others < 0.95


def test_sets_are_nested_and_none_holds_what_is_held_out() -> None:
    few, more, every = (set(avatars.load("cats", 8, count).codes.tolist()) for count in (64, 256, None))
    held_out = set(avatars.load("cats", 8, held_out=True).codes.tolist())
    assert len(held_out) == avatars.HELD_OUT and few < more < every
    assert not held_out & every and len(held_out | every) == SIZES["cats"]


def test_a_batch_tells_the_part_that_was_asked_for() -> None:
    cats = avatars.load("cats", 8, 20, told="eyes")
    real, condition = cats.batch(torch.tensor([4, 0, 4]))
    assert real.shape == (3, 3, 8, 8) and real.min() >= -1 and real.max() <= 1
    assert torch.equal(condition, cats.variants()[[4, 0, 4], 2])
    assert avatars.load("cats", 8, 20).batch(torch.tensor([0])).condition is None
    members = cats.batch(torch.tensor([[0, 1], [2, 3]])).real
    assert members.shape == (2, 2, 3, 8, 8) and torch.equal(members[1, 0], cats.pixels()[2])


def test_what_is_not_known_is_told(monkeypatch) -> None:
    with pytest.raises(ValueError, match="no avatars 'dogs'; the known kinds are cats, robots"):
        avatars.load("dogs")
    with pytest.raises(ValueError, match="8 to 256 pixels, not 300"):
        avatars.load("cats", 300)
    with pytest.raises(ValueError, match="350,000 cats to learn from; 400,000"):
        avatars.load("cats", 8, 400_000)
    with pytest.raises(ValueError, match="no part 'wings'; they have body, fur"):
        avatars.load("cats", 8, 5, told="wings")
    monkeypatch.setitem(sys.modules, "robohash", None)
    monkeypatch.setattr(packages, "find_spec", lambda package: None)
    avatars.layers.cache_clear()
    with pytest.raises(ModuleNotFoundError, match=r"come with the package robohash.*gan_lessons\[pictures\]"):
        avatars.load("cats", 8)


def test_layers_are_kept_and_made_again_when_damaged(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("GAN_LESSONS_DATA", str(tmp_path / "not there yet"))
    made = []

    def make():
        made.append(1)
        return {"body": np.arange(6, dtype=np.uint8)}

    for _ in range(2):
        assert packages.cached("pillow", "some", make)["body"].tolist() == [0, 1, 2, 3, 4, 5]
    (kept,) = (tmp_path / "not there yet").iterdir()
    assert len(made) == 1
    kept.write_bytes(kept.read_bytes()[:40])
    assert packages.cached("pillow", "some", make)["body"].sum() == 15 and len(made) == 2
    monkeypatch.setenv("GAN_LESSONS_DATA", str(kept / "below a file"))
    assert packages.cached("pillow", "some", make)["body"].sum() == 15 and len(made) == 3


def test_artists_are_named() -> None:
    assert KINDS["cats"].credit == "Drawings by David Revoy, CC BY 4.0, from robohash"
    assert all("CC BY" in kind.credit and len(kind.artist) > 5 for kind in KINDS.values())
