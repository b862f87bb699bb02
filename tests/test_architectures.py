"""The ideas of architectures: each does what its paper says, on inputs for which that is known."""

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from gan_lessons.networks.attention import SelfAttention
from gan_lessons.networks.growing import GrowingDiscriminator, GrowingGenerator, grow
from gan_lessons.networks.resampling import AliasFree, doubled, halved, low_pass
from gan_lessons.networks.residual import ResidualBlock, ResidualDiscriminator, ResidualGenerator
from gan_lessons.networks.styles import Mapping, Modulated, Noisy, Normalised, StyleGenerator, mixed, truncated


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


# Attention


def test_a_fresh_attention_layer_changes_nothing_and_an_open_one_adds_a_mean_of_values() -> None:
    layer, maps = SelfAttention(12, 4), torch.randn(3, 12, 5, 6)
    assert torch.equal(layer(maps), maps)
    nn.init.constant_(layer.gate, 0.5)
    weights, values = layer.weights(maps), layer.value(maps).flatten(2)
    assert torch.allclose(weights.sum(-1), torch.ones(3, 30))
    added = (values @ weights.transpose(1, 2)).unflatten(2, (5, 6))
    assert torch.allclose(layer(maps), maps + 0.5 * added, atol=1e-5)


def test_one_place_reaches_every_other_by_attention() -> None:
    layer, maps = SelfAttention(4, 4), torch.randn(1, 4, 7, 7, requires_grad=True)
    nn.init.ones_(layer.gate)
    (slopes,) = torch.autograd.grad(layer(maps)[0, :, 0, 0].sum(), maps)
    assert (slopes.abs().sum(1) > 0).all()


# Growing


def test_a_growing_generator_fades_in_the_larger_picture() -> None:
    generator, noise = GrowingGenerator(8, 32, width=4, hidden=8).eval(), torch.randn(2, 8)
    pictures = {}
    for stage in (0.0, 1.0, 1.5, 2.0):
        generator.stage = stage
        pictures[stage] = generator(noise)
        assert pictures[stage].shape == (2, 3, 32, 32)
    small = avg_pool2d(pictures[0.0], 4)
    assert torch.allclose(interpolate(small, 32), pictures[0.0], atol=1e-6)  # 8 × 8 in large pixels
    assert torch.allclose(pictures[1.5], (pictures[1.0] + pictures[2.0]) / 2, atol=1e-6)


def test_a_growing_discriminator_sees_only_what_its_stage_shows() -> None:
    discriminator, pixels = GrowingDiscriminator(32, width=4, hidden=8, group=1), torch.randn(2, 3, 32, 32)
    for stage, side in ((0.0, 8), (1.0, 16)):
        discriminator.stage = stage
        coarse = interpolate(avg_pool2d(pixels, 32 // side), 32)
        assert torch.allclose(discriminator(pixels), discriminator(coarse), atol=1e-5)
    discriminator.stage = 2.0
    assert not torch.allclose(discriminator(pixels), discriminator(coarse), atol=1e-3)


def test_stages_rise_from_the_smallest_to_the_full_size_and_hold_in_between() -> None:
    gan = SimpleNamespace(**{name: GrowingGenerator(4, 32, width=4, hidden=4) for name in ("generator", "average")})
    gan.discriminator = GrowingDiscriminator(32, width=4, hidden=4)
    stages = []
    for step in range(101):
        grow(gan, step / 100, until=0.6)
        stages.append(gan.generator.stage)
        assert gan.discriminator.stage == gan.average.stage == stages[-1]
    assert stages[0] == 0 and stages == sorted(stages) and stages[60] == stages[-1] == 2
    assert stages.count(1.0) >= 9  # half of its fifth of the training
    assert all(stage == 0 for stage in stages[:20])


# Styles


def test_the_mapping_forgets_the_length_of_the_noise() -> None:
    mapping, noise = Mapping(8), torch.randn(4, 8)
    assert torch.allclose(mapping(noise), mapping(3 * noise), atol=1e-5)


def test_adaptive_normalisation_scales_and_shifts_each_sample_by_its_style() -> None:
    layer = Normalised(nn.Conv2d(3, 5, 3, padding=1, bias=False), 4)
    for part in (layer.scale, layer.shift):
        nn.init.zeros_(part.weight)
    nn.init.constant_(layer.shift.bias, 10)  # so far from 0 that the nonlinearity has no say
    nn.init.constant_(layer.scale.bias, 1)
    maps = layer(torch.randn(64, 3, 9, 9), torch.randn(64, 4))
    assert torch.allclose(maps.mean((0, 2, 3)), torch.full((5,), 10.0), atol=1e-3)
    assert torch.allclose(maps.var((0, 2, 3)), torch.full((5,), 4.0), rtol=0.01)


@pytest.mark.parametrize(
    "convolution",
    [nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.ConvTranspose2d(16, 32, 4, stride=2, padding=1, bias=False)],
)
def test_demodulation_keeps_unit_variance_whatever_the_style(convolution: nn.Module) -> None:
    layer, seen = Modulated(convolution, 4), []  # type: ignore[arg-type]
    nn.init.normal_(layer.scale.weight, 0, 3)
    maps, style = torch.randn(64, 16, 16, 16), torch.randn(64, 4)

    def keep(_: nn.Module, inputs: tuple, outputs: Tensor) -> None:
        seen.append(outputs)

    layer.convolution.register_forward_hook(keep)
    out = layer(maps, style)
    before = torch.where(out > 0, out, out / 0.2)[:, :, 2:-2, 2:-2]  # edges see fewer inputs
    assert abs(float(before.detach().var((2, 3)).mean()) - 1) < 0.1
    plain = seen[0][:, :, 2:-2, 2:-2].var((1, 2, 3))
    assert plain.max() > 4 * plain.min()  # what it undoes


def test_a_fresh_noise_input_changes_nothing_and_a_learned_one_adds_one_picture_to_all_maps() -> None:
    inside = Modulated(nn.Conv2d(3, 5, 3, padding=1, bias=False), 4)
    layer, maps, style = Noisy(inside), torch.randn(2, 3, 8, 8), torch.randn(2, 4)
    assert torch.equal(layer(maps, style), inside(maps, style))
    layer.strength.data = torch.arange(5.0)[:, None, None]
    added = layer(maps, style) - inside(maps, style)
    assert torch.allclose(added[:, 3], 3 * added[:, 1], atol=1e-4) and added[:, 0].abs().max() < 1e-6
    assert 0.7 < float(added[:, 1].detach().std()) < 1.3


@pytest.mark.parametrize("layer", [Normalised, Modulated])
@pytest.mark.parametrize("constant", [False, True])
def test_a_style_generator_draws_of_one_style_a_layer(layer: type, constant: bool) -> None:
    generator = StyleGenerator(8, 24, width=4, hidden=8, layer=layer, constant=constant).eval()
    noise = torch.randn(6, 8)
    pixels, styles = generator(noise), generator.mapping(noise)
    layers = 1 + len(generator.layers)
    assert pixels.shape == (6, 3, 24, 24) and pixels.abs().max() <= 1
    assert torch.allclose(generator.draw(styles[:, None].expand(-1, layers, -1)), pixels)
    mix = styles[:, None].repeat(1, layers, 1)
    mix[:, -1] = styles.roll(1, 0)
    assert not torch.allclose(generator.draw(mix), pixels, atol=1e-4)


def test_mixing_hands_a_share_of_samples_a_second_style_after_a_random_layer() -> None:
    styles = torch.arange(4000.0)[:, None, None].expand(-1, 5, 2)
    out = mixed(styles, 0.4)
    own = out == styles
    assert own[:, 0].all()  # the first layer keeps its own
    assert (own.int().diff(dim=1) <= 0).all()  # and once a layer has the other's, so have all behind it
    changed = ~own[:, -1, 0]
    assert abs(float(changed.double().mean()) - 0.4) < 0.04  # five standard errors
    where = own[changed][:, :, 0].sum(1).bincount(minlength=5)[1:]
    assert where.min() > 300 and len(where) == 4  # 400 each, give or take five standard errors
    assert torch.equal(out[changed, -1], styles.roll(1, 0)[changed, -1])
    assert torch.equal(mixed(styles, 0.0), styles)


def test_truncation_pulls_styles_to_their_centre() -> None:
    generator = StyleGenerator(8, 24, width=4, hidden=8)
    with torch.no_grad():
        center, styles = generator.center(), generator.mapping(torch.randn(500, 8))
    assert (styles.mean(0) - center).norm() < 0.5 * styles.std(0).norm()
    assert torch.allclose(truncated(styles, center, 1.0), styles, atol=1e-6)
    assert torch.allclose(truncated(styles, center, 0.0), center.expand(500, -1), atol=1e-6)
    half = truncated(styles, center, 0.5)
    assert torch.allclose((half - center).norm(dim=1), (styles - center).norm(dim=1) / 2, rtol=1e-4)


# R3GAN's blocks


def test_a_fresh_residual_block_is_the_identity_and_learns_from_there() -> None:
    block, maps = ResidualBlock(16, depth=3, per_group=8), torch.randn(2, 16, 4, 4)
    assert torch.equal(block(maps), maps)
    block(maps).square().sum().backward()
    assert block.narrow.weight.grad is not None and block.narrow.weight.grad.abs().sum() > 0
    grouped = block.mix.weight.numel()
    assert grouped == 32 * 8 * 9  # each of 32 maps sees a group of 8, not all 32


def test_residual_players_fit_each_other_and_judge_each_sample_by_itself() -> None:
    generator, discriminator = ResidualGenerator(8, 24, width=16), ResidualDiscriminator(24, width=16)
    pixels = generator(torch.randn(4, 8))
    scores = discriminator(pixels)
    assert pixels.shape == (4, 3, 24, 24) and scores.shape == (4,)
    assert torch.allclose(discriminator(pixels[:1]), scores[:1], atol=1e-5)


# Alias-free layers


def smooth(side: int = 32, finest: float = 0.2) -> Tensor:
    """Maps without detail finer than `finest` cycles a pixel, [1, 4, side, side]."""
    frequencies = torch.fft.fftfreq(side)
    low = (frequencies[:, None] ** 2 + frequencies**2).sqrt() < finest
    return torch.fft.ifft2(torch.fft.fft2(torch.randn(1, 4, side, side)) * low).real


def shifted(maps: Tensor, by: float) -> Tensor:
    """Maps shifted sideways by a part of a pixel, by the theorem of shifts."""
    turn = torch.exp(-2j * torch.pi * by * torch.fft.fftfreq(maps.shape[-1]))
    return torch.fft.ifft2(torch.fft.fft2(maps) * turn).real


def equivariance(layer: nn.Module | type, maps: Tensor) -> float:
    """How well a layer moves with its input, in decibels."""
    off = layer(shifted(maps, 0.5)) - shifted(layer(maps), 0.5)
    return float(10 * torch.log10(layer(maps).var() / off.square().mean()))


def test_an_alias_free_layer_moves_with_its_input() -> None:
    maps = smooth()
    plain = equivariance(lambda some: leaky_relu(some, 0.2), maps)  # type: ignore[arg-type]
    assert equivariance(AliasFree(), maps) > plain + 8


def test_smooth_maps_survive_being_doubled_and_halved() -> None:
    maps, filtering = smooth(), low_pass()
    assert abs(float(filtering.sum()) - 1) < 1e-6 and torch.allclose(filtering, filtering.flip(0))
    twice = doubled(maps, filtering)
    assert twice.shape == (1, 4, 64, 64)
    assert float((halved(twice, filtering) - maps).square().mean().sqrt()) < 0.05 * float(maps.std())
