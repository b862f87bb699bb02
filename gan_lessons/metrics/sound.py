"""Scores for sound clips, by the classes and the features that a judge reads in them."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from gan_lessons.data.sound import Clips
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.metrics.frechet import frechet_distance
from gan_lessons.metrics.inception import inception_score
from gan_lessons.spectrograms import log_mel


class SoundScores(NamedTuple):
    """How clips of asked-for classes sound to a judge.

    `digit_accuracy`: the share read as asked. `inception`: the inception score, at most the number of classes.
    `frechet`: Fréchet distance of their features to those of as many real test clips, NaN where these are not more than
    the features. `rarest_class`, `rarest_voice`: the smallest share of a class, and of a voice, among what the judge
    reads.
    """

    digit_accuracy: float
    inception: float
    frechet: float
    rarest_class: float
    rarest_voice: float


def sound_scores(judge: SoundJudge, log_mels: Tensor, labels: Tensor, test: Clips) -> SoundScores:
    """Scores of clips as log-mel spectrograms [count, 64, 64], asked for as `labels` [count]; as many as in `test`."""
    features = judge.features(log_mels)
    with torch.inference_mode():
        scores, voices = judge.head(features), judge.voice(features).argmax(1)
    read = scores.argmax(1)
    enough = min(len(features), len(test)) > features.shape[1]
    return SoundScores(
        digit_accuracy=float((read == labels.cpu()).float().mean()),
        inception=inception_score(scores.softmax(1)),
        frechet=frechet_distance(judge.features(log_mel(test.waveforms)), features) if enough else math.nan,
        rarest_class=float(read.bincount(minlength=scores.shape[1]).min()) / len(read),
        rarest_voice=float(voices.bincount(minlength=len(test.voice_names)).min()) / len(read),
    )


def frechet_floor(judge: SoundJudge, train: Clips, test: Clips) -> float:
    """What as many real training clips score against the real test clips."""
    real = train.shuffled()[torch.arange(len(test))]
    return frechet_distance(*(judge.features(log_mel(clips.waveforms)) for clips in (test, real)))


def nearest_clip(log_mels: Tensor, others: Tensor) -> Tensor:
    """How far from each spectrogram its nearest among `others` lies, as pictures: [count].

    What is blurred lies far from everything, copies included: to ask whether a GAN copies, see `nearer_to_training`.
    """
    return torch.cdist(log_mels.flatten(1), others.flatten(1)).min(1).values


def nearer_to_training(log_mels: Tensor, train: Tensor, others: Tensor) -> int:
    """How many spectrograms [count, 64, 64] have their nearest clip in `train`, and not among `others`.

    `others` are as many clips [clips, 64, 64] of the same words and voices that the GAN has not seen. A GAN that copies
    is nearer to what it has seen; for one that does not, it is chance, one half. Blur adds to both distances alike. In
    the spirit of Meehan, Chaudhuri & Dasgupta 2020, arXiv:2004.05675, who compare how far generated and unseen samples
    lie from `train`. A ValueError where there are more of the one than of the other.
    """
    if len(train) != len(others):
        raise ValueError(f"There must be as many other clips as training clips, not {len(others)} and {len(train)}.")
    return int((nearest_clip(log_mels, train) < nearest_clip(log_mels, others)).sum())
