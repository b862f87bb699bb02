"""The recipe `vocoder` and its scores: it learns, goes on where it stopped, and never waits for a device."""

from dataclasses import replace

import pytest
import soundfile
import torch

from chapters.results.sound_ablations import others
from gan_lessons import recipes, spectrograms
from gan_lessons.data import sound, sources
from gan_lessons.gan import GAN
from gan_lessons.metrics.vocoders import two_sample_accuracies, two_sample_accuracy, vocoder_scores
from gan_lessons.recipes.vocoder import Segments
from tests.test_devices import SGD, OnlyMeta

SMALL = replace(recipes.find("vocoder"), width=16, blocks=1, discriminator_width=4, batch=4, segment=1024)


def tones(count: int = 40) -> torch.Tensor:
    """Waveforms of two tones each, [count, 4096]."""
    torch.manual_seed(0)
    time, pitch = torch.arange(4096) / 8000, torch.rand(count, 2, 1) * 1500 + 200
    return 0.4 * (2 * torch.pi * pitch * time).sin().sum(1)


def trained(recipe, gan, steps):
    for _ in replace(recipe, steps=steps).train(gan, Segments(tones(), recipe.segment)):
        pass
    return gan


def test_the_front_end_inside_is_the_books():
    heard, inside = tones(3), SMALL.build().generator
    torch.testing.assert_close(inside.log_mel(heard), spectrograms.log_mel(heard), atol=1e-5, rtol=0)


def test_it_learns_with_and_without_an_adversary():
    for alone in (0.0, 0.5, 1.0):
        recipe = replace(SMALL, alone=alone)
        start, real = recipe.build(), tones()
        before = vocoder_scores(real, recipe.voice(start, spectrograms.log_mel(real))).mel_l1
        ended = trained(recipe, recipe.build(), 40)
        assert vocoder_scores(real, recipe.voice(ended, spectrograms.log_mel(real))).mel_l1 < before
        judged = [bool(record.discriminator_loss) for record in ended.history]
        assert judged == [step >= alone * 40 for step in range(40)]


def test_an_adversarial_step_at_gpu_size_stays_on_its_device():
    recipe = replace(recipes.find("vocoder", "gpu"), alone=0.0)
    built = recipe.build("meta")
    gan = GAN(built.generator, built.discriminator, built.noise_dim, built.seed, SGD, autocast=built.autocast)
    steps = recipe.train(gan, sources.moved(Segments(torch.empty(100, 4096), recipe.segment), "meta"))
    with OnlyMeta():
        next(steps)


def test_segments_are_stretches_of_their_clip():
    counted = torch.arange(4000.0).reshape(2, 2000)
    cut, log_mels = Segments(counted, 1024).batch(torch.tensor([0, 1]))
    assert log_mels.shape == (2, 64, 16)
    assert (cut.diff() == 1).all() and (cut // 2000 == torch.tensor([[0], [1]])).all()


def test_few_recordings_are_drawn_and_heard(tmp_path):
    """Of two in a class one is left to test with."""
    for take, wave in enumerate(tones(2)):
        soundfile.write(tmp_path / f"{take}.wav", wave.numpy(), 8000)
    recipe = replace(SMALL, source=str(tmp_path))
    gan = recipe.build()
    assert recipe.listen(gan).shape == (1, 4096)
    assert len(recipe.sheet(gan).axes) == 2


def test_a_perfect_vocoder_scores_zero_and_cannot_be_told():
    real = tones()
    assert max(vocoder_scores(real, real)) == 0
    assert two_sample_accuracy(real, real, steps=5) == 0.5
    noise = torch.randn_like(real)
    assert min(vocoder_scores(real, noise)) > 0.3 and two_sample_accuracy(real, noise, steps=30) > 0.9


def test_each_seed_is_another_test():
    """Of another half and of another network: the accuracies vary, and their mean says what one does not."""
    found = two_sample_accuracies(tones(), tones() + 0.05 * torch.randn(40, 4096), seeds=3, steps=25)
    assert len(found) == 3 and len(set(found)) > 1 and all(0 <= share <= 1 for share in found)


def test_other_takes_are_of_the_same_word_and_voice_and_none_comes_twice():
    digits = sound.spoken_digits()
    found = others(digits.test, digits.judge)
    places = [int((digits.judge.waveforms == one).all(1).nonzero()[0]) for one in found]
    assert len(set(places)) == len(digits.test)
    assert torch.equal(digits.judge.labels[places], digits.test.labels)
    assert torch.equal(digits.judge.voices[places], digits.test.voices)


def test_scores_compare_clip_by_clip():
    with pytest.raises(ValueError, match=r"Each fake needs the recording.*\[40, 4096\] and \[39, 4096\]"):
        vocoder_scores(tones(), tones()[:39])
