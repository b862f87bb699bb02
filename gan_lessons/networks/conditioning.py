"""Conditioning: labels in, samples of that class out; and three ways for a discriminator to use the labels.

Both players are told the label: `generator(noise, labels)` and `discriminator(samples, labels)`, labels [batch].
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax


class ConditionalGenerator(nn.Module):
    """Any generator, told a class: an embedding of the label joins the noise, [batch, noise_dim + label_dim].

    Mirza & Osindero 2014, arXiv:1411.1784, section 3.2, with an embedding in the one-hot label's place.
    """

    def __init__(self, generator: nn.Module, classes: int, label_dim: int = 32):
        super().__init__()
        self.generator = generator
        self.embedding = nn.Embedding(classes, label_dim)

    def forward(self, noise: Tensor, labels: Tensor) -> Tensor:
        return self.draw(noise, self.embedding(labels))

    def draw(self, noise: Tensor, embedded: Tensor) -> Tensor:
        """Samples for noise [batch, noise_dim] and embedded classes, or mixtures of some, [batch, label_dim]."""
        return self.generator(torch.cat([noise, embedded], dim=1))


class ConditionalDiscriminator(nn.Module):
    """Samples and labels to scores: `body` makes features [batch, features], `head` scores of them and the labels."""

    def __init__(self, body: nn.Module, head: nn.Module):
        super().__init__()
        self.body = body
        self.head = head

    def forward(self, samples: Tensor, labels: Tensor) -> Tensor:
        return self.head(self.body(samples), labels)


def headed(discriminator: Any, head: Callable[[int, Any], nn.Module], classes: Any) -> ConditionalDiscriminator:
    """A discriminator of images, whose last layer takes features to a score, with a head of that kind in its place.

    `classes` is what the head asks for beside the number of features: how many there are, or how many of each label.
    """
    *body, last, _ = discriminator.layers
    return ConditionalDiscriminator(nn.Sequential(*body), head(last.in_features, classes))


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
    """A score for the sample, plus the inner product of the features with a vector of the class. Scores [batch].

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
    """A score for the sample alone, scores [batch], and beside it a classifier, which `classifying` trains.

    Odena et al. 2017, arXiv:1610.09585, section 3.
    """

    def __init__(self, features: int, classes: int):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.classifier = nn.Linear(features, classes)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        return self.score(features).squeeze(1)

    def log_probability(self, features: Tensor, labels: Tensor) -> Tensor:
        """log p(label | sample), [batch]."""
        return log_softmax(self.classifier(features), dim=1).gather(1, labels[:, None]).squeeze(1)


class Embeddings(nn.Module):
    """Several labels a sample, [batch, labels], to a vector each, [batch, labels, dim].

    `counts` says how many values each of the labels takes.
    """

    def __init__(self, counts: Sequence[int], dim: int, std: float = 1.0):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(count, dim) for count in counts)
        for table in self.parameters():
            nn.init.normal_(table, std=std)

    def forward(self, labels: Tensor) -> Tensor:
        return torch.stack([table(own) for table, own in zip(self.tables, labels.unbind(1), strict=True)], 1)


class ManyToldGenerator(nn.Module):
    """Any generator, told several labels of each sample: their embeddings join the noise, one after the other.

    The generator takes [batch, noise_dim + labels * label_dim].
    """

    def __init__(self, generator: nn.Module, counts: Sequence[int], label_dim: int = 16):
        super().__init__()
        self.generator = generator
        self.embeddings = Embeddings(counts, label_dim)

    def forward(self, noise: Tensor, labels: Tensor) -> Tensor:
        return self.generator(torch.cat([noise, self.embeddings(labels).flatten(1)], 1))


class ManyProjections(nn.Module):
    """A projection for each of several labels, [batch, labels]: their inner products with the features add up."""

    def __init__(self, features: int, counts: Sequence[int]):
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.embeddings = Embeddings(counts, features, features**-0.5)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        return self.score(features).squeeze(1) + (self.embeddings(labels).sum(1) * features).sum(1)


HEADS = {"concatenation": Concatenation, "projection": Projection, "auxiliary": Auxiliary}


def classifying(weight: float = 1.0) -> dict[str, Any]:
    """Further losses for `Auxiliary`: both players also want the classifier to read every label right, real or fake.

    To be given to `training.train` as `extra` and `discriminator_extra`.
    """

    def misread(gan: Any, samples: Tensor, labels: Tensor) -> Tensor:
        network = gan.discriminator
        return -weight * network.head.log_probability(network.body(samples), labels).mean()

    def of_generator(gan: Any, fake: Tensor, batch: Any) -> dict[str, Tensor]:
        return {"classifier of fakes": misread(gan, fake, batch.condition)}

    def of_discriminator(gan: Any, fake: Tensor, batch: Any) -> dict[str, Tensor]:
        both = (misread(gan, samples, batch.condition) for samples in (batch.real, fake))
        return dict(zip(("classifier on reals", "classifier on fakes"), both, strict=True))

    return {"extra": of_generator, "discriminator_extra": of_discriminator}
