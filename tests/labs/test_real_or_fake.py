"""RealOrFakeLab: one picture at a time, and no peeking."""

import json

import numpy as np
import pytest
import torch

from gan_lessons.labs.blind.real_or_fake import RealOrFakeLab
from gan_lessons.labs.kit.frame import Lines
from gan_lessons.labs.kit.packing import pack
from tests.labs.small import data, drawn, fakes


def test_one_picture_at_a_time_and_no_peeking():
    lab = RealOrFakeLab(data(), fakes(), trials=6, seed=2)
    box = lab.widget()
    for k in range(6):
        assert f"{k} of 6 answered" in lab.sentence and f"{k} of 6" in repr(lab)
        (panel,) = lab.frame().panels
        assert panel.title == f"Picture {k + 1} of 6: real or fake?" and drawn(panel).shape[0] == 1
        trial = lab.test.order[k]
        expected = (data() if trial.real else fakes())[trial.which]
        np.testing.assert_allclose(drawn(panel)[0], (expected.permute(1, 2, 0) + 1) / 2, atol=1e-6)
        assert lab.records == [] and lab.result is None and not lab.done
        seen = str(pack(lab.frame())[0]["panels"][0]) + lab.sentence + repr(lab) + repr(box)
        assert "wrong" not in seen and str(trial) not in seen
        lab.answer("fake")
    assert lab.done and lab.shown.numel() == 0
    assert lab.sentence.startswith("You were wrong in 3 of 6: 50%, between 12 and 88 %")
    assert lab.result.wrong == 3 and [row["answer"] for row in lab.records] == ["fake"] * 6


def test_the_end_shows_who_fooled_you():
    lab = RealOrFakeLab(data(), fakes(), trials=20)
    while not lab.done:
        lab.answer("real")
    error, taken, mistaken = lab.frame().panels
    assert [name for _, name in error.rows] == ["all: 50%", "the fakes: 100%", "the real: 0%"]
    which = [row["index"] for row in lab.records if row["truth"] == "fake"]
    np.testing.assert_allclose(drawn(taken), (fakes()[which].permute(0, 2, 3, 1) + 1) / 2, atol=1e-6)
    assert taken.title == "Fakes taken for real: 10" and mistaken.title == "Real ones taken for fakes: none"
    low, high = next(one for one in error.layers if isinstance(one, Lines) and one.width == 3).data[0, :, 0]
    assert (low, high) == pytest.approx((0.272, 0.728), abs=1e-3) and lab.figure()


def test_keys_and_buttons_answer():
    lab = RealOrFakeLab(data(), fakes(), trials=4)
    lab.widget()
    assert lab.view.stage.letters == "rf"
    lab.view.stage.receive({"events": [{"kind": "key", "key": "r"}, {"kind": "key", "key": "f"}]})
    assert lab.test.answers == [True, False]
    real, fake, back, again = lab.answering
    back.click()
    assert lab.test.answers == [True]
    fake.click()
    real.click()
    assert lab.test.answers == [True, False, True] and not real.disabled
    fake.click()
    assert lab.done and real.disabled and back.disabled and not again.disabled
    lab.view.stage.receive({"events": [{"kind": "key", "key": "r"}]})
    assert "All 4 trials are answered." in lab.sentence
    again.click()
    assert not lab.done and "Another test begins." in lab.sentence and not real.disabled
    assert lab.test.seed == 1


def test_a_test_goes_on_where_it_stopped(tmp_path):
    file = tmp_path / "answers.json"
    first = RealOrFakeLab(data(), fakes(), trials=6, file=file)
    assert not file.exists()
    for what in ("real", "fake", "fake"):
        first.answer(what)
    first.take_back()
    second = RealOrFakeLab(data(), fakes(), trials=6, file=file)
    assert second.test.answers == [True, False] and "2 of 6 answered" in second.sentence
    while not second.done:
        second.answer("fake")
    assert RealOrFakeLab(data(), fakes(), trials=6, file=file).records == second.records
    kept = file.read_text()
    second.again()
    assert "not stored" in second.sentence
    second.answer("real")
    assert file.read_text() == kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "it is damaged"),
        ("[1]", "these are no answers"),
        ('{"answers": 7}', "these are no answers"),
        ("\udcff", "it is damaged"),
        ("[" * 100_000, "it is damaged"),
        ('{"answers": "RF", "count": 9}', "the answers belong to another test"),
        (None, "the answers were given to other pictures"),
    ],
)
def test_a_file_that_does_not_fit_is_left_alone(tmp_path, content, words):
    file = tmp_path / "answers.json"
    if content is None:
        lab = RealOrFakeLab(data(), -fakes(), trials=6, file=file)
        lab.answer("real")
        content = file.read_text()
        assert json.loads(content)["answers"] == "R"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    lab = RealOrFakeLab(data(), fakes(), trials=6, file=file)
    assert (
        lab.sentence.startswith(f"answers.json is left as it is, since {words}") and str(tmp_path) not in lab.sentence
    )
    lab.answer("real")
    assert "1 of 6 answered" in lab.sentence and file.read_bytes() == content.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("real", "fake", "options", "words"),
    [
        (torch.rand(30, 1, 8, 8), torch.rand(30, 1, 9, 9), {}, "different sizes"),
        (torch.rand(30, 1, 8, 8), torch.rand(5, 1, 8, 8), {}, "40 trials need 20 real and 20 fake ones"),
        (torch.rand(30, 1, 8, 8), "fakes", {}, "The fakes are pictures"),
        (torch.rand(30, 1, 8, 8), torch.rand(30, 1, 8, 8), {"trials": 7}, "even number"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(real, fake, options, words):
    lab = RealOrFakeLab(real, fake, **options)
    assert words in lab.sentence and lab.figure() and lab.widget()
    for action in (lambda: lab.answer("real"), lab.take_back, lab.again):
        action()
        assert words in lab.sentence
    assert lab.records == [] and lab.result is None and lab.done


def test_other_answers_are_refused():
    lab = RealOrFakeLab(data(), fakes(), trials=4)
    for nonsense in ("maybe", True, None):
        lab.answer(nonsense)
        assert "The answer is real or fake" in lab.sentence
    lab.set(anything=1)
    lab.run(3)
    assert lab.test.answers == [] and "nothing to train" in lab.sentence
    lab.set()
    bundle, metadata = lab._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == lab.sentence and len(bundle["image/png"]) < 50_000
