"""The judge of cats, and the scores that rest on it: on samplers whose score is known."""

from functools import cache

import pytest
import torch

from gan_lessons.data import avatars
from gan_lessons.judges.avatars import AvatarJudge, accuracies, load, seen
from gan_lessons.metrics import avatars as metrics
from gan_lessons.metrics.avatars import cat_scores

COUNT = 1000


@cache
def known() -> avatars.Avatars:
    return avatars.load("cats", 32, 3000)


@cache
def cheats() -> dict[str, torch.Tensor]:
    return metrics.cheats(32, known(), COUNT)


@pytest.mark.parametrize("side", [32, 64])
def test_the_judge_reads_what_can_be_seen(side: int) -> None:
    # .99 of the cats in which the part shows; if it is .99, the chance that 500 fall below .975 is under .005
    assert min(accuracies(load(), side, 500).values()) > 0.975


def test_a_part_behind_another_is_hidden() -> None:
    cats = avatars.load("cats", 32, 400)
    variants, pixels = cats.variants(), cats.pixels()
    shares = [float(seen(cats, variants, pixels, place).float().mean()) for place in range(5)]
    assert shares[0] == 1  # the body always shows
    assert 0.7 < shares[3] < 0.95  # scarves cover mouths


def test_new_cats_score_like_real_ones() -> None:
    found = cat_scores(avatars.load("cats", 32).pixels(slice(200_000, 200_000 + COUNT)), known())
    assert found.frechet_fraction < 0.01 and found.part_kl_max < 0.02
    assert found.part_confident_min > 0.95 and 0.93 < found.all_parts < 1.07
    assert found.recomposed == 1 and found.new_share > 0.98  # 3,000 of 360,000 are known


def test_known_cats_again_are_not_new() -> None:
    found = cat_scores(cheats()["known cats again"], known())
    assert found.new_share < 0.01 and found.recomposed == 1
    few = avatars.load("cats", 32, 64)
    repeated = cat_scores(few.pixels(torch.randint(64, (COUNT,), generator=torch.Generator().manual_seed(0))), few)
    assert repeated.part_kl_max > 0.05 and repeated.frechet_fraction > 0.02 and repeated.new_share < 0.01


@pytest.mark.parametrize("name", ["averages of two", "halves of two"])
def test_mixtures_are_found_out(name: str) -> None:
    found = cat_scores(cheats()[name], known())
    assert found.recomposed < 0.05 and found.all_parts < 0.4 and found.part_confident_min < 0.85


def test_noise_is_the_ceiling() -> None:
    noise = torch.rand(COUNT, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1
    found = cat_scores(noise, known())
    assert found.frechet_fraction == pytest.approx(1, abs=0.02) and found.recomposed == 0


def test_one_part_wrong_is_seen_in_its_own_figure() -> None:
    cats = avatars.load("cats", 32, COUNT)
    variants = cats.variants()
    variants[:, 2] = variants[:, 2] % 3  # three kinds of eyes of fifteen
    found = cat_scores(cats.compose(variants))
    assert found.part_kl_max == pytest.approx(torch.tensor(15 / 3).log().item(), abs=0.05)
    assert found.recomposed == 1 and found.new_share == 1


def test_recomposition_finds_the_parts() -> None:
    cats = avatars.load("cats", 32, 100)
    pixels = cats.pixels() + 0.05 * torch.randn(100, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    judge = load()
    chosen, left = metrics.recomposed(pixels, judge.read(pixels)[1])
    assert torch.equal(chosen[:, 0], cats.variants()[:, 0]) and (left < 0.03).all()


def test_the_judge_says_what_it_cannot_read() -> None:
    judge = AvatarJudge({"body": 3})
    for odd in ((2, 1, 32, 32), (2, 3, 28, 28), (2, 3, 32, 16), (3, 32, 32)):
        with pytest.raises(ValueError, match=r"reads pictures \[count, 3, side, side\]"):
            judge.read(torch.zeros(odd))
