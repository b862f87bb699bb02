"""The vocoder and its discriminators: transforms that fit torch's, corrections that correct, ears that hear apart."""

import pytest
import torch
from torch.nn.functional import pad

from gan_lessons.networks.vocoders import (
    Corrected,
    PeriodDiscriminator,
    SpectrumDiscriminator,
    Vocoder,
    VocoderDiscriminator,
    feature_matching,
    inverse,
    overlap_add,
)

FILTERS = torch.eye(257)[:256].reshape(64, 4, 257).sum(1)  # 64 bands of four frequencies


def corrected(corrections: int = 2) -> Corrected:
    torch.manual_seed(0)
    window = pad(torch.hann_window(400), (56, 56))
    return Corrected(Vocoder(width=16, blocks=1), FILTERS, window, 1e-3, 30.0, corrections)


def waveforms(count: int = 3, samples: int = 1024) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randn(count, samples) * 0.1


def test_frames_are_added_where_they_overlap():
    assert overlap_add(torch.ones(1, 3, 4), 2).tolist() == [[2, 2, 2, 2, 1, 1]]
    single = torch.zeros(1, 3, 4)
    single[0, 1] = torch.tensor([1.0, 2, 3, 4])
    assert overlap_add(single, 2).tolist() == [[1, 2, 3, 4, 0, 0]]


def test_the_inverse_is_exact_for_the_transform_of_a_waveform_and_nearest_for_any_other():
    """As torch's, which divides by the squared windows too."""
    window = torch.hann_window(256)
    spectrum = torch.stft(waveforms(), 256, 64, window=window, pad_mode="constant", return_complex=True)[..., :-1]
    torch.testing.assert_close(inverse(spectrum.mT, window, 64), waveforms(), atol=1e-5, rtol=0)
    turned = spectrum * torch.polar(torch.ones(spectrum.shape), torch.randn(spectrum.shape))
    found = inverse(turned.mT, window, 64)
    torch.testing.assert_close(found, torch.istft(turned, 256, 64, window=window, length=1024), atol=1e-5, rtol=0)
    again = torch.stft(found, 256, 64, window=window, pad_mode="constant", return_complex=True)[..., :-1]
    assert (again - turned).abs().max() > 0.1  # no waveform has this spectrum


def test_the_transform_is_torchs_and_its_inverse_is_exact():
    network, sound = corrected(), waveforms()
    expected = torch.stft(sound, 512, 64, 400, torch.hann_window(400), pad_mode="constant", return_complex=True)
    torch.testing.assert_close(network.spectrum(sound).mT, expected[..., :-1], atol=1e-5, rtol=0)
    torch.testing.assert_close(network.waveforms(network.spectrum(sound)), sound, atol=1e-5, rtol=0)


@torch.no_grad()
def test_corrections_bring_the_log_mel_nearer():
    sound = waveforms()
    wanted = corrected().log_mel(sound)
    errors = [float((corrected(k).log_mel(corrected(k).speak(wanted)) - wanted).abs().mean()) for k in (0, 1, 2, 8)]
    assert errors == sorted(errors, reverse=True) and errors[-1] < errors[0] / 2


def test_a_waveform_that_fits_is_left_as_it_is():
    network, sound = corrected(1), waveforms()
    network.vocoder.forward = lambda log_mels: sound
    torch.testing.assert_close(network.speak(network.log_mel(sound)), network.waveforms(network.spectrum(sound) * (
        torch.ones(64) @ network.back)), atol=1e-4, rtol=0)  # fmt: skip


def test_gradients_reach_every_weight_through_the_corrections():
    network = corrected()
    network.speak(network.log_mel(waveforms())).square().mean().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())


def test_a_vocoder_makes_a_hop_of_samples_from_a_frame():
    assert Vocoder(mels=64, width=8, blocks=1)(torch.zeros(2, 64, 10)).shape == (2, 640)


@pytest.mark.parametrize("period", [2, 3, 7])
def test_a_period_discriminator_hears_samples_a_period_apart(period):
    sound = waveforms(1, 500).requires_grad_()
    scores = PeriodDiscriminator(period, width=4)(sound)[-1]
    column = scores.reshape(period, -1)[0].sum()
    (slope,) = torch.autograd.grad(column, sound)
    heard = slope[0].nonzero()[:, 0] % period
    assert heard.numel() > 0 and heard.unique().tolist() == [0]


def test_a_spectrum_discriminator_hears_phase():
    ear, sound = SpectrumDiscriminator(128, width=4), waveforms()
    assert (ear(sound)[-1] - ear(-sound)[-1]).abs().max() > 1e-5  # the magnitudes are the same


def test_all_ears_give_scores_and_features():
    ears = VocoderDiscriminator(width=4)
    scores, features = ears.listen(waveforms())
    assert scores.shape[:2] == (3, 1) and torch.equal(scores, ears(waveforms()))
    assert len(features) == 4 * len(ears.ears)


def test_features_match_themselves_and_teach_the_fake_alone():
    real, fake = torch.ones(2, requires_grad=True), torch.zeros(2, requires_grad=True)
    assert feature_matching([real], [real.clone()]) == 0
    feature_matching([real], [fake]).backward()
    assert real.grad is None and fake.grad is not None
