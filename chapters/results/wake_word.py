"""A wake word with few recordings: do clips by a GAN help the detector? Written to wake_word.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/wake_word.py`; it takes 25 minutes on one core. A folder or a zip of
recordings of the ten digits as its argument is used in eSpeak's place.

A trial: half of the voices are trained on, with ten takes of each digit, and the other half is tested on. A GAN of the
trial's own learns from the same few clips. Three ways to halve the voices, with the halves changing places, make six
trials. A detector hears one half-second clip after another; each arm has two a trial, and counts by their mean.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from chapters.results._records import of_plans, write
from gan_lessons import recipes, spectrograms
from gan_lessons.data import sound
from gan_lessons.data.sound import DIGITS, RATE, SAMPLES, Clips
from gan_lessons.judges import sounds
from gan_lessons.metrics.detection import mean_missed
from gan_lessons.recipes.spoken_digits import SpokenDigits

RECORD = Path(__file__).with_suffix(".json")
PLAN: Any = replace(recipes.find("spoken_digits", "cpu"), steps=350, batch=32, learning_rate=4e-4)
WORD, TAKES, SEEDS, STEPS = DIGITS.index("seven"), 10, 2, 200
HALVINGS, FEW_ALARMS = 3, 0.05  # how often the voices are halved; of the other clips, that is an alarm in ten seconds
THRESHOLDS = torch.cat([torch.linspace(0.02, 0.98, 49), torch.tensor([0.99, 0.995, 0.998, 0.999])])


def learning_from(clips: Clips) -> SpokenDigits:
    """The recipe of the GAN, with these clips as its data."""

    class OfFew(SpokenDigits):
        def clips(self) -> tuple[Clips, Clips]:
            return clips, clips

    return OfFew(**vars(PLAN))


def few(clips: Clips, voices: Tensor) -> Clips:
    """The first takes of these voices alone."""
    return clips[((clips.takes < TAKES) & torch.isin(clips.voices, voices)).nonzero()[:, 0]]


def detector(
    log_mels: Tensor, labels: Tensor, seed: int, augment: Callable[[Tensor], Tensor] = sounds.distort
) -> sounds.SoundJudge:
    """A detector of the wake word, taught as the judges are: with copies that are shifted, louder and noisier."""
    wake, nobody = (labels == WORD).long(), torch.zeros_like(labels)
    return sounds.taught(log_mels, wake, nobody, 2, 1, STEPS, seed=seed, augment=augment)


@torch.inference_mode()
def tested(judge: sounds.SoundJudge, test: Clips) -> dict[str, Any]:
    """Misses against false alarms at each threshold, and hours of audio without the word.

    And over all thresholds: `area`, the mean share missed, and `area_few`, that where alarms are few.
    """
    chances = judge.head(judge.features(spectrograms.log_mel(test.waveforms))).log_softmax(1)
    scores, wake = chances[:, 1] - chances[:, 0], test.labels == WORD
    missed = [float((scores[wake] < threshold).float().mean()) for threshold in THRESHOLDS.logit()]
    alarms = [int((scores[~wake] >= threshold).sum()) for threshold in THRESHOLDS.logit()]
    areas = (mean_missed(scores[wake], scores[~wake], most) for most in (1.0, FEW_ALARMS))
    found = dict(zip(("area", "area_few"), areas, strict=True))
    return {**found, "missed": missed, "alarms": alarms, "hours": int((~wake).sum()) * SAMPLES / RATE / 3600}


def halves(voices: int) -> list[tuple[Tensor, Tensor]]:
    """The voices to train with and those to test with, for each trial: in order, and then shuffled."""
    orders = [torch.arange(voices)]
    draw = torch.Generator().manual_seed(0)
    orders += [torch.randperm(voices, generator=draw) for _ in range(HALVINGS - 1)]
    return [pair for one, other in (order.chunk(2) for order in orders) for pair in ((one, other), (other, one))]


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({"digits": PLAN})


def main(source: str = "espeak") -> None:
    torch.set_num_threads(1)
    clips = sound.spoken(DIGITS, sound.SPEAKERS[:8], 40, seed=9) if source == "espeak" else sound.recordings(source)[0]
    runs, trials = [], halves(len(clips.voice_names))
    for trial, (taught_by, tested_by) in enumerate(trials):
        train, test = few(clips, taught_by), clips[torch.isin(clips.voices, tested_by).nonzero()[:, 0]]
        real = spectrograms.log_mel(train.waveforms)
        plan = learning_from(train)
        gan = plan.build(seed=trial)
        for _ in tqdm(plan.train(gan, plan.data()), total=plan.steps, desc=f"GAN of trial {trial}"):
            pass
        labels = torch.arange(10).repeat_interleave(len(train) // 5)
        made = plan.samples(gan, labels)
        rest = clips[((clips.takes >= TAKES) & torch.isin(clips.voices, taught_by)).nonzero()[:, 0]]
        arms = {
            "recordings": (real, train.labels),
            "recordings and GAN": (torch.cat([real, made]), torch.cat([train.labels, labels])),
            "GAN alone": (made, labels),
            "more recordings": (spectrograms.log_mel(rest.waveforms), rest.labels),
        }
        for seed in range(SEEDS):
            for name, taught in arms.items():
                run = {"arm": name, "trial": trial, "half": trial % 2, "seed": seed, "taught": len(taught[1])}
                runs.append(run | tested(detector(*taught, seed), test))
                print(name, trial, seed, runs[-1]["area"], runs[-1]["area_few"], flush=True)
    record = {
        "command": "python chapters/results/wake_word.py" + ("" if source == "espeak" else " RECORDINGS"),
        "thresholds": THRESHOLDS.tolist(),
        "trials": [[part.tolist() for part in pair] for pair in trials],
        "few_alarms": FEW_ALARMS,
        "runs": runs,
    }
    write(RECORD if source == "espeak" else RECORD.with_name("wake_word_recordings.json"), record)


def by_trial(runs: list[dict[str, Any]], arm: str, figure: str = "area") -> list[float]:
    """A figure of an arm's detectors, averaged within each trial: what is compared, trial by trial."""
    found: dict[int, list[float]] = {}
    for run in runs:
        if run["arm"] == arm:
            found.setdefault(run["trial"], []).append(run[figure])
    return [fmean(values) for _, values in sorted(found.items())]


if __name__ == "__main__":
    main(*sys.argv[1:])
