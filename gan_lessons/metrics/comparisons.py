"""Is the difference larger than chance? One test for two shares, one for two means, and the interval beside it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats
from torch import Tensor


class Comparison(NamedTuple):
    """A difference, first minus second, with its 95 % interval and the two-sided p-value of no difference at all."""

    difference: float
    low: float
    high: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether the book speaks of a difference: p < .05."""
        return self.p < 0.05

    def __str__(self) -> str:
        chance = "p < .001" if self.p < 0.001 else f"p = {self.p:.3f}".replace("0.", ".", 1)
        numbers = f"{self.difference:+.3g}, 95 % interval {self.low:+.3g} to {self.high:+.3g}".replace("-", "−")
        return f"{numbers}, {chance}"


def shares(first: int, of_first: int, second: int, of_second: int) -> Comparison:
    """Two shares, as `shares(10, 10, 6, 10)`: 10 of 10 seeds against 6 of 10.

    Fisher's exact test (two-sided), and Newcombe's interval for the difference, built from Wilson's for each share
    (Newcombe 1998). A ValueError where a count exceeds its total.
    """
    for count, total in ((first, of_first), (second, of_second)):
        if not 0 <= count <= total or not total:
            raise ValueError(f"{count} of {total} is not a share.")
    p = stats.fisher_exact([[first, of_first - first], [second, of_second - second]]).pvalue
    a, b = first / of_first, second / of_second
    (a_low, a_high), (b_low, b_high) = (
        stats.binomtest(int(count), int(total)).proportion_ci(method="wilson")
        for count, total in ((first, of_first), (second, of_second))
    )
    low = a - b - math.hypot(a - a_low, b_high - b)
    high = a - b + math.hypot(a_high - a, b - b_low)
    return Comparison(a - b, low, high, float(p))


def means(first: Tensor | Sequence[float], second: Tensor | Sequence[float], paired: bool = False) -> Comparison:
    """The means of two samples, one value a seed, say: Welch's t-test and its interval.

    With `paired`, the values belong together in their order (the same seed, the same test clip), and the test is of
    their differences. A ValueError with fewer than two values.
    """
    a, b = (np.asarray(values, dtype=float).ravel() for values in (first, second))
    if min(len(a), len(b)) < 2:
        raise ValueError("A mean needs at least two values on each side to be compared.")
    if paired and len(a) != len(b):
        raise ValueError(f"{len(a)} and {len(b)} values cannot be paired.")
    difference = float(a.mean() - b.mean())
    if np.ptp(a - b if paired else np.concatenate([a - a.mean(), b - b.mean()])) == 0:  # nothing varies
        return Comparison(difference, difference, difference, float(difference == 0))
    result = stats.ttest_rel(a, b) if paired else stats.ttest_ind(a, b, equal_var=False)
    low, high = result.confidence_interval()
    return Comparison(difference, float(low), float(high), float(result.pvalue))
