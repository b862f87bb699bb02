"""Drum hits from a sound font, and their recipe."""

import struct
from dataclasses import replace

import pytest
import torch

from gan_lessons import recipes
from gan_lessons.data import drums
from gan_lessons.judges import drums as drum_judge
from gan_lessons.judges import sounds


def test_every_recording_is_in_the_font_and_belongs_to_one_kind():
    assert set(drums.NAMES) <= drums.sound_font().keys()
    assert len(set(drums.NAMES)) == len(drums.NAMES)


def test_a_font_is_read_as_it_was_written(tmp_path):
    def chunk(name, content):
        return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)

    def header(name, start, end):
        return struct.pack("<20s5IBbHH", name, start, end, 0, 0, 8000, 60, 0, 0, 1)

    samples = struct.pack("<5h", 0, 16384, -16384, 8192, -32768)
    headers = header(b"first", 0, 3) + header(b"second", 3, 5) + header(b"EOS", 0, 0)
    body = (
        b"sfbk" + chunk(b"LIST", b"INFO" + chunk(b"INAM", b"odd")) + chunk(b"LIST", b"sdta" + chunk(b"smpl", samples))
    )
    path = tmp_path / "font.sf2"
    path.write_bytes(chunk(b"RIFF", body + chunk(b"LIST", b"pdta" + chunk(b"shdr", headers))))
    font = drums.sound_font(path)
    assert font.keys() == {"first", "second"}
    assert font["first"].waveform.tolist() == [0, 0.5, -0.5] and font["second"].rate == 8000
    path.write_bytes(b"no font")
    drums.sound_font.cache_clear()
    with pytest.raises(ValueError, match="no sound font"):
        drums.sound_font(path)


def test_strangers_come_from_other_recordings_and_variations_differ():
    hits = drums.drum_hits()
    assert not set(hits.train.voices.tolist()) & set(hits.strangers.voices.tolist())
    for part in (hits.train, hits.judge, hits.test, hits.strangers):
        assert part.waveforms.shape[1] == 4096 and part.labels.unique().tolist() == list(range(5))
        assert float(part.waveforms.abs().max(1).values.min()) == pytest.approx(0.95, abs=0.01)
    apart = torch.cdist(hits.test.waveforms, hits.train.waveforms).min()
    assert float(apart) > 0
    again = drums.variations(drums.NAMES[:1], 2, seed=0)
    assert torch.equal(again.waveforms, hits.train.waveforms[:2])


def test_the_judge_knows_the_recordings_and_few_strangers():
    hits, judge = drums.drum_hits(), drum_judge.load()
    assert sounds.accuracy(judge, hits.test) > 0.97
    assert 0.2 < sounds.accuracy(judge, hits.strangers) < 0.6


def test_damaged_weights_are_refused(tmp_path):
    (tmp_path / "drums.safetensors").write_bytes(b"half of it")
    with pytest.raises(ValueError, match="damaged"):
        drum_judge.load(tmp_path / "drums.safetensors")


def test_the_recipe_trains_and_takes_your_own():
    recipe = replace(recipes.find("drums"), steps=2, batch=8, generator_width=4, discriminator_width=4)
    gan = recipe.build()
    assert len(list(recipe.train(gan, recipe.data()))) == 2
    assert recipe.listen(gan).shape == (5, 4096)
    with pytest.raises(ValueError, match="no folder"):
        replace(recipe, source="nowhere").clips()
