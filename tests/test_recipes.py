"""Recipes are found by name, stored records fit the code, and stored weights reach what their record says."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import safetensors.torch

from chapters.results import (
    collapse,
    ladder,
    sound_ablations,
    speech,
    vocoders,
    wake_word,
    wavegan,
    words,
    words_kept,
    words_long,
    words_narrow,
    words_transformer,
)
from gan_lessons import recipes

RESULTS = Path(__file__).resolve().parents[1] / "chapters" / "results"
RECORDS = sorted(path for path in RESULTS.glob("*.json") if "recipe" in json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_fits_the_code(path):
    record = json.loads(path.read_text())
    assert {"date", "command", "machine", "seeds", "steps", "figures", "curve"} <= record.keys()
    for run in (record, *(part for part in record.values() if isinstance(part, dict) and "fingerprint" in part)):
        recipe = recipes.find(record["recipe"], run["size"])
        assert run["fingerprint"] == recipe.fingerprint(), f"{record['recipe']} has changed: run {record['command']!r}"
        assert run["steps"] == recipe.steps


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_stored_weights_reach_what_their_record_says(path):
    record = json.loads(path.read_text())
    recipe = recipes.find(record["recipe"], record["size"])
    gan = recipe.build()
    gan.average.load_state_dict(safetensors.torch.load_file(path.with_suffix(".safetensors")))
    # the judge of other words than digits is trained on the spot: another processor's reads a clip or two otherwise
    slack = 2 / 384 if path.stem == "spoken_words" else 0.002
    for name, value in recipe.score(gan).items():
        assert value == pytest.approx(record["figures"][name], rel=0.02, abs=slack), name


@pytest.mark.parametrize(
    ("script", "stored"),
    [
        (collapse, "sweeps/collapse.json"),
        (ladder, "ladder.json"),
        (sound_ablations, "sound_ablations.json"),
        (speech, "speech.json"),
        (speech, "speech_recordings.json"),
        (vocoders, "vocoders.json"),
        (wake_word, "wake_word_recordings.json"),
        (wavegan, "wavegan.json"),
        (words, "words.json"),
        (words_kept, "words_kept.json"),
        (words_long, "words_long.json"),
        (words_narrow, "words_narrow.json"),
        (words_transformer, "words_transformer.json"),
    ],
)
def test_a_stored_sweep_fits_its_script(script, stored):
    record = json.loads((RESULTS / stored).read_text())
    assert record["fingerprint"] == script.fingerprint(), f"it has changed: run {record['command']!r}"


def weight(factor):
    """A stand-in for a loss."""
    return 2 * factor


@dataclass(frozen=True)
class Small(recipes.Recipe):
    """A recipe that is only looked at."""

    width: int = 8
    ingredients = (weight,)

    def data(self): ...
    def build(self, device="cpu", seed=0): ...
    def train(self, gan, data): ...
    def score(self, gan): ...
    def sheet(self, gan): ...


def test_the_fingerprint_follows_settings_and_code(monkeypatch):
    recipe = Small(steps=1, batch=2)
    before = recipe.fingerprint()
    assert before == Small(steps=1, batch=2).fingerprint()
    assert before != replace(recipe, width=9).fingerprint()
    monkeypatch.setattr(Small, "ingredients", (replace,))
    assert before != recipe.fingerprint()


def test_the_fingerprint_ignores_docstrings(monkeypatch):
    sources = {}
    monkeypatch.setattr(recipes.inspect, "getsource", lambda part: sources[part])

    def fingerprint(source):
        sources.update(dict.fromkeys(Small(1, 2).parts(), source))
        return Small(1, 2).fingerprint()

    plain = fingerprint("def f(x):\n    return x")
    assert plain == fingerprint('def f(x):\n    """Words."""\n    return x  # more words')
    assert plain != fingerprint("def f(x):\n    return 2 * x")


def test_unknown_names_list_the_known():
    with pytest.raises(ValueError, match=r"no recipe 'digts'.*digits, drums, grid, idioms, oracle, ring"):
        recipes.find("digts")
    with pytest.raises(ValueError, match=r"no size 'huge'; it has cpu"):
        recipes.find("digits", "huge")
