"""Word GANs with and without the group spread, and the LSTM at each temperature, three seeds each, to words.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/words.py`; it takes 12 minutes on one core.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import of_plans, scored, store, taught, write
from gan_lessons import recipes, traces
from gan_lessons.data.text import words
from gan_lessons.metrics.text import text_scores
from gan_lessons.networks.text import LSTMGenerator

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
LIKELIHOOD_STEPS = 2500
MEASUREMENTS = 9
PLANS: dict[str, Any] = {
    "spread": recipes.find("words", "cpu"),
    "no spread": replace(recipes.find("words", "cpu"), group=1),
}
SAMPLES = 5000


def train(name: str, seed: int) -> list[dict[str, float]]:
    """Train a GAN; its scores along the way, with the CPU seconds of training. Seed 0 stores its weights."""
    gan, curve = scored(PLANS[name], seed, MEASUREMENTS, name)
    if seed == 0:
        store(weights(name), gan.average)
    return curve


def learn(seed: int) -> list[dict[str, float]]:
    """Train the LSTM; its scores at each temperature. Seed 0 stores its weights."""
    model, found = taught(LSTMGenerator, seed, LIKELIHOOD_STEPS, TEMPERATURES, "LSTM")
    if seed == 0:
        store(weights("lstm"), model)
    return found


def weights(name: str) -> Path:
    """Where the weights of that name are stored."""
    return RECORD.with_name(f"words_{name.replace(' ', '_')}.safetensors")


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans(PLANS) | {"LSTM": traces.of_model(LSTMGenerator, words().train.symbols)}


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    real = text_scores(words().test.symbols[torch.randperm(len(words().test))[:SAMPLES]], words())._asdict()
    dice = torch.randint(1, words().train.kinds, (SAMPLES, words().train.length))
    lengths = (words().train.symbols > 0).sum(1)[torch.randint(len(words().train), (SAMPLES, 1))]
    uniform = text_scores(dice * (torch.arange(dice.shape[1]) < lengths), words())._asdict()
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words.py",
        "real": real,
        "uniform": uniform,
        **{name: [train(name, seed) for seed in SEEDS] for name in PLANS},
        "lstm": [learn(seed) for seed in SEEDS],
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
