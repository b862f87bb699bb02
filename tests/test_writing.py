"""Kanji being written: the films to learn from, the scores that know the law of ink, the networks and the recipe."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from gan_lessons import recipes
from gan_lessons.data import films
from gan_lessons.metrics.writing import cheats, pieces, writing_scores
from gan_lessons.networks.writing import Arrival, FilmDiscriminator, Frames


@pytest.fixture(scope="module")
def real() -> tuple[Tensor, Tensor]:
    return films.kanji(), films.kanji(held_out=True)


def test_kanji_are_split_and_their_ink_stays(real: tuple[Tensor, Tensor]) -> None:
    known, unseen = real
    assert known.shape[1:] == unseen.shape[1:] == (1, 16, 32, 32) and len(known) > 3 * len(unseen) > 600
    assert -1 <= known.min() < -0.9 and known.max() == 1
    assert known.diff(dim=2).max() < 0.02  # black is -1: it only gets darker
    assert torch.cdist(known[:, 0, -1].flatten(1), unseen[:, 0, -1].flatten(1)).min() > 1


def test_every_cheat_is_found_out(real: tuple[Tensor, Tensor]) -> None:
    known, unseen = (films[:200] for films in real)
    fair = writing_scores(known, unseen)
    assert fair.vanished < 0.01 and fair.uneven < 0.3 and fair.pieces < 1.7 and fair.frechet_fraction < 0.05
    found = {name: writing_scores(made, unseen) for name, made in cheats(known).items()}
    assert found["shuffled frames"].vanished > 1 and found["backwards"].vanished > 1
    assert found["whole at once"].uneven > 2 and found["from left to right"].uneven > 2 * fair.uneven
    assert found["two at a time"].pieces > 1.4 * fair.pieces
    assert found["two at a time"].frechet_fraction > 3 * fair.frechet_fraction


def test_pieces_touch_at_corners_too() -> None:
    lit = torch.zeros(3, 5, 5, dtype=torch.bool)
    lit[0, [0, 1], [0, 1]] = True  # one piece by its corner
    lit[1, [0, 2, 4], [0, 2, 4]] = True  # three
    assert pieces(lit) == 2.0  # the empty one does not count
    assert pieces(lit[2:]) == 0.0


def test_ink_never_goes_away_where_that_is_built_in() -> None:
    torch.manual_seed(0)
    noise = 3 * torch.randn(4, 8)
    made, free = Arrival(8, width=4)(noise), Frames(8, width=4)(noise)
    assert made.shape == free.shape == (4, 1, 16, 32, 32)
    assert made.diff(dim=2).max() <= 0 < free.diff(dim=2).max()
    assert FilmDiscriminator(width=4)(made.repeat(2, 1, 1, 1, 1)).shape == (8,)


@pytest.mark.parametrize("way", ["arrival", "frames"])
def test_the_recipe_trains_and_scores(way: str) -> None:
    small = replace(recipes.find("writing"), way=way, steps=2, batch=8, generator_width=4, discriminator_width=4)
    gan = small.build()
    assert len(list(small.train(gan, small.data()))) == 2
    assert set(small.score(gan)) == {"vanished", "uneven", "pieces", "frechet_fraction"}
    assert small.sheet(gan).axes


def test_an_unknown_way_is_told() -> None:
    with pytest.raises(ValueError, match="no way 'slowly' to write; the known ones are arrival, frames"):
        replace(recipes.find("writing"), way="slowly").build()
