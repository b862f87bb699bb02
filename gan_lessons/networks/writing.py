"""Films of ink: generators that draw every frame, or when each place is reached; a discriminator of all frames."""

import torch
from torch import Tensor, nn

from gan_lessons.networks.pictures import PictureDiscriminator, PictureGenerator

EDGE = 4  # how fast a place darkens, in sigmoids a frame


class Frames(nn.Module):
    """Noise [batch, noise_dim] to a film [batch, 1, frames, size, size], each frame a channel of one picture."""

    def __init__(self, noise_dim: int, size: int = 32, frames: int = 16, width: int = 32):
        super().__init__()
        self.draw = PictureGenerator(noise_dim, size, frames, width)

    def forward(self, noise: Tensor) -> Tensor:
        return self.draw(noise)[:, None]


class Arrival(nn.Module):
    """Noise [batch, noise_dim] to a film [batch, 1, frames, size, size], from one picture of how dark each place gets
    and another of when.

    So ink never goes away: that is built in, as its digit is into a sprite.
    """

    def __init__(self, noise_dim: int, size: int = 32, frames: int = 16, width: int = 32):
        super().__init__()
        self.draw, self.frames = PictureGenerator(noise_dim, size, 2, width), frames

    def forward(self, noise: Tensor) -> Tensor:
        dark, when = (1 + self.draw(noise)[:, :, None]).div(2).unbind(1)  # [batch, 1, size, size] each, 0 … 1
        moments = torch.arange(self.frames, device=noise.device)[:, None, None] + 0.5
        reached = torch.sigmoid(EDGE * (moments - self.frames * when))  # [batch, frames, size, size]
        return (1 - 2 * dark * reached)[:, None]


class FilmDiscriminator(nn.Module):
    """Films [batch, 1, frames, size, size] to scores [batch]: a discriminator of pictures with a channel a frame."""

    def __init__(self, size: int = 32, frames: int = 16, width: int = 24):
        super().__init__()
        self.judge = PictureDiscriminator(size, frames, width)

    def forward(self, films: Tensor) -> Tensor:
        return self.judge(films.flatten(1, 2))
