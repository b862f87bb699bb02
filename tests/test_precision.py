"""Scores in float32 under autocast: of what kind they are, and that they are nearer to exact ones."""

from contextlib import nullcontext

import pytest
import torch
from torch import Tensor, nn

from gan_lessons.gan import GAN
from gan_lessons.networks import conditioning
from gan_lessons.networks.images import ImageDiscriminator
from gan_lessons.networks.translation import PatchDiscriminator

SAMPLES = torch.randn(16, 1, 16, 16, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(16) % 4


def judged(name: str) -> tuple[GAN, Tensor | None]:
    torch.manual_seed(0)
    body = ImageDiscriminator(16, 1, 8)
    discriminator = {
        "plain": lambda: body,
        "patches": lambda: PatchDiscriminator(1, 0, 8, 2),
        "projection": lambda: conditioning.headed(body, conditioning.Projection, 4),
        "own": lambda: nn.Sequential(nn.Flatten(), nn.Linear(256, 64), nn.Tanh(), nn.Linear(64, 1)),
    }[name]()
    autocast = torch.autocast("cpu", torch.bfloat16)
    with torch.no_grad():
        for layer in discriminator.modules():
            if getattr(layer, "bias", None) is not None and len(layer.bias) == 1:
                layer.bias.fill_(8.0)  # where bfloat16's next number is 1/16 away
    gan = GAN(nn.Linear(2, 256), discriminator, noise_dim=2, autocast=autocast)
    return gan, LABELS if name == "projection" else None


@pytest.mark.parametrize("name", ["plain", "patches", "projection", "own"])
def test_scores_are_in_float32_and_nearer_to_exact_ones(name: str) -> None:
    gan, condition = judged(name)
    exact = gan.score(SAMPLES, condition)
    with torch.no_grad(), gan.autocast:
        kept = gan.score(SAMPLES, condition)
        gan.exact.on = False  # type: ignore[union-attr]
        rounded = gan.score(SAMPLES, condition)
    assert kept.dtype == torch.float32
    assert rounded.dtype == (torch.float32 if name == "projection" else torch.bfloat16)  # it adds in float32 itself
    assert 10 * (kept - exact).square().mean() < (rounded.float() - exact).square().mean()


def test_a_spectral_norm_is_not_disturbed() -> None:
    torch.manual_seed(0)
    layer = nn.utils.parametrizations.spectral_norm(nn.Linear(8, 1))
    before = {name: value.clone() for name, value in layer.state_dict().items()}
    gan = GAN(nn.Linear(2, 8), layer, noise_dim=2, autocast=torch.autocast("cpu", torch.bfloat16))
    assert gan.exact and all(torch.equal(value, before[name]) for name, value in layer.state_dict().items())


def test_without_autocast_nothing_is_there_and_after_an_error_autocast_is_back() -> None:
    assert GAN(nn.Linear(2, 2), nn.Linear(2, 1), noise_dim=2, autocast=nullcontext()).exact is None
    gan, _ = judged("own")
    with gan.autocast:
        with pytest.raises(RuntimeError):
            gan.discriminator[3](torch.zeros(1, 5))  # type: ignore[index]
        assert torch.is_autocast_enabled("cpu")
