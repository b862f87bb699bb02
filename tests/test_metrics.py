"""Metrics on samplers whose score is known: perfect, collapsed, noisy; and against reference implementations."""

import math

import pytest
import scipy.linalg
import torch

from gan_lessons.data.points import grid, ring
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.modes import mode_scores, mode_width, perfect

COUNT = 2500


@pytest.mark.parametrize(("mixture", "kl"), [(ring(), 7 / (2 * COUNT)), (grid(), 24 / (2 * COUNT))])
def test_the_perfect_sampler(mixture, kl):
    scores = [perfect(mixture, COUNT, seed) for seed in range(20)]
    assert all(score.modes == len(mixture.centres) for score in scores)
    # within three standard deviations lies 1 - exp(-9/2) of a 2-D Gaussian
    quality = torch.stack([score.high_quality for score in scores]).mean().item()
    assert quality == pytest.approx(1 - math.exp(-4.5), abs=0.002)
    assert torch.stack([score.kl for score in scores]).mean().item() == pytest.approx(kl, rel=0.35)


def test_half_of_the_modes_dropped():
    half = type(ring())(ring().centres[:4], ring().std)
    score = mode_scores(half.sample(COUNT), ring())
    assert score.modes == 4 and score.high_quality > 0.98
    assert score.kl.item() == pytest.approx(math.log(2), abs=0.01)


def test_noise():
    torch.manual_seed(0)
    score = mode_scores(4 * torch.rand(COUNT, 2) - 2, ring())
    share = 8 * math.pi * 0.06**2 / 16 * (3 / 4)  # four of eight centres lie on the square's edge, half inside
    assert score.high_quality.item() == pytest.approx(share, abs=0.003)


def test_modes_alone_can_be_fooled():
    one_each = torch.cat([ring().centres[:1].repeat(COUNT - 7, 1), ring().centres[1:]])
    score = mode_scores(one_each, ring())
    assert score.modes == 8 and score.high_quality == 1
    assert score.kl > 2


def test_nothing_found():
    score = mode_scores(torch.full((100, 2), 9.0), ring())
    assert score.modes == 0 and score.high_quality == 0 and score.kl == math.inf


def test_populations_are_scored_a_member_at_a_time():
    points = torch.stack([ring().sample(COUNT), torch.zeros(COUNT, 2)])
    score = mode_scores(points, ring())
    assert score.modes.tolist() == [8, 0] and score.kl.shape == (2,)


def test_width_sees_what_the_scores_do_not():
    mixture = ring()
    narrow = type(mixture)(mixture.centres, mixture.std / 4)
    sharp = torch.stack([mixture.centres.repeat(300, 1), narrow.sample(2400)])
    scores, width = mode_scores(sharp, mixture), mode_width(sharp, mixture)
    assert (scores.modes == 8).all() and (scores.high_quality == 1).all() and (scores.kl < 0.01).all()
    assert width.tolist() == pytest.approx([0, mixture.std / 4], rel=0.05, abs=1e-6)
    # of a Gaussian in the plane, cut off at three standard deviations
    cut = math.sqrt((1 - 5.5 * math.exp(-4.5)) / (1 - math.exp(-4.5)))
    assert mode_width(mixture.sample(100_000), mixture).item() == pytest.approx(cut * mixture.std, rel=0.01)


def test_frechet_distance_of_gaussians_in_closed_form():
    torch.manual_seed(0)
    real, fake = torch.randn(2, 200_000, 3, dtype=torch.double)
    shifted = 2 * fake + torch.tensor([1.0, 0.0, 0.0])
    # means differ by 1, standard deviations are 1 and 2 in each of 3 dimensions
    assert frechet_distance(real, shifted) == pytest.approx(1 + 3 * (2 - 1) ** 2, rel=0.02)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-6)


def test_frechet_distance_against_scipy_and_torchmetrics():
    from torchmetrics.image.fid import _compute_fid

    torch.manual_seed(0)
    real = torch.randn(500, 6, dtype=torch.double) @ torch.randn(6, 6, dtype=torch.double)
    fake = torch.randn(400, 6, dtype=torch.double) @ torch.randn(6, 6, dtype=torch.double) + 0.3
    means, covariances = [x.mean(0) for x in (real, fake)], [torch.cov(x.T) for x in (real, fake)]
    root = scipy.linalg.sqrtm((covariances[0] @ covariances[1]).numpy()).real
    by_scipy = (means[0] - means[1]).square().sum() + (covariances[0] + covariances[1]).trace() - 2 * root.trace()
    assert frechet_distance(real, fake) == pytest.approx(by_scipy.item(), rel=1e-6)
    by_torchmetrics = _compute_fid(means[0], covariances[0], means[1], covariances[1])
    assert frechet_distance(real, fake) == pytest.approx(by_torchmetrics.item(), rel=1e-6)


def test_frechet_distance_of_the_perfect_sampler_falls_with_the_count():
    torch.manual_seed(0)
    few, many = (frechet_distance(*torch.randn(2, count, 16)) for count in (100, 4000))
    assert 0 < many < few / 10


@pytest.mark.parametrize(
    ("real", "fake", "message"),
    [
        (torch.randn(50, 4), torch.randn(50, 5), "alike on both sides"),
        (torch.randn(50), torch.randn(50), "shape"),
        (torch.randn(50, 4), torch.randn(4, 4), "needs at least 5 samples; there are 4 fake ones"),
        (torch.randn(50, 4), torch.full((50, 4), torch.nan), "not numbers"),
        (torch.ones(50, 4), torch.randn(50, 4), "features that vary"),
    ],
)
def test_bad_features(real, fake, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(real, fake)
