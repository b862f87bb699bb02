"""Clips: prepared in one way, the same every time, in parts without overlap."""

import numpy as np
import pytest
import torch

from gan_lessons.data import clips, sound
from gan_lessons.data.espeak import Request
from gan_lessons.data.sound import DIGITS, WORDS, prepared, resampled, sounding, spoken, spoken_words


def tone(seconds=0.3, rate=8000, silence=0.2):
    times = np.arange(int(seconds * rate)) / rate
    return np.concatenate([np.zeros(int(silence * rate)), 0.3 * np.sin(2 * np.pi * 440 * times)]).astype(np.float32)


def test_clips_begin_at_their_onset_and_are_equally_loud():
    for silence in (0.0, 0.01, 0.2, 1.0):
        clip = prepared(tone(silence=silence))
        assert clip.shape == (4096,)
        assert abs(np.flatnonzero(np.abs(clip) > 0.01)[0] - sound.LEAD) <= sound.FRAME
        assert np.abs(clip).max() == pytest.approx(0.95, abs=1e-3)


@pytest.fixture(scope="module")
def takes():
    """Takes of each word as eSpeak says them: four speakers, at the slowest speed of the clips and the fastest."""
    asked = [
        (word, f"en-us+{name}", pace) for word in WORDS for name in ("m1", "f2", "max", "Annie") for pace in (190, 250)
    ]
    said = sound.uttered([Request(word, voice, pace) for word, voice, pace in asked])
    return list(zip([word for word, _, _ in asked], said, strict=True))


def loudness(waveform):
    """The root mean square of each frame of 10 ms, over that of the loudest."""
    frames = np.pad(waveform - waveform.mean(), (0, -len(waveform) % sound.FRAME)).reshape(-1, sound.FRAME)
    found = np.sqrt(np.square(frames).mean(1))
    return found / found.max()


def lost(waveform):
    """How many milliseconds above -50 dB a clip lacks, of the head and of the tail."""
    audible = np.flatnonzero(loudness(waveform) > 10 ** (-50 / 20)) * sound.FRAME
    start, end = sounding(waveform)
    first = start - sound.LEAD
    last = min(end + sound.LEAD, first + sound.SAMPLES)
    return max(0, first - audible[0]) / 8, max(0, audible[-1] + sound.FRAME - last) / 8


def test_words_keep_their_consonants(takes):
    """At the old threshold, -24 dB, six lost its ks, and three, four and five what they begin with."""
    cut = [(word, lost(said)) for word, said in takes]
    assert np.mean([max(of_word) > 40 for _, of_word in cut]) < 0.01


def test_consonants_are_lost_at_a_higher_threshold(takes, monkeypatch):
    monkeypatch.setattr(clips, "ONSET", 0.06)
    assert np.mean([max(lost(said)) > 40 for _, said in takes]) > 0.2


def test_six_ends_in_a_hiss(takes):
    """In the last 60 ms, the s, more power lies above 2,000 Hz than below 1,000; in the last 60 of a vowel less."""
    share = {}
    for word, said in takes:
        clip = prepared(said)
        end = np.flatnonzero(np.abs(clip) > 3e-3)[-1]
        power = np.square(np.abs(np.fft.rfft(clip[end - 480 : end])))
        share.setdefault(word, []).append(power[120:].sum() / power[:60].sum())
    assert np.median(share["six"]) > 1 > max(share["three"])


@pytest.mark.parametrize("decibels", [-60, -50, -40, -30])
def test_words_are_found_in_noise(takes, decibels):
    """Within 40 ms of where they rise above three times the noise, at both ends, in nine of ten takes."""
    draw, found = np.random.default_rng(0), []
    for word, said in takes:
        if word not in DIGITS:
            continue
        alone, loudest = loudness(said), np.sqrt(np.square(said).mean()) / np.sqrt(np.square(loudness(said)).mean())
        share = 10 ** (decibels / 20)
        heard = np.flatnonzero(alone > max(clips.ONSET, clips.ABOVE * share)) * sound.FRAME + 2400
        noisy = np.pad(said, 2400) + share * loudest * draw.standard_normal(len(said) + 4800)
        start, end = sounding(noisy.astype(np.float32))
        found.append(max(abs(start - heard[0]), abs(end - heard[-1] - sound.FRAME)) <= 320)
    assert np.mean(found) >= 0.9


def test_a_recording_that_ends_with_its_word_is_left_whole(takes):
    """The hiss that *stop* and *six* begin and end with is no noise."""
    for word, said in takes:
        if word in ("six", "stop", "yes", "four"):
            start, end = sounding(said)
            assert start <= 400 and len(said) - end <= 800, word


def test_what_is_too_long_is_cut_and_fades():
    clip = prepared(tone(seconds=600))
    assert clip.shape == (4096,) and np.abs(clip[-8:]).max() < 0.05


def test_whole_numbers_are_resampled_like_others():
    loud = np.round(1000 * tone(rate=22_050, silence=0))
    np.testing.assert_allclose(resampled(loud.astype(np.int16), 22_050), resampled(loud, 22_050), atol=0.01)


def test_any_rate_becomes_8000():
    for rate in (4000, 11_025, 44_100, 48_000):
        found = resampled(tone(rate=rate, silence=0), rate)
        assert len(found) == pytest.approx(2400, abs=2)
        spectrum = np.abs(np.fft.rfft(found[:2400]))
        assert spectrum.argmax() / 2400 * 8000 == pytest.approx(440, abs=4)
    with pytest.raises(ValueError, match="3000 samples a second"):
        resampled(tone(rate=3000), 3000)


def test_espeak_says_the_same_every_time():
    first = spoken(("one", "two"), ("m1",), takes=2)
    spoken.cache_clear()
    again = spoken(("one", "two"), ("m1",), takes=2)
    torch.testing.assert_close(first.waveforms, again.waveforms, atol=0, rtol=0)
    assert len(first) == 4 and first.labels.tolist() == [0, 0, 1, 1]
    assert not torch.equal(spoken(("one", "two"), ("m1",), takes=2, seed=1).waveforms, first.waveforms)


def test_parts_have_no_clip_and_strangers_no_voice_in_common():
    parts = spoken_words(("yes", "no"), takes=4)
    rows = [tuple(row) for part in (parts.train, parts.judge, parts.test) for row in part.waveforms[:, ::16].tolist()]
    assert len(rows) == len(set(rows)) == 2 * 12 * (4 + 4 + 1)
    assert not set(parts.strangers.voice_names) & set(parts.train.voice_names)


def test_espeak_names_what_it_cannot_say():
    with pytest.raises(ValueError, match=r"no voice 'zz\+f2'"):
        sound.say("one", "zz+f2")
    with pytest.raises(ValueError, match="says nothing for ''"):
        sound.say("")
    assert sound.say("four hundred").shape[0] > 4000


def test_a_tenth_is_tested_however_the_takes_are_counted():
    """Most voices of Speech Commands say a word once, a few thirty times; others count from 1."""
    takes = torch.tensor([0] * 30 + list(range(30)) + list(range(1, 21)))
    labels = torch.tensor([0] * 60 + [1] * 20)
    clips = sound.Clips(torch.zeros(80, 8), labels, torch.zeros(80, dtype=torch.long), takes, ("no", "yes"), ("ann",))
    train, test = clips.split()
    assert len(train) == 72 and test.labels.tolist() == [0] * 6 + [1] * 2 and test.takes.tolist() == [0] * 6 + [1, 2]


def test_a_class_of_one_clip_has_it_to_train_on():
    labels = torch.tensor([0, 1, 1])
    clips = sound.Clips(torch.zeros(3, 8), labels, 0 * labels, torch.tensor([0, 0, 1]), ("no", "yes"), ("ann",))
    train, test = clips.split()
    assert train.labels.tolist() == [0, 1] and test.labels.tolist() == [1]


def test_rates_that_are_no_rates_are_refused():
    with pytest.raises(ValueError, match="2147483647 samples a second, and 4000 to 384000 are read"):
        resampled(tone(), 2**31 - 1)  # a filter for it would fill the memory
