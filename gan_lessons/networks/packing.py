"""Packing: let the discriminator judge several samples at once, so that it sees a lack of variety."""

from torch import Tensor, nn


class Packed(nn.Module):
    """A discriminator that scores groups of `size` samples; the one inside takes `size` times the features.

    Points [..., batch, dims] reach it as [..., batch / size, size * dims], images [batch, channels, height, width] as
    [batch / size, size * channels, height, width]; there is one score a group. Lin et al. 2018, arXiv:1712.04086.
    """

    def __init__(self, discriminator: nn.Module, size: int):
        super().__init__()
        self.discriminator = discriminator
        self.size = size

    def forward(self, samples: Tensor) -> Tensor:
        axis = samples.dim() - (4 if samples.dim() >= 4 else 2)
        if samples.shape[axis] % self.size:
            raise ValueError(f"A batch of {samples.shape[axis]} cannot be packed in groups of {self.size}.")
        groups = samples.unflatten(axis, (-1, self.size))
        return self.discriminator(groups.flatten(axis + 1, axis + 2))
