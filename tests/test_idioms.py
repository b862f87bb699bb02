"""The recipe `idioms`: its characters, its networks, its scores, and that it goes on where it stopped."""

from dataclasses import replace
from itertools import islice

import pytest
import torch

from gan_lessons import recipes
from gan_lessons.__main__ import main
from gan_lessons.data.text import frequent_idioms, idioms, pinyin
from gan_lessons.metrics.text import pair_scores
from gan_lessons.networks.idioms import IdiomDiscriminator, IdiomGenerator
from gan_lessons.runs import load_checkpoint, save_checkpoint
from tests.test_runs import everything

SMALL = replace(recipes.find("idioms"), steps=6, batch=16, characters=300, width=16, embedded=8, hidden=4)


def test_frequent_idioms_are_idioms_in_the_same_parts():
    some, every = frequent_idioms(300), idioms()
    assert some.train.kinds == 301 and len(some.train) > 500
    for name in ("train", "judge", "test"):
        assert set(getattr(some, name).read()) <= set(getattr(every, name).read())
    assert len(frequent_idioms(4373).train) == len(every.train)
    with pytest.raises(ValueError, match="have 4373 characters; 5000 cannot be chosen"):
        frequent_idioms(5000)


def test_pinyin_has_a_syllable_for_each_character():
    assert pinyin("一石二鸟") == "yī shí èr niǎo"


def test_an_idiom_generator_writes_one_hot_idioms_with_a_gradient():
    generator, discriminator = IdiomGenerator(8, 4, 30, width=16, embedded=8), IdiomDiscriminator(4, 30, 16, 8, 4)
    written = generator(torch.randn(16, 8))
    assert written.shape == (16, 4, 30)
    torch.testing.assert_close(written.max(-1).values, torch.ones(16, 4))
    scores = discriminator(written)
    assert scores.shape == (16,)
    scores.sum().backward()
    assert all(float(parameter.grad.abs().sum()) > 0 for parameter in generator.parameters())


def test_pairs_tell_real_idioms_from_shuffled_and_from_repeated_ones():
    splits = frequent_idioms()
    torch.manual_seed(0)
    real = splits.train.symbols[torch.randperm(len(splits.train))[:2000]]
    shuffled = torch.stack([place[torch.randperm(2000)] for place in real.T], dim=1)
    held_out, mixed = splits.test.symbols, pair_scores(shuffled, splits)
    assert pair_scores(real, splits).attested > 0.25 and pair_scores(held_out, splits).attested > 0.25
    assert mixed.attested < 0.08 and mixed.copied < 0.01
    assert pair_scores(real, splits).copied == 1 and pair_scores(held_out, splits).copied == 0
    assert mixed.places_js == pytest.approx(pair_scores(real, splits).places_js)  # places keep their characters
    one = pair_scores(real[:1].expand(2000, -1), splits)
    assert one.unique == 1 / 2000 and one.places_js > 0.6


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (torch.zeros(200, 3, dtype=torch.long), r"shape \[100 or more, 4\], not \[200, 3\]"),
        (torch.zeros(20, 4, dtype=torch.long), r"shape \[100 or more, 4\], not \[20, 4\]"),
        (torch.zeros(200, 4), "whole numbers from 0 to 1000"),
        (torch.full((200, 4), 1001), "whole numbers from 0 to 1000"),
    ],
)
def test_bad_idioms_get_one_sentence(samples, message):
    with pytest.raises(ValueError, match=message):
        pair_scores(samples, frequent_idioms())


def test_it_goes_on_where_it_stopped(tmp_path):
    data, whole, stopped, resumed = SMALL.data(), *(SMALL.build() for _ in range(3))
    for _ in SMALL.train(whole, data):
        pass
    for _ in islice(SMALL.train(stopped, data), 3):
        pass
    save_checkpoint(tmp_path / "checkpoint.pt", stopped)
    load_checkpoint(tmp_path / "checkpoint.pt", resumed)
    for _ in SMALL.train(resumed, data):
        pass
    torch.testing.assert_close(everything(resumed), everything(whole), rtol=0, atol=0)


def test_the_command_line_trains_it(tmp_path):
    out = tmp_path / "run"
    assert main(["train", "idioms", "--size", "cpu", "--device", "cpu", "--steps", "2", "--out", str(out)]) == 0
    assert (out / "generator.safetensors").is_file() and list((out / "samples").glob("*.png"))


def test_a_batch_that_makes_no_groups_gets_one_sentence():
    recipe = replace(SMALL, batch=12)
    with pytest.raises(ValueError, match="batch of 12 cannot be split into groups of 8"):
        next(recipe.train(recipe.build(), recipe.data()))
