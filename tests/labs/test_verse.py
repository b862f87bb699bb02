"""VerseLab: lines begin as the reader says, the marks are those of the metre, and bad beginnings are refused."""

import pytest

from gan_lessons.data.text import LETTERS
from gan_lessons.labs.kit.frame import INK, Points, Writing
from gan_lessons.labs.writing import LineTest, VerseLab
from gan_lessons.labs.writing import verse_drawing as drawing
from gan_lessons.metrics.metre import scansion
from gan_lessons.plots import style
from gan_lessons.plots.verse import spoken
from tests.labs.small import lstm, verse_lab, written


def test_every_line_begins_as_the_reader_says():
    lab = verse_lab(opening="my love is")
    for name in lab.writers:
        assert all(line.startswith("my love is ") for line in lab.finished(name))
    lab.begin("The Moon, upon")
    assert all(line.startswith("the moon upon ") for line in lab.finished("GAN"))
    assert written(lab, 0)[:3] == ["The", "moon", "upon"]
    lab.set(opening="and when the sun")
    assert lab.finished("GAN")[0].startswith("and when the sun ")


def test_a_rare_word_of_the_readers_stays():
    lab = verse_lab()
    lab.begin("a squirrel")
    assert lab.finished("GAN")[0].split()[1] == "squirrel"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Type a few English words"), ("a strawberry", "“strawberry” has a rhythm that no word"),
     ("xqzzk moon", "“xqzzk” is not in the pronouncing dictionary"), ("月", "Type a few English words"),
     ("a a a a a a a a", "at most 7 words; these are 8")],
)  # fmt: skip
def test_bad_beginnings_become_a_sentence(text, said):
    lab = verse_lab()
    before = lab.start_words
    lab.begin(text)
    assert said in lab.sentence and lab.start_words == before


def test_the_marks_are_those_of_the_metre():
    line = "day compare to thee a shall"
    panel = drawing.scanned([line], "one line")
    marks = [layer for layer in panel.layers if isinstance(layer, Points)]
    tints = INK, style.CATEGORIES[1]
    dots, wrong = (sum(len(layer.data) for layer in marks if layer.color == tint) for tint in tints)
    assert dots == scansion(line).syllables
    assert wrong == len(scansion(line).faults) > 0
    assert drawing.verdict(scansion(line)) == "7 syllables"


def test_words_that_another_line_has_in_the_same_place_are_grey():
    panel = drawing.scanned(
        ["my love is fair", "th' aspiring day"], "two lines", style.FAKE, ["my heart is fair", "th' aspiring", "no"]
    )
    found = {layer.color: layer.texts for layer in panel.layers if isinstance(layer, Writing)}
    assert found[style.REFERENCE] == ("My", "is", "fair", "Th' aspiring")
    assert found[style.FAKE] == ("love", "day")


def test_a_word_without_a_syllable_stands_with_the_next():
    line = "th' aspiring dominations thou that day"
    words = [word for word, _ in spoken(line, scansion(line).stresses)]
    assert words == ["th' aspiring", "dominations", "thou", "that", "day"]
    assert spoken("the th'", [(0,), ()]) == [("the", (0,)), ("th'", ())]


def test_another_page_by_key_and_from_nothing():
    lab = verse_lab(opening="")
    first = lab.finished("GAN", seed=lab.parameters.page)
    lab.pressed("n")
    assert lab.parameters.page == 1 and lab.finished("GAN", seed=1) != first


def test_a_blind_test_of_lines():
    lab = verse_lab()
    test = lab.test(4, of="likelihood")
    assert isinstance(test, LineTest) and test.test.count == 4 and "of the lines are real" in test.sentence
    assert lab.start_words == ["shall", "i", "compare", "thee"]
    while not test.done:
        test.answer("real")
    assert "wrong in 2 of 4" in test.sentence
    with pytest.raises(ValueError, match=r"no writer 'us'.*likelihood, GAN"):
        lab.test(of="us")


def test_writers_of_other_texts_are_refused():
    lab = VerseLab({"letters": lstm()})
    assert len(LETTERS) == 26 and "letters writes 5 of 27 symbols; lines of verse are 10 of" in lab.sentence
