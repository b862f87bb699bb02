"""Networks for short texts of a few symbols out of thousands, as Chinese is written: each kind has a vector."""

from torch import Tensor, nn

from gan_lessons.estimators import straight_through
from gan_lessons.networks.text import Residual, WordDiscriminator


class IdiomGenerator(nn.Module):
    """Noise to a whole text at once, for thousands of kinds: at each place a vector, scored by every kind's own."""

    def __init__(self, noise_dim: int = 128, length: int = 4, kinds: int = 1001, width: int = 256, embedded: int = 64):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, width),  # [batch, width]
            *(Residual(width, normalised=True) for _ in range(3)),
            nn.RMSNorm(width, elementwise_affine=False),
            nn.LeakyReLU(0.2),
            nn.Linear(width, length * embedded),
            nn.Unflatten(-1, (length, embedded)),
            nn.Linear(embedded, kinds),  # [batch, length, kinds]; its rows are the vectors of the kinds
        )

    def forward(self, noise: Tensor) -> Tensor:
        return straight_through(self.layers(noise))


class IdiomDiscriminator(nn.Module):
    """One-hot texts to scores: a vector for every kind, and a word discriminator that reads the vectors."""

    def __init__(
        self,
        length: int = 4,
        kinds: int = 1001,
        width: int = 256,
        embedded: int = 64,
        hidden: int = 96,
        group: int = 8,
    ):
        super().__init__()
        self.embedding = nn.Linear(kinds, embedded, bias=False)
        nn.init.normal_(self.embedding.weight, std=0.3)  # a one-hot text has one input that is not 0, not `kinds`
        self.reader = WordDiscriminator(length, embedded, width=width, window=2, hidden=hidden, group=group)

    def forward(self, texts: Tensor) -> Tensor:
        return self.reader(self.embedding(texts))
