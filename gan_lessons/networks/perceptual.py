"""What a network that was trained on ImageNet sees first of a picture: edges, textures, colours. It is frozen."""

from torch import Tensor, nn
from torch.nn.functional import relu6

from gan_lessons.networks.projected import lite

LEVELS = (0, 1, 3)  # after the stem, and after how many blocks: at 1/2, 1/2 and 1/4 of the side


class Shallow(nn.Module):
    """Pixels [batch, 3, height, width] in [-1, 1] to the maps of EfficientNet-Lite0's first layers, a list."""

    def __init__(self) -> None:
        super().__init__()
        network = lite()
        self.stem, self.norm = network._conv_stem, network._bn0
        self.blocks = nn.ModuleList(network._blocks[: LEVELS[-1]])
        self.eval().requires_grad_(False)

    def train(self, mode: bool = True) -> "Shallow":
        return super().train(False)  # its BatchNorm keeps ImageNet's statistics

    def forward(self, pixels: Tensor) -> list[Tensor]:
        found = [relu6(self.norm(self.stem(pixels)))]
        for block in self.blocks:
            found.append(block(found[-1]))
        return [found[level] for level in LEVELS]
