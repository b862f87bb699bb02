"""One-sided translation: the loss that compares places, and the recipe."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gan_lessons import recipes, reconstruction
from gan_lessons.commands import offers
from gan_lessons.data.sources import Batch, Towards
from gan_lessons.networks.translation import Contrastive, UNet

SMALL = replace(recipes.find("cut"), steps=2, batch=4, generator_width=4, discriminator_width=4)
SIDE, TEMPERATURE = 4, 0.5
# each place of a picture has a channel of its own, so that no two are alike
PLACES = torch.eye(SIDE * SIDE).view(1, SIDE * SIDE, SIDE, SIDE).expand(2, -1, -1, -1)


class Plain(nn.Module):
    """Compares the pictures themselves, and changes nothing."""

    there = SimpleNamespace(halved=lambda picture: [picture])

    def forward(self, noise: Any, picture: Tensor) -> Tensor:
        return picture

    def described(self, picture: Tensor, places: list[Tensor]) -> list[Tensor]:
        return [picture.flatten(2)[..., places[0]].mT]


def loss(made: Tensor, source: Tensor, identity: float = 0.0, places: int = SIDE * SIDE) -> dict[str, Tensor]:
    gan = SimpleNamespace(generator=Plain(), generate=Plain())
    return reconstruction.contrast(3, identity, places, TEMPERATURE)(gan, made, Batch(source, source))


@pytest.mark.parametrize("places", [5, 16, 99])
def test_the_loss_is_that_of_choosing_the_same_place_among_the_others(places: int) -> None:
    others = min(places, SIDE * SIDE) - 1
    same, alike = loss(PLACES, PLACES, places=places), loss(torch.ones_like(PLACES), PLACES, places=places)
    assert float(same["contrast"]) == pytest.approx(3 * math.log1p(others * math.exp(-1 / TEMPERATURE)), rel=1e-5)
    assert float(alike["contrast"]) == pytest.approx(3 * math.log(others + 1), rel=1e-5)
    assert set(same) == {"contrast"}


def test_what_has_moved_costs_more_than_what_cannot_be_told() -> None:
    moved, unknown = loss(PLACES.roll(1, -1), PLACES), loss(torch.ones_like(PLACES), PLACES)
    assert float(moved["contrast"]) > float(unknown["contrast"]) + 1
    kept = loss(PLACES.roll(1, -1), PLACES, identity=2)["identity"]
    torch.testing.assert_close(kept / 2, loss(PLACES, PLACES)["contrast"] / 3)


def test_places_become_vectors_of_length_one_at_every_size() -> None:
    torch.manual_seed(0)
    network = Contrastive(UNet(1, 1, 4, depth=2), width=8)
    pictures = torch.rand(3, 1, 16, 16)
    assert [maps.shape for maps in network.there.halved(pictures)] == [(3, 4, 16, 16), (3, 8, 8, 8), (3, 16, 4, 4)]
    found = network.described(pictures, [torch.arange(count) for count in (9, 7, 5)])
    assert [vectors.shape for vectors in found] == [(3, 9, 8), (3, 7, 8), (3, 5, 8)]
    for vectors in found:
        torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(vectors.shape[:2]))
    torch.testing.assert_close(network(None, pictures), network.there(None, pictures))


def test_the_loss_teaches_the_generator_and_its_heads() -> None:
    torch.manual_seed(0)
    gan = SMALL.build()
    first, second = (kind[:4] for kind in (SMALL.kinds().first, SMALL.kinds().second))
    fake = gan.generate(None, first)  # type: ignore[arg-type]
    extra = reconstruction.contrast(1)(gan, fake, Batch(second, first))
    extra["contrast"].backward()
    parts = [gan.generator.get_submodule(name) for name in ("heads", "there.first", "there.down", "there.last")]
    weights = [weight for part in parts for weight in part.parameters()]
    assert all(weight.grad is not None and weight.grad.any() for weight in weights)


def test_only_the_second_kind_is_made_and_every_picture_meets_every_other() -> None:
    source = Towards(torch.arange(3.0)[:, None, None, None], 10 * torch.arange(2.0)[:, None, None, None])
    batch = source.batch(torch.arange(len(source)))
    met = set(zip(batch.condition.flatten().tolist(), batch.real.flatten().tolist(), strict=True))
    assert met == {(x, y) for x in (0, 1, 2) for y in (0, 10)}


@pytest.mark.parametrize("source", ["kanji", "emoji"])
def test_training_moves_the_generator_and_every_figure_is_there(source: str) -> None:
    plan = replace(SMALL, source=source)
    gan = plan.build()
    before = [weight.clone() for weight in gan.generator.parameters()]
    records = list(plan.train(gan, plan.data()))
    assert set(records[-1].extra) == {"contrast"}
    assert any(not torch.equal(old, new) for old, new in zip(before, gan.generator.parameters(), strict=True))
    channels = plan.kinds().first.shape[1]
    assert ("ink_overlap_there" in plan.score(gan)) == (channels == 1)
    made = plan.samples(gan, 5)
    assert made.shape == (5, channels, 32, 32)
    network, wanted = offers.translator(plan, gan, "cut/cpu")
    assert wanted == channels
    torch.testing.assert_close(network(plan.kinds().unseen_first[:1]).clamp(-1, 1), made[:1])
    assert plan.sheet(gan).axes[0].get_title(loc="left").startswith(plan.kinds().names[0])


def test_turned_it_learns_the_other_way() -> None:
    turned = replace(SMALL, turned=True)
    assert turned.kinds().names == SMALL.kinds().names[::-1]
    assert torch.equal(turned.kinds().unseen_first, SMALL.kinds().unseen_second)
    batch = turned.data().batch(torch.tensor([1]))
    assert torch.equal(batch.condition[0], SMALL.kinds().second[0]) and torch.equal(
        batch.real[0], SMALL.kinds().first[1]
    )
