"""Networks for texts of a fixed number of symbols.

A one-pass generator takes noise [batch, noise_dim] to one-hot texts [batch, length, kinds]; a discriminator takes those
to scores [batch]. An autoregressive generator takes symbols [batch, length] to the logits of each, given those before
it, [batch, length, kinds], and samples a symbol at a time.
"""

from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.estimators import gumbel_softmax, hard, straight_through
from gan_lessons.networks.images import GroupSpread


class Residual(nn.Module):
    """Add to features [batch, width] what a small network makes of them, at a length that stays the same."""

    def __init__(self, width: int, normalised: bool = False):
        super().__init__()
        norm = nn.RMSNorm(width, elementwise_affine=False) if normalised else nn.Identity()
        self.layers = nn.Sequential(norm, nn.LeakyReLU(0.2), nn.Linear(width, width))

    def forward(self, features: Tensor) -> Tensor:
        return features + self.layers(features)


class WordGenerator(nn.Module):
    """Noise to a whole text at once: fully connected layers to a logit for every symbol at every place."""

    def __init__(self, noise_dim: int = 128, length: int = 10, kinds: int = 27, width: int = 512, depth: int = 3):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, width),  # [batch, width]
            *(Residual(width, normalised=True) for _ in range(depth)),
            nn.RMSNorm(width, elementwise_affine=False),
            nn.LeakyReLU(0.2),
            nn.Linear(width, length * kinds),
            nn.Unflatten(-1, (length, kinds)),  # [batch, length, kinds]
        )

    def forward(self, noise: Tensor) -> Tensor:
        return straight_through(self.layers(noise))


class WordDiscriminator(nn.Module):
    """One-hot texts to scores, from the whole text and from each window of a few symbols, read alike at every place."""

    def __init__(
        self, length: int = 10, kinds: int = 27, width: int = 512, window: int = 4, hidden: int = 96, group: int = 8
    ):
        super().__init__()
        self.window = window
        self.whole = nn.Linear(length * kinds, width)
        self.windows = nn.Linear(window * kinds, hidden)
        self.layers = nn.Sequential(
            nn.LeakyReLU(0.2),
            nn.Linear(width + (length + 1 - window) * hidden, width),
            Residual(width),
            nn.LeakyReLU(0.2),
            GroupSpread(group),
            nn.Linear(2 * width, 1),
            nn.Flatten(0),  # [batch]
        )

    def forward(self, texts: Tensor) -> Tensor:
        parts = texts.unfold(1, self.window, 1).flatten(2)  # [batch, places, kinds * window]
        return self.layers(torch.cat([self.whole(texts.flatten(1)), self.windows(parts).flatten(1)], dim=-1))


class Autoregressive(nn.Module):
    """What generators share that write a symbol after the other: `step` reads a symbol and gives the next one's logits.

    The first symbol that is read is `kinds`, which begins every text.
    """

    def __init__(self, kinds: int, length: int):
        super().__init__()
        self.kinds, self.length = kinds, length

    def step(self, symbols: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Symbols [batch, places] and what is remembered to logits [batch, places, kinds] and what to remember."""
        raise NotImplementedError

    def forward(self, symbols: Tensor, state: Any = None) -> Tensor:
        before = nn.functional.pad(symbols[:, :-1], (1, 0), value=self.kinds)
        return self.step(before, state)[0]

    def log_probabilities(self, symbols: Tensor, temperature: float = 1.0, state: Any = None) -> Tensor:
        """Of each symbol [batch, length], given the ones before it, where the model is sampled at that temperature."""
        return (self(symbols, state) / temperature).log_softmax(-1).gather(-1, symbols[..., None]).squeeze(-1)

    @torch.no_grad()
    def complete(self, prefixes: Tensor, temperature: float = 1.0, state: Any = None) -> Tensor:
        """Prefixes [batch, places] filled up to texts [batch, length] by symbols drawn at a temperature.

        At 1 they are samples of the model; below, likely symbols come more often. `state` is what a model knows before
        the first symbol, if it knows anything. A ValueError for a temperature of 0
        or below, or a prefix that is too long.
        """
        if temperature <= 0:
            raise ValueError(f"The temperature must be above 0, not {temperature:g}; near 0 the likeliest symbol wins.")
        if prefixes.shape[1] > self.length:
            raise ValueError(f"The model writes {self.length} symbols; a prefix of {prefixes.shape[1]} is too long.")
        written = nn.functional.pad(prefixes, (1, 0), value=self.kinds)
        fresh = written
        while written.shape[1] <= self.length:
            logits, state = self.step(fresh, state)
            fresh = torch.multinomial((logits[:, -1] / temperature).softmax(-1), 1)
            written = torch.cat([written, fresh], dim=1)
        return written[:, 1:]

    def sample(self, count: int, temperature: float = 1.0) -> Tensor:
        """Texts [count, length] from nothing."""
        device = next(self.parameters()).device
        return self.complete(torch.empty(count, 0, dtype=torch.long, device=device), temperature)

    def relaxed(
        self, count: int, temperature: float = 1.0, one_hot: bool = True, noise: Tensor | None = None
    ) -> Tensor:
        """Texts [count, length, kinds] by the Gumbel-softmax, with Gumbel `noise` of that shape if it is given.

        With `one_hot` it is the straight-through one: one-hot forward, with the gradient of the soft texts. `step` must
        read such texts, too.
        """
        symbols = torch.full((count, 1), self.kinds, device=next(self.parameters()).device)
        state, written = None, []
        for place in range(self.length):
            logits, state = self.step(symbols, state)
            if noise is None:
                symbols = gumbel_softmax(logits, temperature)
            else:
                symbols = ((logits + noise[:, place : place + 1]) / temperature).softmax(-1)
            symbols = hard(symbols) if one_hot else symbols
            written.append(symbols)
        return torch.cat(written, dim=1)


class LSTMGenerator(Autoregressive):
    """A recurrent network that remembers what it wrote. Hochreiter & Schmidhuber 1997; Graves 2013, arXiv:1308.0850."""

    def __init__(self, kinds: int = 27, length: int = 10, width: int = 160, embedded: int = 32):
        super().__init__(kinds, length)
        self.embedding = nn.Embedding(kinds + 1, embedded)
        self.memory = nn.LSTM(embedded, width, batch_first=True)
        self.head = nn.Linear(width, kinds)

    def step(self, symbols: Tensor, state: Any) -> tuple[Tensor, Any]:
        soft = symbols.is_floating_point()  # one-hot, or nearly
        embedded = symbols @ self.embedding.weight[: self.kinds] if soft else self.embedding(symbols)
        features, state = self.memory(embedded, state)
        return self.head(features), state


class FromNoise(nn.Module):
    """An LSTM as a GAN's G: normal noise [batch, length * kinds], made Gumbel, to texts [batch, length, kinds]."""

    def __init__(self, model: LSTMGenerator):
        super().__init__()
        self.model = model

    def forward(self, noise: Tensor) -> Tensor:
        gumbel = -(-torch.special.log_ndtr(noise)).log()
        return self.model.relaxed(len(noise), noise=gumbel.unflatten(-1, (self.model.length, self.model.kinds)))


class WordVAE(nn.Module):
    """The one-pass generator as the decoder of a variational autoencoder, with an encoder of the same kind.

    Given the noise, each symbol is drawn by itself. Kingma & Welling 2014, arXiv:1312.6114.
    """

    def __init__(self, noise_dim: int = 128, length: int = 10, kinds: int = 27, width: int = 256, depth: int = 3):
        super().__init__()
        self.generator = WordGenerator(noise_dim, length, kinds, width, depth)
        self.encoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(length * kinds, width),
            *(Residual(width, normalised=True) for _ in range(depth)),
            nn.LeakyReLU(0.2),
            nn.Linear(width, 2 * noise_dim),
        )
        self.kinds = kinds

    def forward(self, symbols: Tensor) -> tuple[Tensor, Tensor]:
        """The bound's two terms for symbols [batch, length], in nats a text: -log p(x | z), and KL(q(z | x) ‖ p)."""
        one_hot = nn.functional.one_hot(symbols, self.kinds).to(torch.get_default_dtype())
        mean, log_variance = self.encoder(one_hot).chunk(2, dim=-1)
        noise = mean + torch.randn_like(mean) * (log_variance / 2).exp()  # the reparameterisation trick
        logits = self.generator.layers(noise).transpose(1, 2)  # [batch, kinds, length]
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1) / 2
        return nn.functional.cross_entropy(logits, symbols, reduction="none").sum(-1), divergence


class TransformerGenerator(Autoregressive):
    """Causal self-attention; the state keeps the keys and values. Vaswani et al. 2017, arXiv:1706.03762."""

    def __init__(self, kinds: int = 27, length: int = 10, width: int = 96, depth: int = 2, heads: int = 4):
        super().__init__(kinds, length)
        self.embedding = nn.Embedding(kinds + 1, width)
        self.places = nn.Embedding(length, width)
        self.blocks = nn.ModuleList(AttentionBlock(width, heads) for _ in range(depth))
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, kinds))

    def step(self, symbols: Tensor, state: Any) -> tuple[Tensor, Any]:
        start = 0 if state is None else state[0][0].shape[2]
        places = torch.arange(start, start + symbols.shape[1], device=symbols.device)
        features, kept = self.embedding(symbols) + self.places(places), []
        for block, past in zip(self.blocks, state or [None] * len(self.blocks), strict=True):
            features, past = block(features, past)
            kept.append(past)
        return self.head(features), kept


class AttentionBlock(nn.Module):
    """Attention to the places before, and then a small network at each place; [batch, places, width] both ways."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.before, self.queries = nn.LayerNorm(width), nn.Linear(width, 3 * width)
        self.after = nn.Linear(width, width)
        self.network = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, features: Tensor, past: Any) -> tuple[Tensor, Any]:
        batch, places, width = features.shape
        parts = self.queries(self.before(features)).reshape(batch, places, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)  # each [batch, heads, places, width / heads]
        if past is not None:
            key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
        # a place sees the ones before it; the newest alone sees all that is kept
        seen = torch.ones(places, key.shape[2], dtype=torch.bool, device=key.device).tril(key.shape[2] - places)
        mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        features = features + self.after(mixed.transpose(1, 2).flatten(2))
        return features + self.network(features), (key, value)


class StepDiscriminator(LSTMGenerator):
    """Texts to a score for every symbol that may follow each prefix, [batch, length, kinds].

    It reads as a generator does; what there is the logit of a symbol is here how real the symbol looks in that place.
    De Masson d'Autume et al. 2019, arXiv:1905.09922, score the chosen symbols only.
    """

    def chosen(self, symbols: Tensor) -> Tensor:
        """The scores [batch, length] of the symbols that were chosen."""
        return self(symbols).gather(-1, symbols[..., None]).squeeze(-1)
