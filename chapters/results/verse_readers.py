"""What discriminators of verse tell from real lines, and what they choose, to verse_readers.json; three seeds.

Run as `OMP_NUM_THREADS=1 python chapters/results/verse_readers.py`, after the recipe `verse` was stored. One kind of
reader learns from lines of three writers, the others from one writer's alone. Each reads all three, and chooses 200 of
2,000 of the likelihood model's lines; a seed has readers and a pool of its own.
It takes some minutes on one core.
"""

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from tqdm import tqdm

from chapters.results._records import write
from gan_lessons import recipes, traces
from gan_lessons.data.verse import SHORTEST, shuffled, sounds, verse
from gan_lessons.judges.ngrams import tidy
from gan_lessons.judges.readers import auc, chained, score, teach
from gan_lessons.judges.verse import LineJudge
from gan_lessons.metrics.verse import bigrams, verse_scores
from gan_lessons.networks.verse import PrefixDiscriminator
from gan_lessons.recipes.verse import likelihood_of

RECORD = Path(__file__).with_suffix(".json")
STARTED = Path("runs/verse_readers")
SEEDS = (0, 1, 2)
LEARNT, FRESH, POOL, KEPT = 10_000, 2000, 2000, 200  # written lines to learn from, to be tested on, to choose from
FIRST_POOL = 7  # the seed of the pool that the first seed's readers choose from
LIKELIHOOD: Any = recipes.find("verse", "likelihood")


class Kind(NamedTuple):
    """A kind of reader, whose lines it learns from, and how."""

    make: Callable[[], nn.Module]
    writers: tuple[str, ...]
    steps: int
    rate: float
    decay: float = 0.0

    def taught(self, name: str, writer: str, seed: int) -> nn.Module:
        """A reader of this kind; one that was taught before is read from its file."""
        torch.manual_seed(seed)
        reader, place = self.make(), STARTED / f"{name}_{writer}_{seed}.pt"
        if place.exists():
            reader.load_state_dict(torch.load(place))
            return reader.eval()
        every = teach(reader, verse().train.symbols, written()[writer][0], self.steps, self.rate, self.decay, seed)
        for _ in tqdm(every, total=self.steps, leave=False):
            pass
        torch.save(reader.state_dict(), place)
        return reader


KINDS = {
    "prefixes": Kind(lambda: PrefixDiscriminator(sounds(), 96), ("shuffled", "pairs", "likelihood"), 250, 5e-3),
    "words": Kind(lambda: PrefixDiscriminator(torch.zeros_like(sounds()), 96), ("shuffled",), 250, 5e-3),  # no stresses
    "windows": Kind(lambda: LineJudge(verse().train.kinds), ("likelihood",), 1000, 2e-3, 0.05),
}


@cache
def written() -> dict[str, tuple[Tensor, Tensor]]:
    """Lines to learn from and lines to be tested on, by three writers."""
    train, test = verse().train, verse().test
    gan = LIKELIHOOD.load()
    return {
        "shuffled": (torch.cat([shuffled(train.symbols, seed) for seed in (1, 2)]), shuffled(test.symbols, 3)),
        "pairs": (chained(train, LEARNT, SHORTEST, 1), chained(train, FRESH, SHORTEST, 2)),
        "likelihood": (LIKELIHOOD.samples(gan, LEARNT, seed=1), LIKELIHOOD.samples(gan, FRESH, seed=2)),
    }


def told(reader: nn.Module, learnt: Tensor, fresh: Tensor) -> dict[str, float]:
    """The AUC on lines that the reader learnt from, and on new ones."""
    train, test = (score(reader, part.symbols) for part in (verse().train, verse().test))
    return {"train": auc(train, score(reader, learnt)), "test": auc(test, score(reader, fresh))}


def told_of(reader: nn.Module) -> dict[str, float]:
    """The AUC on new lines of every writer, those that the reader did not learn from among them."""
    real = score(reader, verse().test.symbols)
    return {writer: auc(real, score(reader, fresh)) for writer, (_, fresh) in written().items()}


def told_by_pairs() -> dict[str, float]:
    """The AUC of a judge that learnt from no written line: word pairs of the judge's own poems."""
    surprises = {name: bigrams().surprise(fresh) for name, (_, fresh) in written().items()}
    return {name: auc(-bigrams().surprise(verse().test.symbols), -some) for name, some in surprises.items()}


def chosen(values: Tensor, pool: Tensor) -> dict[str, float]:
    """The scores of the 200 lines that have the largest values."""
    return verse_scores(tidy(pool[values.topk(KEPT).indices]))._asdict()


def traced() -> dict[str, Any]:
    """How the training of each kind begins, from shuffled lines."""
    return {name: trace(kind) for name, kind in KINDS.items()}


def trace(kind: Kind) -> dict[str, Any]:
    real = verse().train.symbols
    torch.manual_seed(0)
    reader = traces.made(kind.make)
    with traces.precisely(reader):
        steps = teach(reader, real, shuffled(real, 1), kind.steps, kind.rate, kind.decay)
        rows = [
            {"step": step, "loss": float(loss), "size": traces.size(list(reader.parameters()))}
            for step, loss in enumerate(islice(steps, 3), 1)
        ]
    return {"data": {"count": len(real), "mean": float(real.double().mean())}, "steps": rows}


def main() -> None:
    torch.set_num_threads(1)
    STARTED.mkdir(parents=True, exist_ok=True)
    readers = {
        (name, writer): [kind.taught(name, writer, seed) for seed in SEEDS]
        for name, kind in KINDS.items()
        for writer in kind.writers
    }
    gan = LIKELIHOOD.load()
    pools = [LIKELIHOOD.samples(gan, POOL, seed=FIRST_POOL + seed) for seed in SEEDS]
    rules = {
        "any": [torch.arange(POOL).flip(0) for _ in SEEDS],
        "likelihood": [likelihood_of(gan.average, pool) for pool in pools],
    }
    rules |= {
        f"{name}, {writer}": [score(*pair) for pair in zip(some, pools, strict=True)]
        for (name, writer), some in readers.items()
    }
    real = verse().test.symbols
    shown = [torch.randperm(len(real), generator=torch.Generator().manual_seed(seed))[:KEPT] for seed in SEEDS]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/verse_readers.py",
        "seeds": list(SEEDS),
        "auc": {
            name: {writer: [told(one, *written()[writer]) for one in readers[name, writer]] for writer in kind.writers}
            for name, kind in KINDS.items()
        },
        "auc_of_each": {
            f"{name}, {writer}": [told_of(one) for one in some] for (name, writer), some in readers.items()
        },
        "auc_of_pairs": told_by_pairs(),
        "reranked": {
            name: [chosen(values, pool) for values, pool in zip(every, pools, strict=True)]
            for name, every in rules.items()
        }
        | {"real": [verse_scores(real[some])._asdict() for some in shown]},
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
