"""How much of what betrays generated digits is the way back from log-mels, to sound_controls.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/sound_controls.py`; it takes four minutes. The clips are prepared
and judged as those of sound_ablations.json: here real ones that went there and back by Griffin–Lim, and those of the
stored GAN, against real ones as they are and against real ones that went the same way.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from chapters.results._records import of_plans, write
from chapters.results.sound_ablations import judged, others
from gan_lessons import recipes
from gan_lessons.data.sound import prepared, spoken_digits
from gan_lessons.metrics.vocoders import two_sample_accuracies
from gan_lessons.spectrograms import griffin_lim, log_mel

RECORD = Path(__file__).with_suffix(".json")
RECIPE: Any = recipes.find("spoken_digits")


def as_heard(log_mels: Tensor) -> Tensor:
    """Log-mels [count, 64, 64] after Griffin–Lim, with silence cut off and the onset in its place: [count, samples]."""
    return torch.from_numpy(np.stack([prepared(waveform.numpy()) for waveform in griffin_lim(log_mels)]))


def traced() -> dict[str, Any]:
    """How the training of the stored GAN begins."""
    return of_plans({"the recipe": RECIPE})


def main() -> None:
    torch.set_num_threads(1)
    clips = spoken_digits()
    test, alike = clips.test, log_mel(others(clips.test, clips.judge))
    generated = RECIPE.samples(RECIPE.load(), test.labels)
    as_it_is = judged(griffin_lim(generated), test)
    told = two_sample_accuracies(as_heard(log_mel(test.waveforms)), as_heard(generated))
    record = {
        "command": "OMP_NUM_THREADS=1 python chapters/results/sound_controls.py",
        "figures": {
            "other real clips, there and back": judged(griffin_lim(alike), test),
            "generated": as_it_is,
            "generated against real, both by Griffin-Lim": {"two_sample": float(np.mean(told)), "two_samples": told},
        },
    }
    write(RECORD, record)


if __name__ == "__main__":
    main()
