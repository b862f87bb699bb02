"""The checks of the assignment to chapter 10, Images on demand. In each, `seed` and what follows may be changed."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from gan_lessons.checks import call, compare, length, number, own, seed_of, slopes
from gan_lessons.checks.by_class import accuracy_mistakes, ratios, shares, variety_mistakes
from gan_lessons.checks.cards import task
from gan_lessons.checks.eight import MEMBERS, trained
from gan_lessons.checks.matched import NOISE, check_pairs, eight_conditional_gans, own_digits, reached
from gan_lessons.data.images import small_digits

__all__ = [
    "class_accuracy", "conditional_training", "deaf", "own_digits", "own_shares", "projection", "samplers", "seed_of",
    "varieties",
]  # fmt: skip


@task
def projection(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, int, int]] = ((6, 3, 4), (4, 5, 3))
) -> None:
    """Check projection(features, labels, weight, bias, table) at these numbers of samples, features and classes."""
    for count, width, classes in shapes:
        random = torch.Generator().manual_seed(seed + count)
        features, weight, table = (
            torch.randn(*shape, generator=random) for shape in ((count, width), (width,), (classes, width))
        )
        bias = torch.rand((), generator=random) + 0.5
        labels = torch.randint(1, classes, (count,), generator=random)  # class 0 does not come
        labels[0] = classes - 1
        what = f"{answer.__name__}, {count} samples, {width} features, {classes} classes"
        given = [each.clone() for each in (features, labels, weight, bias, table)]
        own_score, inner = features @ weight + bias, (table[labels] * features).sum(1)
        compare(what, call(answer, *given), own_score + inner, head_mistakes(features, labels, own_score, bias, table))
        inputs = [each.clone().requires_grad_() for each in (features, table)]
        yours = call(answer, inputs[0], labels, weight, bias, inputs[1])
        mine = slopes(yours, inputs)
        for name, slope, truth in zip(
            ("features", "table"),
            mine,
            (weight + table[labels], one_hot(labels, classes).float().T @ features),
            strict=True,
        ):
            compare(f"{what}: the gradient of the {name}", slope, truth, [("no gradient", 0 * truth)], length)


def head_mistakes(
    features: Tensor, labels: Tensor, own_score: Tensor, bias: Tensor, table: Tensor
) -> list[tuple[str, Tensor]]:
    """The scores after the usual mistakes."""
    each = table[labels] * features
    inner, all_classes = each.sum(1), features @ table.T
    return [
        ("label added", own_score + table[labels].sum(1)),
        ("label added", own_score + table[labels].mean(1)),
        ("every class", own_score[:, None] + all_classes),
        ("every class", all_classes),
        ("every class", own_score + all_classes.sum(1)),
        ("inner product averaged", own_score + each.mean(1)),
        ("label left out", own_score),
        ("sample's own score left out", inner),
        ("sample's own score left out", inner + bias),
        ("bias forgotten", own_score - bias + inner),
        ("one score for the batch", own_score + each.sum()),
        ("not summed", own_score[:, None] + each),
        ("not summed", each),
        ("score squashed", torch.sigmoid(own_score + inner)),
    ]


@task
def class_accuracy(answer: Callable, seed: int = 0, sizes: Sequence[tuple[int, int]] = ((24, 4), (40, 6))) -> None:
    """Check class_accuracy(asked, read, classes) for these numbers of samples and classes; one is never asked for."""
    for count, classes in sizes:
        random = torch.Generator().manual_seed(seed + count)
        never = own(seed, "never asked", range(classes))
        asked = torch.randint(classes - 1, (count,), generator=random)
        asked[: classes - 1] = torch.arange(classes - 1)
        asked += asked >= never
        strays = torch.randint(classes, (count,), generator=random)
        read = torch.where(torch.rand(count, generator=random) < 0.6, asked, strays)
        read[classes - 1], read[0] = never, asked[0]
        what = f"{answer.__name__}, {count} samples, {classes} classes"
        yours = call(answer, asked.clone(), read.clone(), classes)
        compare(what, yours, shares(asked, read, classes), accuracy_mistakes(asked, read, classes))


def own_shares(seed: int = 0) -> list[float]:
    """The shares of three classes in the data of your question."""
    return own(
        seed, "shares", [[0.5, 0.4, 0.1], [0.6, 0.3, 0.1], [0.7, 0.2, 0.1], [0.6, 0.25, 0.15], [0.55, 0.25, 0.2]]
    )


@task
def deaf(answer: Any, seed: int = 0) -> None:
    """Check how often a generator that does not hear its label draws the class asked for, to two decimals."""
    chances = own_shares(seed)
    right = sum(chance**2 for chance in chances)
    mistakes = [
        ("classes equally often", 1 / len(chances)),
        ("commonest class", max(chances)),
        ("as if it heard", 1.0),
        ("how often wrong", 1 - right),
        ("root of it", right**0.5),
        *(("one class only", chance**2) for chance in chances),
    ]
    number("deaf", answer, right, mistakes, tolerance=0.006, secret=True)


@task
def varieties(
    answer: Callable, seed: int = 0, shapes: Sequence[tuple[int, ...]] = ((4,), (1, 3, 3)), classes: int = 3
) -> None:
    """Check varieties(real, real_labels, fake, fake_labels, classes) on samples of these shapes."""
    for shape in shapes:
        random = torch.Generator().manual_seed(seed + len(shape))
        places, fewer = torch.arange(20), torch.arange(20) * 3 // 4  # the fakes' classes are not equally many
        labels = [each[torch.randperm(20, generator=random)] % classes for each in (places, fewer)]
        sides = []
        for own_labels, spread in zip(labels, (1.0, 0.6), strict=True):
            noise = torch.randn(len(own_labels), *shape, generator=random) * (
                spread + 0.3 * torch.rand(shape, generator=random)
            )
            moved = noise + torch.linspace(-1, 1, noise[0].numel()).view(shape)
            sides.append(moved + 3 * own_labels.float().view(-1, *[1] * len(shape)))
        given = sides[0], labels[0], sides[1], labels[1]
        what = f"{answer.__name__}, samples {[20, *shape]}, {classes} classes"
        yours = call(answer, *(each.clone() for each in given), classes)
        compare(what, yours, ratios(*given, classes), variety_mistakes(*given, classes))


@task
def conditional_training(answer: Callable, seed: int = 0, rounds: int = 2, steps: int = 500) -> Tensor:
    """Check conditional_training(gan, batches): what D is shown in single rounds, and what eight GANs reach.

    Return their pictures [8, 80, 1, 8, 8].
    """
    check_pairs(answer, seed, rounds)
    data, random = own_digits(seed), torch.Generator().manual_seed(seed)
    batches = []
    for _ in range(steps):
        some = torch.randint(len(data.pictures), (MEMBERS, 64), generator=random)
        noise = torch.randn(2, MEMBERS, 64, NOISE, generator=random)
        batches.append((data.pictures[some], one_hot(data.classes[some]).float(), noise))
    gan = trained(answer, eight_conditional_gans(seed), batches)
    return reached(answer.__name__, gan, data, seed)


def samplers(seed: int = 0) -> dict[str, tuple[Tensor, Tensor]]:
    """For held-out digits and four samplers, A to D in an order of your own: accuracy and variety of the ten classes.

    The first is the share of each class's pictures whose nearest real one is of that class, [10]; the second [10].
    """
    every = small_digits()
    assert every.labels is not None
    pictures, labels = every.pixels.flatten(1), every.labels
    (real, real_labels), (held, classes) = ((pictures[k::2], labels[k::2]) for k in range(2))
    first = own(seed, "swapped", range(9))
    swapped = torch.where(classes == first, first + 1, torch.where(classes == first + 1, first, classes))
    means = torch.stack([held[classes == k].mean(0) for k in range(10)])
    far = (held - means[classes]).square().sum(1)
    easy = torch.cat([(classes == k).nonzero()[:, 0][far[classes == k].argsort()[:20]] for k in range(10)])
    one = held.clone()
    alone = (classes == own(seed, "collapsed", range(10))).nonzero()[:, 0]
    one[alone] = held[alone[far[alone].argmin()]]
    unheard = classes[torch.randperm(len(classes), generator=torch.Generator().manual_seed(seed))]
    ways = [(held, unheard), (held, swapped), (held[easy], classes[easy]), (one, classes)]
    start = own(seed, "first sampler", range(4))
    rows = {"held out": (held, classes)} | dict(zip("ABCD", ways[start:] + ways[:start], strict=True))

    def judged(drawn: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
        read = real_labels[torch.cdist(drawn, real).argmin(1)]
        return shares(asked, read, 10), ratios(real, real_labels, drawn, asked, 10)

    return {name: judged(*way) for name, way in rows.items()}
