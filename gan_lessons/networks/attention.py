"""Self-attention: every place of a picture looks at every other, however far. Zhang et al. 2019, arXiv:1805.08318."""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


class SelfAttention(nn.Module):
    """Maps [batch, channels, height, width] to maps of that shape: to each place it adds a mean over all places.

    What a place looks for (its query) decides how much each other place (by its key) counts; what is averaged are
    values. The sum's gate begins at 0, so that a fresh layer changes nothing. After SAGAN, equations 1 to 3.
    """

    def __init__(self, channels: int, width: int = 16):
        super().__init__()
        self.query = nn.Conv2d(channels, width, 1)
        self.key = nn.Conv2d(channels, width, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gate = nn.Parameter(torch.zeros(1))

    def forward(self, maps: Tensor) -> Tensor:
        query, key, value = (
            part(maps).flatten(2).transpose(1, 2)  # [batch, places, width or channels]
            for part in (self.query, self.key, self.value)
        )
        looked = scaled_dot_product_attention(query, key, value)
        return maps + self.gate * looked.transpose(1, 2).unflatten(2, maps.shape[2:])

    def weights(self, maps: Tensor) -> Tensor:
        """How much each place (second axis) looks at each other (third), [batch, places, places]; rows add up to 1."""
        query, key = (part(maps).flatten(2).transpose(1, 2) for part in (self.query, self.key))
        return (query @ key.transpose(1, 2) / query.shape[-1] ** 0.5).softmax(-1)
