"""The wake word's detectors without augmentation, which every arm of wake_word.py has, to wake_word_plain.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/wake_word_plain.py RECORDINGS`, with a folder or a zip of recordings
of the ten digits; it takes two minutes. Trials, clips, detectors and figures are those of wake_word_recordings.json,
arm "recordings"; only, the clips are heard as they are.
"""

import sys
from pathlib import Path
from typing import Any

import torch

from chapters.results._records import write
from chapters.results.wake_word import FEW_ALARMS, SEEDS, detector, few, halves, tested
from gan_lessons.data import sound
from gan_lessons.spectrograms import log_mel

RECORD = Path(__file__).with_suffix(".json")
ARM = "recordings, not augmented"


def traced() -> dict[str, Any]:
    """Nothing to trace: this arm trains no GAN, and stores no weights."""
    return {}


def main(source: str) -> None:
    torch.set_num_threads(1)
    clips, runs = sound.recordings(source)[0], list[dict[str, Any]]()
    for trial, (taught_by, tested_by) in enumerate(halves(len(clips.voice_names))):
        train, test = few(clips, taught_by), clips[torch.isin(clips.voices, tested_by).nonzero()[:, 0]]
        for seed in range(SEEDS):
            judge = detector(log_mel(train.waveforms), train.labels, seed, augment=lambda log_mels: log_mels)
            run = {"arm": ARM, "trial": trial, "half": trial % 2, "seed": seed, "taught": len(train)}
            runs.append(run | tested(judge, test))
            print(trial, seed, runs[-1]["area"], runs[-1]["area_few"], flush=True)
    command = "python chapters/results/wake_word_plain.py RECORDINGS"
    write(RECORD, {"command": command, "few_alarms": FEW_ALARMS, "runs": runs})


if __name__ == "__main__":
    main(*sys.argv[1:])
