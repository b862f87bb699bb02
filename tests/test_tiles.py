"""Tiles: the same picture as all at once, at any size and scale, in bytes or floats."""

import pytest
import torch
from torch import nn

from gan_lessons.networks.translation import UNet
from gan_lessons.tiles import tiled


def random_unet(outputs: int = 3) -> nn.Module:
    """A U-Net whose residual blocks do something."""
    torch.manual_seed(0)
    network = UNet(3, outputs, width=8)
    for weight in network.parameters():
        if not weight.any():
            nn.init.normal_(weight, std=0.1)
    return network.eval()


@pytest.mark.parametrize("size", [(150, 203), (64, 64), (7, 131), (129, 64)])
def test_tiles_are_the_whole_picture(size):
    network = random_unet()
    picture = 2 * torch.rand(3, *size) - 1
    with torch.inference_mode():
        whole = network(None, picture[None])[0]
    parts = tiled(lambda seen: network(None, seen), picture, tile=64, overlap=64)
    assert torch.allclose(parts, whole, atol=1e-4)


def test_too_small_an_overlap_shows():
    network = random_unet()
    picture = 2 * torch.rand(3, 128, 128) - 1
    with torch.inference_mode():
        whole = network(None, picture[None])[0]
    parts = tiled(lambda seen: network(None, seen), picture, tile=64, overlap=0)
    assert (parts - whole).abs().max() > 1e-2


def test_enlarges_and_keeps_bytes():
    enlarge = nn.Upsample(scale_factor=4)
    picture = torch.randint(0, 256, (3, 50, 70), dtype=torch.uint8)
    made = tiled(enlarge, picture, scale=4, tile=32, overlap=16)
    assert made.dtype == torch.uint8
    assert torch.equal(made, picture.repeat_interleave(4, 1).repeat_interleave(4, 2))


def test_channels_may_change():
    assert tiled(lambda seen: seen.mean(1, keepdim=True), torch.zeros(3, 20, 20), tile=16, overlap=0).shape == (
        1,
        20,
        20,
    )


@pytest.mark.parametrize("tile, overlap", [(60, 16), (64, 10), (0, 16), (64, -16)])
def test_odd_tiles(tile, overlap):
    with pytest.raises(ValueError, match="multiples of 16"):
        tiled(nn.Identity(), torch.zeros(3, 64, 64), tile=tile, overlap=overlap)


def test_a_network_that_makes_another_size():
    with pytest.raises(ValueError, match="2 times the size"):
        tiled(nn.Identity(), torch.zeros(3, 64, 64), scale=2)


def test_no_picture():
    with pytest.raises(ValueError, match="wanted"):
        tiled(nn.Identity(), torch.zeros(1, 3, 64, 64))
