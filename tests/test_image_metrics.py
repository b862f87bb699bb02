"""Metrics on features: against references, and on samplers of digits whose answer is known."""

import math
from functools import cache

import pytest
import scipy.stats
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from gan_lessons.data.images import digits
from gan_lessons.judges.digits import load
from gan_lessons.metrics.classes import by_class, class_shares
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.inception import inception_score
from gan_lessons.metrics.kernel import kernel_distance
from gan_lessons.metrics.memory import birthday_support, copied_share, nearest
from gan_lessons.metrics.neighbours import neighbour_scores, perfect_coverage, radii

COUNT = 1600


@cache
def samplers() -> dict[str, Tensor]:
    """Pictures [COUNT, 1, 28, 28] of samplers whose answer is known; `real` and `perfect` have no picture in common."""
    known, rest = digits().split(0.5, seed=1)
    real, perfect = known.pixels[:COUNT], rest.pixels[:COUNT]
    torch.manual_seed(0)
    one_each = torch.stack([rest.pixels[rest.labels == digit][0] for digit in range(10)])
    blurred = avg_pool2d(perfect, 5, 1, 2)
    return {
        "real": real,
        "perfect": perfect,
        "half": rest.pixels[rest.labels < 5].repeat(2, 1, 1, 1)[:COUNT],
        "blurred": blurred,
        "noisy": (perfect + torch.randn_like(perfect)).clamp(-1, 1),
        "memorised": real[torch.randint(COUNT, (COUNT,))],
        "one each": one_each.repeat(COUNT // 10, 1, 1, 1),
        "noise": torch.rand_like(real) * 2 - 1,
    }


@cache
def features(name: str) -> Tensor:
    return load().features(samplers()[name])


# Kernel distance


def test_kernel_distance_against_torchmetrics():
    from torchmetrics.image.kid import poly_mmd

    torch.manual_seed(0)
    real, fake = torch.randn(60, 5, dtype=torch.double), torch.randn(60, 5, dtype=torch.double) * 1.5 + 0.3
    assert kernel_distance(real, fake) == pytest.approx(poly_mmd(real, fake).item(), rel=1e-6)


def test_kernel_distance_by_hand():
    real, fake = torch.tensor([[0.0], [1.0]]), torch.tensor([[2.0], [3.0]])
    # (xy + 1)³: among reals 1, among fakes 7³, across the mean of 1, 1, 3³, 4³
    assert kernel_distance(real, fake) == pytest.approx(1 + 343 - 2 * (1 + 1 + 27 + 64) / 4)


def test_kernel_distance_has_no_bias_in_the_count():
    torch.manual_seed(0)
    for count in (10, 100):
        values = torch.tensor([kernel_distance(*torch.randn(2, count, 8)) for _ in range(400)])
        assert abs(values.mean()) < 4 * values.std() / 20


# Precision, recall, density, coverage


def by_brute_force(real: Tensor, fake: Tensor, k: int) -> tuple[float, ...]:
    def reach(points: Tensor) -> list[float]:
        return [sorted(math.dist(a, b) for b in points.tolist())[k] for a in points.tolist()]

    reals, fakes, real_reach, fake_reach = real.tolist(), fake.tolist(), reach(real), reach(fake)
    inside = [[math.dist(r, f) <= reach for f in fakes] for r, reach in zip(reals, real_reach, strict=True)]
    recalled = [any(math.dist(r, f) <= reach for f, reach in zip(fakes, fake_reach, strict=True)) for r in reals]
    held = list(zip(*inside, strict=True))
    return (
        sum(map(any, held)) / len(fakes),
        sum(recalled) / len(reals),
        sum(map(sum, held)) / k / len(fakes),
        sum(map(any, inside)) / len(reals),
    )


def test_neighbour_scores_by_brute_force():
    torch.manual_seed(0)
    real, fake = torch.randn(40, 3), torch.randn(40, 3) * 0.7 + 0.4
    assert tuple(neighbour_scores(real, fake, 3)) == pytest.approx(by_brute_force(real, fake, 3))


def test_radii():
    assert radii(torch.tensor([[0.0], [1.0], [3.0], [7.0]]), 2).tolist() == [3.0, 2.0, 3.0, 6.0]


def test_a_perfect_sampler_has_the_coverage_that_counting_gives():
    torch.manual_seed(0)
    scores = [neighbour_scores(*torch.randn(2, 300, 2), neighbours=4) for _ in range(40)]
    coverage = torch.tensor([score.coverage for score in scores])
    assert abs(coverage.mean() - perfect_coverage(300, 4)) < 4 * coverage.std() / 40**0.5
    assert perfect_coverage(10**6, 5) == pytest.approx(1 - 0.5**5, abs=1e-4)
    density = torch.tensor([score.density for score in scores])
    assert abs(density.mean() - 1) < 4 * density.std() / 40**0.5


# Inception score


def test_inception_score_against_scipy():
    torch.manual_seed(0)
    p = torch.randn(50, 7).softmax(-1)
    marginal = p.mean(0)
    expected = math.exp(sum(scipy.stats.entropy(row, marginal) for row in p.numpy()) / 50)
    assert inception_score(p) == pytest.approx(expected, rel=1e-5)


def test_inception_score_of_known_samplers():
    sure = torch.eye(10)
    assert inception_score(sure.repeat(10, 1)) == pytest.approx(10)  # one each: full marks for ten pictures
    assert inception_score(sure[:5].repeat(10, 1)) == pytest.approx(5)
    assert inception_score(sure[:1].repeat(20, 1)) == pytest.approx(1)
    assert inception_score(torch.full((20, 10), 0.1)) == pytest.approx(1)


# Memorisation


def test_nearest_training_sample():
    training = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    found = nearest(training, torch.tensor([[0.0, 1.0], [3.0, 4.0]]))
    assert found.distances.tolist() == [1.0, 0.0] and found.indices.tolist() == [0, 1]


def test_copied_share():
    real, perfect = samplers()["real"], samplers()["perfect"]
    unseen = digits().split(0.5, seed=1)[1].pixels[COUNT:]
    assert abs(copied_share(real, perfect, unseen)) < 0.1
    assert copied_share(real, perfect, samplers()["memorised"]) == 1
    half = torch.cat([samplers()["memorised"][:400], unseen[:400]])
    assert copied_share(real, perfect, half) == pytest.approx(0.5, abs=0.07)


@pytest.mark.parametrize("support", [10, 500, 5000])
def test_birthday_support(support):
    torch.manual_seed(0)
    stock = torch.randn(support, 8)
    drawn = stock[torch.randint(support, (20_000,))]
    assert birthday_support(drawn, 1e-3, 200) == pytest.approx(support, rel=0.35)
    assert birthday_support(torch.randn(1000, 8), 1e-6) == math.inf


# What each says of samplers of digits


def test_known_samplers_come_in_the_right_order():
    real = features("real")
    frechet = {name: frechet_distance(real, features(name)) for name in samplers()}
    assert frechet["memorised"] < frechet["perfect"] < 0.2 * min(frechet["half"], frechet["blurred"], frechet["noisy"])
    assert max(frechet.values()) == frechet["noise"]
    kernel = {name: kernel_distance(real, features(name)) for name in samplers()}
    assert abs(kernel["perfect"]) < 0.05 * min(kernel["half"], kernel["blurred"], kernel["noisy"])
    scores = {name: neighbour_scores(real, features(name)) for name in samplers()}
    perfect = scores["perfect"]
    assert perfect.coverage == pytest.approx(perfect_coverage(COUNT), abs=0.03)
    assert perfect.density == pytest.approx(1, abs=0.1)
    assert scores["half"].precision > 0.9 * perfect.precision and scores["half"].coverage < 0.6 * perfect.coverage
    assert scores["one each"].precision > 0.8 and scores["one each"].coverage < 0.1
    # noise lies in the wide ball of one odd real digit, so precision is fooled; density and coverage are not
    assert scores["noise"].precision > 0.5 and scores["noise"].density < 0.5 and scores["noise"].coverage < 0.05
    assert scores["memorised"].precision == 1


def test_the_perfect_sampler_is_within_its_interval_of_the_floor():
    """Twenty random halvings of the real digits give the floor and its spread; another is inside."""
    whole = torch.cat([features("real"), features("perfect")])

    def halves(seed: int) -> tuple[Tensor, Tensor]:
        order = torch.randperm(len(whole), generator=torch.Generator().manual_seed(seed))
        return whole[order[:COUNT]], whole[order[COUNT:]]

    for metric in (frechet_distance, kernel_distance):
        floors = torch.tensor([metric(*halves(seed)) for seed in range(20)])
        assert abs(metric(features("real"), features("perfect")) - floors.mean()) < 4 * floors.std()


# Classes


def test_class_shares():
    assert class_shares(torch.tensor([0, 2, 2, 2]), 4).tolist() == [0.25, 0.0, 0.75, 0.0]


def test_a_metric_by_class():
    torch.manual_seed(0)
    real, fake, labels = torch.randn(400, 3), torch.randn(400, 3), torch.arange(400) % 4
    fake[labels == 2] += 1
    far = by_class(kernel_distance, real, labels, fake, labels, 4)
    assert far.argmax() == 2 and far[2] > 10 * far[[0, 1, 3]].abs().max()
    only = labels != 3
    assert by_class(kernel_distance, real, labels, fake[only], labels[only], 4)[3].isnan()


def test_labels_are_checked():
    with pytest.raises(ValueError, match="from 0 to 2, not 3"):
        class_shares(torch.tensor([0, 3]), 3)
    with pytest.raises(ValueError, match="one label for each"):
        by_class(kernel_distance, torch.randn(9, 2), torch.zeros(8), torch.randn(9, 2), torch.zeros(9), 3)


# Bad input


@pytest.mark.parametrize("metric", [kernel_distance, neighbour_scores, frechet_distance])
def test_metrics_refuse_bad_features(metric):
    good = torch.randn(50, 4)
    for real, fake, message in [
        (good, torch.randn(50, 5), "alike on both sides"),
        (good, torch.randn(1, 4), "needs at least . samples; there are 1 fake"),
        (good, torch.full((50, 4), torch.nan), "fake features hold values that are not numbers"),
        (torch.ones(50, 4), good, "features that vary"),
    ]:
        with pytest.raises(ValueError, match=message):
            metric(real, fake)


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (torch.ones(5), "shape"),
        (torch.eye(4)[:3], "at least as many samples; there are 3"),
        (torch.randn(20, 4), "softmax"),
        (torch.full((20, 4), torch.nan), "softmax"),
    ],
)
def test_the_inception_score_refuses_what_is_no_probability(probabilities, message):
    with pytest.raises(ValueError, match=message):
        inception_score(probabilities)
