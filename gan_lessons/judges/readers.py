"""Discriminators of lines that learn alone, from lines that somebody wrote once and for all."""

from collections.abc import Iterator

import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from gan_lessons import losses
from gan_lessons.data.text import Texts
from gan_lessons.judges.ngrams import NGrams

BATCH = 128


def teach(
    reader: nn.Module, real: Tensor, fake: Tensor, steps: int, rate: float, decay: float = 0.0, seed: int = 0
) -> Iterator[Tensor]:
    """Teach a reader to tell lines [many, length] from written ones; yields D's loss a step, and leaves it to judge.

    A reader gives scores [batch], or [batch, length] of every prefix, which all count alike.
    """
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(reader.parameters(), rate, betas=(0.9, 0.99), weight_decay=decay)
    reader.train()
    for _ in range(steps):
        pair = (reader(some[torch.randint(len(some), (BATCH,))]).flatten() for some in (real, fake))
        loss = losses.non_saturating(*pair).discriminator
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.detach()
    reader.eval()


@torch.no_grad()
def score(reader: nn.Module, lines: Tensor) -> Tensor:
    """A reader's score of each line as a whole: [count]."""
    scores = reader(lines)
    return scores[:, -1] if scores.dim() == 2 else scores


def auc(real: Tensor, fake: Tensor) -> float:
    """How often a real line's score is above a written one's, ties counting half: 0.5 is guessing."""
    labels = torch.cat([torch.ones_like(real), torch.zeros_like(fake)])
    return float(roc_auc_score(labels, torch.cat([real, fake])))


def chained(texts: Texts, count: int, shortest: int, seed: int = 0) -> Tensor:
    """Lines [count, length] in which each word is drawn by the one before it alone: a poorer model than an LSTM.

    A model of word pairs in `texts`; lines of fewer than `shortest` words are drawn anew.
    """
    torch.manual_seed(seed)
    model, lines = NGrams(texts, order=2), torch.empty(0, texts.length, dtype=torch.long)
    while len(lines) < count:
        drawn = model.sample(count, texts.length)
        lines = torch.cat([lines, drawn[(drawn > 0).sum(1) >= shortest]])
    return lines[:count]
