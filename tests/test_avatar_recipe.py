"""The recipe of avatars, and its pair of networks at several sizes."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from gan_lessons import recipes
from gan_lessons.networks.conditioning import ManyProjections, ManyToldGenerator
from gan_lessons.networks.pictures import PictureDiscriminator, PictureGenerator, halvings
from gan_lessons.networks.styles import StyleGenerator

SMALL = replace(
    recipes.find("avatars"),
    told="body",
    noise_dim=64,
    steps=2,
    batch=16,
    count=64,
    generator_width=4,
    discriminator_width=4,
)


@pytest.mark.parametrize(("size", "count"), [(12, 1), (24, 2), (28, 2), (32, 2), (48, 3), (64, 3), (128, 4), (100, 2)])
def test_pair_fits_sizes(size: int, count: int) -> None:
    assert halvings(size) == count
    made = PictureGenerator(8, size, width=2, hidden=8)(torch.randn(4, 8))
    assert made.shape == (4, 3, size, size) and made.abs().max() <= 1
    assert PictureDiscriminator(size, width=2, hidden=8, group=4)(made).shape == (4,)


@pytest.mark.parametrize("size", [8, 10, 33])
def test_sides_that_cannot_be_halved_are_told(size: int) -> None:
    with pytest.raises(ValueError, match=f"even and at least 12, not {size}"):
        PictureGenerator(8, size)


@pytest.mark.parametrize("size", [32, 64])
def test_networks_are_as_small_as_the_stored_weights_may_be(size: int) -> None:
    generator = StyleGenerator(64, size)
    halves = sum(value.numel() for value in generator.state_dict().values())
    assert 2 * halves < 3 * 2**20  # bytes in half precision


def test_training_moves_both_players_and_every_figure_is_there() -> None:
    gan, data = SMALL.build(), SMALL.data()
    before = [weight.clone() for weight in gan.generator.parameters()]
    records = list(SMALL.train(gan, data))
    assert len(records) == 2
    assert all(not torch.equal(old, new) for old, new in zip(before, gan.generator.parameters(), strict=True))
    figures = SMALL.score(gan)
    assert list(figures) == [
        "frechet_fraction", "part_confident_min", "all_parts", "part_kl_max", "recomposed", "new_share",
    ]  # fmt: skip
    assert 0.1 < figures["frechet_fraction"] < 10 and figures["recomposed"] == 0
    assert "David Revoy" in SMALL.sheet(gan).axes[0].get_title(loc="right")


def test_other_kinds_are_judged_by_distance_alone() -> None:
    robots = replace(SMALL, kind="robots", told="colour")
    gan = robots.build()
    assert list(robots.score(gan)) == ["frechet_fraction"]
    assert robots.data().batch(torch.arange(4)).real.shape == (4, 3, 32, 32)


def test_what_is_told_decides_what_is_drawn_and_all_come_in_turn() -> None:
    gan = SMALL.build()
    assert SMALL.told == "body" and gan.generator(torch.randn(2, 64), torch.tensor([0, 14])).shape == (2, 3, 32, 32)
    in_turn = SMALL.samples(gan, 20)
    assert torch.equal(in_turn, SMALL.samples(gan, torch.arange(20) % 15))
    assert not torch.equal(in_turn, SMALL.samples(gan, torch.zeros(20, dtype=torch.long)))
    untold = replace(SMALL, told=None)
    assert untold.samples(untold.build(), 8).shape == (8, 3, 32, 32)
    with pytest.raises(ValueError, match="no part 'tail'"):
        replace(SMALL, told="tail").data()


def test_batches_hold_groups_of_what_is_told() -> None:
    gan, batches = SMALL.build(), []
    generator = gan.generator
    forward = generator.forward
    generator.forward = lambda noise, labels: (batches.append(labels), forward(noise, labels))[1]  # type: ignore
    for _ in SMALL.train(gan, SMALL.data()):
        pass
    groups = batches[-1].view(-1, 8)
    assert (groups == groups[:, :1]).all()


def test_told_every_part_a_cat_is_asked_for_as_a_whole() -> None:
    assert recipes.find("avatars").told == "all"
    plan = replace(SMALL, told="all", noise_dim=8, label_dim=4, fine=4)
    gan = plan.build()
    records = list(plan.train(gan, plan.data()))
    counts = list(plan.data().parts.values())
    assert len(records) == 2 and plan.data().batch(torch.arange(3)).condition.shape == (3, len(counts))
    asked = torch.tensor(counts)[None] - 1
    assert plan.samples(gan, asked.repeat(2, 1)).shape == (2, 3, 32, 32)
    assert torch.equal(plan.samples(gan, 6, seed=1), plan.samples(gan, 6, seed=1))


def test_every_label_of_many_moves_both_players() -> None:
    torch.manual_seed(0)
    generator = ManyToldGenerator(nn.Linear(4 + 3 * 2, 5), (2, 3, 4), label_dim=2)
    head = ManyProjections(6, (2, 3, 4))
    noise, features = torch.randn(1, 4), torch.randn(1, 6)
    first = torch.zeros(1, 3, dtype=torch.long)
    for place in range(3):
        other = first.clone()
        other[0, place] = 1
        assert not torch.equal(generator(noise, first), generator(noise, other))
        tables = head.embeddings.tables
        change = (tables[place].weight[1] - tables[place].weight[0]) @ features[0]  # type: ignore[union-attr]
        torch.testing.assert_close(head(features, other) - head(features, first), change[None])
