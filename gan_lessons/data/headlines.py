"""Headlines, word by word: made by a grammar, a reader's own, or the hub's.

No set of headlines with free terms arrives with a pip package, so those of the book are made: see `data.grammar`.
"""

import hashlib
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import torch

from gan_lessons.data import hub
from gan_lessons.data.found import Found, grouped
from gan_lessons.data.grammar import made_line
from gan_lessons.data.lines import lines as file_lines
from gan_lessons.data.text import LEAST, Splits, Texts, percentile

MADE, COUNT = "made", 10_000
WORDS = 2000  # that are symbols of their own; of made headlines all are
LENGTH = 14  # words of the longest headline that is kept
SHORTEST = 3
PARTS = (60, 90)  # per cent up to which headlines are to train, and to judge; the rest is to test
RARE = re.compile(r"<\w*>")


def words_of(line: str) -> list[str]:
    """A line's words and numbers in small letters, without punctuation."""
    return re.findall(r"[£$€]?\d+(?:[.,]\d+)*\w*|[^\W_]+(?:['-][^\W_]+)*", line.lower().replace("’", "'"))


def kind_of(word: str) -> str:
    """What stands for a rare word: that it is a number, or its ending."""
    if any(letter.isdigit() for letter in word[:2]):
        return "<0>"
    return f"<{next((end for end in ('ing', 'ed', 'ly', 's') if word.endswith(end) and len(word) > len(end) + 2), '')}>"


@dataclass(frozen=True)
class Headlines(Splits):
    """Headlines in three parts, and the `rare` words of the training part that each kind of them stands for."""

    rare: dict[str, tuple[str, ...]] = field(compare=False)

    def filled(self, line: str) -> str:
        """A line with a word in the place of each kind, drawn by a hash of the line."""

        def drawn(match: re.Match) -> str:
            digest = hashlib.sha256(f"{match.start()} {line}".encode()).digest()
            return self.rare[match.group()][int.from_bytes(digest[:4], "big") % len(self.rare[match.group()])]

        return RARE.sub(drawn, line)


@cache
def headlines(source: str = MADE, words: int = WORDS) -> Headlines:
    """Headlines of 3 to 14 words: 10,000 `made` ones, `hub:NAME`, or the lines of a text file of your own.

    The `words` most frequent are symbols of their own, and a rarer one is stood for by its kind, such as <ing>. Which
    part a headline is in follows from its hash. `found` says what was left out; a ValueError where too few are left.
    """
    if source == MADE:
        chance = random.Random(0)
        every = {made_line(chance) for _ in range(COUNT)}
    elif source.startswith(hub.PREFIX):
        every = hub.texts(source.removeprefix(hub.PREFIX))
    else:
        every = set(file_lines(Path(source))) - {""}
    cut = {line: words_of(line) for line in sorted(every)}
    kept = {" ".join(some): line for line, some in cut.items() if SHORTEST <= len(some) <= LENGTH}
    if len(kept) < LEAST:
        raise ValueError(
            f"{source} holds {len(kept)} different lines of {SHORTEST} to {LENGTH} words; at least {LEAST} are needed."
        )
    splits = split([line.split() for line in kept], words)
    length = f"{SHORTEST} to {LENGTH} words long"
    skipped = grouped((f"{line[:30]}…", f"not {length}") for line in cut if " ".join(cut[line]) not in kept)
    return replace(splits, found=Found("text", {"": len(kept)}, f"{length}, word by word", skipped))


def split(every: list[list[str]], words: int) -> Headlines:
    """Lines of words in three parts, with the most frequent words as symbols and a kind for each of the others."""
    parts: tuple[list, list, list] = ([], [], [])
    for line in every:
        parts[sum(percentile(" ".join(line)) >= bound for bound in PARTS)].append(line)
    counts = Counter(word for line in every for word in line)
    common = sorted(counts, key=lambda word: (-counts[word], word))[:words]
    known = frozenset(common)
    rare: dict[str, set[str]] = {}
    for line in parts[0]:
        for word in set(line) - known:
            rare.setdefault(kind_of(word), set()).add(word)
    symbols = (*common, *sorted(rare))
    number = {symbol: k + 1 for k, symbol in enumerate(symbols)}

    def texts(part: list[list[str]]) -> Texts:
        rows = [[word if word in known else kind_of(word) for word in line] for line in part]
        rows = [row for row in rows if all(symbol in number for symbol in row)]
        return Texts(torch.tensor([[*map(number.get, row)] + [0] * (LENGTH - len(row)) for row in rows]), symbols, " ")

    train, judge, test = map(texts, parts)
    return Headlines(train, judge, test, {kind: tuple(sorted(some)) for kind, some in rare.items()})
