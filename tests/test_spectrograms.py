"""The one front end: exact where it says so, and equal to another library's values."""

import pytest
import torch

from gan_lessons import spectrograms
from gan_lessons.data import sound

NOISE = torch.randn(3, 4096, generator=torch.Generator().manual_seed(0))


def test_the_constants_of_clips_and_spectrograms_agree():
    assert (sound.RATE, sound.SAMPLES) == (spectrograms.RATE, spectrograms.SAMPLES)


def test_the_inverse_of_the_transform_is_exact():
    torch.testing.assert_close(spectrograms.istft(spectrograms.stft(NOISE)), NOISE, atol=2e-6, rtol=0)
    assert spectrograms.stft(NOISE).shape == (3, 257, 64)


def test_mel_filters_are_librosas():
    """Values of librosa 0.11: filters.mel(sr=8000, n_fft=512, n_mels=64, fmin=50, fmax=4000, htk=True, norm=None)."""
    filters = spectrograms.mel_filters()
    assert filters.shape == (64, 257)
    rows, columns = torch.tensor([0, 0, 10, 63, 63]), torch.tensor([4, 5, 19, 250, 253])
    expected = torch.tensor([0.5819996, 0.6991172, 0.0771486, 0.7164889, 0.3582444])
    torch.testing.assert_close(filters[rows, columns], expected, atol=1e-5, rtol=0)
    assert float(filters.sum()) == pytest.approx(247.88094, abs=1e-3)


def test_a_tone_lies_in_its_band():
    tone = torch.sin(2 * torch.pi * 1000 / 8000 * torch.arange(4096))[None]
    band = int(spectrograms.log_mel(tone)[0].mean(1).argmax())
    assert abs(band - int(spectrograms.mel_filters()[:, round(1000 / 15.625)].argmax())) <= 1


def test_log_mel_lies_between_minus_one_and_one():
    assert float(spectrograms.log_mel(torch.zeros(1, 4096)).max()) == -1
    assert float(spectrograms.log_mel(100 * NOISE).max()) == 1


def test_griffin_lim_finds_a_waveform_with_that_spectrogram():
    wanted = spectrograms.log_mel(sound.spoken(("seven",), ("m1", "f2"), takes=2).waveforms)
    found = spectrograms.log_mel(spectrograms.griffin_lim(wanted))
    few = spectrograms.log_mel(spectrograms.griffin_lim(wanted, iterations=0))
    assert float((found - wanted).abs().mean()) < 0.5 * float((few - wanted).abs().mean())
    assert float((found - wanted).abs().mean()) < 0.05


def test_waveforms_of_another_length_are_refused():
    with pytest.raises(ValueError, match="multiple of 64"):
        spectrograms.stft(torch.zeros(1, 100))
