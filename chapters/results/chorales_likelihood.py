"""A transformer that writes chorales note by note, at each temperature, beside real and shuffled ones; one seed.

Run as `OMP_NUM_THREADS=1 python chapters/results/chorales_likelihood.py`; it takes 2 minutes on one quiet core. Its 900
steps are where the likelihood of held-out chorales had nearly stopped rising.
"""

import time
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from chapters.results._records import store, write
from gan_lessons import traces
from gan_lessons.data import chorales
from gan_lessons.data.chorales import KINDS, STEPS, VOICES
from gan_lessons.likelihood import maximum_likelihood, surprise
from gan_lessons.metrics.chorales import COUNT, chorale_scores, shuffled
from gan_lessons.networks.text import TransformerGenerator

RECORD = Path(__file__).with_suffix(".json")
TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
TRAINING = {"steps": 900, "batch": 64, "rate": 2e-3, "ended": False}


def model() -> TransformerGenerator:
    """A fresh transformer: 64 symbols a window, of which each is a pitch or holds the last."""
    return TransformerGenerator(KINDS + 1, len(VOICES) * STEPS)


def traced() -> dict[str, Any]:
    """How the training begins."""
    return {"transformer": traces.of_model(model, chorales.as_symbols(chorales.chorales().train))}


def main() -> None:
    torch.set_num_threads(1)
    train, test = chorales.chorales()
    symbols = [chorales.as_symbols(part) for part in (train, test)]
    torch.manual_seed(0)
    start = time.process_time()
    *_, writer = tqdm(maximum_likelihood(model(), symbols[0], **TRAINING), total=TRAINING["steps"])
    seconds = time.process_time() - start
    store(RECORD.with_suffix(".safetensors"), writer)
    found = []
    for temperature in TEMPERATURES:
        torch.manual_seed(0)
        written = chorales.from_symbols(writer.sample(COUNT, temperature))
        found.append({"temperature": temperature, **chorale_scores(written)._asdict()})
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/chorales_likelihood.py",
        "seconds": seconds,
        "parameters": sum(weight.numel() for weight in writer.parameters()),
        "surprise": {name: surprise(writer, some) for name, some in zip(("train", "test"), symbols, strict=True)},
        "real": chorale_scores(test)._asdict(),
        "shuffled": chorale_scores(shuffled(test))._asdict(),
        "likelihood": found,
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
