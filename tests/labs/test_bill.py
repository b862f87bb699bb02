"""BillLab: rates by a roofline, and bills that follow from them."""

import pytest

from gan_lessons import plans, recipes, timelines
from gan_lessons.labs.scaling import BillLab, Counted
from gan_lessons.labs.scaling.bill import CARDS
from tests.labs.small import bill_lab
from tests.test_timelines import Linear


def test_counts_at_two_batches_tell_those_at_a_third() -> None:
    recipe = recipes.find("digits", "cpu")
    counted = Counted(recipe)
    for step, (_, start, slope) in enumerate(counted.lines):
        asked, whole = timelines.operations(recipe, 64, step), start + 64 * slope
        assert whole[:, 0].sum() == pytest.approx(sum(one.flops for one in asked))
        assert whole[:, 1].sum() == pytest.approx(sum(one.bytes for one in asked), rel=1e-3)


@pytest.mark.parametrize("every", [1, 4, 20])
def test_a_penalty_is_charged_once_in_so_many_steps(every: int) -> None:
    """Of linear players, 3 numbers of noise to samples of 5 and those to a score, at a batch of 10; by hand."""
    recipe = Linear(
        steps=100, batch=10, noise_dim=3, learning_rate=0.1, penalty_weight=1.0, penalty_every=every, average_decay=0.9
    )
    made, scored = 2 * 10 * 3 * 5, 2 * 10 * 5  # FLOPs of G and of D, once through a batch
    # D's turn: fakes, two scores, slopes of D's weights by each; G's: fakes, two scores, slopes by fakes and weights
    plain = (made + 4 * scored) + (made + 2 * scored + scored + made)
    penalty = 2 * (scored + scored + scored)  # for real and for fake: scores, their slopes, and theirs by the weights
    slow = plans.Card(flops=1.0, bandwidth=1e30, watts=0.0)  # a FLOP takes a second, and the shortest kernel nothing
    _, working = Counted(recipe).microseconds(10, slow, launch=8, share=1.0)
    assert working / 1e6 == pytest.approx(plain + penalty / every, rel=1e-3)


def test_launches_are_those_of_the_mean_step() -> None:
    recipe = recipes.find("digits", "cpu")
    with_penalty, without = (len(timelines.operations(recipe, 16, step)) for step in (0, 1))
    asking, _ = Counted(recipe).microseconds(16, plans.CARDS["T4"], launch=8.0, share=0.5)
    assert recipe.penalty_every == 4 and asking == pytest.approx(8 * (with_penalty + 3 * without) / 4)


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
    assert list(CARDS) == [name.rpartition(" ")[0] for _, name in lab.frame().panels[1].rows]


def test_the_batches_are_named_on_their_axis() -> None:
    speed = bill_lab().frame().panels[0]
    assert speed.columns == ((4, "16"), (6, "64"), (8, "256"), (10, "1,024")) and speed.xlabel == "batch"


def test_without_recipes_it_says_so() -> None:
    assert "at least one recipe" in BillLab({}).sentence
