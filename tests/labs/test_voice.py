"""VoiceLab: directions, spectrogram and sound."""

import pytest
import torch

from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.latents.voice import VoiceLab, principal_of_output
from gan_lessons.plots.sound import wav_bytes
from gan_lessons.spectrograms import griffin_lim
from tests.labs.small import hears, mels


def test_the_first_direction_changes_the_sound_most():
    found = principal_of_output(mels, 6, 10, 2)
    assert found[0, 0] > 0.9 and found.norm(dim=1).allclose(torch.ones(2))


def test_every_slider_changes_spectrogram_and_sound():
    lab = VoiceLab(mels, 6, hears, directions=torch.eye(4, 6)[[0, 1, 0, 1]])
    lab.widget()
    for name, value in {"word": "7", "seed": 3, "first": 1.0, "second": -2.0, "third": 0.5, "fourth": 3.0}.items():
        shown, sound = pack(lab.frame())[1], lab.audio.value
        lab.view.controls[name].value = value
        assert lab.values[name] == value and pack(lab.frame())[1] != shown, name
        assert lab.audio.value == wav_bytes(lab.waveform) != sound, name
    expected = mels(lab.noise(), torch.tensor([7]))
    torch.testing.assert_close(lab.log_mel, expected[0])
    torch.testing.assert_close(lab.waveform, griffin_lim(expected)[0])
    read = int(hears(expected)[0].argmax())
    assert lab.sentence.startswith(f"Asked for 7: the judge reads {read} (")
    lab.back()
    assert lab.values["first"] == lab.values["fourth"] == 0 and lab.values["seed"] == 3


def test_a_given_vocoder_is_used_and_words_may_be_others():
    lab = VoiceLab(mels, 6, hears, voice=lambda log_mels: torch.zeros(len(log_mels), 640), words=list("abcdefghij"))
    assert lab.values["word"] == "a" and lab.waveform.shape == (640,) and lab.figure() and "Asked for a" in lab.sentence
    lab.set(word="z")
    assert "“Digit” is one of a, b" in lab.sentence


def test_voices_have_the_names_of_their_speakers():
    speakers = [f"speaker {k}" for k in range(hears(mels(torch.zeros(1, 6), torch.tensor([0])))[1].shape[1])]
    lab = VoiceLab(mels, 6, hears, speakers=speakers)
    assert [name for _, name in lab.frame().panels[2].rows] == speakers
    assert "and 1 speakers have names" in VoiceLab(mels, 6, hears, speakers=["Anna"]).sentence
    assert f"in the voice {speakers[int(hears(lab.log_mel[None])[1].argmax())]}, one of {len(speakers)}" in lab.sentence


@pytest.mark.parametrize(
    ("draw", "options", "words"),
    [
        (lambda noise, labels: torch.rand(len(noise), 1, 64, 64), {}, "draws no log-mels"),
        (lambda noise, labels: torch.full((len(noise), 64, 64), torch.nan), {}, "draws no log-mels"),
        (mels, {"directions": torch.eye(3, 6)}, "shape [4, 6]"),
    ],
)
def test_what_has_no_voice_is_a_sentence(draw, options, words):
    lab = VoiceLab(draw, 6, hears, **options)
    assert words in lab.sentence and lab.figure() and lab.widget()
    lab.set(first=1.0)
    assert words in lab.sentence
