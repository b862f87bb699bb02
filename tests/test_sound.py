"""Clips: prepared in one way, the same every time, in parts without overlap; and your own recordings."""

import zipfile

import numpy as np
import pytest
import soundfile
import torch

from gan_lessons.data import sound
from gan_lessons.data.sound import prepared, recordings, resampled, spoken, spoken_words


def tone(seconds=0.3, rate=8000, silence=0.2):
    times = np.arange(int(seconds * rate)) / rate
    return np.concatenate([np.zeros(int(silence * rate)), 0.3 * np.sin(2 * np.pi * 440 * times)]).astype(np.float32)


def test_clips_begin_at_their_onset_and_are_equally_loud():
    for silence in (0.0, 0.01, 0.2, 1.0):
        clip = prepared(tone(silence=silence))
        assert clip.shape == (4096,)
        assert abs(np.flatnonzero(np.abs(clip) > 0.01)[0] - sound.LEAD) <= sound.FRAME
        assert np.abs(clip).max() == pytest.approx(0.95, abs=1e-3)


def test_what_is_too_long_is_cut_and_fades():
    clip = prepared(tone(seconds=600))
    assert clip.shape == (4096,) and np.abs(clip[-8:]).max() < 0.05


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


def test_recordings_of_any_kind_are_read_and_broken_ones_named(tmp_path):
    soundfile.write(tmp_path / "3_ann_0.wav", tone(), 8000)
    soundfile.write(tmp_path / "3_ann_1.wav", np.stack([tone(rate=44_100)] * 2, 1), 44_100)
    soundfile.write(tmp_path / "4_bob_0.flac", np.clip(9 * tone(), -1, 1), 8000)
    soundfile.write(tmp_path / "5_bob_0.wav", np.zeros(8000, np.float32), 8000)
    soundfile.write(tmp_path / "6_bob_0.wav", tone(rate=2000), 2000)
    (tmp_path / "7_bob_0.wav").write_bytes(b"not a sound")
    (tmp_path / "8_bob_0.wav").touch()
    clips, skipped = recordings(tmp_path)
    assert clips.classes == ("3", "4") and clips.voice_names == ("ann", "bob")
    assert clips.labels.tolist() == [0, 0, 1] and clips.takes.tolist() == [0, 1, 0]
    assert len(skipped) == 5
    assert any("4_bob_0.flac is used, but" in line and "clipped" in line for line in skipped)
    for name, reason in zip("5678", ("silent", "2000 samples", "broken", "broken"), strict=True):
        assert any(line.startswith(name) and reason in line for line in skipped)


def test_a_zip_and_a_folder_a_class_are_read(tmp_path):
    (tmp_path / "dog").mkdir()
    for take in range(12):
        soundfile.write(tmp_path / "dog" / f"bark_{take:02}.wav", tone(), 8000)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in sorted((tmp_path / "dog").iterdir()):
            archive.write(file, f"dog/{file.name}")
    clips, _ = recordings(tmp_path / "all.zip")
    assert clips.classes == ("dog",) and clips.takes.tolist() == list(range(12))
    train, test = clips.split()
    assert len(train) == 11 and test.takes.tolist() == [0]


def test_a_folder_a_word_with_voices_in_the_names_is_read(tmp_path):
    for word, voice in (("yes", "0a7c2a8d"), ("no", "0a7c2a8d"), ("no", "ffd2ba2f")):
        (tmp_path / "all" / word).mkdir(parents=True, exist_ok=True)
        for take in range(2):
            soundfile.write(tmp_path / "all" / word / f"{voice}_nohash_{take}.wav", tone(rate=16_000), 16_000)
    (tmp_path / "all" / "_background_noise_").mkdir()
    soundfile.write(tmp_path / "all" / "_background_noise_" / "pink_noise.wav", tone(seconds=20), 8000)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in (tmp_path / "all").rglob("*.wav"):
            archive.write(file, file.relative_to(tmp_path).as_posix())
    for path in (tmp_path / "all", tmp_path / "all.zip"):
        clips, told = recordings(path)
        assert clips.classes == ("no", "yes") and clips.voice_names == ("0a7c2a8d", "ffd2ba2f") and not told
        assert clips.labels.tolist() == [0, 0, 0, 0, 1, 1] and clips.voices.tolist() == [0, 0, 1, 1, 0, 0]
        assert clips.takes.tolist() == [0, 1, 0, 1, 0, 1]


def test_a_tenth_is_tested_however_the_takes_are_counted():
    """Most voices of Speech Commands say a word once, a few thirty times; others count from 1."""
    takes = torch.tensor([0] * 30 + list(range(30)) + list(range(1, 21)))
    labels = torch.tensor([0] * 60 + [1] * 20)
    clips = sound.Clips(torch.zeros(80, 8), labels, torch.zeros(80, dtype=torch.long), takes, ("no", "yes"), ("ann",))
    train, test = clips.split()
    assert len(train) == 72 and test.labels.tolist() == [0] * 6 + [1] * 2 and test.takes.tolist() == [0] * 6 + [1, 2]


def test_nothing_to_read_is_one_sentence(tmp_path):
    with pytest.raises(ValueError, match="no sound file"):
        recordings(tmp_path)
    with pytest.raises(ValueError, match="no folder and no zip"):
        recordings(tmp_path / "gone")


def test_clipped_and_endless_recordings_are_used_and_named(tmp_path):
    tone = np.sin(np.arange(8000) / 3).astype(np.float32)
    soundfile.write(tmp_path / "seven_ann_0.wav", 0.5 * tone, 8000)
    soundfile.write(tmp_path / "seven_ann_1.wav", np.clip(3 * tone, -1, 1), 8000)
    soundfile.write(tmp_path / "seven_ann_2.wav", np.tile(0.5 * tone, 600), 8000)  # ten minutes
    clips, told = sound.recordings(tmp_path)
    assert len(clips) == 3
    assert [line.split()[0] for line in told] == ["seven_ann_1.wav", "seven_ann_2.wav"]
    assert "clipped; record it more softly" in told[0] and "cut it into words" in told[1]
