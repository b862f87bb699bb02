"""WaveGAN: phase shuffle, shapes, and a recipe that learns and resumes like the others."""

from dataclasses import replace

import pytest
import torch

from gan_lessons import recipes
from gan_lessons.networks.wavegan import WaveDiscriminator, WaveGenerator, phase_shuffle


def test_phase_shuffle_moves_and_mirrors():
    torch.manual_seed(0)
    ramp = torch.arange(10.0).expand(200, 3, 10)
    assert torch.equal(phase_shuffle(ramp, 0), ramp)
    moved = phase_shuffle(ramp, 2)
    assert (moved[:, 0] == moved[:, 2]).all(), "channels move together"
    seen = {tuple(one) for one in moved[:, 0].tolist()}
    later, sooner = (2, 3, 4, 5, 6, 7, 8, 9, 8, 7), (2, 1, 0, 1, 2, 3, 4, 5, 6, 7)
    assert len(seen) == 5 and later in seen and sooner in seen


def test_gradients_pass_through_phase_shuffle():
    sound = torch.randn(4, 1, 12, requires_grad=True)
    phase_shuffle(sound, 2).sum().backward()
    assert sound.grad is not None and float(sound.grad.sum()) == pytest.approx(48)


def test_shapes():
    waveforms = WaveGenerator(20, width=4)(torch.randn(3, 20))
    assert waveforms.shape == (3, 1, 1, 4096) and float(waveforms.detach().abs().max()) <= 1
    assert WaveDiscriminator(width=4)(waveforms).shape == (3, 512)


def test_a_discriminator_without_shuffle_is_certain():
    torch.manual_seed(0)
    waveforms = torch.randn(2, 1, 1, 4096)
    for shuffle, same in ((0, True), (2, False)):
        network = WaveDiscriminator(width=4, shuffle=shuffle)
        assert torch.equal(network(waveforms), network(waveforms)) == same


def test_it_learns_how_loud_a_clip_is():
    """In forty steps the loudness of its clips comes nearer to that of real ones."""
    recipe = replace(recipes.find("wavegan"), steps=40, generator_width=8, discriminator_width=8)
    gan, data = recipe.build(), recipe.data()
    real = data.samples.std()
    labels = torch.arange(10).repeat(3)
    before = recipe.say(gan, labels).std()
    for _ in recipe.train(gan, data):
        pass
    after = recipe.say(gan, labels).std()
    assert abs(after - real) < abs(before - real)
    assert recipe.samples(gan, labels).shape == (30, 64, 64)
    assert recipe.listen(gan).shape == (10, 4096)
