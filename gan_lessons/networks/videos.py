"""Networks for clips [batch, 1, frames, side, side]: what is seen apart from how it moves, or both at once.

Vondrick et al. 2016, arXiv:1609.02612 (one network in three dimensions); Tulyakov et al. 2018, arXiv:1707.04993
(MoCoGAN: content and motion apart).
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, pad

from gan_lessons.data.videos import ROOM, centers, glimpses, placed
from gan_lessons.networks.images import GroupSpread, ImageDiscriminator, ImageGenerator
from gan_lessons.networks.styles import StyleGenerator


class Motion(nn.Module):
    """Noise [batch, motion_dim] to a code for each frame, [batch, frames, hidden]: a recurrent network rolls on.

    The noise decides the state at the start, and nothing that is random is added later: how a digit bounces is fixed by
    how it set out. From frame to frame a small MLP is added to the state, as a step along a differential equation.
    MoCoGAN has a GRU here, which first has to learn not to come to rest.
    """

    def __init__(self, motion_dim: int = 8, hidden: int = 64, frames: int = 16, step: float = 0.3):
        super().__init__()
        self.frames, self.step = frames, step
        self.start = nn.Linear(motion_dim, hidden)
        self.change = nn.Sequential(nn.Linear(hidden, 2 * hidden), nn.LeakyReLU(0.2), nn.Linear(2 * hidden, hidden))

    def forward(self, noise: Tensor) -> Tensor:
        states = [self.start(noise)]
        for _ in range(self.frames - 1):
            states.append(states[-1] + self.step * self.change(states[-1]))
        return torch.stack(states, 1)


class Sprite(nn.Module):
    """Noise to a clip: a digit drawn once, and a path along which it is laid into every frame.

    That it stays one digit is built in; which digit, and where to, has to be learnt.
    """

    def __init__(self, content_dim: int = 56, motion_dim: int = 8, width: int = 24, hidden: int = 64):
        super().__init__()
        self.dims = content_dim, motion_dim
        self.draw = ImageGenerator(content_dim, size=16, width=width)
        self.motion = Motion(motion_dim, hidden)
        self.place = nn.Linear(hidden, 2)

    def forward(self, noise: Tensor) -> Tensor:
        content, motion = noise.split(self.dims, -1)
        paths = ROOM / 2 * (1 + 1.2 * torch.tanh(self.place(self.motion(motion))))  # [batch, frames, 2]
        return placed(self.draw(content), paths)


class ContentMotion(nn.Module):
    """Noise to a clip, frame by frame: each is drawn of the clip's content and of the frame's code of motion."""

    def __init__(self, content_dim: int = 56, motion_dim: int = 8, width: int = 24, hidden: int = 64):
        super().__init__()
        self.dims = content_dim, motion_dim
        self.motion = Motion(motion_dim, hidden)
        self.draw = StyleGenerator(content_dim + hidden, 32, channels=1, width=width)

    def forward(self, noise: Tensor) -> Tensor:
        content, motion = noise.split(self.dims, -1)
        codes = self.motion(motion)  # [batch, frames, hidden]
        told = torch.cat([content[:, None].expand(-1, codes.shape[1], -1), codes], -1)
        return self.draw(told.flatten(0, 1)).unflatten(0, codes.shape[:2]).transpose(1, 2)


class VolumeGenerator(nn.Module):
    """Noise to a clip by transposed convolutions in time and space at once. Vondrick et al. 2016, arXiv:1609.02612."""

    def __init__(self, noise_dim: int = 64, width: int = 24):
        super().__init__()
        layers: list[nn.Module] = [
            nn.Linear(noise_dim, 4 * width * 32, bias=False),
            nn.Unflatten(-1, (4 * width, 2, 4, 4)),
            nn.BatchNorm3d(4 * width),
            nn.ReLU(),
        ]
        for before, after in ((4 * width, 2 * width), (2 * width, width)):
            layers += [nn.ConvTranspose3d(before, after, 4, 2, 1, bias=False), nn.BatchNorm3d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.ConvTranspose3d(width, 1, 4, 2, 1), nn.Tanh())

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise)


class ClipDiscriminator(nn.Module):
    """Clips to scores [batch, 1, pairs + 2]: of what is seen in pairs of frames, and of how the clip moves, twice.

    A pair of frames, drawn at random, is seen through a window around the ink of each: is it a digit, and the same one
    twice? The motion is judged by convolutions in time: of a clip of a quarter of its sides, which has lost what the
    digit looks like but not where it is, and of the path of its ink, with velocity, acceleration and speed.
    """

    random_per_sample = True

    def __init__(self, width: int = 16, motion_width: int = 64, pairs: int = 1, hidden: int = 128, group: int = 8):
        super().__init__()
        self.pairs = pairs
        self.look = ImageDiscriminator(16, 2, width, hidden, group)
        self.watch = in_time(64, motion_width, hidden, group)
        self.follow = in_time(7, motion_width, hidden, group)

    def forward(self, clips: Tensor) -> Tensor:
        pairs, coarse, path = self.seen(clips)
        looks = self.look(pairs).unflatten(0, (self.pairs, len(clips))).T
        return torch.cat([looks, self.watch(coarse), self.follow(path)], 1)[:, None]

    @property
    def parts(self) -> tuple[nn.Module, ...]:
        """The three networks, in the order of what is `seen`."""
        return self.look, self.watch, self.follow

    def seen(self, clips: Tensor) -> tuple[Tensor, ...]:
        """What each part is shown: windows [pairs * batch, 2, 16, 16], a coarse clip [batch, 64, frames], and its path.

        The path [batch, 7, frames] has places from -1 to 1, steps in two pixels, their changes and lengths in pixels.
        """
        batch, frames = len(clips), clips.shape[2]
        if self.training:
            times = torch.rand(batch, frames, device=clips.device).argsort(1)[:, : 2 * self.pairs]
        else:
            times = torch.arange(2 * self.pairs, device=clips.device).expand(batch, -1)
        chosen = clips.gather(2, times[:, None, :, None, None].expand(-1, -1, -1, *clips.shape[3:]))
        pairs = glimpses(chosen).unflatten(1, (self.pairs, 2)).transpose(0, 1).flatten(0, 1)  # one after the other
        coarse = avg_pool2d(clips[:, 0], clips.shape[-1] // 8).flatten(2)
        return pairs, coarse.mT, followed(clips)


def followed(clips: Tensor) -> Tensor:
    """The path of the ink's centre in clips, its steps, their changes, and their lengths: [batch, 7, frames]."""
    places = centers(clips)
    velocity = pad(places.diff(dim=1), (0, 0, 0, 1))
    acceleration = pad(places.diff(dim=1, n=2), (0, 0, 0, 2))
    speed = velocity.square().sum(-1, keepdim=True).add(1e-4).sqrt()  # smooth where a clip stands still
    return torch.cat([2 * places / clips.shape[-1] - 1, velocity / 2, acceleration, speed], -1).mT


def in_time(channels: int, width: int, hidden: int, group: int) -> nn.Sequential:
    """Convolutions in time: [batch, channels, 16] to a score, [batch, 1]."""
    return nn.Sequential(
        nn.Conv1d(channels, width, 3, padding=1),  # [batch, width, 16]
        nn.LeakyReLU(0.2),
        nn.Conv1d(width, width, 4, 2, 1),  # [batch, width, 8]
        nn.LeakyReLU(0.2),
        nn.Conv1d(width, 2 * width, 4, 2, 1),  # [batch, 2 * width, 4]
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(8 * width, hidden),
        nn.LeakyReLU(0.2),
        GroupSpread(group),
        nn.Linear(2 * hidden, 1),
    )


class Mover(nn.Module):
    """Noise and the last frames [batch, frames, side, side] to the next one, [batch, 1, side, side].

    The last frame is blurred or moved by a kernel, `reach` pixels each way, whose weights are positive and add up to 1:
    how likely each move seems. So no ink is invented or lost. Finn et al. 2016, arXiv:1605.07157 (with many kernels).
    """

    def __init__(self, noise_dim: int = 8, frames: int = 4, side: int = 32, reach: int = 7, hidden: int = 128):
        super().__init__()
        self.reach = reach
        self.see = nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(frames * (side // 4) ** 2, hidden), nn.ReLU())
        self.choose = nn.Sequential(
            nn.Linear(hidden + noise_dim, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, (2 * reach + 1) ** 2),
        )

    def forward(self, noise: Tensor, frames: Tensor) -> Tensor:
        moves = self.choose(torch.cat([self.see(frames), 2 * noise], 1)).softmax(1)
        kernels = moves.unflatten(1, (1, 2 * self.reach + 1, -1))  # [batch, 1, 15, 15]
        moved = conv2d((frames[:, -1] + 1)[None], kernels, padding=self.reach, groups=len(frames))
        return moved.transpose(0, 1) - 1


class NextDiscriminator(nn.Module):
    """A frame [batch, 1, side, side] and the frames before it to scores [batch]: is this how it goes on?"""

    def __init__(self, frames: int = 4, side: int = 32, width: int = 8, hidden: int = 64):
        super().__init__()
        self.layers = ImageDiscriminator(side, frames + 1, width, hidden)

    def forward(self, frame: Tensor, before: Tensor) -> Tensor:
        return self.layers(torch.cat([before, frame], 1))
