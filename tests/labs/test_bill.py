"""BillLab: rates by a roofline, and bills that follow from them."""

import pytest

from gan_lessons import recipes, timelines
from gan_lessons.labs.scaling import BillLab
from gan_lessons.labs.scaling.bill import CARDS, Counted
from tests.labs.small import bill_lab


def test_counts_at_two_batches_tell_those_at_a_third() -> None:
    recipe = recipes.find("digits", "cpu")
    counted, asked = Counted(recipe), timelines.operations(recipe, 64)
    whole = counted.start + 64 * counted.slope
    assert whole[:, 0].sum() == pytest.approx(sum(one.flops for one in asked))
    assert whole[:, 1].sum() == pytest.approx(sum(one.bytes for one in asked), rel=1e-3)


def test_launches_make_cards_alike_and_a_graph_tells_them_apart() -> None:
    lab = bill_lab(batch=16, card="H100", launch=20.0)
    assert lab.rate("H100", 16) == lab.rate("A100", 16) and "limited by Python's launches" in lab.sentence
    lab.set(launch=0.0, batch=1024)
    assert lab.rate("H100", 1024) > lab.rate("A100", 1024) > lab.rate("T4", 1024)
    assert "limited by the card" in lab.sentence


def test_bills_are_proportional_to_samples() -> None:
    lab = bill_lab(samples=10)
    hours = [panel.layers[1].data.max() for panel in lab.frame().panels[1:]]
    lab.set(samples=20)
    twice = [panel.layers[1].data.max() for panel in lab.frame().panels[1:]]
    assert all(more == pytest.approx(2 * one) for one, more in zip(hours, twice, strict=True) if one > 1.1)
    assert list(CARDS) == [name.split()[0] for _, name in lab.frame().panels[1].rows]


def test_without_recipes_it_says_so() -> None:
    assert "at least one recipe" in BillLab({}).sentence
