"""Vocoders with and without a GAN, and with and without corrections, beside noise and Griffin-Lim, to vocoders.json.

Each is told from the recordings by five networks, one a seed: `two_samples`, of which `two_sample` is the mean. The row
`recordings` says how surely other takes of the same words and voices are; its distances are those to themselves.

Run as `OMP_NUM_THREADS=1 python chapters/results/vocoders.py`; it takes half an hour on one core. A folder or a zip of
recordings as its argument is used in eSpeak's place; then no weights are stored.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from torch import Tensor

from chapters.results._records import of_plans, store, trained, write
from chapters.results.sound_ablations import others
from gan_lessons import recipes, spectrograms
from gan_lessons.data.sound import DIGITS, STRANGERS, Clips, spoken
from gan_lessons.judges import sounds
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.metrics.vocoders import two_sample_accuracies, vocoder_scores
from gan_lessons.networks.vocoders import Corrected

RECORD = Path(__file__).with_suffix(".json")
PLAN: Any = recipes.find("vocoder", "cpu")
PLANS = {
    "mel loss": replace(PLAN, corrections=0, alone=1.0),
    "mel loss and GAN": replace(PLAN, corrections=0),
    "mel loss, corrected": replace(PLAN, alone=1.0),
    "mel loss and GAN, corrected": PLAN,
}
STORED = ("mel loss, corrected", "mel loss and GAN, corrected")
MANY = 32  # corrections, as many as Griffin-Lim has rounds


class Noise(torch.nn.Module):
    """In a vocoder's place: white noise for any log-mels [batch, mels, frames], [batch, frames · hop]."""

    hop = spectrograms.HOP

    def forward(self, log_mels: Tensor) -> Tensor:
        return 0.01 * torch.randn(len(log_mels), log_mels.shape[2] * self.hop)


def corrected(network: Corrected, corrections: int) -> Callable[[Tensor], Tensor]:
    """The network with another number of corrections, as a function of log-mels [count, 64, frames]."""

    def voice(log_mels: Tensor) -> Tensor:
        before, network.corrections = network.corrections, corrections
        with torch.inference_mode():
            made = torch.cat([network.speak(part) for part in log_mels.split(50)])
        network.corrections = before
        return made

    return voice


def measured(voice: Callable[[Tensor], Tensor], test: Clips, judge: SoundJudge) -> dict[str, Any]:
    """All scores of what a function makes of the test clips' log-mels, and the CPU seconds that it took."""
    torch.manual_seed(0)
    log_mels, start = spectrograms.log_mel(test.waveforms), time.process_time()
    made = voice(log_mels)
    seconds = time.process_time() - start
    return {
        **vocoder_scores(test.waveforms, made)._asdict(),
        "digit_accuracy": sounds.accuracy(judge, replace(test, waveforms=made)),
        **told(test.waveforms, made),
        "seconds": seconds,
    }


def told(real: Tensor, made: Tensor) -> dict[str, Any]:
    """How surely networks tell waveforms [count, samples] from the recordings."""
    accuracies = two_sample_accuracies(real, made)
    return {"two_sample": fmean(accuracies), "two_samples": accuracies}


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans(PLANS)


def main(source: str = "espeak") -> None:
    torch.set_num_threads(1)
    plans = {name: replace(plan, source=source) for name, plan in PLANS.items()}
    train, test = plans["mel loss"].clips()
    more = spoken(DIGITS, STRANGERS, 2, seed=6) if source == "espeak" else train
    judge = sounds.load() if source == "espeak" else sounds.train(train)
    network, figures, seconds = PLAN.build().average, {}, {}
    network.vocoder = Noise()
    perfect = {
        **vocoder_scores(test.waveforms, test.waveforms)._asdict(),
        "digit_accuracy": sounds.accuracy(judge, test),
    }
    figures["recordings"] = {**perfect, **told(test.waveforms, others(test, more)), "seconds": 0.0}
    for name, voice in {
        "Griffin-Lim": spectrograms.griffin_lim,
        "noise, 2 corrections": corrected(network, 2),
        f"noise, {MANY} corrections": corrected(network, MANY),
    }.items():
        figures[name] = measured(voice, test, judge)
    for name, plan in plans.items():
        gan, seconds[name] = trained(plan, name=name)
        figures[name] = measured(corrected(gan.average, plan.corrections), test, judge)
        if plan.corrections:
            figures[f"{name} {MANY} times"] = measured(corrected(gan.average, MANY), test, judge)
        if source == "espeak" and name in STORED:
            store(RECORD.with_name(f"vocoders_{STORED.index(name)}.safetensors"), gan.average)
        print(name, figures, flush=True)
    record = {
        "command": "python chapters/results/vocoders.py" + ("" if source == "espeak" else " RECORDINGS"),
        "seeds": [0],
        "clips": {"train": len(train), "test": len(test)},
        "seconds": seconds,
        "figures": figures,
    }
    write(RECORD if source == "espeak" else RECORD.with_name("vocoders_recordings.json"), record)


if __name__ == "__main__":
    main(*sys.argv[1:])
