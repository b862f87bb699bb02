"""A causal transformer of the LSTM's size, taught words for about as many CPU seconds, to words_transformer.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/words_transformer.py`; three seeds take 4 minutes on one quiet core.
"""

from functools import partial
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import store, taught, write
from chapters.results.words import SEEDS, TEMPERATURES
from gan_lessons import traces
from gan_lessons.data.text import words
from gan_lessons.networks.text import TransformerGenerator

RECORD = Path(__file__).with_suffix(".json")
SIZE = {"width": 72, "depth": 2, "heads": 4}  # 131,139 numbers; the LSTM has 129,403
STEPS = 1200


def traced() -> dict[str, Any]:
    """How each training begins."""
    return {"transformer": traces.of_model(partial(TransformerGenerator, **SIZE), words().train.symbols)}


def main() -> None:
    torch.set_num_threads(1)
    make = partial(TransformerGenerator, **SIZE)
    runs = [taught(make, seed, STEPS, TEMPERATURES, "transformer") for seed in SEEDS]
    model, _ = runs[0]
    store(RECORD.with_suffix(".safetensors"), model)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/words_transformer.py",
        "steps": STEPS,
        "transformer": [points for _, points in runs],
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
