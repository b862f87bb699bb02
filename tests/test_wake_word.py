"""The wake word's figures: intervals of rare counts, and what a test of a detector counts."""

import torch

from chapters.results import wake_word
from gan_lessons.data import sound
from gan_lessons.metrics.detection import rate_interval


def test_interval():
    """Garwood's interval: three events in an hour may be 0.62 to 8.77, and none in an hour up to 3.69."""
    low, high = rate_interval(3, 1.0)
    assert abs(low - 0.6187) < 1e-3 and abs(high - 8.7673) < 1e-3
    assert rate_interval(0, 1.0)[0] == 0 and abs(rate_interval(0, 1.0)[1] - 3.6889) < 1e-3
    assert rate_interval(0, 2.0)[1] == rate_interval(0, 1.0)[1] / 2


class Knowing(torch.nn.Module):
    """A detector that knows the answers: sure of the wake word in the clips that it is told."""

    def __init__(self, sure):
        super().__init__()
        self.sure = sure

    def features(self, log_mels):
        return self.sure.float()[:, None]

    def head(self, sure):
        return torch.cat([-20 * (sure - 0.5), 20 * (sure - 0.5)], dim=1)


def test_a_perfect_and_a_deaf_detector():
    clips = sound.spoken_digits().test
    wake = clips.labels == wake_word.WORD
    perfect, inverted = (wake_word.tested(Knowing(sure), clips) for sure in (wake, ~wake))
    assert set(perfect["missed"]) == {0.0} and set(perfect["alarms"]) == {0}
    assert set(inverted["missed"]) == {1.0} and set(inverted["alarms"]) == {216}
    assert abs(perfect["hours"] - 216 * 0.512 / 3600) < 1e-9
