"""The vocoder at its cpu size, one seed, beside Griffin-Lim: on eSpeak's digits, or on recordings, `DATA=path`.

The judge of digits is trained here, on clips that the vocoder is not tested with. The two-sample accuracy is that of a
network which tells real from made, 0.5 at best.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace

from torch import Tensor

from chapters.results._records import trained
from gan_lessons import recipes, spectrograms
from gan_lessons.judges import sounds
from gan_lessons.metrics.vocoders import two_sample_accuracy, vocoder_scores
from gan_lessons.recipes.vocoder import Vocoding


def bench() -> dict[str, float]:
    recipe = recipes.find("vocoder", "cpu")
    assert isinstance(recipe, Vocoding)
    recipe = replace(recipe, source=os.environ.get("DATA") or recipe.source)
    train, test = recipe.clips()
    print(f"data: {recipe.source}, {len(train)} clips to train and {len(test)} to test with", flush=True)
    judge, log_mels = sounds.train(train), spectrograms.log_mel(test.waveforms)
    gan, seconds_of_training = trained(recipe)

    def measured(make: Callable[[Tensor], Tensor], prefix: str) -> tuple[dict[str, float], float]:
        start = time.process_time()
        made = make(log_mels)
        seconds = time.process_time() - start
        figures = {
            **vocoder_scores(test.waveforms, made)._asdict(),
            "digit_accuracy": sounds.accuracy(judge, replace(test, waveforms=made)),
            "two_sample": two_sample_accuracy(test.waveforms, made),
        }
        return {f"{prefix}{name}": value for name, value in figures.items()}, seconds

    ours, quick = measured(lambda asked: recipe.voice(gan, asked), "")
    theirs, slow = measured(spectrograms.griffin_lim, "griffin_lim_")
    return {
        **ours,
        "speed_over_griffin_lim": slow / quick,
        **theirs,
        "real_digit_accuracy": sounds.accuracy(judge, test),
        "cpu_seconds": seconds_of_training,
    }
