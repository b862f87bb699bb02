"""Digits on demand: the class that was asked for, and each class's Fréchet distance beside the unconditional GAN's.

Three seeds of the recipe at its cpu size and of the unconditional recipe `digits` at its own, and both long runs as
they are stored. Three ratios are given, each for the worst of the ten classes:

- `worst_class_ratio`: a class's distance, 380 fakes to the hundred or so held-out digits of the class, over the
  unconditional GAN's distance for that same class at the same counts (its samples sorted into classes by the judge).
  Like is compared with like.
- `worst_class_ratio_literal`: a class's distance over the unconditional GAN's distance of all classes together, 4,000
  fakes to 1,000. The few pictures of a class alone make it larger: so much for a class's `floor_literal`.
- `floor_literal`: what real pictures would get there: the worst class, 380 digits to learn from, over the same.
"""

from statistics import median

import torch
from torch import Tensor

from chapters.results._records import trained
from gan_lessons import recipes
from gan_lessons.data.images import Images, digits
from gan_lessons.gan import GAN
from gan_lessons.judges.digits import load
from gan_lessons.metrics.asked import variety
from gan_lessons.metrics.classes import by_class
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.images import noise_distance, real_features
from gan_lessons.recipes.conditional import Conditional

SEEDS = (0, 1, 2)
A_CLASS = 380  # pictures: of no class are there fewer to learn from


def stored(name: str) -> GAN:
    """The generator of the long run."""
    return recipes.find(name, "long").load()


def classes_of(fake: Tensor, labels: Tensor) -> Tensor:
    """Each class's Fréchet distance, 380 fakes to the held-out digits, as a share of noise's: [10]."""
    kept = torch.cat([(labels == digit).nonzero()[:A_CLASS, 0] for digit in range(10)])
    real = digits(held_out=True).labels
    assert real is not None and labels[kept].bincount(minlength=10).tolist() == [A_CLASS] * 10
    return by_class(frechet_distance, real_features(), real, fake[kept], labels[kept], 10) / noise_distance()


def floors() -> Tensor:
    """What as many of the digits to learn from get: [10]."""
    known = digits()
    assert known.labels is not None
    return classes_of(load().features(known.pixels), known.labels)


def compared(size: str, conditional: GAN, unconditional: GAN) -> dict[str, float]:
    """The figures of one pair."""
    judge, recipe = load(), recipes.find("conditional", size)
    assert isinstance(recipe, Conditional)
    asked = torch.arange(10).repeat(400)
    features = judge.features(recipe.samples(conditional, asked))
    free = judge.features(unconditional.sample(8000).float())  # enough for 380 of each class
    read = judge.head(free).argmax(1)
    ours, theirs = classes_of(features, asked), classes_of(free, read)
    whole = frechet_distance(real_features(), free[:4000]) / noise_distance()
    return {
        "class_accuracy": float((judge.head(features).argmax(1) == asked).float().mean()),
        "worst_class_ratio": float((ours / theirs).max()),
        "mean_class_ratio": float((ours / theirs).mean()),
        "worst_class_ratio_literal": float(ours.max() / whole),
        "floor_literal": float(floors().max() / whole),
        "class_frechet": float(ours.mean()),
        "worst_class_frechet": float(ours.max()),
        "unconditional_class_frechet": float(theirs.mean()),
        "frechet_fraction": frechet_distance(real_features(), features) / noise_distance(),
        "unconditional_frechet_fraction": whole,
    }


def of_faces(seed: int) -> dict[str, float]:
    """How much the fakes of a person vary, as a share of the photographs of that person: the mean and the least."""
    recipe = recipes.find("conditional", "faces")
    gan, _ = trained(recipe, seed)
    shares = variety(Images(recipe.samples(gan, recipe.labels()), recipe.labels()), recipe.images())
    return {"faces_variety": float(shares.mean()), "faces_least_variety": float(shares.min())}


def bench() -> dict[str, float]:
    runs = []
    for seed in SEEDS:
        (ours, seconds), (free, _) = trained(recipes.find("conditional"), seed), trained(recipes.find("digits"), seed)
        runs.append({**compared("cpu", ours, free), "cpu_seconds": seconds, **of_faces(seed)})
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.4g}" for name, value in runs[-1].items()), flush=True)
    long = compared("long", stored("conditional"), stored("digits"))
    return {
        **{name: median(run[name] for run in runs) for name in runs[0]},
        "class_floor": float(floors().mean()),
        "seeds": len(SEEDS),
        **{f"long_{name}": value for name, value in long.items()},
    }
