"""The text-to-speech chain on 200 requests: both networks trained first, on recordings, `DATA=path`, or eSpeak's words.

`real_time_factor` is CPU seconds of the chain for each second that it says.
"""

import os
from dataclasses import replace

from chapters.results._records import trained
from chapters.results.speech import VOCODER, WORDS, listeners, measured


def bench() -> dict[str, float]:
    source = os.environ.get("DATA") or "espeak"
    print(f"data: {source}", flush=True)
    (words, first), (vocoder, second) = (trained(replace(recipe, source=source), 0) for recipe in (WORDS, VOCODER))
    return {**measured(words, vocoder, listeners(source)), "cpu_seconds": first + second}
