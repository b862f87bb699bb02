"""Spoken digits without what matters, two seeds each, to sound_ablations.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/sound_ablations.py`; it takes a quarter of an hour on one core.
Clips are judged after Griffin-Lim, and with their onsets put in place, so that none loses for being late.
"""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from chapters.results._records import scored, write
from gan_lessons import recipes, spectrograms
from gan_lessons.data.sound import prepared
from gan_lessons.metrics.sound import sound_scores
from gan_lessons.networks import conditioning
from gan_lessons.recipes import hashed
from gan_lessons.recipes.spoken_digits import SpokenDigits
from gan_lessons.runs import machine
from gan_lessons.training import GAN

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1)
STEPS = 300
LATEST = 800  # samples, a tenth of a second, that a word may be late


@dataclass(frozen=True)
class Unaligned(SpokenDigits):
    """Spoken digits that begin at any time within a tenth of a second."""

    def data(self) -> Tensor:
        train, _ = self.clips()
        delays = torch.randint(LATEST, (len(train),), generator=torch.Generator().manual_seed(0)).tolist()
        late = [
            torch.nn.functional.pad(clip, (delay, 0))[: len(clip)]
            for clip, delay in zip(train.waveforms, delays, strict=True)
        ]
        return conditioning.labelled(spectrograms.log_mel(torch.stack(late))[:, None], train.labels)


WHOLE: Any = replace(recipes.find("spoken_digits", "cpu"), steps=STEPS)
PLANS: dict[str, Any] = {
    "the recipe": WHOLE,
    "no penalty": replace(WHOLE, penalty_weight=0.0),
    "onsets anywhere": Unaligned(**vars(WHOLE)),
}


def heard(recipe: SpokenDigits, gan: GAN) -> dict[str, float]:
    """The scores of a GAN's clips after Griffin-Lim, their onsets put in place."""
    _, test = recipe.clips()
    waveforms = spectrograms.griffin_lim(recipe.draw(gan, test.labels))
    clips = torch.from_numpy(np.stack([prepared(waveform.numpy()) for waveform in waveforms]))
    return sound_scores(recipe.judge(), spectrograms.log_mel(clips), test.labels, test)._asdict()


def train(name: str) -> list[dict[str, float]]:
    """Train with each seed; what is heard."""
    return [heard(PLANS[name], scored(PLANS[name], seed, 1, name)[0]) for seed in SEEDS]


def fingerprint() -> str:
    """A hash of the plans and of the code that trains and scores."""
    return hashed(repr(PLANS), [*WHOLE.parts(), Unaligned, heard, sound_scores, spectrograms.griffin_lim])


def main() -> None:
    torch.set_num_threads(1)
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/sound_ablations.py",
        "date": datetime.date.today().isoformat(),
        "machine": machine(torch.device("cpu")),
        "fingerprint": fingerprint(),
        **{name: train(name) for name in PLANS},
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
