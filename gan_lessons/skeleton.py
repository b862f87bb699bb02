"""A skeleton of eighteen joints: rotations that follow each other, and where they bring the bones."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize


class Joint(NamedTuple):
    """A joint, the one it hangs on, and where it is seen from that one, in metres: forward, up, to the right."""

    name: str
    parent: int
    offset: tuple[float, float, float]


JOINTS = (
    Joint("hip", -1, (0, 0, 0)),
    Joint("chest", 0, (0, 0.236151, 0)),
    Joint("neck", 1, (0, 0.223894, 0)),
    Joint("right thigh", 0, (0, 0, 0.084887)),
    Joint("right knee", 3, (0, -0.421546, 0)),
    Joint("right ankle", 4, (0, -0.40987, 0)),
    Joint("right shoulder", 1, (-0.02405, 0.2435, 0.18311)),
    Joint("right elbow", 6, (0, -0.274788, 0)),
    Joint("left thigh", 0, (0, 0, -0.084887)),
    Joint("left knee", 8, (0, -0.421546, 0)),
    Joint("left ankle", 9, (0, -0.40987, 0)),
    Joint("left shoulder", 1, (-0.02405, 0.2435, -0.18311)),
    Joint("left elbow", 11, (0, -0.274788, 0)),
    Joint("head", 2, (0, 0.18, 0)),
    Joint("right hand", 7, (0, -0.258947, 0)),
    Joint("left hand", 12, (0, -0.258947, 0)),
    Joint("right toes", 5, (0.15, -0.04, 0)),
    Joint("left toes", 10, (0.15, -0.04, 0)),
)
BALLS, HINGES = (0, 1, 2, 3, 5, 6, 8, 10, 11), (4, 7, 9, 12)
ROTATIONS = {joint: number for number, joint in enumerate((*BALLS, *HINGES))}
FEET = (16, 17)
DEPTHS = ((1, 3, 8), (2, 4, 6, 9, 11), (5, 7, 10, 12, 13), (14, 15, 16, 17))
STANDING = (0.0, 0.9, 0.0, *(1.0, 0.0, 0.0, 0.0) * 9, 0.0, 0.0, 0.0, 0.0)  # a pose: hip, quaternions, angles


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
