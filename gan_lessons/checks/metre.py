"""The check of a line's cost as verse, and lines of one's own with the scores that the dictionary gives their prefixes.

A line is its words, and of each word its stresses: 0 weak, 1 strong, 2 in between; of a word of one syllable 0 for a
function word, 1 for a content word.
"""

from collections.abc import Callable, Sequence
from functools import cache

import torch
from torch import Tensor

from gan_lessons.checks import CheckError, call, numbers, same
from gan_lessons.checks.cards import say, task
from gan_lessons.data.verse import shuffled, verse
from gan_lessons.metrics.metre import Scansion, scansion

Line = Sequence[tuple[int, ...]]
MARKS = "·●○"  # weak, strong, in between
SIMPLE: tuple[Line, ...] = (  # lines that a mistake leads astray
    ((1, 0), (0, 1), (0, 1)),
    ((0,), (0,), (0, 1), (0, 1)),
    ((1,), (1,), (0, 1), (0,)),
    ((0,), (0, 1), (0, 1)),
    ((0,), (1,), (1, 0, 1), (2, 0), (0, 1, 2)),
    ((1, 0, 1), (1,), (1,), (0, 1, 0)),
)


def cost(words: Line, mistake: str = "") -> int:
    """What a line costs, or would with a mistake."""
    place, total = 0, 0
    for number, word in enumerate(words):
        place = 0 if mistake == "places anew in every word" else place
        faults = 0
        for stress in word:
            strong = (place % 2 == 1) != (mistake == "strong and weak places swapped")
            wrong = (stress == 0) if strong else (stress == 1)
            if mistake == "minor stress counted":
                wrong = (stress == 0) if strong else (stress > 0)
            if mistake == "minor stress taken for weak":
                wrong = (stress != 1) if strong else (stress == 1)
            first, second = stress == 1 and place == 0, stress == 0 and place == 1 and len(word) > 1
            free = {
                "nothing free": False,
                "second place not free": first,
                "whole first foot free": place < 2,
                "first word free": number == 0,
            }.get(mistake, first or second)
            if mistake == "weak syllables not asked":
                wrong = wrong and stress > 0
            if mistake == "stresses not asked":
                wrong = wrong and stress == 0
            faults += wrong and not free
            place += 1
        faults = min(faults, 1) if mistake == "once a word" else faults
        double = (len(word) > 1) != (mistake == "costs swapped")
        total += faults * (1 + (double and mistake != "faults counted"))
    return total


MISTAKES = (
    "places anew in every word", "strong and weak places swapped", "minor stress counted",
    "minor stress taken for weak", "nothing free", "second place not free", "whole first foot free", "first word free",
    "weak syllables not asked", "stresses not asked", "once a word", "costs swapped", "faults counted",
)  # fmt: skip


def rhythm(words: Line) -> str:
    """A line's syllables as dots, a space between words."""
    return " ".join("".join(MARKS[stress] for stress in word) for word in words)


@cache
def regular(part: str, rare: bool = False) -> tuple[str, ...]:
    """The lines of a part of the poems that have ten syllables and no word without one, and perhaps rare words."""
    lines = (line for line in getattr(verse(), part).read() if rare or "<" not in line)
    return tuple(line for line in lines if scansion(line).syllables == 10 and all(scansion(line).stresses))


def own_lines(seed: int = 0, real: int = 5, part: str = "test") -> list[str]:
    """So many real lines of your own, and the same ones with their words in another order."""
    every = regular(part)
    order = torch.randperm(len(every), generator=torch.Generator().manual_seed(seed))[:real]
    lines = [every[k] for k in order.tolist()]
    texts = verse().test
    return lines + texts.read(shuffled(texts.write(lines), seed))


@task
def metre_cost(answer: Callable, seed: int = 0, real: int = 30) -> list[tuple[int, str, str]]:
    """Check metre_cost(words) on so many real lines, and on the same shuffled.

    Return ten lines of your own: the cost, the rhythm, the words.
    """
    lines = [*SIMPLE, *(scansion(line).stresses for line in own_lines(seed, real, "train"))]
    given = [call(answer, [tuple(word) for word in line]) for line in lines]
    yours = numbers(answer, given, len(lines), "not a cost")
    wanted = torch.tensor([cost(line) for line in lines], dtype=torch.double)
    if not same(yours, wanted):
        known = ((name, [cost(line, name) for line in lines]) for name in MISTAKES)
        mistake = next((name for name, costs in known if same(yours, torch.tensor(costs).double())), "other cost")
        place = int((yours != wanted).nonzero()[0])
        said = f"{answer.__name__}({list(lines[place])}): expected {wanted[place]:.0f}, yours {yours[place]:.4g}"
        raise CheckError(mistake, said)
    say(f"✓ {answer.__name__}: the costs of all {len(lines)} lines agree, from 0 to {wanted.max():.0f}")
    found = [(line, scansion(line).stresses) for line in own_lines(seed)]
    return [(int(call(answer, list(words))), rhythm(words), line) for line, words in found]


def read_aloud(lines: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Scores [n, length] of all prefixes, by the dictionary, and which symbols [n, length] are a line's own.

    Two, less the cost up to there, and at the line's end 3 less if it has not the right number of syllables.
    """
    longest = max(len(line.split()) for line in lines) + 1
    scores, written = torch.zeros(len(lines), longest), torch.zeros(len(lines), longest)
    for row, line in enumerate(lines):
        read: Scansion = scansion(line)
        words = read.stresses
        each = [2.0 - cost(words[:count]) for count in range(1, len(words) + 1)]
        scores[row, : len(words) + 1] = torch.tensor([*each, each[-1] - 3 * (not read.right_length)])
        written[row, : len(words) + 1] = 1
    return scores, written
