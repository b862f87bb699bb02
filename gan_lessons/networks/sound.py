"""Networks for sound: a pair for log-mel spectrograms [batch, 1, 64, 64] of a class that is asked for."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, pixel_shuffle, pixel_unshuffle


class FiLM(nn.Module):
    """A convolution whose output the style scales and shifts, channel by channel.

    Perez et al. 2018, arXiv:1709.07871, with each place's channels brought to length one first (Karras et al. 2018,
    arXiv:1710.10196, section 4.2).
    """

    def __init__(self, before: int, after: int, style_dim: int):
        super().__init__()
        self.convolution = nn.Conv2d(before, after, 3, padding=1)
        self.style = nn.Linear(style_dim, 2 * after)

    def forward(self, picture: Tensor, style: Tensor) -> Tensor:
        found = self.convolution(picture)
        found = found * (found.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        scale, shift = self.style(style)[..., None, None].chunk(2, dim=1)
        return leaky_relu(found * (1 + scale) + shift, 0.2)


class MelGenerator(nn.Module):
    """A style [batch, style_dim] (noise and class) to a log-mel spectrogram [batch, 1, 64, 64].

    Three times a picture is doubled and mixed; the last step lays out four channels as one picture of twice the side.
    """

    def __init__(self, style_dim: int, width: int = 32):
        super().__init__()
        widths = [3 * width, 2 * width, 2 * width, width]
        self.first = nn.Linear(style_dim, widths[0] * 16)
        self.blocks = nn.ModuleList(FiLM(*pair, style_dim) for pair in pairwise(widths))
        self.last = nn.Conv2d(width, 4, 3, padding=1)

    def forward(self, style: Tensor) -> Tensor:
        picture = leaky_relu(self.first(style), 0.2).unflatten(1, (-1, 4, 4))  # [batch, 3 * width, 4, 4]
        for block in self.blocks:
            picture = block(nn.functional.interpolate(picture, scale_factor=2.0), style)
        return pixel_shuffle(self.last(picture), 2).tanh()  # [batch, 1, 64, 64]


class MelDiscriminator(nn.Module):
    """A log-mel spectrogram [batch, 1, 64, 64] to features [batch, 4 * width], for a head that reads the class.

    A plane of each row's frequency comes first, without which a convolution could not tell a low sound from a high one.
    """

    def __init__(self, width: int = 32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(5, width, 3, padding=1),  # [batch, width, 32, 32]
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),  # [batch, 2 * width, 16, 16]
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 2 * width, 4, 2, 1),  # [batch, 2 * width, 8, 8]
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 3 * width, 4, 2, 1),  # [batch, 3 * width, 4, 4]
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(3 * width * 16, 4 * width),
            nn.LeakyReLU(0.2),
        )

    def forward(self, log_mels: Tensor) -> Tensor:
        folded = pixel_unshuffle(log_mels, 2)
        rows = torch.linspace(-1, 1, folded.shape[2], device=folded.device)[:, None]
        return self.layers(torch.cat([folded, rows.expand(len(folded), 1, *folded.shape[2:])], dim=1))
