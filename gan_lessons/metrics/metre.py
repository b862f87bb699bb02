"""Metre and rhyme: does a line scan as an iambic pentameter, by the pronouncing dictionary alone?

In an iambic pentameter ten syllables alternate between weak and strong places: "shall I compare thee to a summer's
day". The stresses of a longer word are the dictionary's. A word of one syllable may stand in either place, but
articles, prepositions and pronouns seldom stand in strong ones, nor do nouns and verbs stand in weak ones.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product
from typing import NamedTuple

from gan_lessons.data.pronounce import rhyme, rhyme_parts, stresses

SYLLABLES = 10
# words of one syllable that seldom bear a stress
UNSTRESSED = """
    a an and as at but by for from if in is it its nor of on or so than that the th' their then these this those
    to was were when which while with who whom whose be been am are art do did doth does hath have had he her him his i
    me my our she thee they them thou thy thine us we you your yet not no can could may might must shall should will
    would shalt wilt there where what how such some o out up down upon though till 'tis 'twas
"""
LIGHT = frozenset(UNSTRESSED.split())
STRESS, WEIGHT = 2, 1  # what a fault costs: of a longer word's stress, and of a word of one syllable
MOST = 3  # that a line may cost
READINGS = 64  # of a line whose words have several pronunciations: at most so many are tried
SCHEMES = {14: ((0, 2), (1, 3), (4, 6), (5, 7), (8, 10), (9, 11), (12, 13))}  # which lines of a sonnet rhyme


class Scansion(NamedTuple):
    """A line read as verse: of each word its syllables' stresses, and the syllables, from 0, that stand wrongly.

    Stresses are those of `data.pronounce`; of words of one syllable, 0 for those that seldom bear one.
    """

    stresses: tuple[tuple[int, ...], ...]
    faults: tuple[int, ...]
    cost: int

    @property
    def syllables(self) -> int:
        return sum(map(len, self.stresses))

    @property
    def right_length(self) -> bool:
        """Ten syllables, or eleven, of which the last is a longer word's weak one."""
        last = self.stresses[-1] if self.stresses else ()
        feminine = len(last) > 1 and last[-1] == 0
        return self.syllables == SYLLABLES or (feminine and self.syllables == SYLLABLES + 1)

    @property
    def scans(self) -> bool:
        return self.right_length and self.cost <= MOST


@cache
def patterns(word: str) -> tuple[tuple[int, ...], ...]:
    """The stress patterns of a word, or of a kind of rare words as <01ing>; a ValueError where none is known."""
    found = (tuple(map(int, re.sub(r"\D", "", word))),) if word.startswith("<") else stresses(word)
    if not found:
        raise ValueError(f"The dictionary cannot pronounce {word!r}; leave that word out, or spell it as today.")
    return found[:3]


def read_as(words: Sequence[str], chosen: Sequence[tuple[int, ...]]) -> Scansion:
    """One reading of a line. The first foot may be turned round, as in "when I consider" and "never at heart"."""
    place, cost, faults = 0, 0, []
    for word, pattern in zip(words, chosen, strict=True):
        for stress in pattern:
            strong = place % 2 == 1
            if len(pattern) > 1:
                wrong = STRESS * ((stress == 1 and not strong and place > 0) or (stress == 0 and strong and place > 1))
            else:
                wrong = WEIGHT * (strong if word in LIGHT else not strong and place > 0)
            if wrong:
                faults.append(place)
            cost, place = cost + wrong, place + 1
    borne = (
        (int(word not in LIGHT),) if len(pattern) == 1 else pattern for word, pattern in zip(words, chosen, strict=True)
    )
    return Scansion(tuple(borne), tuple(faults), cost)


@cache
def scansion(line: str) -> Scansion:
    """The best reading of a line, words with spaces between: of the right length if there is one, at the least cost."""
    words = line.split()
    readings: Iterator = islice(product(*map(patterns, words)), READINGS)
    return min((read_as(words, chosen) for chosen in readings), key=lambda one: (not one.right_length, one.cost))


def scanning(lines: Sequence[str]) -> float:
    """The share of lines that scan."""
    return sum(scansion(line).scans for line in lines) / len(lines)


def rhyming(poem: Sequence[str]) -> float:
    """The share of the rhymes that a sonnet of 14 lines should have (abab cdcd efef gg) which today's ear hears."""
    if len(poem) not in SCHEMES:
        raise ValueError(f"A sonnet has 14 lines; this poem has {len(poem)}.")
    ends = [line.split()[-1] for line in poem]
    pairs = SCHEMES[len(poem)]
    return sum(rhyme(ends[first], ends[second]) for first, second in pairs) / len(pairs)


def sonnet(lines: Sequence[str]) -> list[str]:
    """Fourteen of many lines, the first that will do: each scans, and they rhyme abab cdcd efef gg.

    A ValueError where there are not seven different rhymes among the lines that scan.
    """
    pairs: list[tuple[str, str]] = []
    waiting: dict[tuple[str, ...], str] = {}
    used: set[tuple[str, ...]] = set()
    for line in dict.fromkeys(lines):
        last = line.split()[-1] if line.split() else ""
        if not last or not scansion(line).scans:
            continue
        sounds = rhyme_parts(last) - used
        partner = next(
            (waiting[sound] for sound in sounds if sound in waiting and waiting[sound].split()[-1] != last), ""
        )
        if partner:
            pairs.append((partner, line))
            used |= sounds | rhyme_parts(partner.split()[-1])
        for sound in sounds:
            waiting.setdefault(sound, line)
        if len(pairs) == 7:
            break
    if len(pairs) < 7:
        raise ValueError(f"A sonnet needs seven rhymes; among these {len(lines)} lines {len(pairs)} were found.")
    poem = [""] * 14
    for (first, second), (one, other) in zip(SCHEMES[14], pairs, strict=True):
        poem[first], poem[second] = one, other
    return poem
