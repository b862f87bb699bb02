"""The judge of sounds, its scores, and the recipe of spoken digits."""

import math
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch
from torch.nn.functional import avg_pool2d

from gan_lessons import recipes, spectrograms
from gan_lessons.data.sound import DIGITS, WORDS, spoken_digits, spoken_words
from gan_lessons.judges import sounds
from gan_lessons.metrics.sound import frechet_floor, nearer_to_training, nearest_clip, sound_scores
from gan_lessons.networks.sound import MelDiscriminator, MelGenerator
from gan_lessons.runs import Run
from gan_lessons.spectrograms import log_mel


def test_the_judge_reads_held_out_takes_and_most_strangers():
    digits, judge = spoken_digits(), sounds.load()
    assert sounds.accuracy(judge, digits.test) >= 0.99
    assert sounds.accuracy(judge, digits.strangers) >= 0.9


def test_the_judge_knows_voices():
    """Of twelve voices; the digits' own judge and that of all words."""
    for words in (DIGITS, WORDS):
        judge = sounds.stored(words)
        assert sounds.voice_accuracy(judge, spoken_words(words).test) > 0.9


def test_a_stored_judge_is_loaded_once():
    assert sounds.stored(DIGITS) is sounds.load() is sounds.load(sounds.WEIGHTS)
    assert sounds.stored(("left", "right")) is None


def test_the_judge_refuses_damaged_weights_and_other_shapes(tmp_path):
    damaged = tmp_path / "sounds.safetensors"
    damaged.write_bytes(sounds.WEIGHTS.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="damaged"):
        sounds.load(damaged)
    with pytest.raises(ValueError, match=r"\[count, 64, 64\]"):
        sounds.load().features(torch.zeros(2, 64, 32))


def test_scores_tell_real_clips_from_one_class_and_from_noise():
    digits, judge = spoken_digits(), sounds.load()
    train, test = digits.train.shuffled()[torch.arange(240)], digits.test
    real = sound_scores(judge, log_mel(train.waveforms), train.labels, test)
    assert real.digit_accuracy > 0.98 and real.inception > 9 and real.rarest_class > 0.05 and real.rarest_voice > 0.02
    assert real.frechet == pytest.approx(frechet_floor(judge, digits.train, test), rel=1e-3)
    one = sound_scores(
        judge, log_mel(train.waveforms[:1]).repeat(240, 1, 1) + 0.01 * torch.randn(240, 64, 64), test.labels, test
    )
    assert one.inception < 2 and one.rarest_class == 0 and one.frechet > 5 * real.frechet


def test_few_clips_have_every_figure_but_the_distance():
    """That needs more clips than the judge has features: 65."""
    test = spoken_digits().test
    for count in (24, 64, 65):
        some = test[torch.arange(count)]
        found = sound_scores(sounds.load(), log_mel(some.waveforms), some.labels, some)
        assert found.digit_accuracy > 0.9 and found.inception > 1 and min(found.rarest_class, found.rarest_voice) >= 0
        assert math.isnan(found.frechet) == (count < 65)


def test_a_copied_clip_is_at_no_distance():
    clips = log_mel(spoken_digits().train.waveforms[:20])
    assert float(nearest_clip(clips[:3], clips).max()) < 0.05
    assert float(nearest_clip(clips[:3], clips[3:]).min()) > 1


def test_copies_are_found_out_though_they_are_blurred():
    """Blur puts copies further from the training clips than new takes are; but it cannot put them near to others."""
    digits = spoken_digits()
    train, others, test = (log_mel(part.waveforms) for part in (digits.train, digits.judge, digits.test))

    def blurred(log_mels):
        return avg_pool2d(log_mels[:, None], 7, stride=1, padding=3, count_include_pad=False)[:, 0]

    copies = blurred(train[:240])
    assert float(nearest_clip(copies, train).mean()) > float(nearest_clip(test, train).mean())
    assert nearer_to_training(copies, train, others) > 190
    for innocent in (test, blurred(test)):
        assert 95 <= nearer_to_training(innocent, train, others) <= 145  # of 240, by chance in 99.9 of 100
    with pytest.raises(ValueError, match="as many other clips"):
        nearer_to_training(test, train, others[:9])


def test_networks_have_their_shapes_and_hear_height():
    torch.manual_seed(0)
    made = MelGenerator(10, width=4)(torch.randn(3, 10))
    assert made.shape == (3, 1, 64, 64) and float(made.abs().max()) <= 1
    discriminator = MelDiscriminator(width=4)
    assert discriminator(made).shape == (3, 16)


def test_a_folder_of_recordings_trains(tmp_path, monkeypatch):
    untrained = sounds.SoundJudge(2, 1).eval()
    monkeypatch.setattr(sounds, "train", lambda clips: untrained)
    times = np.arange(3000) / 8000
    for label in range(2):
        for take in range(20):
            tone = np.sin(2 * np.pi * (300 + 900 * label + 10 * take) * times).astype(np.float32)
            soundfile.write(tmp_path / f"{label}_ann_{take}.wav", tone, 8000)
    recipe = replace(
        recipes.find("spoken_digits"), source=str(tmp_path), steps=2, batch=8, generator_width=4, discriminator_width=4
    )
    train, test = recipe.clips()
    assert (len(train), len(test)) == (36, 4)
    gan = recipe.build()
    asked = torch.tensor([0, 1, 1])
    before = recipe.samples(gan, asked)
    assert len(list(recipe.train(gan, recipe.data()))) == 2
    assert not torch.equal(recipe.samples(gan, asked), before) and before.shape == (3, 64, 64)


def test_a_run_leaves_sound(tmp_path):
    """Beside each sheet of samples lies what they sound like; a recipe without sound leaves none."""
    recipe = replace(recipes.find("spoken_digits"), steps=1, generator_width=8, discriminator_width=8)
    run = Run(recipe, tmp_path, recipe.build())
    for _ in run.train(every=1):
        pass
    sound_file = tmp_path / "samples" / "step_000001.wav"
    waveform, rate = soundfile.read(sound_file)
    assert sound_file.with_suffix(".png").is_file()
    assert (rate, waveform.shape) == (8000, (10 * 4096,))
    ring = recipes.find("ring")
    assert ring.listen(ring.build()) is None


def test_words_drawn_together_share_their_noise():
    recipe = replace(recipes.find("spoken_digits"), generator_width=8, discriminator_width=8)
    gan = recipe.build()
    together = recipe.samples(gan, torch.zeros(2, dtype=torch.long), together=True)
    apart = recipe.samples(gan, torch.zeros(2, dtype=torch.long))
    assert torch.equal(together[0], together[1])
    assert not torch.equal(apart[0], apart[1])


def test_what_a_gan_learns_is_the_same_bit_for_bit_by_another_fourier_transform() -> None:
    """Processors round single precision differently, and a training's first steps made percents of it."""
    recipe = recipes.find("spoken_digits")
    waveforms = np.pad(recipe.clips()[0].waveforms[:20].double().numpy(), ((0, 0), (256, 256)))
    window = np.pad(torch.hann_window(spectrograms.WINDOW).double().numpy(), 56)
    frames = np.stack([waveforms[:, start : start + 512] * window for start in range(0, 4096, 64)], -1)
    magnitudes = torch.from_numpy(np.abs(np.fft.rfft(frames, axis=1)))
    assert torch.equal(recipe.data().samples[:20, 0], spectrograms.mel_of(magnitudes).float())
