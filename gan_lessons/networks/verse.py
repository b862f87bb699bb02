"""Networks for lines of words: one writes them, one scores every prefix, and one has a code for each line."""

from typing import Any

import torch
from torch import Tensor, nn

from gan_lessons.networks.text import Autoregressive


class WordVectors(nn.Module):
    """A vector for each word: one of its own, and one that it shares with all words of its stress pattern.

    `sounds` [words] has the pattern's number. Bilmes & Kirchhoff 2003 have such factors of a word in a language model.
    """

    sounds: Tensor

    def __init__(self, sounds: Tensor, embedded: int, std: float = 0.1):
        super().__init__()
        self.register_buffer("sounds", sounds, persistent=False)
        self.words = nn.Parameter(std * torch.randn(len(sounds), embedded))
        self.patterns = nn.Parameter(std * torch.randn(int(sounds.max()) + 1, embedded))

    def weight(self) -> Tensor:
        """All vectors, [words, embedded]."""
        return self.words + self.patterns[self.sounds]

    def forward(self, symbols: Tensor) -> Tensor:
        """The vectors [batch, places, embedded] of symbols [batch, places], or of texts [batch, places, kinds]."""
        if symbols.is_floating_point():  # one-hot, or nearly
            return symbols @ self.weight()[: symbols.shape[-1]]
        return nn.functional.embedding(symbols, self.weight())


class VerseWriter(Autoregressive):
    """An LSTM of words whose last layer is the embedding of its first. Press & Wolf 2017, arXiv:1608.05859.

    `sounds` [kinds + 1] has the stress pattern of the end, of each word and of the beginning. With a `code`, it is told
    a vector [batch, code] of each line at every word: that is the first half of its state.
    """

    def __init__(
        self, sounds: Tensor, length: int, width: int = 192, embedded: int = 128, dropout: float = 0.4, code: int = 0
    ):
        super().__init__(len(sounds) - 1, length)
        self.embedding = WordVectors(sounds, embedded)
        self.memory = nn.LSTM(embedded + code, width, batch_first=True)
        self.out = nn.Linear(width, embedded)
        self.bias = nn.Parameter(torch.zeros(self.kinds))
        self.dropout = nn.Dropout(dropout)
        self.code = code

    def step(self, symbols: Tensor, state: Any) -> tuple[Tensor, Any]:
        features = self.dropout(self.embedding(symbols))
        known: tuple[Any, Any] = state or (None, None)
        code, past = known
        if self.code:
            features = torch.cat([features, code[:, None].expand(-1, symbols.shape[1], -1)], dim=-1)
        features, past = self.memory(features, past)
        features = self.dropout(self.out(features))
        return features @ self.embedding.weight()[: self.kinds].T + self.bias, (code, past)


class PrefixDiscriminator(nn.Module):
    """Lines [batch, length] to a score of every prefix, [batch, length]; the last is that of the whole line.

    It reads one-hot lines [batch, length, kinds], too. De Masson d'Autume et al. 2019, arXiv:1905.09922, section 3.
    """

    def __init__(self, sounds: Tensor, width: int = 128, embedded: int = 64, dropout: float = 0.4):
        super().__init__()
        self.embedding = WordVectors(sounds, embedded, std=0.3)
        self.memory = nn.LSTM(embedded, width, batch_first=True)
        self.head = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, symbols: Tensor) -> Tensor:
        features, _ = self.memory(self.dropout(self.embedding(symbols)))
        return self.head(self.dropout(features)).squeeze(-1)


class LineAutoencoder(nn.Module):
    """Lines to codes [batch, code], and codes to lines: the encoder reads both ways, and the writer is told the code.

    Shen et al. 2020, arXiv:1905.12777, whose discriminator makes the codes normal.
    """

    def __init__(
        self, sounds: Tensor, length: int, code: int = 64, width: int = 192, embedded: int = 128, dropout: float = 0.2
    ):
        super().__init__()
        self.writer = VerseWriter(sounds, length, width, embedded, dropout, code)
        self.reader = nn.LSTM(embedded, width // 2, batch_first=True, bidirectional=True)
        self.to_code = nn.Linear(width, code)

    def encode(self, symbols: Tensor) -> Tensor:
        embedded = self.writer.dropout(self.writer.embedding(symbols))
        return self.to_code(self.reader(embedded)[0].mean(1))

    def log_probabilities(self, symbols: Tensor, code: Tensor) -> Tensor:
        """Of each symbol [batch, length] of lines, given those before it and the line's code."""
        return self.writer.log_probabilities(symbols, state=(code, None))

    @torch.no_grad()
    def decode(self, code: Tensor, temperature: float = 0.5) -> Tensor:
        """Lines [batch, length] of codes, a word after the other."""
        nothing = torch.empty(len(code), 0, dtype=torch.long, device=code.device)
        return self.writer.complete(nothing, temperature, (code, None))

    def forward(self, noise: Tensor) -> Tensor:
        return self.decode(noise)
