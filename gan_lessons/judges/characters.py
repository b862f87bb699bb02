"""A judge of texts that is no n-gram model: a small convolutional network that learns to tell two piles apart."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from gan_lessons.judges.ngrams import tidy


class CharacterCNN(nn.Module):
    """Symbols [batch, length] to logits [batch] of a text being of the first pile.

    An embedding and two convolutions over three places each, at every place a layer of its own. Zhang et al. 2015,
    arXiv:1509.01626, read characters like this, in deeper networks.
    """

    def __init__(self, kinds: int, length: int, width: int = 64):
        super().__init__()
        self.embedding = nn.Embedding(kinds, width)
        self.layers = nn.Sequential(
            nn.Conv1d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv1d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(length * width, width),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(width, 1),
            nn.Flatten(0),
        )

    def forward(self, symbols: Tensor) -> Tensor:
        return self.layers(self.embedding(symbols).transpose(1, 2))


class TwoSample(NamedTuple):
    """How well a classifier tells two piles apart, on texts that it was not trained on: `right` decisions of `of`."""

    right: int
    of: int

    @property
    def accuracy(self) -> float:
        """The share of right decisions: 0.5 is guessing."""
        return self.right / self.of


def two_sample(
    first: Tensor, second: Tensor, kinds: int, steps: int = 400, batch: int = 256, seed: int = 0
) -> TwoSample:
    """Train a CharacterCNN to tell two piles of texts [count, length] apart; test it on the last fifth of each.

    Lopez-Paz & Oquab 2017, arXiv:1610.06545. Texts are read up to their first end. The piles must be equally large, at
    least 1,000 each, else a ValueError; compare accuracies at equal counts and steps only.
    """
    if first.shape != second.shape or len(first) < 1000:
        raise ValueError(
            f"Two piles of the same shape are compared, of 1,000 texts or more: not {list(first.shape)} and "
            f"{list(second.shape)}."
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = CharacterCNN(kinds, first.shape[1])
        optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
        piles = [tidy(pile)[torch.randperm(len(pile))] for pile in (first, second)]
        known = len(first) * 4 // 5
        labels = torch.tensor([1.0, 0.0]).repeat_interleave(batch // 2)
        for _ in range(steps):
            some = torch.cat([pile[torch.randint(known, (batch // 2,))] for pile in piles])
            loss = binary_cross_entropy_with_logits(network(some), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        network.eval()
        with torch.inference_mode():
            scores = [network(pile[known:]) for pile in piles]
    return TwoSample(int((scores[0] > 0).sum() + (scores[1] <= 0).sum()), 2 * (len(first) - known))
