"""InventedOrRealLab: words one at a time."""

import pytest

from gan_lessons.labs.kit.frame import Points
from gan_lessons.labs.writing.invented_or_real import InventedOrRealLab
from tests.labs.small import SPLITS, text_lab, written


def test_the_test_shows_words_and_takes_answers():
    lab = InventedOrRealLab(["cat", "dog", "cat", "cow"], ["dag", "cow", "kat", "dag"], trials=4)
    assert lab.sets == {True: ["cat", "dog", "cow"], False: ["dag", "kat"]}, "neither twice nor real"
    seen = []
    while not lab.done:
        assert written(lab, 0) == [lab.shown, "I", "invented", "R", "real"]
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


def test_a_click_on_a_card_answers():
    lab = InventedOrRealLab(["cat", "dog"], ["dag", "kat"], trials=4)
    for x, y, kind in ((0.2, 0.7, "down"), (0.5, 0.2, "down"), (0.2, 0.2, "move"), (0.2, 0.2, "up")):
        lab.pointed(0, x, y, kind)
    assert not lab.test.answers, "beside the cards, and by what is no click"
    for _ in range(4):
        answered, left = (layer for layer in lab.frame().panels[0].layers if isinstance(layer, Points))
        assert (len(answered.data), len(left.data)) == (len(lab.test.answers), 4 - len(lab.test.answers))
        lab.pointed(0, 0.2 if lab.shown in ("dag", "kat") else 0.8, 0.2, "down")
    assert lab.result.wrong == 0
    lab.pointed(0, 0.2, 0.2, "down")
    assert lab.result.wrong == 0


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
