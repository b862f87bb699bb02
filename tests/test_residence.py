"""Data on a device as bytes, or streamed from the host: the same batches as floats would be."""

import pytest
import torch

from gan_lessons import losses
from gan_lessons.data import images
from gan_lessons.data.residence import EightBit, Streamed, resident, size
from gan_lessons.data.sources import Labelled, OneHot, Paired, Samples
from gan_lessons.gan import GAN
from gan_lessons.networks.points import PointDiscriminator, PointGenerator
from gan_lessons.training import train

BYTES = torch.randint(256, (40, 3, 8, 8), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
PIXELS = BYTES.float().div(127.5).sub(1)
SOME = torch.tensor([3, 1, 39])


def test_bytes_give_back_every_float() -> None:
    every = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    kept = EightBit.of(every.float().div(127.5).sub(1))
    assert isinstance(kept, EightBit) and torch.equal(kept.bytes, every)
    assert torch.equal(EightBit.of(PIXELS)[SOME], PIXELS[SOME])
    digits = images.digits().pixels
    kept = EightBit.of(digits)
    assert isinstance(kept, EightBit) and torch.equal(kept[:100], digits[:100])


@pytest.mark.parametrize("other", [PIXELS * 0.99, PIXELS * 1.5, PIXELS.flatten(1), PIXELS.double()])
def test_what_would_lose_something_stays(other: torch.Tensor) -> None:
    assert EightBit.of(other) is other


def test_on_a_device_pictures_are_bytes_and_batches_floats() -> None:
    for source in (PIXELS, Labelled(PIXELS, torch.arange(40)), Paired(PIXELS, PIXELS)):
        there = resident(source, "meta")
        assert isinstance(there, Samples) and there.samples.bytes.device.type == "meta" and len(there) == 40
        batch = there.batch(SOME.to("meta"))
        assert batch.real.dtype == torch.float32 and batch.real.shape == (3, 3, 8, 8)
    assert size(resident(PIXELS, "meta")) == PIXELS.numel()
    words = OneHot(torch.zeros(10, 4, dtype=torch.long), 5)
    assert resident(words, "meta").batch(SOME.to("meta")).real.shape == (3, 4, 5)
    assert resident(PIXELS, "cpu") is PIXELS


def test_what_does_not_fit_is_streamed_with_the_same_batches() -> None:
    source = Labelled(PIXELS, torch.arange(40))
    assert not isinstance(resident(source, "meta", room=PIXELS.numel() + 40 * 8), Streamed)
    streamed = resident(source, "meta", room=PIXELS.numel())
    assert isinstance(streamed, Streamed) and len(streamed) == 40
    assert streamed.batch(SOME).real.device.type == "meta" and streamed.source.samples.bytes.device.type == "cpu"
    real, labels = Streamed(streamed.source, "cpu").batch(SOME)
    assert torch.equal(real, PIXELS[SOME]) and torch.equal(labels, SOME)


def test_a_streamed_training_is_the_same_training() -> None:
    data = torch.randn(50, 2, generator=torch.Generator().manual_seed(0))

    def trained(source) -> list[float]:
        torch.manual_seed(0)
        gan = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2)
        steps = train(gan, source, losses.relativistic, steps=4, batch=8)
        return [float(record.discriminator_loss) for record in steps]

    assert trained(data) == trained(Streamed(Samples(data), "cpu"))


def test_a_streamed_step_on_meta_draws_its_indices_on_the_host() -> None:
    with torch.device("meta"):
        gan = GAN(PointGenerator(), PointDiscriminator(), noise_dim=2, optimizer=lambda w: torch.optim.SGD(w, lr=0.1))
    record = next(train(gan, Streamed(Samples(torch.randn(50, 2)), "meta"), losses.hinge, steps=100, batch=8))
    assert record.discriminator_loss.device.type == "meta"
