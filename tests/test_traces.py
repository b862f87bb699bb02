"""Traces: edits that change what a training does turn them red, and edits that do not leave them as they are."""

import inspect
import json
import math
import os
import re
import subprocess
import sys
import textwrap
import types
from dataclasses import replace
from functools import cache, partial

import pytest
import torch
from torch import nn

from gan_lessons import gan as gan_module
from gan_lessons import losses, penalties, recipes, traces, training, updates
from gan_lessons.recipes.digits import Digits
from gan_lessons.recipes.grid import Grid
from gan_lessons.recipes.ring import Ring

DIGITS, RING, GRID = (recipes.find(name) for name in ("digits", "ring", "grid"))
RECIPES = {"digits": DIGITS, "ring": RING, "grid": GRID}


@cache
def stored(name):
    """A recipe's trace before any edit, as a file keeps it."""
    return json.loads(json.dumps(traces.of_recipe(RECIPES[name])))


def faults(name, recipe=None):
    return traces.differences(stored(name), traces.of_recipe(recipe or RECIPES[name]))


@pytest.fixture(autouse=True)
def before_any_edit():
    for name in RECIPES:
        stored(name)


@pytest.mark.parametrize("name", RECIPES)
def test_a_trace_is_the_same_again(name):
    torch.rand(17)
    assert faults(name) == []
    assert torch.get_default_dtype() is torch.float32


# Planted edits


def of_loss(change):
    """Edit the loss, wherever it is looked up."""

    def plant(monkeypatch):
        def changed(real_scores, fake_scores, loss=losses.relativistic):
            return change(*loss(real_scores, fake_scores))

        monkeypatch.setattr(losses, "relativistic", changed)
        monkeypatch.setitem(losses.KNOWN, "relativistic", changed)

    return plant


def of_train(change):
    """Edit what `train` is told."""

    def plant(monkeypatch):
        def changed(*arguments, train=training.train, **options):
            return train(*arguments, **change(options))

        monkeypatch.setattr(training, "train", changed)
        monkeypatch.setattr(sys.modules[Ring.__module__], "train", changed)

    return plant


def of_average(change):
    """Edit how the average is moved: `change(gan)` gives its decay."""

    @torch.no_grad()
    def changed(gan):
        averages, weights = gan.weights
        torch._foreach_lerp_(averages, weights, 1 - change(gan))
        for averaged, present in gan.buffers:
            averaged.copy_(present)

    return lambda monkeypatch: monkeypatch.setattr(training, "update_average", changed)


def unraised(options):
    every, penalty = options["penalty_every"], options["penalty"]
    return options | {"penalty": lambda *samples: penalty(*samples) / every}


def buffers_left(monkeypatch):
    def changed(gan, update=training.update_average):
        kept, gan.buffers = gan.buffers, []
        update(gan)
        gan.buffers = kept

    monkeypatch.setattr(training, "update_average", changed)


def noise_twice(monkeypatch):
    """G learns on the noise that D has just seen."""

    def changed(*arguments, draw=training.draw):
        batches, noise = draw(*arguments)
        return batches, noise[:1].expand_as(noise)

    monkeypatch.setattr(training, "draw", changed)


def other_batches(monkeypatch):
    def changed(device, seed, step=0, reseed=gan_module.reseed):
        reseed(device, seed + 1, step)

    monkeypatch.setattr(training, "reseed", changed)


def of_data(change):
    def plant(monkeypatch):
        for kind in (Digits, Ring):
            monkeypatch.setattr(kind, "data", lambda self, data=kind.data: change(data(self)))

    return plant


def together(monkeypatch):
    monkeypatch.setattr(
        training.train, "__kwdefaults__", training.train.__kwdefaults__ | {"update": updates.simultaneous}
    )


def of_recipe(name, **settings):
    """Edit class variables, which are no settings."""

    def plant(monkeypatch):
        for setting, value in settings.items():
            monkeypatch.setattr(type(RECIPES[name]), setting, value)

    return plant


EDITS = {
    "the sign of D's loss": of_loss(lambda d, g: losses.Losses(-d, g)),
    "the sign of G's loss": of_loss(lambda d, g: losses.Losses(d, -g)),
    "a hundredth more of G's loss": of_loss(lambda d, g: losses.Losses(d, 1.01 * g)),
    "the average's warm-up": of_average(lambda gan: min(gan.average_decay, (1 + gan.step) / (1000 + gan.step))),
    "no warm-up": of_average(lambda gan: gan.average_decay),
    "no schedule": of_train(lambda options: options | {"schedule": training.constant}),
    "a linear schedule": of_train(lambda options: options | {"schedule": lambda progress: 1 - progress}),
    "one batch more": of_train(lambda options: options | {"discriminator_steps": 2}),
    "the same noise twice": noise_twice,
    "other batches": other_batches,
    "both move at once": together,
    "data a tenth smaller": of_data(lambda data: data / 1.1),
    "data in another order": of_data(lambda data: data.flip(0)),
    "data that lack a sample": of_data(lambda data: data[1:]),
}


@pytest.mark.parametrize("name", ["digits", "ring"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_planted_edit_is_seen(name, edit, monkeypatch):
    EDITS[edit](monkeypatch)
    assert faults(name)


OF_DIGITS = {
    "a penalty at every step": of_train(lambda options: options | {"penalty_every": 1}),
    "a penalty at every second step": of_train(lambda options: options | {"penalty_every": 2}),
    "a penalty at every eighth step": of_train(lambda options: options | {"penalty_every": 8}),
    "no penalty": of_train(lambda options: options | {"penalty": None}),
    "a lazy penalty that is not raised": of_train(unraised),
    "R1 alone": of_train(lambda options: options | {"penalty": partial(penalties.r1, weight=0.5)}),
    "the other momentum": of_recipe("digits", betas=(0.5, 0.99)),
    "the second moment's": of_recipe("digits", betas=(0.0, 0.999)),
    "the average's buffers": buffers_left,
    "eps": lambda monkeypatch: monkeypatch.setattr(torch.optim, "Adam", partial(torch.optim.Adam, eps=1e-4)),
}


@pytest.mark.parametrize("edit", OF_DIGITS)
def test_a_planted_edit_of_the_modern_recipe_is_seen(edit, monkeypatch):
    OF_DIGITS[edit](monkeypatch)
    assert faults("digits")


def test_data_a_tenth_larger(monkeypatch):
    of_data(lambda data: data * 1.1)(monkeypatch)
    assert faults("ring")
    with pytest.raises(ValueError, match=r"pixels run from -1\.1 to 1\.1"):  # pictures do not come so far
        faults("digits")


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("digits", "penalty_weight", 0.51),
        ("digits", "learning_rate", 6.06e-3),
        ("digits", "average_decay", 0.98),
        ("digits", "batch", 40),
        ("digits", "steps", 1800),
        ("digits", "generator_width", 25),
        ("ring", "learning_rate", 6.06e-3),
        ("ring", "average_decay", 0.99),
        ("ring", "annealed", False),
        ("ring", "loss", "non_saturating"),
        ("grid", "sharp_at", 0.75),
        ("grid", "lowest", 0.033),
        ("grid", "waves", 4),
    ],
)
def test_another_setting_is_seen(name, setting, value):
    assert faults(name, replace(RECIPES[name], **{setting: value}))


def test_another_initialisation_is_seen(monkeypatch):
    players = Digits.players

    def changed(self):
        generator, discriminator = players(self)
        nn.init.xavier_normal_(generator.layers[0].weight)
        return generator, discriminator

    monkeypatch.setattr(Digits, "players", changed)
    assert faults("digits")


def test_the_blur_of_the_grid_is_seen(monkeypatch):
    monkeypatch.setattr(Grid, "sharpen", lambda self, gan, progress: None)
    found = faults("grid")
    assert found and not any(fault.startswith("step 1:") for fault in found)  # at first the blur has not fallen


def test_on_step_that_is_never_called_is_seen(monkeypatch):
    of_train(lambda options: options | {"on_step": None})(monkeypatch)
    assert faults("grid")


# Edits that change nothing


def test_pictures_words_and_places_do_not_count(monkeypatch):
    class Elsewhere(Digits):
        """Another docstring, in another module, with another sheet."""

        def sheet(self, gan):
            return super().sheet(gan).set_size_inches(1, 1)

        def score(self, gan):
            return {}

    assert faults("digits", Elsewhere(**DIGITS.settings())) == []
    monkeypatch.setattr(Ring, "__doc__", "Other words.")
    monkeypatch.setattr(Ring, "sheet", lambda self, gan: None)
    assert faults("ring") == []


def test_other_names_of_the_same_do_not_count(monkeypatch):
    source = textwrap.dedent(inspect.getsource(training.discriminator_step))
    for name, other in {"real_scores": "of_reals", "fake_scores": "of_fakes", "total": "both", "value": "own"}.items():
        source = re.sub(rf"\b{name}\b", other, source)
    place = types.ModuleType("elsewhere")
    place.__dict__.update(vars(training))
    exec(source, place.__dict__)
    names = [inspect.unwrap(module.discriminator_step).__code__.co_varnames for module in (place, training)]
    assert names[0] != names[1]
    called = []
    monkeypatch.setattr(
        training, "discriminator_step", lambda *given: called.append(1) or place.discriminator_step(*given)
    )
    assert faults("digits") == faults("ring") == [] and called


PROCESSOR = """
import json, sys
from gan_lessons import recipes, traces
print(json.dumps({name: traces.of_recipe(recipes.find(name)) for name in ("digits", "ring", "grid")}))
"""


def test_another_processor_does_not_count():
    """One without vectors rounds otherwise, and torch obeys these two variables; they are read when it starts."""
    plain = os.environ | {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    done = subprocess.run([sys.executable, "-c", PROCESSOR], env=plain, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    for name in RECIPES:
        assert traces.differences(stored(name), found[name]) == []
        for before, after in zip(stored(name)["steps"], found[name]["steps"], strict=True):
            assert before["generator_gradient"] == pytest.approx(after["generator_gradient"], rel=2e-5)


# What a trace is


def test_the_moments_are_early_half_way_and_late():
    assert [row["step"] for row in stored("digits")["steps"]] == [1, 2, 3, 451, 892]
    for row in stored("ring")["steps"]:
        assert all(math.isfinite(value) for value in row.values())
    assert stored("digits")["data"]["count"] == len(DIGITS.data())


def test_every_moment_starts_from_the_first_weights(monkeypatch):
    """So a late step says nothing of the steps before it, and rounding has no time to grow."""
    monkeypatch.setattr(traces, "MOMENTS", {0.5: 1})
    alone = traces.of_recipe(DIGITS)["steps"]
    assert alone == stored("digits")["steps"][3:4]


def test_what_a_trace_lacks_or_has_besides_is_told():
    row = {"step": 1, "loss": 1.0, "extra tone": 2.0}
    one = {"data": {"count": 3}, "steps": [row, {"step": 2, "loss": 1.0}]}

    def differences(**change):
        return traces.differences(one, {"data": {"count": 3}, "steps": [row | change, {"step": 2, "loss": 1.0}]})

    assert differences() == [] and differences(loss=1.0005) == []
    assert differences(loss=1.002) == ["step 1: loss 1.002 instead of 1.0"]
    assert differences(loss=math.nan) and differences(more=1.0)
    assert traces.differences(one, {"data": {"count": 3}, "steps": [{"step": 1, "loss": 1.0}, one["steps"][1]]})
    assert traces.differences(one, {"data": {"count": 4}, "steps": one["steps"]})
    assert traces.differences(one, {"data": {"count": 3}, "steps": one["steps"][:1]}) == ["it takes other steps"]
