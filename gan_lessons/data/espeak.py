"""Synthetic speech by eSpeak NG, offline. `utter` is what to call; it runs this module in a process of its own.

eSpeak keeps hidden state from one word to the next, so only a fresh process says the same list in the same way. Its
library is GPL-3: it arrives with the pip package espeakng-loader and nothing of it is copied here.
"""

import ctypes
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import espeakng_loader
import numpy as np

RATE = 22_050  # samples a second that eSpeak makes
SYNCHRONOUS, UTF8 = 2, 1
SPEED, PITCH = 1, 3  # parameters in espeak-ng/speak_lib.h


@dataclass(frozen=True)
class Request:
    """A text, and how to say it; `voice` is an accent and a speaker, as "en-us+f2", and pitch runs from 0 to 99."""

    text: str
    voice: str = "en-us"
    words_per_minute: int = 175
    pitch: int = 50


def utter(requests: Sequence[Request]) -> list[np.ndarray]:
    """Say each text: int16 waveforms at 22,050 samples a second; a ValueError names what eSpeak will not say."""
    asked = json.dumps([astuple(request) for request in requests]).encode()
    done = subprocess.run([sys.executable, "-m", __name__], input=asked, capture_output=True)
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip().splitlines()[-1])
    head, _, samples = done.stdout.partition(b"\n")
    return np.split(np.frombuffer(samples, np.int16), np.cumsum(json.loads(head))[:-1])


def speak(requests: Sequence[Request]) -> list[np.ndarray]:
    """What `utter` runs in its process."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    parts: list[np.ndarray] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def collect(samples, count, events):
        if samples and count > 0:
            parts.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetSynthCallback(collect)
    library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
    library.espeak_ng_SetRandSeed(0)
    said = []
    for request in requests:
        parts.clear()
        if library.espeak_SetVoiceByName(request.voice.encode()):
            sys.exit(f"eSpeak has no voice {request.voice!r}; en-us+f2, say, is one.")
        library.espeak_SetParameter(SPEED, request.words_per_minute, 0)
        library.espeak_SetParameter(PITCH, request.pitch, 0)
        text = request.text.encode()
        library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8, None, None)
        library.espeak_Synchronize()
        if not any(part.any() for part in parts):
            sys.exit(f"eSpeak says nothing for {request.text!r}; give a word or a number.")
        said.append(np.concatenate(parts))
    return said


if __name__ == "__main__":
    waveforms = speak([Request(*fields) for fields in json.load(sys.stdin)])
    sys.stdout.buffer.write(json.dumps([len(waveform) for waveform in waveforms]).encode() + b"\n")
    sys.stdout.buffer.write(b"".join(waveform.tobytes() for waveform in waveforms))
