"""People in motion, as stick figures: fifteen clips of a filmed person, or as many exercises made by a formula.

The clips come with the package pybullet (103 MB, the extra `motions`) and are those of Peng et al. 2018,
arXiv:1804.02717 (DeepMimic). The package is under the zlib licence; for the clips themselves no terms are stated, so
they are read where they lie and are not part of this book. An exercise needs no package.
"""

import json
from functools import cache
from importlib.util import find_spec
from math import pi
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_lessons.data import packages
from gan_lessons.data.sources import Samples
from gan_lessons.skeleton import BALLS, FEET, HINGES, ROTATIONS, STANDING, Skeleton

FRAMES, RATE = 24, 20  # of a window; frames a second
SOURCES = ("clips", "exercises")
INSTALL = "pip install 'gan_lessons[motions]'"


class Motions(Samples):
    """Windows of motions [count, 24, 18, 3] in metres, and of which of `names` each is, `labels` [count]."""

    def __init__(self, windows: Tensor, labels: Tensor, names: tuple[str, ...]):
        super().__init__(windows)
        self.labels, self.names = labels, names


def found() -> bool:
    """Whether the clips are installed."""
    return find_spec("pybullet_data") is not None


@cache
def load(source: str = "clips", held_out: bool = False, each: int = 100) -> Motions:
    """Windows of 24 frames, 1.2 seconds, `each` of every motion; what is held out starts at times between.

    A ValueError for another source than `SOURCES`, a ModuleNotFoundError where the clips are not installed.
    """
    if source not in SOURCES:
        raise ValueError(f"There are no motions {source!r}; the known sources are {', '.join(SOURCES)}.")
    starts = (np.arange(each) + (0.5 if held_out else 0)) / each
    made = exercises(starts) if source == "exercises" else clips(starts)
    windows = placed(torch.from_numpy(np.concatenate([*made.values()])).float())
    return Motions(windows, torch.arange(len(made)).repeat_interleave(each), (*made,))


@torch.inference_mode()
def placed(poses: Tensor) -> Tensor:
    """Where the joints of poses [count, 24, 43] are, [count, 24, 18, 3], the hip above the origin at the start."""
    joints = Skeleton()(poses).clone()
    joints[..., ::2] -= joints[:, :1, :1, ::2].clone()
    return joints


def clips(starts: np.ndarray) -> dict[str, np.ndarray]:
    """Poses [starts, 24, 43] by motion; each starts at a share of what the clip's length leaves."""
    if not found():
        raise ModuleNotFoundError(f"The clips come with the package pybullet, which is not installed: {INSTALL}.")
    files = sorted((packages.folder("pybullet_data", "Clips") / "data" / "motions").glob("humanoid3d_*.txt"))
    return {name(file): windows(*read(file), starts) for file in files}


def name(file: Path) -> str:
    """What a clip shows, as "dance a"."""
    return file.stem.removeprefix("humanoid3d_").replace("_", " ")


def read(file: Path) -> tuple[np.ndarray, np.ndarray, bool]:
    """Times [frames] in seconds, poses [frames, 43], and whether the clip goes round; a ValueError where it is none."""
    try:
        stored = json.loads(file.read_text("utf-8"))
        rows = np.array(stored["Frames"], float)
        rows = rows.reshape(-1, 44)
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{file} is no motion clip: it needs 'Frames' of 44 numbers each.") from error
    times = np.concatenate([[0], rows[:-1, 0].cumsum()])
    balls: list[np.ndarray] = []
    hinges: list[np.ndarray] = []
    at = 4
    for joint in range(13):
        width = 4 if joint in BALLS else 1
        (balls if width == 4 else hinges).append(rows[:, at : at + width])
        at += width
    quaternions = np.stack(balls, 1)
    quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)  # some in `kick` are not of length 1
    for frame in range(1, len(quaternions)):  # q and -q are one rotation: take the nearer
        flip = (quaternions[frame] * quaternions[frame - 1]).sum(-1) < 0
        quaternions[frame, flip] *= -1
    poses = np.concatenate([rows[:, 1:4], quaternions.reshape(len(rows), -1), *hinges], 1)
    return times, poses, stored.get("Loop") == "wrap"


def windows(times: np.ndarray, poses: np.ndarray, wraps: bool, starts: np.ndarray) -> np.ndarray:
    """Poses [starts, 24, 43] between the frames of a clip; one that goes round starts anywhere and is carried on."""
    length, whole = times[-1], (FRAMES - 1) / RATE
    begin = starts * (length if wraps else max(0, length - whole))
    when = begin[:, None] + np.arange(FRAMES) / RATE
    rounds = np.floor(when / length) if wraps else np.zeros_like(when)
    inside = np.minimum(when - rounds * length, length)  # a clip that is too short rests at its end
    made = np.stack([np.interp(inside, times, column) for column in poses.T], -1)
    made[..., [0, 2]] += rounds[..., None] * (poses[-1] - poses[0])[[0, 2]]
    return made


def exercises(starts: np.ndarray) -> dict[str, np.ndarray]:
    """Poses by exercise, made by a formula: joints that swing to and fro, and a hip as high as the lower foot asks."""
    phase = 2 * pi * (starts[:, None] + np.arange(FRAMES) / RATE)
    swing, up = np.sin(phase), (1 - np.cos(phase)) / 2
    still = np.zeros_like(phase)
    moves: dict[str, dict[int, tuple[int, np.ndarray]]] = {  # joint: (axis, angle); axes forward, up, to the right
        "march": {3: (2, up), 4: (2, -up), 8: (2, 1 - up), 9: (2, up - 1)},
        "squat": {3: (2, 1.2 * up), 8: (2, 1.2 * up), 4: (2, -2 * up), 9: (2, -2 * up)},
        "wave": {6: (0, 2.5 + still), 7: (2, 0.7 * swing + 0.7)},
        "bow": {1: (2, -1.2 * up)},
        "twist": {1: (1, 0.9 * swing)},
        "windmill": {6: (2, phase), 11: (2, phase)},
    }
    return {name: posed(angles, len(starts)) for name, angles in moves.items()}


def posed(angles: dict[int, tuple[int, np.ndarray]], count: int) -> np.ndarray:
    """Poses [count, 24, 43] of angles about one axis a joint, the lower foot on the floor."""
    poses = np.tile(np.array(STANDING), (count, FRAMES, 1))
    for joint, (axis, angle) in angles.items():
        number = ROTATIONS[joint]
        if joint in HINGES:
            poses[..., 39 + number - len(BALLS)] = angle
        else:
            poses[..., 3 + 4 * number] = np.cos(angle / 2)
            poses[..., 4 + 4 * number + axis] = np.sin(angle / 2)
    feet = placed(torch.from_numpy(poses).float())[:, :, FEET, 1].amin(-1)
    poses[..., 1] -= feet.numpy()
    return poses
