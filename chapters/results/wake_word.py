"""A wake word with few recordings: do clips by a GAN help the detector? Written to wake_word.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/wake_word.py`; it takes 20 minutes on one core. A folder or a zip of
recordings of the ten digits as its argument is used in eSpeak's place.

Half of the voices are trained on, with ten takes of each digit; the other half is tested on. Then the halves change
places. A GAN learns from the same few clips. One that hears one half-second clip after another is what is tested.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from chapters.results._records import of_plans, write
from gan_lessons import recipes, spectrograms
from gan_lessons.data import sound
from gan_lessons.data.sound import DIGITS, RATE, SAMPLES, Clips
from gan_lessons.data.sources import Labelled
from gan_lessons.judges import sounds

RECORD = Path(__file__).with_suffix(".json")
PLAN: Any = replace(recipes.find("spoken_digits", "cpu"), steps=350, batch=32, learning_rate=4e-4)
WORD, TAKES, SEEDS, STEPS = DIGITS.index("seven"), 10, 3, 200
THRESHOLDS = torch.cat([torch.linspace(0.02, 0.98, 49), torch.tensor([0.99, 0.995, 0.998, 0.999])])


def few(clips: Clips, voices: Tensor) -> Clips:
    """The first takes of these voices alone."""
    return clips[((clips.takes < TAKES) & torch.isin(clips.voices, voices)).nonzero()[:, 0]]


def detector(log_mels: Tensor, labels: Tensor, seed: int) -> sounds.SoundJudge:
    """A detector of the wake word, taught as the judges are: shifted, louder, noisier copies included."""
    return sounds.taught(log_mels, (labels == WORD).long(), torch.zeros_like(labels), 2, 1, STEPS, seed=seed)


@torch.inference_mode()
def tested(judge: sounds.SoundJudge, test: Clips) -> dict[str, Any]:
    """Misses against false alarms at each threshold, and hours of audio without the word."""
    chances = judge.head(judge.features(spectrograms.log_mel(test.waveforms))).softmax(1)[:, 1]
    wake = test.labels == WORD
    missed = [float((chances[wake] < threshold).float().mean()) for threshold in THRESHOLDS]
    alarms = [int((chances[~wake] >= threshold).sum()) for threshold in THRESHOLDS]
    return {"missed": missed, "alarms": alarms, "hours": int((~wake).sum()) * SAMPLES / RATE / 3600}


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({"digits": PLAN})


def main(source: str = "espeak") -> None:
    torch.set_num_threads(1)
    clips = sound.spoken(DIGITS, sound.SPEAKERS[:8], 40, seed=9) if source == "espeak" else sound.recordings(source)[0]
    runs = []
    for half, voices in enumerate(torch.arange(len(clips.voice_names)).chunk(2)):
        train, test = few(clips, voices), clips[(~torch.isin(clips.voices, voices)).nonzero()[:, 0]]
        real = spectrograms.log_mel(train.waveforms)
        gan = PLAN.build(seed=half)
        data = Labelled(real[:, None], train.labels)
        for _ in tqdm(PLAN.train(gan, data), total=PLAN.steps, desc=f"GAN of half {half}"):
            pass
        labels = torch.arange(10).repeat_interleave(len(train) // 5)
        made = PLAN.samples(gan, labels)
        rest = clips[((clips.takes >= TAKES) & torch.isin(clips.voices, voices)).nonzero()[:, 0]]
        arms = {
            "recordings": (real, train.labels),
            "recordings and GAN": (torch.cat([real, made]), torch.cat([train.labels, labels])),
            "GAN alone": (made, labels),
            "more recordings": (spectrograms.log_mel(rest.waveforms), rest.labels),
        }
        for seed in range(SEEDS):
            for name, taught in arms.items():
                run = {"arm": name, "half": half, "seed": seed, "taught": len(taught[1])}
                runs.append(run | tested(detector(*taught, seed), test))
                print(name, half, seed, runs[-1]["missed"][24], runs[-1]["alarms"][24], flush=True)
        record = {
            "command": "python chapters/results/wake_word.py" + ("" if source == "espeak" else " RECORDINGS"),
            "thresholds": THRESHOLDS.tolist(),
            "voices": [len(part) for part in torch.arange(len(clips.voice_names)).chunk(2)],
            "runs": runs,
        }
        write(RECORD if source == "espeak" else RECORD.with_name("wake_word_recordings.json"), record)


if __name__ == "__main__":
    main(*sys.argv[1:])
