"""Plans: FLOPs as torch counts them in real steps, weights by hand, and a roofline that keeps its order."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from gan_lessons import counting, losses, plans, recipes
from gan_lessons.__main__ import main
from gan_lessons.gan import GAN
from gan_lessons.recipes import Recipe
from gan_lessons.training import train

BATCH, DIMS, NOISE = 8, 5, 3


@dataclass(frozen=True, kw_only=True)
class Linear(Recipe):
    """A GAN of one linear layer a player."""

    steps: int = 100
    batch: int = BATCH

    def data(self):
        return torch.randn(50, DIMS, generator=torch.Generator().manual_seed(0))

    def build(self, device="cpu", seed=0):
        with torch.device(device):
            return GAN(nn.Linear(NOISE, DIMS), nn.Linear(DIMS, 1), noise_dim=NOISE, seed=seed)

    def train(self, gan, data):
        return train(gan, data, losses.hinge, steps=self.steps, batch=self.batch)

    def score(self, gan): ...
    def sheet(self, gan): ...


def test_a_linear_gan_by_hand() -> None:
    found = plans.plan(Linear())
    assert (found.generator, found.discriminator) == (NOISE * DIMS + DIMS, DIMS + 1)
    assert found.average == 4 * found.generator and found.weights == 4 * (found.generator + found.discriminator)
    assert found.optimizers == 2 * found.weights and found.data == 4 * 50 * DIMS
    product = 2 * BATCH * NOISE * DIMS  # of G
    score = 2 * BATCH * DIMS  # of D, for a batch
    # D's turn: a fake batch, both scored in one pass, and the slopes of D's weights; G's: a fake batch, its scores,
    # their slopes by the fakes and those of G's weights. Hinge asks for no real scores then.
    assert found.step_flops == (product + 2 * score + 2 * score) + (product + score + score + product)
    assert found.flops == found.step_flops / BATCH


SAME = {"spoken_words", "drums"}  # spoken_digits of other clips


@pytest.mark.parametrize("name", sorted(set(recipes.known()) - SAME))
def test_flops_are_torchs_of_a_real_step(name: str) -> None:
    """Planned on `meta`, and counted by torch's own counter in real steps; at 5 % they are one figure."""
    sizes = recipes.sizes(name)
    recipe = sizes.get("cpu", next(iter(sizes.values())))
    recipe = replace(recipe, batch=16)
    data = recipe.data()
    found = plans.plan(recipe, data)
    gan = recipe.build()
    running = recipe.train(gan, data)
    next(running)
    plain, penalised = (flops_of_a_step(gan, running, at) for at in (1, found.counted))
    mean = ((found.counted - 1) * plain + penalised) / found.counted
    assert found.step_flops == pytest.approx(mean, rel=0.05)


def flops_of_a_step(gan: GAN, running, at: int) -> int:
    """By torch's counter, which takes a recurrent layer of oneDNN's for nothing, so that stays out."""
    gan.step = at
    counter = FlopCounterMode(display=False)
    counter.mod_tracker = Untracked()
    recurrent = any(
        isinstance(layer, nn.LSTM | nn.GRU) for layer in (*gan.generator.modules(), *gan.discriminator.modules())
    )
    with torch.backends.mkldnn.flags(enabled=not recurrent), counter:
        next(running)
    return counter.get_total_flops()


class Untracked(nullcontext):
    """Stands in for the counter's table of modules, which refuses a penalty's second slopes."""

    parents: ClassVar = {"Global"}


def test_memory_grows_with_the_batch_and_is_what_lives() -> None:
    recipe = recipes.find("digits", "cpu")
    few, many = (plans.plan(replace(recipe, batch=batch)) for batch in (32, 64))
    assert few.memory(64) == pytest.approx(many.memory(64), rel=0.1)
    assert [many.fits(memory * 1e9) for memory in (1, 8, 24)] == sorted(
        many.fits(memory * 1e9) for memory in (1, 8, 24)
    )
    assert many.fits(1e9) == 0 and many.memory(many.fits(8e9)) + plans.RESERVED <= 8e9


def test_counting_forgets_what_is_freed() -> None:
    with counting.Counting() as found:
        kept = torch.empty(1000, device="meta") + 1
        for _ in range(5):
            kept.exp()
        view = kept[:10]
    assert found.live == 4000 and found.peak == 8000 and view.shape == (10,)


def test_a_faster_card_takes_no_longer_and_a_graph_neither() -> None:
    found = plans.plan(recipes.find("digits", "cpu"))
    for card in plans.CARDS.values():
        assert found.seconds(card, graph=True) <= found.seconds(card)
        assert found.seconds(card._replace(flops=2 * card.flops)) <= found.seconds(card)
    endless = plans.Card(1e30, 1e30, 1)
    assert found.seconds(endless) == pytest.approx(plans.LAUNCH * len(found.kernels) / found.counted)
    assert found.seconds(endless, True) == pytest.approx(plans.LEAST * len(found.kernels) / found.counted)


def test_the_command_prints_a_plan_and_says_that_it_is_none_measured(capsys: pytest.CaptureFixture) -> None:
    assert main(["describe", "digits", "--plan", "--size", "cpu"]) == 0
    printed = capsys.readouterr().out
    for word in ("Weights", "FLOPs a real sample", "in 80 GB", "T4", "H100", "kWh", "not measured"):
        assert word in printed
    assert main(["describe", "--plan"]) != 0
