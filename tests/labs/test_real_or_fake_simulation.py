"""Real or fake, the logic: order, answers, interval; nothing is shown and no torch is needed."""

import json
import math

import pytest
from scipy.stats import beta, binom, binomtest

from gan_lessons.labs.blind.real_or_fake_simulation import Trial, Trials, fooled, interval, verdict


def played(right: int, count: int = 40, **options) -> Trials:
    """Trials of which the first `right` are answered right and the others wrong."""
    trials = Trials(100, 80, count, **options)
    for k in range(count):
        trials.answer(trials.current.real == (k < right))
    return trials


@pytest.mark.parametrize(("wrong", "count"), [(0, 1), (1, 1), (0, 40), (18, 40), (40, 40), (3, 7), (499, 1000)])
def test_interval_is_clopper_and_pearson(wrong, count):
    low, high = interval(wrong, count)
    expected = binomtest(wrong, count).proportion_ci(0.95, "exact")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    if wrong:
        assert low == pytest.approx(beta.ppf(0.025, wrong, count - wrong + 1), abs=1e-9)


def test_interval_holds_the_true_rate_often_enough():
    for p in (0.1, 0.35, 0.5, 0.8):
        held = sum(binom.pmf(k, 40, p) for k in range(41) if interval(k, 40)[0] <= p <= interval(k, 40)[1])
        assert 0.95 <= held < 0.985, p
    assert interval(0, 0) == (0.0, 1.0)


def test_trials_are_balanced_shuffled_and_never_shown_twice():
    seen = []
    for seed in range(30):
        order = Trials(100, 80, 40, seed).order
        assert len(set(order)) == 40 and sum(trial.real for trial in order) == 20
        assert all(trial.which < (100 if trial.real else 80) for trial in order)
        assert order == Trials(100, 80, 40, seed).order
        seen.append(order)
    assert len({tuple(order) for order in seen}) == 30
    firsts = [sum(order[k].real for order in seen) for k in range(40)]
    assert min(firsts) >= 5 and max(firsts) <= 25, "no place is always real"
    assert sum(firsts) == 600


def test_the_order_is_the_same_everywhere():
    order = Trials(5, 5, 4, seed=0).order
    assert order == [Trial(True, 3), Trial(False, 0), Trial(True, 4), Trial(False, 2)]


def test_answers_become_records_and_a_result():
    trials = played(22)
    rows = trials.records()
    assert [row["trial"] for row in rows] == list(range(1, 41))
    assert [row["wrong"] for row in rows] == [False] * 22 + [True] * 18
    for row, trial in zip(rows, trials.order, strict=True):
        assert row["truth"] == ("real" if trial.real else "fake") and row["index"] == trial.which
        assert (row["answer"] != row["truth"]) == row["wrong"]
    result = trials.result()
    assert (result.wrong, result.answered, result.rate) == (18, 40, 0.45)
    assert verdict(result).startswith(
        "You were wrong in 18 of 40: 45%, between 29 and 62 % (95 % interval); guessing gives 50 %."
    )
    parts = trials.result("real"), trials.result("fake")
    assert [part.answered for part in parts] == [20, 20] and sum(part.wrong for part in parts) == 18
    for truth, part in zip(("real", "fake"), parts, strict=True):
        assert len(fooled(rows, truth)) == part.wrong
    assert "can be told" in verdict(played(40).result())
    assert "worse than guessing" in verdict(played(2).result())
    assert "could be guessing" in verdict(played(20).result(), "The judge was")


def test_nothing_is_said_before_the_end():
    trials = Trials(100, 80, 4)
    for _ in range(3):
        trials.answer(True)
        assert trials.records() == [] and math.isnan(trials.result().rate)
    trials.take_back()
    assert len(trials.answers) == 2 and not trials.done
    for _ in range(2):
        trials.answer(False)
    assert trials.done and trials.current is None and len(trials.records()) == 4
    for late in (trials.take_back, lambda: trials.answer(True)):
        with pytest.raises(ValueError, match=r"nothing can be taken back|are answered"):
            late()


def test_trials_can_be_resumed():
    trials = Trials(100, 80, 6, seed=3)
    for real in (True, False, False):
        trials.answer(real)
    state = json.loads(json.dumps(trials.state()))
    later = Trials(100, 80, 6, seed=3)
    later.resume(state)
    assert later.answers == [True, False, False] and later.current == trials.current


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 4}, "another test \\(seed differ"),
        ({"real": 99}, "another test"),
        ({"answers": "RFX"}, "no answers"),
        ({"answers": "R" * 7}, "no answers"),
        ({"answers": None}, "no answers"),
    ],
)
def test_what_belongs_to_another_test_is_refused(change, words):
    trials = Trials(100, 80, 6, seed=3)
    with pytest.raises(ValueError, match=words):
        trials.resume({**trials.state(), **change})
    with pytest.raises(ValueError, match="no answers"):
        trials.resume([1])  # type: ignore[arg-type]
    assert trials.answers == []


@pytest.mark.parametrize("count", [0, 7, -2, 4.0, "many", True])
def test_odd_counts_are_refused(count):
    with pytest.raises(ValueError, match="even number"):
        Trials(100, 100, count)


def test_too_few_are_refused():
    with pytest.raises(ValueError, match="40 trials need 20 real and 20 fake ones; there are 100 and 19"):
        Trials(100, 19)
    with pytest.raises(ValueError, match="no answer to take back"):
        Trials(100, 20).take_back()
