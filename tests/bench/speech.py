"""The text-to-speech chain on 200 requests: both networks trained first, on recordings, `DATA=path`, or eSpeak's words.

`real_time_factor` is CPU seconds of the chain for each second that it says.
"""

import os
import time
from dataclasses import replace

from chapters.results.speech import VOCODER, WORDS, chain, second_reader, trained, understood
from gan_lessons import speech
from gan_lessons.data import sound
from gan_lessons.data.sound import RATE
from gan_lessons.judges import sounds


def bench() -> dict[str, float]:
    source = os.environ.get("DATA") or "espeak"
    print(f"data: {source}", flush=True)
    start = time.process_time()
    words, vocoder = (trained(replace(recipe, source=source)) for recipe in (WORDS, VOCODER))
    seconds = time.process_time() - start
    if source == "espeak":
        judge, others, vocabulary = sounds.load(), sound.spoken(sound.DIGITS, sound.STRANGERS, 8, seed=5), WORDS.words
    else:
        others, vocabulary = sound.own(source)[0], sound.DIGITS
        judge = sounds.train(others)
    start, speaker = time.process_time(), chain(words, vocoder, vocabulary)
    said = [speaker.say(text, seed) for seed, text in enumerate(speech.requests())]
    spent, heard = time.process_time() - start, sum(len(one.waveform) for one in said) / RATE
    figures = understood(said, vocabulary, judge, second_reader(others))
    return {**figures, "real_time_factor": spent / heard, "cpu_seconds": seconds}
