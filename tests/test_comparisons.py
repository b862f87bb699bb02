"""Comparisons of shares and means: against known values, against simulation, and their errors."""

import numpy as np
import pytest
import torch

from gan_lessons.metrics.comparisons import Comparison, means, shares


def test_fisher_by_hand() -> None:
    """10 of 10 against 6 of 10: the tables as rare as this one weigh 2 · C(10, 4) / C(20, 4)."""
    found = shares(10, 10, 6, 10)
    assert found.p == pytest.approx(2 * 210 / 4845)
    assert found.difference == pytest.approx(0.4)
    assert not found.clear
    assert shares(10, 10, 4, 10).clear


def test_interval_of_newcombe() -> None:
    """The example of Newcombe (1998), method 10: 56/70 against 48/80 is 0.20, 0.0524 to 0.3339."""
    found = shares(56, 70, 48, 80)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=2e-4)


@pytest.mark.parametrize("paired", [False, True])
def test_equal_means_are_told_apart_one_time_in_twenty(paired: bool) -> None:
    draw = np.random.default_rng(0)
    samples = draw.normal(size=(1000, 2, 6)) * np.array([1, 3])[:, None]
    found = [means(a, b, paired) for a, b in samples]
    clear = sum(comparison.clear for comparison in found)
    assert 20 < clear < 85  # 50 expected, standard deviation 7
    assert sum(comparison.low < 0 < comparison.high for comparison in found) == 1000 - clear


def test_first_minus_second() -> None:
    found = means(torch.tensor([3.0, 3.1, 2.9]), [1.0, 1.2, 0.8])
    assert found.difference == pytest.approx(2)
    assert 0 < found.low < 2 < found.high
    assert found.clear


def test_pairs_see_what_the_seeds_share() -> None:
    first = torch.tensor([1.0, 5.0, 9.0, 13.0])
    second = first + torch.tensor([0.1, 0.12, 0.09, 0.11])
    assert means(first, second, paired=True).clear
    assert not means(first, second).clear


def test_values_that_do_not_vary() -> None:
    assert means([1, 1], [1, 1]) == Comparison(0, 0, 0, 1)
    assert means([2, 2], [1, 1]) == Comparison(1, 1, 1, 0)


def test_one_line() -> None:
    assert str(Comparison(-0.4, -0.7, 0.01, 0.0867)) == "−0.4, 95 % interval −0.7 to +0.01, p = .087"
    assert str(shares(100, 100, 0, 100)).endswith("p < .001")


@pytest.mark.parametrize("counts", [(3, 2, 0, 1), (-1, 2, 0, 1), (0, 0, 0, 1)])
def test_no_shares(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not a share"):
        shares(*counts)


def test_no_means() -> None:
    with pytest.raises(ValueError, match="at least two"):
        means([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="paired"):
        means([1.0, 2.0], [1.0, 2.0, 3.0], paired=True)
