"""Lines of English verse: Shakespeare's sonnets (1609) and Milton's Paradise Lost (1667), word by word.

Both are in the public domain; the two files are those of the package prosodic 3.10.0 (Ryan Heuser), compressed. Words
are in today's spelling where the dictionary knows it, in small letters, without punctuation. The 2,000 most frequent
are symbols of their own. A rarer word is stood for by its *kind*, such as <01ing>: its stresses and its ending.
"""

import gzip
import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources

import torch
from torch import Tensor

from gan_lessons.data.pronounce import modern, stresses
from gan_lessons.data.text import Splits, Texts, percentile

FILES = {"sonnets": "sonnets.txt.gz", "paradise_lost": "paradise_lost.txt.gz"}
WORDS = 2000  # that are symbols of their own
LENGTH = 10  # words of the longest line that is kept
SHORTEST = 5
KIND = 25  # words of a kind, at least; a rarer kind loses its ending
PARTS = (60, 90)  # per cent of the poems up to which they are to train, and to judge; the rest is to test
ENDINGS = ("ing", "ed", "'d", "ly", "s")


def words_of(line: str) -> list[str]:
    """A line's words in small letters and today's spelling, without punctuation."""
    line = line.lower().replace("’", "'").replace("‘", "'").replace("--", " ")
    return [modern(word) for word in re.findall(r"th'(?= )|'t(?:is|was)|'gainst|[a-z]+(?:'[a-z]+)*", line)]


@cache
def poems() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """154 sonnets, and the 376 paragraphs of Paradise Lost: of each its lines, of each line its words."""
    found = []
    for name in FILES.values():
        text = gzip.decompress(resources.files(__package__).joinpath(name).read_bytes()).decode()
        blocks = re.split(r"\n\s*\n", text.strip().replace("\r", ""))
        found += [tuple(tuple(words_of(line)) for line in block.splitlines() if line.strip()) for block in blocks]
    return tuple(found)


def kind_of(word: str) -> str:
    """What stands for a rare word: its stresses and its ending; empty where its pronunciation is not known."""
    if not stresses(word):
        return ""
    ending = next((end for end in ENDINGS if word.endswith(end) and len(word) > len(end) + 2), "")
    return f"<{''.join(map(str, stresses(word)[0]))}{ending}>"


def without_ending(kind: str) -> str:
    """A kind by its stresses alone."""
    return re.sub(r"[^<>0-9]", "", kind)


@dataclass(frozen=True)
class Vocabulary:
    """The symbols, words first, and of each kind of rare words those of the training part."""

    words: tuple[str, ...]
    rare: dict[str, tuple[str, ...]]

    @property
    def symbols(self) -> tuple[str, ...]:
        return (*self.words, *self.rare)

    def symbol(self, word: str) -> str:
        """A word, or the kind that stands for it; empty where there is none."""
        if word in self.known:
            return word
        kind = kind_of(word)
        return next((known for known in (kind, without_ending(kind)) if known in self.rare), "")

    @property
    def known(self) -> frozenset[str]:
        return known_words(self.words)

    def filled(self, line: str, seed: int = 0) -> str:
        """A line with a word in the place of each kind, drawn by a hash of the line and the seed."""

        def drawn(match: re.Match) -> str:
            digest = hashlib.sha256(f"{seed} {match.start()} {line}".encode()).digest()
            choices = self.rare[match.group()]
            return choices[int.from_bytes(digest[:4], "big") % len(choices)]

        return re.sub(r"<[^>]+>", drawn, line)


@cache
def known_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def part_of(number: int) -> int:
    """0 to train, 1 to judge, 2 to test: a poem's part, by the hash of its number."""
    return sum(percentile(f"poem {number}") >= bound for bound in PARTS)


@cache
def vocabulary() -> Vocabulary:
    """The 2,000 most frequent words that the dictionary can pronounce, of all parts, and the kinds of the others."""
    counts = Counter(word for poem in poems() for line in poem for word in line if stresses(word))
    words = tuple(word for word, _ in counts.most_common(WORDS))
    others, kinds = sorted(set(counts) - set(words)), defaultdict(list)
    trained = {word for n, poem in enumerate(poems()) if part_of(n) == 0 for line in poem for word in line}
    many = Counter(kind_of(word) for word in others)
    for word in others:
        kind = kind_of(word)
        kind = kind if many[kind] >= KIND else without_ending(kind)
        if word in trained:
            kinds[kind].append(word)
    rare = {kind: tuple(some) for kind, some in sorted(kinds.items()) if len(some) >= KIND}
    return Vocabulary(words, rare)


def poem_symbols(number: int) -> list[list[str]]:
    """A poem's lines in symbols; lines that have none for some word, or too many or too few words, are left out."""
    words = vocabulary()
    lines = ([words.symbol(word) for word in line] for line in poems()[number])
    return [line for line in lines if all(line) and SHORTEST <= len(line) <= LENGTH]


@cache
def verse() -> Splits:
    """Lines of verse, 5 to 10 words each, in three parts by poem or paragraph: no poem is in two parts."""
    symbols = vocabulary().symbols
    number = {symbol: k + 1 for k, symbol in enumerate(symbols)}
    parts: tuple[list, list, list] = ([], [], [])
    for poem in range(len(poems())):
        parts[part_of(poem)].extend(
            [number[word] for word in line] + [0] * (LENGTH - len(line)) for line in poem_symbols(poem)
        )
    return Splits(*(Texts(torch.tensor(part), symbols, " ") for part in parts))


@cache
def sounds() -> Tensor:
    """The number of each symbol's stress pattern, [kinds + 1]: of the end, of every word, and of the beginning."""
    patterns = ["end", *map(pattern_of, vocabulary().symbols), "beginning"]
    order = {pattern: number for number, pattern in enumerate(dict.fromkeys(patterns))}
    return torch.tensor([order[pattern] for pattern in patterns])


def pattern_of(symbol: str) -> str:
    """The stresses of a word, or of a kind, as 01."""
    return re.sub(r"\D", "", symbol) if symbol.startswith("<") else "".join(map(str, stresses(symbol)[0]))


def shuffled(symbols: Tensor, seed: int = 0) -> Tensor:
    """Lines [count, length] with each line's words in another order: the floor of whatever judges lines."""
    order = torch.rand(symbols.shape, generator=torch.Generator().manual_seed(seed))
    order = order + 2.0 * (symbols == 0)  # what only fills the row stays behind
    return symbols.gather(1, order.argsort(1))
