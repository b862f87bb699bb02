"""Recordings of one's own: folders tell classes before names do, and what cannot be used is listed with the reason."""

import os
import zipfile

import numpy as np
import pytest
import soundfile

from gan_lessons.data import intake
from gan_lessons.data.clips import RATE
from gan_lessons.data.recordings import PERSON, Seekable, own, people, recordings
from gan_lessons.spectrograms import log_mel


@pytest.fixture(autouse=True)
def fresh():
    yield
    own.cache_clear()


def tone(seconds=0.3, rate=8000, silence=0.2):
    times = np.arange(int(seconds * rate)) / rate
    return np.concatenate([np.zeros(int(silence * rate)), 0.3 * np.sin(2 * np.pi * 440 * times)]).astype(np.float32)


def save(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(root / name, tone(), 8000)
    return root


def zipped(root, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*.*")):
            archive.write(file, file.relative_to(root).as_posix())
    return path


def test_recordings_of_any_kind_are_read_and_broken_ones_named(tmp_path):
    soundfile.write(tmp_path / "3_ann_0.wav", tone(), 8000)
    soundfile.write(tmp_path / "3_ann_1.wav", np.stack([tone(rate=44_100)] * 2, 1), 44_100)
    soundfile.write(tmp_path / "4_bob_0.flac", np.clip(9 * tone(), -1, 1), 8000)
    soundfile.write(tmp_path / "5_bob_0.wav", np.zeros(8000, np.float32), 8000)
    soundfile.write(tmp_path / "6_bob_0.wav", tone(rate=2000), 2000)
    (tmp_path / "7_bob_0.wav").write_bytes(b"not a sound")
    (tmp_path / "8_bob_0.wav").touch()
    clips, found = recordings(tmp_path)
    assert clips.classes == ("3", "4") and clips.voice_names == ("ann", "bob")
    assert clips.labels.tolist() == [0, 0, 1] and clips.takes.tolist() == [0, 1, 0]
    assert found.counts == {"3": 2, "4": 1} and clips.found is found
    assert str(found).splitlines() == [
        "3 recordings in 2 classes (3 2, 4 1), half a second of each.",
        "Skipped 4: silent (5_bob_0.wav); it has 2000 samples a second, and 4000 to 384000 are read (6_bob_0.wav); "
        "broken, or not a sound file (2: 7_bob_0.wav, 8_bob_0.wav).",
        "Used, but look at 1: more than 1% of its samples are clipped; record it more softly (4_bob_0.flac).",
    ]


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
        assert clips.classes == ("no", "yes") and clips.voice_names == ("0a7c2a8d", "ffd2ba2f") and not told.skipped
        assert clips.labels.tolist() == [0, 0, 0, 0, 1, 1] and clips.voices.tolist() == [0, 0, 1, 1, 0, 0]
        assert clips.takes.tolist() == [0, 1, 0, 1, 0, 1]


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
    clips, found = recordings(tmp_path)
    assert len(clips) == 3 and not found.skipped
    assert list(found.remarks.values()) == [("seven_ann_1.wav",), ("seven_ann_2.wav",)]
    clipped, long = found.remarks
    assert "clipped; record it more softly" in clipped and "longer than 5 seconds" in long


def test_a_person_can_be_heard_and_is_credited():
    heard = people()
    assert heard.waveforms.shape == (1, 4 * RATE) and float(heard.waveforms.abs().max()) == pytest.approx(
        0.95, abs=1e-3
    )
    assert log_mel(heard.waveforms).shape == (1, 64, 500)
    assert heard.classes[0].startswith("And you always") and heard.voice_names == ("Alan W Black",)
    licence = PERSON.with_suffix(".LICENSE.txt").read_text("utf-8")
    assert "Alan W Black" in licence and "Modified" in licence and "without fee" in licence


def test_recordings_longer_than_a_clip_are_counted(tmp_path):
    for take, seconds in enumerate((0.3, 0.45, 0.6)):
        soundfile.write(tmp_path / f"seven_ann_{take}.wav", tone(seconds), 8000)
    assert str(recordings(tmp_path)[1]) == "3 recordings in 1 class (seven 3), half a second of each (1 last longer)."


# Which class


def test_the_folder_wins_over_the_name(tmp_path):
    clips, found = recordings(save(tmp_path, "kick/TR808_Analog_1.wav", "kick/a.wav", "snare/TR808_Analog_1.wav"))
    assert clips.classes == ("kick", "snare") and clips.labels.tolist() == [0, 0, 1]
    assert clips.voice_names == ("you",), "names that tell other classes tell no voices"
    assert found.counts == {"kick": 2, "snare": 1}
    clips, _ = recordings(save(tmp_path / "one", "kick/TR808_Analog_1.wav", "kick/TR808_Analog_2.wav"))
    assert clips.classes == ("kick",)


def test_names_tell_voices_where_they_mean_the_folders_classes(tmp_path):
    clips, _ = recordings(save(tmp_path, "zero/0_ann_3.wav", "zero/0_bob_0.wav", "one/1_ann_0.wav"))
    assert clips.classes == ("one", "zero") and clips.voice_names == ("ann", "bob")
    assert clips.takes.tolist() == [0, 3, 0]


def test_names_win_in_a_single_folder_where_that_is_clear(tmp_path):
    names = ["0_ann_0.wav", "0_ann_1.wav", "1_ann_0.wav"]
    for root in (
        save(tmp_path / "a", *names),
        save(tmp_path / "b", *(f"fsdd-1.0/recordings/{name}" for name in names)),
    ):
        assert recordings(root)[0].classes == ("0", "1")
        assert recordings(zipped(root, tmp_path / "packed.zip"))[0].classes == ("0", "1")
    save(tmp_path / "c", *(f"mine/{name}" for name in names))
    assert recordings(zipped(tmp_path / "c", tmp_path / "c.zip"))[0].classes == ("0", "1")
    with pytest.raises(ValueError, match=r"lie in one folder, mine, but by their names .* 2 classes \(0, 1\)"):
        recordings(tmp_path / "c")


def test_a_flat_folder_of_other_names_is_one_class(tmp_path):
    clips, _ = recordings(save(tmp_path / "barks", "a.wav", "b.wav"))
    assert clips.classes == ("barks",) and clips.takes.tolist() == [0, 1]


def test_names_of_two_kinds(tmp_path):
    save(tmp_path, "yes_ann_0.wav", "yes_ann_1.wav", "noise.wav")
    clips, found = recordings(tmp_path)
    assert clips.classes == ("yes",)
    assert found.skipped == {"not named CLASS_VOICE_TAKE, as the others are": ("noise.wav",)}
    save(tmp_path, "more.wav", "and more.wav")
    with pytest.raises(ValueError, match=r"2 of the 5 recordings of .* others are not \(and more\.wav, more\.wav, noi"):
        recordings(tmp_path)


def test_numbers_that_are_none(tmp_path):
    clips, _ = recordings(save(tmp_path, "a/x_y_²².wav", "a/x_y_99999999999999999999.wav", "b/z.wav"))
    assert clips.takes.tolist() == [0, 1, 0]


def test_a_split_litter_and_strays(tmp_path):
    save(tmp_path / "split", "train/yes/a.wav", "test/yes/a.wav")
    with pytest.raises(ValueError, match=r"test and train, the parts of a split"):
        recordings(tmp_path / "split")
    save(tmp_path / "own", "yes/a.wav", "no/b.wav", "stray.wav", ".ipynb_checkpoints/c.wav", "__MACOSX/yes/._a.wav")
    (tmp_path / "own" / "no" / "list.txt").write_text("b", "utf-8")
    clips, found = recordings(tmp_path / "own")
    assert clips.classes == ("no", "yes")
    assert found.skipped == {
        "not a recording by its name": ("no/list.txt",), "beside the folders of the classes": ("stray.wav",)
    }  # fmt: skip


def test_every_class_with_one_recording_is_named(tmp_path):
    save(tmp_path, "cat/a.wav", "dog/a.wav", "owl/a.wav", "owl/b.wav")
    with pytest.raises(ValueError, match="at least 2 recordings, to train on and to test with; cat, dog have one"):
        own(str(tmp_path))
    save(tmp_path, "cat/b.wav", "dog/b.wav")
    own.cache_clear()
    train, test = own(str(tmp_path))
    assert train.labels.tolist() == test.labels.tolist() == [0, 1, 2]
    assert train.found is test.found and len(train.found) == 6


# What cannot be used


def test_samples_that_are_no_numbers_are_named(tmp_path):
    save(tmp_path, "yes/a.wav")
    for name, odd in (("nan", np.nan), ("inf", np.inf)):
        wave = tone()
        wave[2000] = odd
        soundfile.write(tmp_path / "yes" / f"{name}.wav", wave, 8000, subtype="FLOAT")
    soundfile.write(tmp_path / "yes" / "loud.wav", tone() * 1e30, 8000, subtype="FLOAT")
    clips, found = recordings(tmp_path)
    assert len(clips) == 2 and clips.waveforms.isfinite().all()
    assert found.skipped == {
        "with samples that are no numbers (NaN or infinite)": ("yes/inf.wav", "yes/nan.wav")
    }  # fmt: skip


def test_absurd_headers_are_skipped(tmp_path):
    save(tmp_path, "yes/a.wav")
    soundfile.write(tmp_path / "yes" / "b.wav", np.zeros((100, 200)), 8000)
    soundfile.write(tmp_path / "yes" / "c.wav", tone(), 2_000_000_011)
    soundfile.write(tmp_path / "yes" / "d.wav", np.zeros(0), 8000)
    _, found = recordings(tmp_path)
    assert sorted(sum(found.skipped.values(), ())) == ["yes/b.wav", "yes/c.wav", "yes/d.wav"]


def test_a_header_that_points_before_the_beginning_prints_no_traceback(tmp_path):
    with (save(tmp_path, "a.wav") / "a.wav").open("rb") as file:
        seekable = Seekable(file)
        assert seekable.seek(40) == 40 and seekable.seek(-9) == 40 and seekable.seek(-(10**9), os.SEEK_CUR) == 40


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_wait(tmp_path):
    save(tmp_path, "yes/a.wav")
    os.mkfifo(tmp_path / "yes" / "pipe.wav")
    assert recordings(tmp_path)[1].skipped == {"not a regular file": ("yes/pipe.wav",)}


def test_a_zip_with_a_bomb_and_a_damaged_member(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST", 2**20)
    save(tmp_path / "own", "yes/a.wav", "yes/b.wav")
    (tmp_path / "own" / "yes" / "bomb.wav").write_bytes(bytes(2**21))
    path = zipped(tmp_path / "own", tmp_path / "own.zip")
    content = (tmp_path / "own" / "yes" / "b.wav").read_bytes()
    stored = path.read_bytes()
    place = stored.rindex(content) + 3000
    path.write_bytes(stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :])
    assert recordings(path)[1].skipped == {
        "larger than 1 MB": ("yes/bomb.wav",),
        "damaged in the zip, or packed in a way that is not known": ("yes/b.wav",),
    }


def test_nothing_that_can_be_used_says_what_there_was(tmp_path):
    (tmp_path / "a.m4a").write_bytes(b"x")
    (tmp_path / "b.wav").write_bytes(b"x")
    with pytest.raises(ValueError, match=r"no sound file .*Skipped: not a recording .*a\.m4a.*broken.*b\.wav"):
        recordings(tmp_path)
