"""The text-to-speech chain: what it reads, how long words are, and where they lie in the waveform."""

import pytest
import torch

from gan_lessons import spectrograms, speech
from gan_lessons.data import sound
from gan_lessons.judges import sounds
from gan_lessons.recipes.spoken_words import WORDS


@pytest.mark.parametrize(
    ("text", "words"),
    [("7", ["seven"]), ("Stop, 42!", ["stop", "four", "two"]), ("007 yes", ["zero", "zero", "seven", "yes"])],
)
def test_words_of(text: str, words: list[str]) -> None:
    assert speech.words_of(text, WORDS) == words


@pytest.mark.parametrize(
    ("text", "said"), [("", "nothing to say"), ("?!", "nothing to say"), ("7 cats", "'cats'.*yes")]
)
def test_what_it_cannot_say(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        speech.words_of(text, WORDS)


def test_duration() -> None:
    log_mel = torch.full((64, 64), -1.0)
    log_mel[:, 5:40] = 0.2
    assert speech.duration(log_mel) == 40
    log_mel[3, 50] = 0.1
    assert speech.duration(log_mel) == 51


@pytest.fixture(scope="module")
def real() -> speech.Chain:
    """A chain whose words are recordings, and whose vocoder is Griffin-Lim."""
    test = sound.spoken_digits().test

    def draw(labels: torch.Tensor, seed: int) -> torch.Tensor:
        first = [int((test.labels == label).nonzero()[seed % 20]) for label in labels]
        return spectrograms.log_mel(test.waveforms[first])

    return speech.Chain(draw, spectrograms.griffin_lim, sound.DIGITS)


def test_recordings_are_understood(real: speech.Chain) -> None:
    """With recordings in the GAN's place, the judge understands the chain: what it loses is not lost by joining."""
    said = [real.say(text, seed) for seed, text in enumerate(speech.requests(30))]
    read = sounds.load().head(sounds.load().features(spectrograms.log_mel(torch.cat([one.clips() for one in said]))))
    asked = torch.tensor([sound.DIGITS.index(word) for one in said for word in one.words])
    assert (read.argmax(1) == asked).float().mean() > 0.93


def test_places(real: speech.Chain) -> None:
    said = real.say("402")
    assert said.waveform.shape == (said.log_mel.shape[1] * spectrograms.HOP,)
    assert said.clips().shape == (3, sound.SAMPLES)
    for (_, before), (after, _) in zip(said.places, said.places[1:], strict=False):
        assert after - before == speech.PAUSE
        assert (said.log_mel[:, before:after] == -1).all()


def test_requests() -> None:
    assert speech.requests(200) == speech.requests(200)
    lengths = [len(text) for text in speech.requests(200)]
    assert max(lengths) == 3
    assert 100 <= lengths.count(1) < 110
