"""Spoken digits without what may matter, two seeds each, to sound_ablations.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/sound_ablations.py`; it takes a quarter of an hour on two cores.
Clips are judged as they are heard, with silence cut off and the onset put in its place, so that none loses for being
late or for a faint noise where others are silent.
"""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import torch
from torch import Tensor

from chapters.results._records import of_plans, scored, write
from gan_lessons import recipes, spectrograms
from gan_lessons.data.sound import STRANGERS, Clips, prepared, spoken, spoken_digits
from gan_lessons.data.sources import Labelled
from gan_lessons.judges import sounds
from gan_lessons.metrics.sound import sound_scores
from gan_lessons.metrics.vocoders import two_sample_accuracies
from gan_lessons.recipes.spoken_digits import SpokenDigits, heard

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (0, 1)
LATEST = 800  # samples, a tenth of a second, that a word may be late


@dataclass(frozen=True, kw_only=True)
class Unaligned(SpokenDigits):
    """Spoken digits that begin at any time within a tenth of a second."""

    def data(self) -> Labelled:
        train, _ = self.clips()
        delays = torch.randint(LATEST, (len(train),), generator=torch.Generator().manual_seed(0)).tolist()
        late = [
            torch.nn.functional.pad(clip, (delay, 0))[: len(clip)]
            for clip, delay in zip(train.waveforms, delays, strict=True)
        ]
        return heard(torch.stack(late), train.labels)


MELS: Any = replace(recipes.find("spoken_digits", "cpu"), steps=600)
PLANS: dict[str, Any] = {
    "the recipe": MELS,
    "no penalty": replace(MELS, penalty_weight=0.0),
    "onsets anywhere": Unaligned(**vars(MELS)),
}


def judged(waveforms: Tensor, test: Clips) -> dict[str, Any]:
    """What clips [count, samples] of the test clips' words get from the judge, from a second recogniser that other
    voices taught, and from networks that were taught to tell them from the test clips, one for each of five seeds."""
    clips = torch.from_numpy(np.stack([prepared(waveform.numpy()) for waveform in waveforms]))
    log_mels = spectrograms.log_mel(clips)
    second = sounds.second_recogniser(spoken(test.classes, STRANGERS, 8, seed=5))
    told = two_sample_accuracies(test.waveforms, clips)
    return {
        **sound_scores(sounds.load(), log_mels, test.labels, test)._asdict(),
        "second_accuracy": float((second(log_mels) == test.labels).float().mean()),
        "two_sample": fmean(told),
        "two_samples": told,
    }


def others(test: Clips, clips: Clips) -> Tensor:
    """For each test clip another of its word and voice, none twice while there are enough: [count, samples]."""
    taken: Counter[tuple[int, int]] = Counter()
    places = []
    for asked in zip(test.labels.tolist(), test.voices.tolist(), strict=True):
        alike = ((clips.labels == asked[0]) & (clips.voices == asked[1])).nonzero()[:, 0]
        places.append(int(alike[taken[asked] % len(alike)]))
        taken[asked] += 1
    return clips.waveforms[places]


def train(name: str, seed: int) -> dict[str, Any]:
    """Train with a seed; what its clips get."""
    torch.set_num_threads(1)
    plan = PLANS[name]
    _, test = plan.clips()
    gan, curve = scored(plan, seed, 1, name)
    return {"seconds": curve[-1]["seconds"], **judged(spectrograms.griffin_lim(plan.samples(gan, test.labels)), test)}


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans(PLANS)


def main() -> None:
    torch.set_num_threads(1)
    clips = spoken_digits()
    real = judged(others(clips.test, clips.judge), clips.test)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        runs = {name: list(pool.map(partial(train, name), SEEDS)) for name in PLANS}
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/sound_ablations.py",
        "figures": {"other real clips": [real], **runs},
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
