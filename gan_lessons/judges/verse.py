"""A judge of lines that is no generator: a small network that tells lines of verse from three kinds of broken ones.

It is trained on the judge's part alone, which no generator sees. `python -m gan_lessons.judges.verse` trains it anew.
"""

from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from gan_lessons.data.verse import shuffled, verse
from gan_lessons.judges import weights
from gan_lessons.judges.ngrams import tidy

WEIGHTS = Path(__file__).with_suffix(".safetensors")
SHA256 = "6bdcec9b38404e4e30fd9001998e1495e5d08acd1bec271ff9aa59a1827639fc"
STEPS, BATCH = 900, 128
WAYS = 3  # to break a line


class LineJudge(nn.Module):
    """Lines [batch, length] to logits [batch] of a line being whole: convolutions over three words, and the largest."""

    def __init__(self, kinds: int, embedded: int = 48, width: int = 96, dropout: float = 0.4):
        super().__init__()
        self.embedding = nn.Embedding(kinds, embedded)
        self.layers = nn.Sequential(
            nn.Dropout1d(0.1),  # features of all words alike
            nn.Conv1d(embedded, width, 3, padding=1),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv1d(width, width, 3, padding=1),
            nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * width, 1), nn.Flatten(0))

    def forward(self, symbols: Tensor) -> Tensor:
        features = self.layers(self.embedding(tidy(symbols)).transpose(1, 2))
        return self.head(torch.cat([features.mean(-1), features.amax(-1)], dim=-1))


def broken(lines: Tensor, others: Tensor, seed: int) -> Tensor:
    """Each of lines [count, length] broken in one of three ways, by turns; `others` lend their words.

    Its words are shuffled; or two neighbours change places; or one word in three is a word of another line.
    """
    torch.manual_seed(seed)
    count, length = lines.shape
    words = (lines > 0).sum(1)
    turn = torch.arange(count) % WAYS
    places = torch.arange(length)
    at = (torch.rand(count) * (words - 1)).long()[:, None]
    swapped = torch.where(places == at, at + 1, torch.where(places == at + 1, at, places))
    pool = others[others > 0]
    borrowed = pool[torch.randint(len(pool), lines.shape)]
    few = (torch.rand(lines.shape) < 1 / 3) | (places == at)
    ways = [
        shuffled(lines, seed),
        lines.gather(1, swapped),
        torch.where(few & (lines > 0), borrowed, lines),
    ]
    return torch.stack(ways)[turn, torch.arange(count)]


def train(steps: int = STEPS) -> LineJudge:
    """A judge, trained on the judge's part."""
    torch.manual_seed(0)
    lines = verse().judge.symbols
    network = LineJudge(verse().train.kinds)
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    labels = torch.tensor([1.0, 0.0]).repeat_interleave(BATCH)
    for step in range(steps):
        real = lines[torch.randint(len(lines), (BATCH,))]
        some = torch.cat([real, broken(lines[torch.randint(len(lines), (BATCH,))], lines, step)])
        loss = binary_cross_entropy_with_logits(network(some), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return network.eval().requires_grad_(False)


@cache
def judge() -> LineJudge:
    """The stored judge; a ValueError where its weights are damaged."""
    network = LineJudge(verse().train.kinds)
    network.load_state_dict(weights.read(WEIGHTS, SHA256))
    return network.eval().requires_grad_(False)


def line_share(symbols: Tensor) -> float:
    """The share of lines [count, length] that the judge takes for whole ones."""
    return float((judge()(symbols.cpu()) > 0).float().mean())


def probability(symbols: Tensor) -> Tensor:
    """How surely the judge takes lines [count, length] for whole ones, as a probability: [count]."""
    return judge()(symbols.cpu()).sigmoid()


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(weights.write(train(), WEIGHTS))
