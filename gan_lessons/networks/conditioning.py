"""Conditioning: labels in, pictures of that class out; and three ways for a discriminator to use the labels.

A *labelled picture* is one tensor [channels + 1, size, size] whose last plane is filled with the number of its class. A
conditional GAN matches the joint distribution of picture and label: its generator returns labelled pictures, and its
discriminator is shown labelled pictures, so the training loop need not know that there are labels.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax


def labelled(pixels: Tensor, labels: Tensor) -> Tensor:
    """Pictures [batch, channels, size, size] and labels [batch] as one: [batch, channels + 1, size, size]."""
    if len(pixels) != len(labels):
        raise ValueError(f"There must be one label for each of {len(pixels)} pictures, not {len(labels)}.")
    plane = labels.float()[:, None, None, None].expand(-1, 1, *pixels.shape[2:])
    return torch.cat([pixels.float(), plane], dim=1)


def split(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """The inverse of `labelled`: pixels, and labels as whole numbers, through which no gradient goes."""
    return pictures[:, :-1], pictures[:, -1, 0, 0].detach().round().long()


class ConditionalGenerator(nn.Module):
    """Any generator, told a class: the last number of the noise is a die, and what it shows goes in as an embedding.

    The normal distribution function takes that number to one between 0 and 1, which is cut at the classes' `shares`
    [classes], so that classes come as often as in the data. The generator inside takes `noise_dim` - 1 + `label_dim`
    numbers. Mirza & Osindero 2014, arXiv:1411.1784, section 3.2, with an embedding in the one-hot label's place.
    """

    ends: Tensor

    def __init__(self, generator: nn.Module, shares: Tensor, label_dim: int = 32):
        super().__init__()
        self.generator = generator
        self.embedding = nn.Embedding(len(shares), label_dim)
        self.register_buffer("ends", (shares / shares.sum()).cumsum(0).float())

    def forward(self, noise: Tensor) -> Tensor:
        die = torch.special.ndtr(noise[:, -1:])
        labels = (die > self.ends[:-1]).sum(1)
        return labelled(self.draw(noise[:, :-1], self.embedding(labels)), labels)

    def draw(self, style: Tensor, condition: Tensor) -> Tensor:
        """Pixels for a style [batch, noise_dim - 1] and an embedded class, or a mix of some, [batch, label_dim]."""
        return self.generator(torch.cat([style, condition], dim=1))

    def ask(self, noise: Tensor, labels: Tensor) -> Tensor:
        """The same noise with its die laid so that `labels` [batch] come out; a ValueError for an unknown class."""
        classes = len(self.ends)
        if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
            odd = int(labels[(labels < 0) | (labels >= classes)][0])
            raise ValueError(f"This generator was trained on the classes 0 to {classes - 1}; there is no class {odd}.")
        starts = torch.cat([self.ends.new_zeros(1), self.ends[:-1]])
        middle = ((starts + self.ends) / 2)[labels]
        return torch.cat([noise[:, :-1], torch.special.ndtri(middle)[:, None]], dim=1)


class ConditionalDiscriminator(nn.Module):
    """Labelled pictures to scores: `body` takes pixels to features [batch, features], `head` features and labels on.

    A batch is sorted by class first, so that features vary within groups of one class or two, and the relativistic loss
    compares pictures of like classes; scores come in that order.
    """

    def __init__(self, body: nn.Module, head: nn.Module):
        super().__init__()
        self.body = body
        self.head = head

    def forward(self, pictures: Tensor) -> Tensor:
        pixels, labels = split(pictures)
        order = labels.argsort(stable=True)
        return self.head(self.body(pixels[order]), labels[order])


class Concatenation(nn.Module):
    """Join an embedding of the label to the features, and let one more layer mix them. Scores [batch].

    Mirza & Osindero 2014, arXiv:1411.1784, section 3.2.
    """

    def __init__(self, features: int, classes: int):
        super().__init__()
        self.embedding = nn.Embedding(classes, features)
        self.layers = nn.Sequential(nn.Linear(2 * features, features), nn.LeakyReLU(0.2), nn.Linear(features, 1))

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        return self.layers(torch.cat([features, self.embedding(labels)], dim=1)).squeeze(1)


class Projection(nn.Module):
    """A score for the picture, plus the inner product of the features with a vector of the class. Scores [batch].

    Miyato & Koyama 2018, arXiv:1802.05637, equation 3.
    """

    def __init__(self, features: int, classes: int):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.embedding = nn.Embedding(classes, features)
        nn.init.normal_(self.embedding.weight, std=features**-0.5)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        return self.score(features).squeeze(1) + (self.embedding(labels) * features).sum(1)


class Auxiliary(nn.Module):
    """A score for the picture alone, and beside it a classifier: scores [2, batch], the second log p(label | picture).

    The classifier also reads what the features hold of a picture's group, which gives the class away where groups are
    sorted by class. Train it with a loss `with_classifier` and a penalty
    `of_score`. Odena et al. 2017, arXiv:1610.09585, section 3.
    """

    def __init__(self, features: int, classes: int):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.classifier = nn.Linear(features, classes)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        log_probability = log_softmax(self.classifier(features), dim=1).gather(1, labels[:, None])
        return torch.cat([self.score(features), log_probability], dim=1).T


HEADS = {"concatenation": Concatenation, "projection": Projection, "auxiliary": Auxiliary}


def with_classifier(loss: Callable, weight: float = 1.0) -> Callable:
    """A loss for `Auxiliary`: both players also want the classifier to read every label right, real or fake."""

    def both(real_scores: Tensor, fake_scores: Tensor) -> Any:
        (real, real_log), (fake, fake_log) = real_scores, fake_scores
        value = loss(real, fake)
        return value._replace(
            discriminator=value.discriminator - weight * (real_log + fake_log).mean(-1),
            generator=value.generator - weight * fake_log.mean(-1),
        )

    return both


def of_score(penalty: Callable) -> Callable:
    """A penalty for `Auxiliary` that looks at the score alone."""
    return lambda discriminator, real, fake: penalty(lambda pictures: discriminator(pictures)[0], real, fake)
