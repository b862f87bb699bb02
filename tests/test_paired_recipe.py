"""A recipe of another kind, written as a reader would write it: grey pictures in, coloured pictures out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn.functional import interpolate, leaky_relu

from gan_lessons import training
from gan_lessons.contract import ContractError
from gan_lessons.data.sources import Batch, as_source
from gan_lessons.gan import GAN, Record
from gan_lessons.recipes import Modern
from gan_lessons.runs import Run


class Pairs:
    """Coloured squares [count, 3, side, side] and, as the condition, their brightness [count, 1, side, side]."""

    def __init__(self, count: int = 64, side: int = 8):
        spots = torch.randn(count, 1, 3, 3, generator=torch.Generator().manual_seed(0))
        self.grey = interpolate(spots, side, mode="bilinear").tanh()
        self.colour = torch.cat([self.grey, -self.grey, self.grey.abs() * 2 - 1], 1)

    def __len__(self) -> int:
        return len(self.colour)

    def batch(self, indices: torch.Tensor) -> Batch:
        return Batch(self.colour[indices], self.grey[indices])


class Colourist(nn.Module):
    """A small U-Net, [batch, 1, h, w] to [batch, 3, h, w]; there is no noise."""

    def __init__(self, width: int = 8):
        super().__init__()
        self.down, self.middle = nn.Conv2d(1, width, 4, 2, 1), nn.Conv2d(width, width, 3, 1, 1)
        self.up = nn.ConvTranspose2d(2 * width, width, 4, 2, 1)
        self.last = nn.Conv2d(width + 1, 3, 3, 1, 1)

    def forward(self, noise, grey):
        half = leaky_relu(self.down(grey), 0.2)
        up = self.up(torch.cat([half, leaky_relu(self.middle(half), 0.2)], 1))
        return self.last(torch.cat([leaky_relu(up, 0.2), grey], 1)).tanh()


class PatchCritic(nn.Module):
    """Pictures beside their condition to scores of patches, [batch, 1, h/2, w/2]."""

    def __init__(self, width: int = 8):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(4, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, 1, 3, 1, 1))

    def forward(self, pictures, grey):
        return self.layers(torch.cat([pictures, grey], 1))


def close_to_the_pair(gan: GAN, fake: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
    return {"l1": 10 * (fake - batch.real).abs().mean()}


@dataclass(frozen=True, kw_only=True)
class Colouring(Modern):
    """Pix2pix in small: a score a patch, and an L1 distance from the pair. Isola et al. 2017, arXiv:1611.07004."""

    best = "lowest distance"

    def data(self) -> Pairs:
        return Pairs()

    def players(self) -> tuple[nn.Module, nn.Module]:
        return Colourist(), PatchCritic()

    def train(self, gan: GAN, data: Any, **more: Any) -> Iterator[Record]:
        return super().train(gan, data, extra=close_to_the_pair, **more)

    def score(self, gan: GAN) -> dict[str, float]:
        pairs = self.data()
        return {"distance": float((self.samples(gan, pairs.grey) - pairs.colour).abs().mean())}

    def sheet(self, gan: GAN) -> Figure:
        figure = Figure(figsize=(1, 1))
        figure.subplots().imshow(self.samples(gan, self.data().grey[:1])[0].permute(1, 2, 0).numpy() / 2 + 0.5)
        return figure


RECIPE = Colouring(steps=60, batch=8, noise_dim=0, learning_rate=1e-2, penalty_weight=0.1, average_decay=0.5)


def test_the_pictures_come_closer_to_their_pairs():
    gan = RECIPE.build()
    before = RECIPE.score(gan)["distance"]
    records = list(RECIPE.train(gan, RECIPE.data()))
    l1 = training.stacked(records).extra["l1"]
    assert l1.shape == (60,) and l1[-5:].mean() < 0.6 * l1[:5].mean()
    assert RECIPE.score(gan)["distance"] < 0.6 * before
    assert gan.one_pass
    # scores are of patches, and recorded as one number
    assert gan.score(*RECIPE.data().batch(torch.arange(3))).shape == (3 * 16,)
    assert records[-1].real_score.shape == ()


def test_without_the_l1_only_the_game_is_left():
    gan = RECIPE.build()
    (record, *_) = Modern.train(replace(RECIPE, steps=1), gan, RECIPE.data())
    assert record.extra == {}


def test_samples_follow_what_is_asked_and_nothing_else():
    gan = RECIPE.build()
    grey = RECIPE.data().grey[:5]
    made = RECIPE.samples(gan, grey)
    assert made.shape == (5, 3, 8, 8)
    assert made.equal(RECIPE.samples(gan, grey, seed=1))  # there is no noise to draw
    torch.testing.assert_close(made.flip(0), RECIPE.samples(gan, grey.flip(0)))
    assert gan.sample(2, average=False, condition=grey[:2]).shape == (2, 3, 8, 8)


def go(folder, recipe, stop=None):
    with Run(recipe, folder, recipe.build(), "colouring/cpu@1") as run:
        if (folder / "checkpoint.pt").is_file():
            run.resume()
        else:
            run.rehearse()
        for record, _ in run.train(4):
            if record.step == stop:
                run.stop()
                return None
        return run.finish("a command")


def test_a_run_is_saved_and_goes_on(tmp_path):
    recipe = replace(RECIPE, steps=12)
    whole = go(tmp_path / "whole", recipe)
    assert go(tmp_path / "parts", recipe, stop=6) is None
    parts = go(tmp_path / "parts", recipe)
    assert parts["figures"]["distance"] == whole["figures"]["distance"] and parts["steps"] == 12
    files = [tmp_path / name / "generator.safetensors" for name in ("whole", "parts")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert (tmp_path / "parts" / "samples" / "step_000012.png").stat().st_size > 0
    assert (
        json.loads((tmp_path / "whole" / "record.json").read_text())["best"]["distance"] <= whole["figures"]["distance"]
    )


def test_the_curve_tells_the_further_loss_beside_the_figure(tmp_path):
    recipe = replace(RECIPE, steps=4)
    with Run(recipe, tmp_path, recipe.build(), "colouring/cpu@1") as run:
        (*_, (record, figures)) = run.train(4)
    assert record.extra.keys() == {"l1"} and figures.keys() == {"distance"}
    assert run.curve[-1]["l1"] == pytest.approx(float(record.extra["l1"]))
    assert run.curve[-1]["distance"] == figures["distance"]


def test_a_condition_of_several_parts():
    """A tuple or a dictionary reaches both players as it is."""

    class Told(Pairs):
        def batch(self, indices):
            real, grey = super().batch(indices)
            return Batch(real, {"grey": grey})

    class Unpacking(nn.Module):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def forward(self, inputs, told):
            return self.network(inputs, told["grey"])

    together, apart = RECIPE.build(), RECIPE.build()
    gan = GAN(Unpacking(apart.generator), Unpacking(apart.discriminator), 0, optimizer=torch.optim.SGD)
    other = GAN(together.generator, together.discriminator, 0, optimizer=torch.optim.SGD)
    one = list(RECIPE.train(gan, Told()))[9]
    two = list(RECIPE.train(other, Pairs()))[9]
    assert not gan.one_pass and other.one_pass
    torch.testing.assert_close(one[1:5], two[1:5], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(one.extra["l1"], two.extra["l1"], rtol=1e-4, atol=1e-5)
    grey = Pairs().grey[:4]
    torch.testing.assert_close(
        gan.sample(4, condition={"grey": grey}), other.sample(4, condition=grey), rtol=1e-3, atol=1e-4
    )


def test_another_side_is_told():
    with pytest.raises(ContractError, match=r"The generator .*\[8, 1, 9, 9\]"):
        next(RECIPE.train(RECIPE.build(), Pairs(side=9)))
    assert as_source(Pairs()).batch(torch.tensor([0])).condition.shape == (1, 1, 8, 8)
