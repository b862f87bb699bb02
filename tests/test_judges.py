"""The judge reads digits, refuses damaged weights, and its scores put bad pictures below good ones."""

import pytest
import torch
from torch.nn.functional import avg_pool2d

from gan_lessons.data.images import digits
from gan_lessons.judges import digits as judge
from gan_lessons.metrics.images import digit_scores, floor_distance, noise_distance


@pytest.fixture(scope="module")
def real():
    return digits(held_out=True).pixels


def test_reads_held_out_digits():
    held_out = digits(held_out=True)
    probabilities = judge.load().probabilities(held_out.pixels)
    assert probabilities.shape == (1000, 10)
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(1000))
    assert (probabilities.argmax(-1) == held_out.labels).float().mean() >= 0.985


def test_features_do_not_depend_on_the_batch(real):
    features = judge.load().features(real[:30])
    assert features.shape == (30, 64)
    assert features.abs().max() <= 1
    torch.testing.assert_close(judge.load().features(real[:30], batch=7), features, atol=1e-5, rtol=1e-4)


def test_damaged_weights_are_refused(tmp_path):
    damaged = bytearray(judge.WEIGHTS.read_bytes())
    damaged[-100] ^= 1
    (tmp_path / "digits.safetensors").write_bytes(damaged)
    with pytest.raises(ValueError, match=r"digits\.safetensors are damaged: get that file anew"):
        judge.load(path=tmp_path / "digits.safetensors")


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"\[count, 1, 28, 28\], not \[4, 1, 32, 32\]"):
        judge.load().features(torch.zeros(4, 1, 32, 32))


def test_another_range_is_refused_or_warned_of(real, recwarn):
    digit_scores(real[:100])
    digit_scores(real[:100] + 0.3 * torch.randn_like(real[:100]))
    assert not recwarn
    with pytest.raises(ValueError, match=r"pixels run from 0 to 255, .* Scale them: pixels / 127\.5 - 1"):
        digit_scores((real[:100] + 1) * 127.5)
    with pytest.warns(UserWarning, match=r"black is expected at -1"):
        digit_scores((real[:100] + 1) / 2)


def test_floor_and_ceiling(real):
    perfect = digit_scores(real)
    assert perfect.frechet_fraction == pytest.approx(0, abs=1e-6)
    assert perfect.classes == 10
    assert perfect.class_kl < 0.004  # they are from 88 to 113 of each
    assert perfect.confident > 0.95
    assert digit_scores(digits().pixels).frechet == pytest.approx(floor_distance())
    assert 0 < floor_distance() / noise_distance() < 0.004


def test_worse_pictures_score_worse(real):
    draw = torch.Generator().manual_seed(0)
    noise = torch.rand(real.shape, generator=draw) * 2 - 1
    blurred = avg_pool2d(real, 3, stride=1, padding=1)
    spoilt = [real, blurred, torch.lerp(real, noise, 0.4), torch.lerp(real, noise, 0.8)]
    fractions = [digit_scores(pixels).frechet_fraction for pixels in spoilt]
    assert fractions == sorted(fractions)
    assert fractions[1] > 5 * floor_distance() / noise_distance()
    assert digit_scores(noise).frechet_fraction == pytest.approx(1, rel=0.02)


def test_lost_classes_are_seen():
    lost = digit_scores(digits().pixels[digits().labels < 5].repeat(2, 1, 1, 1))
    assert lost.classes == 5
    assert lost.class_kl == pytest.approx(torch.tensor(2.0).log().item(), abs=0.03)
    assert lost.frechet_fraction > 0.05
