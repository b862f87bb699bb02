"""The text-to-speech chain on 200 requests, to speech.json: how many words are understood, and how fast it speaks.

Run as `OMP_NUM_THREADS=1 python chapters/results/speech.py`; the chain is that of chapter 18, from the stored weights.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from chapters.results._records import of_plans, write
from gan_lessons import recipes, spectrograms, speech
from gan_lessons.data import sound
from gan_lessons.data.sound import RATE
from gan_lessons.gan import GAN
from gan_lessons.judges import sounds
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.recipes import Recipe
from gan_lessons.results import restored

RECORD = Path(__file__).with_suffix(".json")
WORDS: Any = recipes.find("spoken_words", "cpu")
VOCODER: Any = recipes.find("vocoder", "cpu")


def stored(recipe: Recipe, name: str) -> GAN:
    """A GAN whose averaged generator has the weights stored under that name."""
    gan = recipe.build()
    restored(gan.average, name)
    return gan


class Listeners(NamedTuple):
    """Who hears the chain: the words by their classes' order, the judge, and a second recogniser of log-mels.

    `of_voices` is the share of real clips, which the judge was not taught, whose voice it names right.
    """

    vocabulary: tuple[str, ...]
    judge: SoundJudge
    second: Callable[[Tensor], Tensor]
    of_voices: float


def listeners(source: str = "espeak") -> Listeners:
    """Those of eSpeak's voices, the second taught by voices that no GAN has heard, or of a folder or a zip."""
    if source == "espeak":
        others = sound.spoken(sound.DIGITS, sound.STRANGERS, 8, seed=5)
        judge = sounds.load()
        of_voices = sounds.voice_accuracy(judge, sound.spoken_digits().test)
        return Listeners(WORDS.words, judge, sounds.second_recogniser(others), of_voices)
    train, test = sound.own(source)
    judge = sounds.train(train)
    return Listeners(sound.DIGITS, judge, sounds.second_recogniser(train), sounds.voice_accuracy(judge, test))


def measured(words: GAN, vocoder: GAN, by: Listeners, together: bool = True) -> dict[str, float]:
    """What a chain of a GAN of words, all of one noise, and a vocoder reaches on 200 requests.

    The shares of digits that two recognisers read right, and of `pairs` neighbouring digits that seem of one voice; and
    the CPU seconds that a second of its speech takes.
    """
    draw = partial(WORDS.samples, words, together=together)
    chain, start = speech.Chain(draw, partial(VOCODER.voice, vocoder), by.vocabulary), time.process_time()
    said = [chain.say(text, seed) for seed, text in enumerate(speech.requests())]
    spent, heard = time.process_time() - start, sum(len(one.waveform) for one in said) / RATE
    log_mels = spectrograms.log_mel(torch.cat([one.clips() for one in said]))
    asked = torch.tensor([by.vocabulary.index(word) for one in said for word in one.words])
    features = by.judge.features(log_mels)
    with torch.inference_mode():
        read, voices = by.judge.head(features).argmax(1), by.judge.voice(features).argmax(1)
    followed = torch.tensor([place > 0 for one in said for place in range(len(one.words))])[1:]
    return {
        "digit_accuracy": float((read == asked).float().mean()),
        "second_accuracy": float((by.second(log_mels) == asked).float().mean()),
        "one_voice": float((voices[1:] == voices[:-1])[followed].float().mean()),
        "pairs": int(followed.sum()),
        "digits": len(asked),
        "real_time_factor": spent / heard,
    }


def traced() -> dict[str, Any]:
    """How each training begins."""
    return of_plans({"words": WORDS, "vocoder": VOCODER})


def main() -> None:
    torch.set_num_threads(1)
    words, vocoder = stored(WORDS, "spoken_words"), stored(VOCODER, "vocoders_1")
    by, arms = listeners(), {"one noise": True, "a noise for each word": False}
    figures = {name: measured(words, vocoder, by, together) for name, together in arms.items()}
    print(figures)
    command = "python chapters/results/speech.py"
    write(RECORD, {"command": command, "voice_accuracy": by.of_voices, "figures": figures})


if __name__ == "__main__":
    main()
