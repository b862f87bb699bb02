"""Image to image: the networks of pairs and of no pairs, their further losses, and spectra."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from gan_lessons import losses, reconstruction, training
from gan_lessons.data.sources import Batch, Paired, Unpaired
from gan_lessons.gan import GAN
from gan_lessons.metrics import translation
from gan_lessons.metrics.spectra import radial, spectrum_gap, told_apart
from gan_lessons.networks.translation import Both, EachOwn, PatchDiscriminator, UNet, limited


class Negative(nn.Module):
    """A translation whose way back is itself."""

    def forward(self, noise: Any, picture: Tensor) -> Tensor:
        return -picture


@pytest.mark.parametrize("size", [(32, 32), (30, 45), (9, 70)])
def test_a_u_net_keeps_any_size_and_stays_in_range(size: tuple[int, int]) -> None:
    network = UNet(1, 3, width=4)
    with torch.no_grad():
        made = network(None, torch.randn(2, 1, *size))
    assert made.shape == (2, 3, *size)


def test_what_goes_beyond_the_range_still_has_a_slope() -> None:
    pixels = torch.tensor([-3.0, 0.5, 2.0], requires_grad=True)
    out = limited(pixels)
    out.sum().backward()
    torch.testing.assert_close(out, torch.tensor([-1.2, 0.5, 1.1]))
    torch.testing.assert_close(pixels.grad, torch.tensor([0.1, 1.0, 0.1]))


def test_noise_moves_the_output_only_where_there_is_some() -> None:
    picture, noise = torch.randn(2, 1, 16, 16), torch.randn(2, 4)
    with torch.no_grad():
        deaf, open_ = UNet(1, 1, 4), UNet(1, 1, 4, noise_dim=4)
        assert torch.equal(deaf(noise, picture), deaf(None, picture))
        assert not torch.equal(open_(noise, picture), open_(-noise, picture))


@pytest.mark.parametrize("depth", [2, 3])
def test_a_score_sees_its_receptive_field_and_no_pixel_more(depth: int) -> None:
    network = PatchDiscriminator(1, condition_channels=0, width=4, depth=depth)
    pixels = torch.zeros(1, 1, 128, 128, requires_grad=True)
    scores = network(pixels)
    scores[0, 0, scores.shape[2] // 2, scores.shape[3] // 2].backward()
    assert pixels.grad is not None
    seen = pixels.grad[0, 0].abs().sum(0).nonzero()
    assert int(seen.max() - seen.min()) + 1 == network.receptive_field


def test_the_condition_is_looked_at() -> None:
    network, picture = PatchDiscriminator(1, condition_channels=1, width=4), torch.randn(2, 1, 32, 32)
    assert not torch.equal(network(picture, picture), network(picture, -picture))
    assert network(picture, picture).shape == (2, 1, 4, 4)


def test_both_go_each_its_own_way() -> None:
    first, second = torch.randn(2, 1, 8, 8), torch.randn(2, 3, 8, 8)
    there = nn.Conv2d(1, 3, 1)

    class Mapped(nn.Module):
        def forward(self, noise: Any, picture: Tensor) -> Tensor:
            return there(picture) if picture.shape[1] == 1 else picture[:, :1]

    both = Both(Mapped(), Mapped(), (1, 3))
    made = both(None, torch.cat([first, second], 1))
    torch.testing.assert_close(made, torch.cat([second[:, :1], there(first)], 1))
    scores = EachOwn(PatchDiscriminator(1, 0, 4), PatchDiscriminator(3, 0, 4), (1, 3))(torch.randn(2, 4, 32, 32))
    assert scores.shape == (2, 1, 32)


def test_unpaired_pictures_meet_in_every_combination() -> None:
    source = Unpaired(torch.arange(3.0)[:, None, None, None], 10 * torch.arange(2.0)[:, None, None, None])
    batch = source.batch(torch.arange(len(source)))
    met = {tuple(pair) for pair in batch.real.flatten(1).tolist()}
    assert met == {(x, y) for x in (0, 1, 2) for y in (0, 10)} and torch.equal(batch.real, batch.condition)


def test_unpaired_pictures_have_one_size_and_pairs_one_number() -> None:
    with pytest.raises(ValueError, match="of one size"):
        Unpaired(torch.zeros(2, 1, 8, 8), torch.zeros(2, 1, 16, 16))
    with pytest.raises(ValueError, match="one input for each of 2"):
        Paired(torch.zeros(2, 1, 8, 8), torch.zeros(3, 1, 8, 8))


def test_losses_by_hand() -> None:
    first, second = torch.rand(4, 1, 8, 8), torch.rand(4, 1, 8, 8)
    both = torch.cat([first, second], 1)
    network = Both(Negative(), Negative())
    gan = GAN(network, nn.Linear(1, 1), 0, optimizer=lambda _: torch.optim.SGD([torch.zeros(1)], 0.1))
    fake = gan.generate(None, both)  # type: ignore[arg-type]
    found = reconstruction.cycle(3, 2)(gan, fake, Batch(both, both))
    assert float(found["cycle"]) == 0  # twice the negative is the picture
    torch.testing.assert_close(found["identity"], 2 * (2 * first.mean() + 2 * second.mean()) / 2)
    torch.testing.assert_close(reconstruction.l1(5)(gan, first, Batch(second))["l1"], 5 * (first - second).abs().mean())


@pytest.mark.parametrize("kind", ["paired", "unpaired"])
def test_the_loop_trains_both_kinds(kind: str) -> None:
    pixels = torch.rand(16, 1, 16, 16) - 0.5
    torch.manual_seed(0)
    network: nn.Module
    discriminator: nn.Module
    if kind == "paired":
        data: Any = Paired(-pixels, pixels)
        network, discriminator = UNet(1, 1, 8, depth=2), PatchDiscriminator(1, 1, 4, depth=2)
        extra = reconstruction.l1(50)
    else:
        data = Unpaired(pixels, -pixels)
        network = Both(UNet(1, 1, 8, depth=2), UNet(1, 1, 8, depth=2))
        discriminator = EachOwn(PatchDiscriminator(1, 0, 4, 2), PatchDiscriminator(1, 0, 4, 2))
        extra = reconstruction.cycle(50)
    gan = GAN(network, discriminator, noise_dim=0)
    records = list(training.train(gan, data, losses.relativistic, steps=100, batch=8, extra=extra))
    name = "l1" if kind == "paired" else "cycle"
    assert float(records[-1].extra[name]) < 0.7 * float(records[0].extra[name])


def test_blur_shows_in_the_spectrum_and_not_in_what_is_coarse() -> None:
    generator = torch.Generator().manual_seed(0)
    real, others = torch.rand(2, 300, 3, 32, 32, generator=generator)
    blurred = interpolate(avg_pool2d(others, 2), 32, mode="bilinear")
    assert spectrum_gap(real, others) < 0.3 < 3 < spectrum_gap(real, blurred)
    assert told_apart(real, blurred) > 0.99 and 0.4 < told_apart(real, others) < 0.6
    assert told_apart(real, real) <= 0.5


@pytest.mark.filterwarnings("error")
def test_few_pictures_are_not_told_apart() -> None:
    """And nothing of the folds that would stay empty is printed."""
    real, fake = torch.rand(2, 9, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    for count in (1, 2, 4):
        assert math.isnan(told_apart(real[:count], fake)) and math.isnan(told_apart(real, fake[:count]))
        assert translation.scores(real[:count], fake[:count])["l1"] > 0
    assert 0 <= told_apart(real[:5], fake) <= 1


def test_a_wave_has_its_power_where_its_frequency_is() -> None:
    wave = torch.sin(torch.arange(64) * 2 * torch.pi * 8 / 64).expand(1, 1, 64, 64)
    assert int(radial(wave)[0].argmax()) == 7  # the first is one period a side
    with pytest.raises(ValueError, match="square"):
        radial(torch.zeros(1, 1, 8, 16))
