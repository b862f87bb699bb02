"""The two missing writers of words: the LSTM as a GAN, and the one-pass generator as a VAE, to words_crossed.json.

Beside words.json, which has the one-pass GAN and the LSTM by likelihood, they tell architecture from objective. Three
seeds; run as `OMP_NUM_THREADS=1 python chapters/results/words_crossed.py`; it takes 8 minutes on one quiet core.
"""

import time
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import trange

from chapters.results._records import of_plans, scored, write
from gan_lessons import recipes
from gan_lessons.data.text import words
from gan_lessons.judges.characters import two_sample
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import FromNoise, LSTMGenerator, WordVAE
from gan_lessons.recipes.words import Words
from gan_lessons.training import cosine

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
STEPS = {"LSTM, GAN": 1400, "one pass, VAE": 3600}  # 40 to 50 CPU seconds each
BETAS = (1.0, 0.3)  # weights of the VAE's divergence; 1: a bound of the likelihood
PILE = 10_000  # texts that the classifier sees of each writer; the last fifth of them tests it
BATCH, RATE, WARM = 128, 1e-3, 0.25  # of the VAE: the divergence has its full weight after a quarter of the steps


class LSTMWords(Words):
    """The recipe `words` with an LSTM for a generator; its noise is the Gumbel noise of every symbol."""

    def players(self) -> tuple[nn.Module, nn.Module]:
        return FromNoise(LSTMGenerator()), super().players()[1]


CPU = recipes.find("words", "cpu")
PLAN = LSTMWords(**asdict(replace(CPU, steps=STEPS["LSTM, GAN"], noise_dim=270, learning_rate=2e-3)))


@cache
def real() -> Tensor:
    """Words that no writer was trained on, in an order of chance."""
    return words().judge.symbols[torch.randperm(len(words().judge), generator=torch.Generator().manual_seed(0))[:PILE]]


def judged(symbols: Tensor) -> dict[str, Any]:
    """The scores of 5,000 samples, a few of them, and how well a classifier tells all of them from real words."""
    found = two_sample(real(), symbols, words().train.kinds)
    return {
        **text_scores(symbols[:5000], words())._asdict(),
        "two_sample": found.accuracy,
        "told": list(found),
        "samples": words().train.read(symbols[:60]),
    }


def adversarial(seed: int) -> dict[str, Any]:
    """Train a GAN; its scores at the end, and how plausible its words were along the way."""
    gan, curve = scored(PLAN, seed, 6, "LSTM, GAN")
    with torch.inference_mode():
        symbols = torch.cat([gan.sample(5000, seed=k).argmax(-1) for k in range(PILE // 5000)])
    kept = ("step", "seconds", "plausible", "trigram_js")
    return {
        "seconds": curve[-1]["seconds"],
        "curve": [{key: point[key] for key in kept} for point in curve],
        **judged(symbols),
    }


def learnt(model: WordVAE, seed: int, steps: int, beta: float) -> WordVAE:
    """Raise the bound of the likelihood, with another weight `beta` of the divergence (Higgins et al. 2017).

    It comes in gradually, as by Bowman et al. 2016, arXiv:1511.06349.
    """
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine(step / steps))
    texts = words().train.symbols
    for step in trange(steps, desc=f"VAE, {beta}, seed {seed}"):
        surprise, divergence = model(texts[torch.randint(len(texts), (BATCH,))])
        loss = (surprise + beta * min(1.0, step / (WARM * steps)) * divergence).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model


def variational(seed: int, beta: float) -> dict[str, Any]:
    """Train the VAE; its words with every symbol the likeliest, and with every symbol drawn as the model says.

    Nats a word: what is left of its surprise when the noise is known, and the divergence; their sum is the bound.
    """
    torch.manual_seed(seed)
    start = time.process_time()
    model = learnt(WordVAE(width=CPU.width), seed, STEPS["one pass, VAE"], beta)
    seconds = time.process_time() - start
    torch.manual_seed(0)
    with torch.inference_mode():
        surprise, divergence = (float(part.mean()) for part in model(words().test.symbols))
        logits = model.generator.layers(torch.randn(PILE, CPU.noise_dim))
        drawn = torch.distributions.Categorical(logits=logits).sample()
    bound = {"beta": beta, "seconds": seconds, "surprise_given_noise": surprise, "divergence": divergence}
    return bound | {"likeliest": judged(logits.argmax(-1)), "drawn": judged(drawn)}


def traced() -> dict[str, Any]:
    """How the GAN's training begins."""
    return of_plans({"LSTM, GAN": PLAN})


def main() -> None:
    torch.set_num_threads(1)
    train = words().train.symbols
    some = train[torch.randperm(len(train), generator=torch.Generator().manual_seed(1))[:PILE]]
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_crossed.py",
        "steps": STEPS,
        "real": judged(some),  # training words: as real as the others, and none of them is among those
        "LSTM, GAN": [adversarial(seed) for seed in SEEDS],
        "one pass, VAE": [[variational(seed, beta) for beta in BETAS] for seed in SEEDS],
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
