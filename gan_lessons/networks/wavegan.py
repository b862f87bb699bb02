"""WaveGAN: waveforms [batch, 1, 1, 4096] from noise and back to features, without any spectrogram.

Donahue et al. 2018, arXiv:1802.04208: DCGAN in one dimension, with filters of 25 samples and strides of four.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu


class WaveGenerator(nn.Module):
    """A style [batch, style_dim] (noise and class) to a waveform [batch, 1, 1, 4096] in [-1, 1]."""

    def __init__(self, style_dim: int, width: int = 32):
        super().__init__()
        widths = [8 * width, 4 * width, 2 * width, width, 1]
        self.first = nn.Linear(style_dim, widths[0] * 16)
        self.layers = nn.ModuleList(
            nn.ConvTranspose1d(before, after, 25, stride=4, padding=11, output_padding=1)
            for before, after in pairwise(widths)
        )

    def forward(self, style: Tensor) -> Tensor:
        sound = self.first(style).unflatten(1, (-1, 16))  # [batch, 8 * width, 16]
        for layer in self.layers:
            sound = layer(sound.relu())
        return sound.tanh()[:, None]


def phase_shuffle(sound: Tensor, most: int) -> Tensor:
    """Shift each sound [batch, channels, length] by -`most` to `most` places at random, mirrored at the ends.

    A transposed convolution leaves a faint tone at always the same phase, by which a discriminator would know a fake.
    Donahue et al. 2018, section 3.3.
    """
    length = sound.shape[2]
    shifts = torch.randint(-most, most + 1, (len(sound), 1, 1), device=sound.device)
    places = (torch.arange(length, device=sound.device) + shifts).abs()
    places = length - 1 - (length - 1 - places).abs()
    return sound.gather(2, places.expand_as(sound))


class WaveDiscriminator(nn.Module):
    """Waveforms [batch, 1, 1, 4096] to features [batch, 128 * width], for a head that reads the class."""

    def __init__(self, width: int = 32, shuffle: int = 2):
        super().__init__()
        self.shuffle = shuffle
        self.layers = nn.ModuleList(
            nn.Conv1d(before, after, 25, stride=4, padding=11)
            for before, after in pairwise([1, width, 2 * width, 4 * width, 8 * width])
        )

    def forward(self, waveforms: Tensor) -> Tensor:
        sound = waveforms[:, 0]
        for number, layer in enumerate(self.layers):
            sound = leaky_relu(layer(sound), 0.2)
            if self.shuffle and number < len(self.layers) - 1:
                sound = phase_shuffle(sound, self.shuffle)
        return sound.flatten(1)
