"""Words that a second look lets through: which of a GAN's discriminators keep, three seeds, to words_kept.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_kept.py`; it takes about 12 minutes on one core
with AVX-512, and 35 on one without.
"""

import copy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import one_hot
from tqdm import tqdm

from chapters.results._records import of_plans, trained, write
from chapters.results.words import weights
from gan_lessons import losses, recipes
from gan_lessons.data.text import words
from gan_lessons.judges.ngrams import tidy
from gan_lessons.metrics.text import bound, judge, text_scores
from gan_lessons.networks.text import LSTMGenerator, WordDiscriminator
from gan_lessons.results import restored
from gan_lessons.training import cosine

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
PLAN = recipes.find("words", "long")
LOOKS, BATCH, RATE = 500, 256, 1e-3
SCALE = 40.0  # the game's penalty keeps scores within a tenth of 0; log-ratios reach far beyond
DRAWN, SAMPLES = 50_000, 5000
CEILING = 0.9  # of the log-ratios: words above this quantile are kept for certain
Write = Callable[[int], Tensor]  # a count to symbols [count, length]


def looked(discriminator: WordDiscriminator, write: Write, seed: int) -> tuple[WordDiscriminator, float]:
    """A copy of a discriminator that went on learning, from a writer that stands still, and its CPU seconds.

    Its scores, times SCALE, are logits of a word being real: log-ratios of real to written probability.
    """
    torch.manual_seed(seed)
    start, real, second = time.process_time(), words().train.symbols, copy.deepcopy(discriminator)
    optimizer = torch.optim.Adam(second.parameters(), lr=RATE, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine(step / LOOKS))
    for _ in tqdm(range(LOOKS), desc=f"second look, seed {seed}"):
        some = real[torch.randint(len(real), (BATCH,))], write(BATCH)
        loss = losses.non_saturating(*(SCALE * second(one_hot(part, 27).float()) for part in some)).discriminator
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return second, time.process_time() - start


@torch.inference_mode()
def said(discriminator: torch.nn.Module, symbols: Tensor) -> Tensor:
    """A discriminator's scores [count] of symbols [count, length]."""
    return torch.cat([discriminator(one_hot(some, 27).float()) for some in symbols.split(5000)])


def kept(log_ratios: Tensor) -> Tensor:
    """Which samples to keep, so that what is left is as likely as real ones are: with a probability of min(1, r / c).

    The ratio r of real to written probability is the exponential of a logistic discriminator's score, its logarithm;
    c is its `CEILING` quantile. Azadi et al. 2019, arXiv:1810.06758.
    """
    chances = (log_ratios - log_ratios.quantile(CEILING)).exp()
    return (torch.rand(len(log_ratios)) < chances).nonzero().squeeze(1)


def better(scores: Tensor, among: Tensor) -> Tensor:
    """The half of those `among` that has the higher scores."""
    return among[scores[among] >= scores[among].median()]


def described(symbols: Tensor, chosen: Tensor) -> dict[str, float]:
    """The scores of the first 5,000 that were chosen, and the share that was."""
    scores = text_scores(symbols[chosen][:SAMPLES], words())._asdict()
    return {"kept": len(chosen) / len(symbols), "samples": min(SAMPLES, len(chosen)), **scores}


def by_tenths(plausible: Tensor, order: Tensor) -> list[float]:
    """The plausible share in each tenth of the samples, from the lowest of `order` [count] up."""
    return [float(part.mean()) for part in plausible[order.argsort()].chunk(10)]


def run(seed: int) -> tuple[WordDiscriminator, dict[str, Any]]:
    """Train a GAN and let two discriminators choose among its words: the game's, and what it became thereafter."""
    gan, seconds = trained(PLAN, seed, "GAN")
    generator = gan.average

    def write(count: int) -> Tensor:
        return generator.layers(torch.randn(count, PLAN.noise_dim)).argmax(-1)

    second, second_seconds = looked(gan.discriminator, write, seed)
    torch.manual_seed(seed)
    with torch.inference_mode():
        logits = torch.cat([generator.layers(torch.randn(5000, PLAN.noise_dim)) for _ in range(DRAWN // 5000)])
    symbols, everyone = logits.argmax(-1), torch.arange(DRAWN)
    game, log_ratios = said(gan.discriminator, symbols), SCALE * said(second, symbols)
    highest = logits.topk(2).values  # [count, length, 2]
    margins = (highest[..., 0] - highest[..., 1]).min(1).values
    plausible = (judge(words()).surprise(symbols) < bound(words())).float()
    likely = kept(log_ratios)
    return gan.discriminator, {
        "seconds": seconds,
        "second_seconds": second_seconds,
        "all": described(symbols, everyone),
        "game": described(symbols, better(game, everyone)),
        "ratio": described(symbols, likely),
        "both": described(symbols, better(game, likely)),
        "by_margin": by_tenths(plausible, margins),
        "by_game": by_tenths(plausible, game),
        "samples": words().train.read(symbols[better(game, likely)[:200]]),
    }


def lstm(discriminator: WordDiscriminator) -> dict[str, Any]:
    """The stored LSTM, seen by a discriminator of the game that went on learning from it."""
    model = restored(LSTMGenerator(), weights("lstm"))

    def write(count: int) -> Tensor:
        return tidy(model.sample(count))

    second, seconds = looked(discriminator, write, 0)
    torch.manual_seed(0)
    symbols = torch.cat([write(5000) for _ in range(DRAWN // 5000)])
    return {
        "second_seconds": seconds,
        "all": described(symbols, torch.arange(DRAWN)),
        "ratio": described(symbols, kept(SCALE * said(second, symbols))),
    }


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({"long": PLAN})


def main() -> None:
    torch.set_num_threads(1)
    runs = [run(seed) for seed in SEEDS]
    first, _ = runs[0]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_kept.py",
        "gan": [found for _, found in runs],
        "lstm": lstm(first),
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
