"""What lines of words share with the lines of a training, and with each other."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

Run = tuple[str, ...]  # words in a row


def runs_of(lines: Iterable[str]) -> frozenset[Run]:
    """Every run of words within some lines."""
    every = (line.split() for line in lines)
    return frozenset(
        tuple(words[start:end])
        for words in every
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )


def longest_run(words: Sequence[str], known: AbstractSet[Run]) -> int:
    """How many words in a row of a line are one of the known runs, at most."""
    for size in range(len(words), 0, -1):
        if any(tuple(words[start : start + size]) in known for start in range(len(words) - size + 1)):
            return size
    return 0


def self_bleu(lines: Sequence[str], order: int = 3) -> float:
    """The mean BLEU of each line against all others, word by word: high where they are alike.

    The same as `metrics.text.self_bleu` where each line has another of its own length, but in time that grows with the
    number of lines and not with its square. Zhu et al. 2018, arXiv:1802.01886.
    """
    words = [line.split() for line in lines]
    logs = [0.0] * len(words)
    for size in range(1, order + 1):
        counts = [Counter(tuple(line[k : k + size]) for k in range(len(line) + 1 - size)) for line in words]
        most: dict[tuple[str, ...], tuple[int, int]] = {}  # the two largest counts of a run in any line
        for one in counts:
            for run, count in one.items():
                first, second = most.get(run, (0, 0))
                most[run] = (max(first, count), max(second, min(first, count)))
        for place, one in enumerate(counts):
            others = {run: most[run][1] if most[run][0] == count else most[run][0] for run, count in one.items()}
            shared = sum(min(count, others[run]) for run, count in one.items())
            logs[place] += math.log(max(shared, 0.1) / max(1, sum(one.values()))) / order
    return sum(map(math.exp, logs)) / len(logs)
