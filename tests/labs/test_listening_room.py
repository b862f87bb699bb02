"""ListeningRoom: what it asks, plays and counts."""

import json

import pytest
import torch
from scipy import stats

from gan_lessons.labs.blind.listening_room import ListeningRoom
from gan_lessons.labs.blind.listening_room_drawing import WORDS
from gan_lessons.labs.blind.listening_room_simulation import LEVEL, Listening, checked_clips, rating
from gan_lessons.labs.kit.frame import Writing
from gan_lessons.plots import style
from gan_lessons.plots.sound import wav_bytes
from tests.labs.small import clips


def finish(lab: ListeningRoom, knows: bool = True) -> None:
    while not lab.done:
        question = lab.test.current
        if question.a:
            right = "A" if question.a == question.x else "B"
            lab.answer(right if knows else "A")
        else:
            lab.rate(5 if question.x == "real" else 2)


def test_questions_are_balanced_and_follow_the_seed():
    test = Listening(["real", "x", "y"], 6, abx=8, ratings=4)
    assert len(test.order) == 2 * 8 + 3 * 4
    for other in ("x", "y"):
        asked = [q for q in test.order if other in (q.a, q.b)]
        assert len(asked) == 8 and {q.clip for q in asked} == set(range(6))
        assert all({q.a, q.b} == {"real", other} and q.x in (q.a, q.b) for q in asked)
    rated = [q for q in test.order if not q.a]
    assert all(sum(q.x == name for q in rated) == 4 for name in test.systems), "the reference is hidden among them"
    assert len(set(rated)) == 12
    assert test.order == Listening(["real", "x", "y"], 6).order != Listening(["real", "x", "y"], 6, seed=1).order
    many = [q for seed in range(40) for q in Listening(["real", "x"], 6, abx=10, ratings=0, seed=seed).order]
    assert 150 < sum(q.x == q.a for q in many) < 250 and 150 < sum(q.a == "real" for q in many) < 250


def test_shares_and_ratings_carry_their_intervals():
    lab = ListeningRoom(clips(), abx=8, ratings=3)
    assert lab.results() == []
    finish(lab)
    real, griffin, _ = lab.results()
    assert griffin["abx_right"] == griffin["abx_answered"] == 8
    exact = stats.binomtest(8, 8).proportion_ci(0.95, "exact")
    assert griffin["abx_low"] == pytest.approx(exact.low, abs=1e-6) and griffin["abx_high"] == 1
    assert real["rating_mean"] == 5 and griffin["rating_mean"] == 2 and "abx_right" not in real
    assert "Griffin-Lim was told from real in 8 of 8" in lab.sentence and "real 5.0" in lab.sentence
    found = rating([1, 3, 4, 4])
    low, high = stats.t.interval(0.95, 3, 3.0, stats.sem([1, 3, 4, 4]))
    assert found.mean == 3 and found.low == pytest.approx(max(1, low)) and found.high == pytest.approx(min(5, high))
    assert rating([4])[2:] == (1, 5)
    assert len(lab.frame().panels) == 2 and lab.figure()


def written(lab: ListeningRoom) -> list[str]:
    """The texts of the question on show."""
    return [text for layer in lab.frame().panels[0].layers if isinstance(layer, Writing) for text in layer.texts]


def test_the_question_shows_its_cards_its_keys_and_how_far_the_test_has_come():
    lab = ListeningRoom(clips(("real", "x")), abx=2, ratings=1)
    assert {"A", "X", "B", "key 1", "key 2", "2 × which is X?", "2 × how good?"} <= set(written(lab))
    marked = lambda: [layer for layer in lab.frame().panels[0].layers if getattr(layer, "color", "") == style.REAL]  # noqa: E731
    assert not marked(), "nothing is chosen yet, and nothing answered"
    lab.choose("B")
    assert {layer.texts[0] for layer in marked() if isinstance(layer, Writing)} == {"B", "key 2"}
    lab.confirm()
    (bar,) = marked()
    assert bar.data[0, 1, 0] == pytest.approx(0.25), "half of the first half"
    lab.answer("A")
    assert {*WORDS, "2 × how good?"} <= set(written(lab)) and "A" not in written(lab)


def test_guessing_is_called_guessing():
    lab = ListeningRoom(clips(("real", "x"), 20), abx=20, ratings=0)
    finish(lab, knows=False)
    assert "it could be guessing" in lab.sentence


def test_what_plays_is_the_clip_asked_for():
    lab = ListeningRoom(clips())
    question = lab.test.current
    for name, system in (("A", question.a), ("B", question.b), ("X", question.x)):
        lab.play(name)
        assert lab.sounding == wav_bytes(lab.clips[system][question.clip])
        assert "nothing sounds" in lab.sentence
    assert all(name not in lab.sentence for name in lab.clips), "the test is blind"
    finish(lab)
    lab.play("A")
    assert "There is no 'A' to play here" in lab.sentence


def test_all_clips_have_one_loudness_and_keep_their_shape():
    given = clips(("a", "b"))
    given["b"] = given["b"] * 0.01
    found = checked_clips(given)
    for name, one in found.items():
        assert one.square().mean(1).sqrt().sub(LEVEL).abs().max() < 1e-5
        torch.testing.assert_close(one / one.abs().max(), given[name] / given[name].abs().max(), rtol=0.2, atol=0.2)
    peaked = torch.zeros(2, 640)
    peaked[:, 3] = 1
    loud = checked_clips({"a": peaked, "b": given["a"][:2]})
    assert loud["a"].max() <= 1 + 1e-6
    assert loud["a"].square().mean().sqrt() == pytest.approx(float(loud["b"].square().mean().sqrt()), rel=1e-4)
    assert checked_clips({"silence": torch.zeros(2, 64), "b": given["a"][:2, :64]})["silence"].abs().max() == 0


def test_keys_and_buttons_do_what_code_does():
    lab = ListeningRoom(clips(), abx=1, ratings=1)
    lab.widget()
    press = lambda key: lab.view.stage.receive({"events": [{"kind": "key", "key": key}]})  # noqa: E731
    press("\n")
    assert "Choose an answer first" in lab.sentence and not lab.test.answers
    press("x")
    assert lab.audio.value == lab.sounding == wav_bytes(lab.clips[lab.test.current.x][lab.test.current.clip])
    before = lab.frame()
    press("2")
    assert lab.chosen == "B" and lab.frame() is not before
    press("5")
    assert lab.chosen == "B", "there is no fifth answer"
    press("\n")
    assert lab.test.answers == "B" and lab.audio.value == b"" and not lab.chosen
    button = {one.description: one for one in lab.answering}
    button["X is A"].click()
    button["Confirm (Enter)"].click()
    assert lab.test.answers == "BA" and not button["3"].disabled
    button["X is A"].click()
    assert "how good X is" in lab.sentence and not lab.chosen
    press("a")
    assert "There is no 'A'" in lab.sentence
    press("3")
    press("\n")
    assert lab.test.answers == "BA3"
    finish(lab)
    assert all(one.disabled for one in lab.answering) and "told from the reference" in lab.table.value
    bundle, metadata = lab._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == lab.sentence and len(bundle["image/png"]) < 100_000


def test_a_broken_off_test_goes_on(tmp_path):
    file = tmp_path / "answers.json"
    lab = ListeningRoom(clips(), file=file)
    for letter in "ABB":
        lab.answer(letter)
    assert json.loads(file.read_text())["answers"] == "ABB"
    again = ListeningRoom(clips(), file=file)
    assert again.test.answers == "ABB" and again.sentence.startswith("3 of 28 answered")
    assert list(tmp_path.iterdir()) == [file], "nothing unfinished is left"
    finish(again)
    assert ListeningRoom(clips(), file=file).results() == again.results()


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (None, {"seed": 1}, "other clips, or in another order"),
        ("{", {}, "it is damaged"),
        ("[1]", {}, "these are no answers"),
        (None, {"clips": clips(count=7)}, "other clips"),
    ],
)
def test_answers_to_other_clips_are_refused_and_left(tmp_path, content, options, words):
    file = tmp_path / "answers.json"
    ListeningRoom(clips(), file=file).answer("A")
    content = content or file.read_text()
    file.write_text(content)
    lab = ListeningRoom(**{"clips": clips(), **options}, file=file)
    assert lab.sentence.startswith("answers.json is left as it is, since") and words in lab.sentence
    lab.answer("A")
    assert file.read_text() == content and "not stored. 1 of" in lab.sentence


@pytest.mark.parametrize(
    ("given", "options", "words"),
    [
        ([1], {}, "by the names of their systems"),
        ({"a": torch.rand(3, 64)}, {}, "at least two systems"),
        ({"a": torch.rand(3, 64), "b": torch.rand(3, 65)}, {}, "differ in number or length"),
        ({"a": torch.rand(3, 64), "b": torch.rand(64)}, {}, "The clips of b are no waveforms"),
        ({"a": torch.rand(3, 64), "b": torch.full((3, 64), torch.nan)}, {}, "not numbers"),
        (clips(), {"ratings": 7}, "7 ratings of each system need so many clips"),
        (clips(), {"abx": -1}, "whole number abx"),
        (clips(), {"abx": 0, "ratings": 0}, "asks something"),
        (clips(), {"seed": "x"}, "whole number seed"),
    ],
)
def test_what_cannot_be_heard_is_a_sentence(given, options, words):
    lab = ListeningRoom(given, **options)
    assert words in lab.sentence and lab.figure() and lab.widget() and lab.done
    for action in (lambda: lab.play("A"), lambda: lab.answer("A"), lambda: lab.rate(3), lab.confirm):
        action()
        assert words in lab.sentence
    assert lab.results() == []


def test_other_answers_to_the_room_are_refused():
    lab = ListeningRoom(clips())
    for nonsense in ("C", "", "AB", None, True, 3):
        lab.answer(nonsense)
        assert "The answer is A or B" in lab.sentence
    for nonsense in ("D", "", None, 3):
        lab.play(nonsense)
        assert "to play here; what there is: A, B, X" in lab.sentence
    assert lab.test.answers == ""
