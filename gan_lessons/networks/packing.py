"""Networks that look across the samples of a batch, and packing: D judges several samples at once."""

from torch import Tensor, nn


class AcrossSamples(nn.Module):
    """A module that compares or joins the samples of a batch, and so has to know where the batch is.

    `batch_axis` is 0 in [batch, ...]; `populations.stack` makes it 1, for [members, batch, ...].
    """

    batch_axis = 0


class Packed(AcrossSamples):
    """A discriminator that scores groups of `size` samples; the one inside takes `size` times the features.

    Samples [batch, features, ...] reach it as [batch / size, size * features, ...]: points with more coordinates,
    pictures with more channels. There is one score a group. Lin et al. 2018, arXiv:1712.04086.
    """

    def __init__(self, discriminator: nn.Module, size: int):
        super().__init__()
        self.discriminator = discriminator
        self.size = size

    def forward(self, samples: Tensor) -> Tensor:
        if samples.shape[self.batch_axis] % self.size:
            raise ValueError(f"A batch of {samples.shape[self.batch_axis]} cannot be packed in groups of {self.size}.")
        groups = samples.unflatten(self.batch_axis, (-1, self.size))
        return self.discriminator(groups.flatten(self.batch_axis + 1, self.batch_axis + 2))
