"""The 60-second word GAN with a narrower generator, three seeds, and how fast each writer is, to words_narrow.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_narrow.py`; it takes 4 minutes on one quiet core.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from chapters.results._records import of_plans, scored, write
from chapters.results.words_transformer import SIZE
from gan_lessons import recipes
from gan_lessons.networks.text import LSTMGenerator, TransformerGenerator, WordGenerator
from gan_lessons.recipes.words import Words

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
NARROW = {"width": 192, "depth": 2}
COUNTS, TRIES = (1, 100, 1000, 5000), 9


@dataclass(frozen=True, kw_only=True)
class Narrow(Words):
    """The recipe with a generator of its own width; the discriminator keeps its."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        train, seed = self.splits().train, torch.initial_seed()
        _, discriminator = super().players()
        torch.manual_seed(seed)
        return WordGenerator(self.noise_dim, train.length, train.kinds, **NARROW), discriminator


PLAN = Narrow(**asdict(recipes.find("words", "cpu")))


def fastest(sample: Callable[[], torch.Tensor]) -> float:
    """The fewest CPU milliseconds of a few tries."""
    seconds = []
    for _ in range(TRIES):
        start = time.process_time()
        sample()
        seconds.append(time.process_time() - start)
    return 1000 * min(seconds)


@torch.inference_mode()
def in_one_pass(network: nn.Module, count: int) -> torch.Tensor:
    """Symbols [count, length]: the letters of the largest logits, for which no softmax is needed."""
    return network.layers(torch.randn(count, PLAN.noise_dim)).argmax(-1)  # type: ignore[operator]


def speeds() -> dict[str, list[float]]:
    """CPU milliseconds for each of the counts, by writer; weights do not matter for it."""
    wide, narrow = WordGenerator(PLAN.noise_dim, width=PLAN.width), WordGenerator(PLAN.noise_dim, **NARROW)
    lstm, transformer = LSTMGenerator(), TransformerGenerator(**SIZE)
    found: dict[str, list[float]] = {name: [] for name in ("LSTM", "transformer", "GAN", "narrow GAN")}
    for count in COUNTS:
        found["LSTM"].append(fastest(partial(lstm.sample, count)))
        found["transformer"].append(fastest(partial(transformer.sample, count)))
        found["GAN"].append(fastest(partial(in_one_pass, wide, count)))
        found["narrow GAN"].append(fastest(partial(in_one_pass, narrow, count)))
    return found


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({"narrow": PLAN})


def main() -> None:
    torch.set_num_threads(1)
    runs = [scored(PLAN, seed, 1, "narrow") for seed in SEEDS]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_narrow.py",
        **NARROW,
        "gan": [curve[-1] for _, curve in runs],
        "counts": COUNTS,
        "milliseconds": speeds(),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
