"""Unpaired translation: its data, whose pairs stay hidden, and its recipe."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from gan_lessons import recipes
from gan_lessons.data import unpaired
from gan_lessons.recipes.cyclegan import back, there

SMALL = replace(recipes.find("cyclegan"), steps=2, batch=4, generator_width=4, discriminator_width=4)


def test_the_two_kinds_share_no_character_and_the_held_out_ones_belong_together() -> None:
    from gan_lessons.data import glyphs

    every, kinds = glyphs.load(32), unpaired.load("kanji", 32)
    assert len(kinds.unseen_first) == len(kinds.unseen_second) == 512
    known, unseen = every.split(1 - 512 / len(every))
    half = len(known) // 2
    assert torch.equal(kinds.first, known.gothic[:half]) and torch.equal(kinds.second, known.mincho[half:])
    assert not set(known.characters[:half]) & set(known.characters[half:])
    assert not set(known.characters) & set(unseen.characters)
    assert torch.equal(kinds.unseen_second, unseen.mincho)


@pytest.mark.parametrize("source", ["kanji", "emoji"])
def test_training_moves_both_ways_and_every_figure_is_there(source: str) -> None:
    plan = replace(SMALL, source=source)
    gan, data = plan.build(), plan.data()
    before = [weight.clone() for weight in gan.generator.parameters()]
    records = list(plan.train(gan, data))
    assert "cycle" in records[-1].extra
    assert all(not torch.equal(old, new) for old, new in zip(before, gan.generator.parameters(), strict=True))
    figures = plan.score(gan)
    assert {"ink_overlap_there", "ink_overlap_back", "told_apart_there", "cycle"} <= set(figures)
    assert plan.samples(gan, 5).shape == (5, 1, 32, 32)
    assert plan.sheet(gan).axes[0].get_title(loc="left").startswith(plan.kinds().names[0])


def test_another_ones_truth_scores_below_the_picture_itself() -> None:
    found = SMALL.baselines()
    assert found["shuffled"]["ink_overlap_there"] < found["identity"]["ink_overlap_there"] < 0.7
    assert found["identity"]["nearest_there"] > 0.9 > 0.1 > found["shuffled"]["nearest_there"]


def test_the_ways_are_not_mistaken_for_each_other() -> None:
    gan = SMALL.build()
    pictures = SMALL.kinds().unseen_first[:3]
    with torch.no_grad():
        for weight in gan.average.there.parameters():  # type: ignore[union-attr]
            weight.zero_()
    assert torch.equal(there(gan, pictures), pictures)  # what it adds is nothing
    assert not torch.equal(back(gan, pictures), pictures)
    network, channels = SMALL.translator(gan)
    assert channels == 1 and torch.equal(network(pictures), pictures)


def written(folder: Path, counts: dict[str, int]) -> Path:
    """A folder with a folder of each kind, of so many pictures."""
    for name, count in counts.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (20, 24), (9 * number, 80, 120)).save(folder / name / f"{number}.png")
    return folder


def test_two_folders_of_a_reader_are_two_kinds(tmp_path: Path) -> None:
    plan = replace(SMALL, source=str(written(tmp_path, {"cats": 30, "dogs": 25})), size=16)
    kinds, gan = plan.kinds(), plan.build()
    assert (len(kinds.first), len(kinds.second), kinds.names) == (24, 20, ("cats", "dogs")) and not kinds.paired
    list(plan.train(gan, plan.data()))
    assert set(plan.score(gan)) == {
        "spectrum_db_there", "told_apart_there", "spectrum_db_back", "told_apart_back", "cycle",
    }  # fmt: skip
    assert len(plan.sheet(gan).axes) == 2


@pytest.mark.parametrize("name", ["cyclegan", "cut", "pix2pix"])
def test_a_dollar_in_a_folders_name_is_a_dollar(name: str, tmp_path: Path) -> None:
    folders = written(tmp_path, {"cats $x^$": 12, "dogs": 12})
    plan = replace(recipes.find(name, source=str(folders)), size=16, generator_width=4, discriminator_width=4)
    figure = plan.sheet(plan.build())
    assert figure.axes[0].get_title(loc="left").startswith("cats $x^$ ")
    figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"cats": 12}, "two folders, one of either kind"),
        ({"cats": 12, "dogs": 12, "owls": 12}, "has 3 folders"),
        ({"cats": 12, "dogs": 4}, "dogs has 4"),
    ],
)
def test_folders_that_are_no_two_kinds_are_told(tmp_path: Path, counts: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        unpaired.load(str(written(tmp_path, counts)), 16)


def test_a_set_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="the sets are kanji, emoji"):
        unpaired.load("horses", 32)
