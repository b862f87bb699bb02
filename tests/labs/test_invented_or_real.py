"""InventedOrRealLab: words one at a time."""

import pytest

from gan_lessons.labs.writing.invented_or_real import InventedOrRealLab
from tests.labs.small import SPLITS, text_lab, written


def test_the_test_shows_words_and_takes_answers():
    lab = InventedOrRealLab(["cat", "dog", "cat", "cow"], ["dag", "cow", "kat", "dag"], trials=4)
    assert lab.sets == {True: ["cat", "dog", "cow"], False: ["dag", "kat"]}, "neither twice nor real"
    seen = []
    while not lab.done:
        assert written(lab, 0) == [lab.shown]
        seen.append(lab.shown)
        lab.pressed("i" if lab.shown in ("dag", "kat") else "r")
    assert set(seen) > {"dag", "kat"} and lab.result.wrong == 0 and "wrong in 0 of 4" in lab.sentence
    lab.again()
    lab.answer("invented")
    lab.take_back()
    assert "0 of 4 answered" in lab.sentence and repr(lab) == "InventedOrRealLab(0 of 4 answered)"
    lab.answer("perhaps")
    assert "not 'perhaps'" in lab.sentence
    while not lab.done:
        lab.answer("real")
    assert {text for panel in (1, 2) for text in written(lab, panel)} == {"dag", "kat"}


def test_answers_are_kept_in_a_file(tmp_path):
    words = ["cat", "dog"], ["dag", "kat"]
    lab = InventedOrRealLab(*words, trials=4, file=tmp_path / "answers.json")
    lab.answer("real")
    assert "1 of 4 answered" in InventedOrRealLab(*words, trials=4, file=tmp_path / "answers.json").sentence
    other = InventedOrRealLab(["cow", "hen"], words[1], trials=4, file=tmp_path / "answers.json")
    assert "is left as it is" in other.sentence


def test_a_test_of_either_writer():
    lab = text_lab()
    for of in ("GAN", "LSTM"):
        test = lab.test(10, of=of)
        assert test.test.count == 10 and set(test.sets[True]) == set(SPLITS.test.read())
        assert not set(test.sets[False]) & set(SPLITS.train.read())
    assert set(lab.test(10).sets[False]) != set(lab.test(10, of="LSTM").sets[False])
    assert "20000 trials need" in lab.test(20_000).sentence
    with pytest.raises(ValueError, match="not of 'us'"):
        lab.test(of="us")
