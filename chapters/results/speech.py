"""The text-to-speech chain on 200 requests, to speech.json: how many words are understood, and how fast it speaks.

Run as `OMP_NUM_THREADS=1 python chapters/results/speech.py`; the chain is that of chapter 13, from the stored weights.
With a folder or a zip of recordings of the ten digits as its argument, both networks are trained on them first, which
takes 20 minutes on one core; then no weights are stored.
"""

import datetime
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor
from tqdm import tqdm

from chapters.results._records import write
from gan_lessons import recipes, spectrograms, speech
from gan_lessons.data import sound
from gan_lessons.data.sound import RATE
from gan_lessons.judges import sounds
from gan_lessons.judges.sounds import SoundJudge
from gan_lessons.recipes import Recipe, hashed
from gan_lessons.runs import machine
from gan_lessons.training import GAN

RECORD = Path(__file__).with_suffix(".json")
WORDS: Any = recipes.find("spoken_words", "cpu")
VOCODER: Any = recipes.find("vocoder", "cpu")


def stored(recipe: Recipe, name: str) -> GAN:
    """A GAN whose averaged generator has the weights stored under that name."""
    gan = recipe.build()
    halves = safetensors.torch.load_file(RECORD.with_name(f"{name}.safetensors"))
    gan.average.load_state_dict({key: value.float() for key, value in halves.items()})
    return gan


def trained(recipe: Recipe) -> GAN:
    """A GAN trained to its recipe's end."""
    gan = recipe.build()
    for _ in tqdm(recipe.train(gan, recipe.data()), total=recipe.steps, desc=type(recipe).__name__):
        pass
    return gan


def chain(words: GAN, vocoder: GAN, vocabulary: tuple[str, ...], together: bool = True) -> speech.Chain:
    """A chain of a GAN of words, all of one noise, and a vocoder."""
    draw = partial(WORDS.draw, words, together=together)
    return speech.Chain(draw, partial(VOCODER.voice, vocoder), vocabulary)


def understood(
    said: list[speech.Said], vocabulary: tuple[str, ...], judge: SoundJudge, second: Callable[[Tensor], Tensor]
) -> dict[str, float]:
    """The shares of words that two recognisers read right, and of neighbouring words that seem of one voice."""
    log_mels = spectrograms.log_mel(torch.cat([one.clips() for one in said]))
    asked = torch.tensor([vocabulary.index(word) for one in said for word in one.words])
    features = judge.features(log_mels)
    with torch.inference_mode():
        read, voices = judge.head(features).argmax(1), judge.voice(features).argmax(1)
    first = torch.tensor([place > 0 for one in said for place in range(len(one.words))])[1:]  # the one before is of it
    return {
        "digit_accuracy": float((read == asked).float().mean()),
        "second_accuracy": float((second(log_mels) == asked).float().mean()),
        "one_voice": float((voices[1:] == voices[:-1])[first].float().mean()),
        "digits": len(asked),
    }


def second_reader(clips: sound.Clips) -> Callable[[Tensor], Tensor]:
    """The second recogniser, as a function of log-mels [count, 64, 64]."""
    reader = sounds.second_recogniser(clips)
    return lambda log_mels: torch.from_numpy(reader.predict(log_mels.flatten(1).numpy()))


def fingerprint() -> str:
    """A hash of the recipes and of the chain's code."""
    code = [speech.words_of, speech.duration, speech.Chain, speech.requests, understood, sounds.second_recogniser]
    return hashed(repr((WORDS, VOCODER)), [*WORDS.parts(), *VOCODER.parts(), *code])


def main(source: str = "espeak") -> None:
    torch.set_num_threads(1)
    if source == "espeak":
        words, vocoder = stored(WORDS, "spoken_words"), stored(VOCODER, "vocoders_1")
        judge, others = sounds.load(), sound.spoken(sound.DIGITS, sound.STRANGERS, 8, seed=5)
        vocabulary = WORDS.words
    else:
        words, vocoder = (trained(replace(recipe, source=source)) for recipe in (WORDS, VOCODER))
        train, _ = sound.own(source)
        judge, others, vocabulary = sounds.train(train), train, sound.DIGITS
    second, figures = second_reader(others), {}
    for name, together in (("one noise", True), ("a noise for each word", False)):
        start = time.process_time()
        speaker = chain(words, vocoder, vocabulary, together)
        said = [speaker.say(text, seed) for seed, text in enumerate(speech.requests())]
        seconds = sum(len(one.waveform) for one in said) / RATE
        factor = (time.process_time() - start) / seconds
        figures[name] = understood(said, vocabulary, judge, second) | {"real_time_factor": factor}
        print(name, figures[name], flush=True)
    record = {
        "command": "python chapters/results/speech.py" + ("" if source == "espeak" else " RECORDINGS"),
        "date": datetime.date.today().isoformat(),
        "machine": machine(torch.device("cpu")),
        "fingerprint": fingerprint(),
        "figures": figures,
    }
    write(RECORD if source == "espeak" else RECORD.with_name("speech_recordings.json"), record)


if __name__ == "__main__":
    main(*sys.argv[1:])
