"""Figures for detectors, which must not miss their word and must not hear it in others."""

from scipy.stats import chi2


def rate_interval(count: int, hours: float) -> tuple[float, float]:
    """A 95 % interval of events per hour, of which `count` were seen in so many hours.

    Exact for events that come at random times, one by one. Garwood 1936, Biometrika 28, 437.
    """
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return low / hours, chi2.ppf(0.975, 2 * count + 2) / 2 / hours
