"""The wake word's figures, and what a test of a detector counts."""

from dataclasses import replace

import pytest
import torch

from chapters.results import wake_word
from gan_lessons.data import sound
from gan_lessons.judges import sounds
from gan_lessons.metrics.detection import mean_missed


def test_the_mean_share_missed_is_the_area_over_the_curve():
    wake, others = torch.tensor([0.9, 0.4]), torch.tensor([0.1, 0.2, 0.5, 0.6])
    assert mean_missed(wake, others) == pytest.approx(0.25)  # of eight pairs two are in the wrong order
    assert mean_missed(wake, others, most=0.5) == pytest.approx(0.5)  # with up to two alarms, the second is missed
    assert mean_missed(wake, others, most=0.125) == pytest.approx(0.5)
    assert mean_missed(others[:1], others[:1]) == 0.5 and mean_missed(wake, wake + 1) == 1
    draw = torch.Generator().manual_seed(0)
    guesses = [torch.rand(3000, generator=draw) for _ in range(2)]
    assert mean_missed(*guesses) == pytest.approx(0.5, abs=0.03)
    assert mean_missed(*guesses, most=0.05) == pytest.approx(0.975, abs=0.01)
    with pytest.raises(ValueError, match="above 0 and at most 1, not 2"):
        mean_missed(wake, others, 2)


def test_voices_are_never_on_both_sides_and_every_halving_is_tried_both_ways():
    trials = wake_word.halves(6)
    assert len(trials) == 6
    for taught, tested in trials:
        assert sorted([*taught.tolist(), *tested.tolist()]) == list(range(6)) and len(taught) == len(tested) == 3
    sides = {frozenset(taught.tolist()) for taught, _ in trials}
    assert len(sides) == 6, "no half is taught twice"
    assert all(frozenset(tested.tolist()) in sides for _, tested in trials)


def test_trials_are_averaged_over_their_detectors():
    runs = [{"arm": "a", "trial": t, "area": t + s} for t in (1, 0) for s in (0, 1)] + [{"arm": "b", "trial": 0}]
    assert wake_word.by_trial(runs, "a") == [0.5, 1.5]


def test_the_gan_learns_from_the_few_clips_alone():
    """As many clips as it is given, of which every batch has as many classes as it can."""
    clips = wake_word.few(sound.spoken_digits().train, torch.arange(2))
    plan = replace(wake_word.learning_from(clips), steps=2, generator_width=4, discriminator_width=4)
    assert len(plan.data()) == len(clips) == 160
    gan = plan.build()
    assert len(list(plan.train(gan, plan.data()))) == 2 and plan.samples(gan, 10).shape == (10, 64, 64)


def test_a_detector_hears_altered_copies_unless_told_otherwise(monkeypatch):
    monkeypatch.setattr(wake_word, "STEPS", 4)
    clips, labels = torch.rand(6, 64, 64), torch.arange(6)
    usual, altered, plain = (
        wake_word.detector(clips, labels, 0, **way).head.weight
        for way in ({}, {"augment": sounds.distort}, {"augment": lambda batch: batch})
    )
    assert torch.equal(usual, altered) and not torch.equal(usual, plain)


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
    assert (perfect["area"], perfect["area_few"]) == (0, 0) and (inverted["area"], inverted["area_few"]) == (1, 1)
    assert abs(perfect["hours"] - 216 * 0.512 / 3600) < 1e-9
