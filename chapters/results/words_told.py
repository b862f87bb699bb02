"""How well a classifier tells the stored writers' words from real ones, to words_told.json; one seed of each.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_told.py`; it takes about a minute on one core.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from chapters.results._records import write
from gan_lessons import recipes
from gan_lessons.data.text import words
from gan_lessons.judges.characters import two_sample
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import LSTMGenerator, TransformerGenerator, WordGenerator
from gan_lessons.results import restored

RECORD = Path(__file__).with_suffix(".json")
COUNT, SCORED = 10_000, 5000
PLAN: Any = recipes.find("words")


def stored(network: Any, name: str) -> Any:
    return restored(network, f"words_{name}")


@torch.no_grad()
def written() -> dict[str, Tensor]:
    """Words of every writer whose weights are stored."""
    torch.manual_seed(0)
    noise = torch.randn(COUNT, PLAN.noise_dim)
    networks = (stored(WordGenerator(PLAN.noise_dim, width=PLAN.width), name) for name in ("spread", "no_spread"))
    logits, without_std = (network.layers(noise) for network in networks)
    lstm = stored(LSTMGenerator(), "lstm")
    transformer = stored(TransformerGenerator(width=72), "transformer")
    return {
        "GAN": logits.argmax(-1),
        "GAN without minibatch std": without_std.argmax(-1),
        "LSTM, T = 1": lstm.sample(COUNT),
        "LSTM, T = 0.5": lstm.sample(COUNT, 0.5),
        "transformer, T = 1": transformer.sample(COUNT),
        "GAN, letters drawn": torch.distributions.Categorical(logits=logits).sample(),
    }


def traced() -> dict[str, Any]:
    """Only judges are trained here."""
    return {}


def main() -> None:
    torch.set_num_threads(1)
    piles, judge = written(), words().judge.symbols
    unseen = judge[torch.randperm(len(judge), generator=torch.Generator().manual_seed(0))[:COUNT]]

    def described(pile: Tensor) -> dict[str, float]:
        scores, found = text_scores(pile[:SCORED], words()), two_sample(unseen, pile, words().train.kinds)
        return {"plausible": scores.plausible, "trigram_js": scores.trigram_js, **found._asdict()}

    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_told.py",
        "told": {name: described(pile) for name, pile in tqdm(piles.items())},
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
