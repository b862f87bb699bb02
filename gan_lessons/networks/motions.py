"""Networks for people in motion: rotations over time, a skeleton that turns them into places, and a discriminator."""

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, normalize

from gan_lessons.data.motions import DEPTHS, FRAMES, JOINTS, ROTATIONS, STANDING
from gan_lessons.networks.images import GroupSpread


def multiplied(first: Tensor, second: Tensor) -> Tensor:
    """The product of unit quaternions [..., 4], real part first: the second rotation, and then the first."""
    a, u = first[..., :1], first[..., 1:]
    b, v = second[..., :1], second[..., 1:]
    real = a * b - (u * v).sum(-1, keepdim=True)
    return torch.cat([real, a * v + b * u + torch.linalg.cross(u, v)], -1)


def rotated(quaternions: Tensor, vectors: Tensor) -> Tensor:
    """Vectors [..., 3], turned by unit quaternions [..., 4]."""
    u = quaternions[..., 1:]
    twice = 2 * torch.linalg.cross(u, vectors.expand_as(u))
    return vectors + quaternions[..., :1] * twice + torch.linalg.cross(u, twice)


class Skeleton(nn.Module):
    """Poses [..., 43] to the places of the joints [..., 18, 3] in metres: forward kinematics, differentiable.

    A pose is the place of the hip, nine unit quaternions, and the angles of the knees and elbows. A joint is where its
    bone, of a fixed length, ends when all rotations before it are carried out, so no bone can change its length.
    Joints of the same depth in the tree go together, which takes five steps for eighteen joints.
    """

    offsets: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("offsets", torch.tensor([joint.offset for joint in JOINTS]), persistent=False)

    def forward(self, poses: Tensor) -> Tensor:
        balls = normalize(poses[..., 3:39].unflatten(-1, (9, 4)), dim=-1).unbind(-2)
        half = poses[..., 39:, None] / 2
        still = torch.zeros_like(half)
        hinges = torch.cat([half.cos(), still, still, half.sin()], -1).unbind(-2)
        own = [*balls, *hinges]
        places, turns = {0: poses[..., :3]}, {0: own[0]}
        for depth in DEPTHS:
            parents = torch.stack([turns[JOINTS[joint].parent] for joint in depth], -2)
            start = torch.stack([places[JOINTS[joint].parent] for joint in depth], -2)
            bones = torch.stack([self.offsets[joint] for joint in depth])
            ends = (start + rotated(parents, bones)).unbind(-2)
            places |= dict(zip(depth, ends, strict=True))
            turning = [joint for joint in depth if joint in ROTATIONS]
            if turning:
                before = torch.stack([turns[JOINTS[joint].parent] for joint in turning], -2)
                after = multiplied(before, torch.stack([own[ROTATIONS[joint]] for joint in turning], -2))
                turns |= dict(zip(turning, after.unbind(-2), strict=True))
        return torch.stack([places[joint] for joint in range(len(JOINTS))], -2)


class MotionGenerator(nn.Module):
    """Noise to a motion, the joints' places [batch, 24, 18, 3]: convolutions in time, and a skeleton at the end.

    The noise is mapped to a style, which scales and shifts the features of each layer.
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
        return self.skeleton(self.standing + 0.3 * self.poses(features).mT)


class MotionDiscriminator(nn.Module):
    """Motions [batch, 24, 18, 3] to scores [batch]: of the places around the hip, the hip's path, and the speeds."""

    def __init__(self, width: int = 64, group: int = 8):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(6 * len(JOINTS), 2 * width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(2 * width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv1d(2 * width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * width * FRAMES // 4, 128),
            nn.LeakyReLU(0.2),
            GroupSpread(group),
            nn.Linear(256, 1),
        )

    def forward(self, motions: Tensor) -> Tensor:
        hip = motions[..., :1, :]
        around = torch.cat([hip, motions[..., 1:, :] - hip], -2).flatten(2)  # [batch, 24, 54]
        speeds = torch.cat([torch.zeros_like(around[:, :1]), 8 * around.diff(dim=1)], 1)
        return self.layers(torch.cat([2 * around, speeds], -1).mT)[:, 0]
