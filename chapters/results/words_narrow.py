"""The 60-second word GAN with a narrower generator, three seeds, and how fast each writer is, to words_narrow.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_narrow.py`; it takes 4 minutes on one quiet core.
"""

import datetime
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import nn

from chapters.results._records import scored, write
from chapters.results.words_transformer import SIZE
from gan_lessons import recipes
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import AttentionBlock, LSTMGenerator, TransformerGenerator, WordGenerator
from gan_lessons.recipes import hashed
from gan_lessons.recipes.words import Words
from gan_lessons.runs import machine
from gan_lessons.training import GAN

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
NARROW = {"width": 192, "depth": 2}
COUNTS, TRIES = (1, 100, 1000, 5000), 9


@dataclass(frozen=True)
class Narrow(Words):
    """The recipe with a generator of its own width; the discriminator keeps its."""

    def build(self, device: str = "cpu", seed: int = 0) -> GAN:
        gan = super().build(device, seed)
        torch.manual_seed(seed)
        generator = WordGenerator(self.noise_dim, **NARROW).to(device)
        return replace(gan, generator=generator, discriminator_optimizer=None)  # both optimisers are made anew


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


def fingerprint() -> str:
    """A hash of the settings and of the code that trains, scores and is timed."""
    parts = [*PLAN.parts(), text_scores, in_one_pass, LSTMGenerator, TransformerGenerator, AttentionBlock]
    return hashed(repr((PLAN, SEEDS, NARROW, SIZE, COUNTS, TRIES)), parts)


def main() -> None:
    torch.set_num_threads(1)
    runs = [scored(PLAN, seed, 1, "narrow") for seed in SEEDS]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_narrow.py",
        "date": datetime.date.today().isoformat(),
        "machine": machine(torch.device("cpu")),
        "fingerprint": fingerprint(),
        **NARROW,
        "gan": [curve[-1] for _, curve in runs],
        "counts": COUNTS,
        "milliseconds": speeds(),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
