"""A grammar of headlines, whose rules are known: it makes them, and says of any line which rules it keeps.

A headline has one clause or two, as "banks in the north raise their fees as the regulator cuts jobs". The rules reach
over several words: a verb and a possessive agree with their subject, whatever stands between, and both clauses are
about one topic.
"""

import random
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple


class Topic(NamedTuple):
    """What headlines of a topic are put together of: subjects (one; many), verbs, objects, and what may go before."""

    subjects: tuple[tuple[str, str], ...]
    verbs: tuple[tuple[str, str], ...]
    objects: tuple[str, ...]  # a * is the subject's "its" or "their"
    causes: tuple[str, ...]


TOPICS = {
    "business": Topic(
        (
            ("bank", "banks"),
            ("airline", "airlines"),
            ("carmaker", "carmakers"),
            ("retailer", "retailers"),
            ("the regulator", "regulators"),
            ("insurer", "insurers"),
        ),
        (("raises", "raise"), ("cuts", "cut"), ("defends", "defend"), ("reviews", "review"), ("doubles", "double")),
        ("prices", "* profit forecast", "* dividend", "interest rates", "* stake", "jobs", "fees", "* debts"),
        ("weak sales", "a takeover bid", "rising costs", "record losses", "a fall in trade"),
    ),
    "politics": Topic(
        (
            ("minister", "ministers"),
            ("president", "presidents"),
            ("senator", "senators"),
            ("mayor", "mayors"),
            ("the party", "parties"),
            ("ambassador", "ambassadors"),
        ),
        (("rejects", "reject"), ("signs", "sign"), ("blocks", "block"), ("drops", "drop"), ("backs", "back")),
        ("the treaty", "* own bill", "new elections", "* plan", "sanctions", "the budget", "* allies", "talks"),
        ("a close vote", "mass protests", "the summit", "a leaked letter", "long negotiations"),
    ),
    "sport": Topic(
        (
            ("champion", "champions"),
            ("goalkeeper", "goalkeepers"),
            ("sprinter", "sprinters"),
            ("coach", "coaches"),
            ("the team", "teams"),
            ("cyclist", "cyclists"),
        ),
        (("wins", "win"), ("loses", "lose"), ("misses", "miss"), ("celebrates", "celebrate"), ("leaves", "leave")),
        ("the final", "* first match", "the league", "* title", "gold", "the race", "* record", "the cup"),
        ("extra time", "a red card", "two late goals", "an injury", "a month of training"),
    ),
    "weather": Topic(
        (
            ("storm", "storms"),
            ("flood", "floods"),
            ("heatwave", "heatwaves"),
            ("the hurricane", "hurricanes"),
            ("blizzard", "blizzards"),
            ("wildfire", "wildfires"),
        ),
        (("hits", "hit"), ("spares", "spare"), ("reaches", "reach"), ("closes", "close"), ("damages", "damage")),
        ("the coast", "* second city", "roads", "schools", "* first victims", "villages", "harvests", "the airport"),
        ("days of rain", "a dry spring", "high winds", "early warnings", "a warm winter"),
    ),
}
PLACES = ("in the north", "of two countries", "from the islands", "in paris", "from six cities", "near the border")
JOINED = ("as", "while", "after")  # two clauses
BEFORE = ("after", "despite", "amid", "before")  # a clause and what came before it


class Parsed(NamedTuple):
    """Whether a pattern of the grammar fits a headline, its numbers agree, and it is about one topic."""

    formed: bool
    agrees: bool
    topical: bool

    @property
    def lawful(self) -> bool:
        return all(self)


class Phrase(NamedTuple):
    """A phrase of the grammar: its part in a clause, its topic if any, and its number: 0 one, 1 many, None either."""

    part: str
    topic: str
    number: int | None


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """Every phrase, and what it can be."""
    found: dict[str, list[Phrase]] = {}
    for name, topic in TOPICS.items():
        for part, pairs in (("subject", topic.subjects), ("verb", topic.verbs)):
            for pair in pairs:
                for number, phrase in enumerate(pair):
                    found.setdefault(phrase, []).append(Phrase(part, name, number))
        for thing in topic.objects:
            for number, own in enumerate(("its", "their")):
                told = number if "*" in thing else None
                found.setdefault(thing.replace("*", own), []).append(Phrase("object", name, told))
        for cause in topic.causes:
            found.setdefault(cause, []).append(Phrase("cause", name, None))
    for part, some in (("place", PLACES), ("joined", JOINED), ("before", BEFORE)):
        for phrase in some:
            found.setdefault(phrase, []).append(Phrase(part, "", None))
    return {phrase: tuple(dict.fromkeys(kinds)) for phrase, kinds in found.items()}


CLAUSE = r"subject (?:place )?verb object "
PATTERN = re.compile(rf"{CLAUSE}(?:joined {CLAUSE}|before cause )?")


def readings(words: tuple[str, ...]) -> Iterable[tuple[Phrase, ...]]:
    """Every way to cut words into phrases of the grammar."""
    if not words:
        yield ()
    for size in range(1, min(4, len(words)) + 1):
        for phrase in phrases().get(" ".join(words[:size]), ()):
            for rest in readings(words[size:]):
                yield (phrase, *rest)


def parse(line: str) -> Parsed:
    """A headline by the rules of its grammar; of several readings, the best."""
    best = Parsed(False, False, False)
    for reading in readings(tuple(line.split())):
        if PATTERN.fullmatch("".join(f"{phrase.part} " for phrase in reading)):
            best = max(best, Parsed(True, agreement(reading), len({one.topic for one in reading} - {""}) == 1), key=sum)
    return best


def agreement(reading: Iterable[Phrase]) -> bool:
    """Whether the verb and the possessive of each clause are of its subject's number."""
    number = None
    for phrase in reading:
        if phrase.part == "subject":
            number = phrase.number
        elif phrase.number is not None and phrase.number != number:
            return False
    return True


def made_line(chance: random.Random) -> str:
    """A headline by the grammar."""
    topic = chance.choice([*TOPICS.values()])

    def clause(subject: tuple[str, str]) -> str:
        number = chance.randrange(2)
        place = [chance.choice(PLACES)] * (chance.random() < 0.6)
        thing = chance.choice(topic.objects).replace("*", ("its", "their")[number])
        return " ".join([subject[number], *place, chance.choice(topic.verbs)[number], thing])

    first, second = chance.sample(topic.subjects, 2)
    ends = (
        lambda: "",
        lambda: f" {chance.choice(JOINED)} {clause(second)}",
        lambda: f" {chance.choice(BEFORE)} {chance.choice(topic.causes)}",
    )
    return clause(first) + chance.choice(ends)()
