"""Networks for people in motion: rotations over time, turned into places by a skeleton, and a discriminator."""

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from gan_lessons.networks.images import GroupSpread
from gan_lessons.skeleton import JOINTS, STANDING, Skeleton


class MotionGenerator(nn.Module):
    """Noise to a motion, the joints' places [batch, 24, 18, 3]: convolutions in time, a skeleton, and a floor.

    The noise is mapped to a style, which scales and shifts the features of each layer. The whole motion is lifted or
    let down until its lowest joint touches the floor, which is where its lowest joint is in a motion of a person, too.
    """

    standing: Tensor

    def __init__(self, noise_dim: int = 32, width: int = 64):
        super().__init__()
        self.map = nn.Sequential(nn.Linear(noise_dim, 128), nn.LeakyReLU(0.2), nn.Linear(128, 128), nn.LeakyReLU(0.2))
        self.first = nn.Linear(128, 2 * width * 6)
        self.layers = nn.ModuleList(nn.Conv1d(2 * width, 2 * width, 3, padding=1) for _ in range(4))
        self.styles = nn.ModuleList(nn.Linear(128, 4 * width) for _ in range(4))
        self.poses = nn.Conv1d(2 * width, len(STANDING), 5, padding=2)
        self.longer = nn.Upsample(scale_factor=2, mode="linear")
        self.skeleton = Skeleton()
        self.register_buffer("standing", torch.tensor(STANDING), persistent=False)

    def forward(self, noise: Tensor) -> Tensor:
        style = self.map(noise)
        features = self.first(style).unflatten(1, (-1, 6))  # [batch, 2 * width, frames]
        for number, (layer, own) in enumerate(zip(self.layers, self.styles, strict=True)):
            if number in (1, 3):
                features = self.longer(features)
            scale, shift = own(style)[..., None].chunk(2, 1)
            features = features + leaky_relu(layer(features) * (1 + scale) + shift, 0.2)
        joints = self.skeleton(self.standing + 0.3 * self.poses(features).mT)
        across, height, aside = joints.unbind(-1)
        return torch.stack([across, height - height.amin((1, 2), keepdim=True), aside], -1)


class MotionDiscriminator(nn.Module):
    """Motions [batch, 24, 18, 3] to scores [batch]: of the places around the hip, the hip's path, and the speeds."""

    def __init__(self, width: int = 64, frames: int = 24, group: int = 8):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(6 * len(JOINTS), 2 * width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(2 * width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(2 * width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * width * frames // 4, 128),
            nn.LeakyReLU(0.2),
            GroupSpread(group),
            nn.Linear(256, 1),
        )

    def forward(self, motions: Tensor) -> Tensor:
        hip = motions[..., :1, :]
        around = torch.cat([hip, motions[..., 1:, :] - hip], -2).flatten(2)  # [batch, 24, 54]
        speeds = torch.cat([torch.zeros_like(around[:, :1]), 8 * around.diff(dim=1)], 1)
        return self.layers(torch.cat([2 * around, speeds], -1).mT)[:, 0]
