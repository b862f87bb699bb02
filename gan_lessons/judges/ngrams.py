"""An n-gram model of symbols: how likely is each symbol of a text after the few before it?"""

import torch
from torch import Tensor

from gan_lessons.data.text import Texts

LARGEST = 20_000_000  # entries of a table


class NGrams:
    """Symbol n-grams with Witten-Bell smoothing, fitted to texts.

    After a context h that was seen n(h) times, before t(h) different symbols, the model says
    P(c | h) = (n(hc) + t(h) P(c | h')) / (n(h) + t(h)), with h' the context without its oldest symbol; the first P is
    uniform. A text begins after ends and stops at its first end, which is scored as well.
    Witten & Bell 1991, method C; Chen & Goodman 1998, section 2.5.
    """

    def __init__(self, texts: Texts, order: int = 5):
        self.kinds = texts.kinds
        self.order = max(k for k in range(1, order + 1) if self.kinds**k <= LARGEST)
        codes, scored = self.codes(texts.symbols)
        counts = codes[scored].bincount(minlength=self.kinds**self.order).float()
        likely = torch.full((1, self.kinds), 1 / self.kinds)
        for k in range(1, self.order + 1):
            seen = counts.reshape(-1, self.kinds ** (k - 1), self.kinds).sum(0)  # [contexts, kinds]
            times, different = seen.sum(-1, keepdim=True), (seen > 0).sum(-1, keepdim=True)
            shorter = likely.repeat(self.kinds if k > 1 else 1, 1)
            likely = torch.where(times > 0, (seen + different * shorter) / (times + different).clamp(min=1), shorter)
        self.logs = likely.log().flatten()

    def codes(self, symbols: Tensor) -> tuple[Tensor, Tensor]:
        """The number of the n-gram that ends at each symbol [count, length + 1], and which of them belong to a text."""
        rows = torch.nn.functional.pad(tidy(symbols), (self.order - 1, 1))
        places = self.kinds ** torch.arange(self.order - 1, -1, -1)
        scored = torch.arange(symbols.shape[1] + 1) <= (tidy(symbols) > 0).sum(1, keepdim=True)
        return (rows.unfold(1, self.order, 1) * places).sum(-1), scored

    def surprise(self, symbols: Tensor) -> Tensor:
        """Nats a symbol, the end among them, of each text [count, length]: shape [count]."""
        codes, scored = self.codes(symbols)
        return -(self.logs[codes] * scored).sum(1) / scored.sum(1)

    def sample(self, count: int, length: int) -> Tensor:
        """Texts [count, length], drawn a symbol after the other."""
        likely = self.logs.exp().reshape(-1, self.kinds)  # [contexts, kinds]
        context, drawn = torch.zeros(count, dtype=torch.long), []
        for _ in range(length):
            drawn.append(torch.multinomial(likely[context], 1)[:, 0])
            context = (context * self.kinds + drawn[-1]) % len(likely)
        return tidy(torch.stack(drawn, dim=1))


def tidy(symbols: Tensor) -> Tensor:
    """Texts [count, length] with nothing but ends after the first end."""
    return symbols * (symbols == 0).cumsum(1).eq(0)
