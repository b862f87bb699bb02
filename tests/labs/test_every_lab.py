"""All labs: their controls move the picture, nonsense becomes a sentence, it shows itself, it can be closed."""

import gc
import math
import weakref

import pytest
import torch
from ipywidgets.widgets import widget
from matplotlib.figure import Figure

from gan_lessons.labs.kit.controls import Choice, Range
from gan_lessons.labs.kit.state import CLOSED
from tests.labs.small import LABS, arrays

every_lab = pytest.mark.parametrize("make", LABS.values(), ids=LABS)
# what only a training shows
LATER = {
    "PlaygroundLab": {"discriminator_steps", "penalty", "penalty_weight", "generator_rate", "discriminator_rate",
                      "average_decay", "batch"},
    "CollapseLab": {"at", "fork_loss", "fork_penalty", "fork_weight", "fork_generator", "fork_discriminator",
                    "generator_rate", "discriminator_rate"},
}  # fmt: skip


def other(lab, name: str):
    """Another value that a control may have."""
    allowed, value = lab.allowed[name], lab.values[name]
    if name in ("first", "second") and "psi" in lab.values:
        return 4  # LatentLab's two directions must differ
    if isinstance(allowed, Range):
        return value + allowed.step if value + allowed.step <= allowed.high else value - allowed.step
    return next(option for option in reversed(allowed.options) if option not in (value, "drawn"))


def numbers(lab) -> list[str]:
    """The controls of which another value is allowed."""
    return [
        name for name, one in lab.allowed.items()
        if (one.low < one.high if isinstance(one, Range) else len(one.options) > 1)
    ]  # fmt: skip


@every_lab
def test_every_control_changes_the_picture(make):
    lab = make()
    for name in numbers(lab):
        before, kept, value = arrays(lab), lab.values[name], other(lab, name)
        unseen = lab.idle() | LATER.get(type(lab).__name__, set())
        lab.set(**{name: value})
        assert name == "at" or lab.values[name] == value, lab.sentence
        assert name in unseen or arrays(lab) != before, name
        lab.set(**{name: kept})
        # the plane of TextLab shows where the reader has been
        assert type(lab).__name__ == "TextLab" or arrays(lab) == before, name


@every_lab
def test_every_option_and_both_ends_work(make):
    lab = make()
    for name, allowed in lab.allowed.items():
        kept = lab.values[name]
        for value in (allowed.low, allowed.high) if isinstance(allowed, Range) else allowed.options:
            lab.set(**{name: value})
            assert "Error" not in lab.sentence, (name, value, lab.sentence)
            for panel in lab.frame().panels:
                assert all(map(math.isfinite, (*panel.xlim, *panel.ylim))), (name, value)
        lab.set(**{name: kept})


@every_lab
def test_nonsense_becomes_a_sentence(make):
    lab = make()
    before, values = arrays(lab), lab.values
    for name, allowed in lab.allowed.items():
        for nonsense in (math.nan, math.inf, "none such", None, [], True, 1j, torch.ones(2)):
            lab.set(**{name: nonsense})
            assert lab.sentence.startswith(f"“{allowed.label}” ") and lab.values == values, (name, nonsense)
        assert ("is one of" if type(allowed) is Choice else "takes a ") in lab.sentence
    lab.set(no_such_thing=1)
    assert lab.sentence.startswith("There is no 'no_such_thing' here; what can be set:")
    for steps in (0, -1, 1.5, "many", None, True):
        lab.run(steps)
        assert "runs for 1 to" in lab.sentence
    assert arrays(lab) == before
    for name, allowed in lab.allowed.items():
        if isinstance(allowed, Range) and name != "at":
            lab.set(**{name: 1e9})
            assert f"was set to {allowed.high:g}" in lab.sentence


@every_lab
def test_presets_say_what_to_watch(make):
    lab = make()
    for preset in lab.presets:
        lab.preset(preset.name)
        assert lab.sentence.startswith(preset.watch) and "Error" not in lab.sentence, preset.name
        assert {name: lab.values[name] for name in preset.values} == dict(preset.values), preset.name
    if lab.presets:
        name = next(name for name in numbers(lab) if name not in lab.idle())
        lab.set(**{name: other(lab, name)})
        assert not lab.sentence.startswith(preset.watch), "what the reader sets is the reader's own"
    lab.preset("no such thing")
    assert lab.sentence.startswith("There is no preset 'no such thing' here; there are: ")


@every_lab
def test_labs_show_themselves(make):
    lab = make()
    data, metadata = lab._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(data)
    assert metadata["image/png"]["alt"] == lab.sentence
    assert "0x" not in data["text/plain"] + repr(lab.widget()) + repr(lab.figure())
    assert isinstance(lab.figure(), Figure) and len(lab.figure().axes) == len(lab.frame().panels)
    assert len(data["image/png"]) < 200_000
    for name, control in lab.view.controls.items():
        assert control.value == lab.values[name] and control.description and control.tooltip
    lab.close()


@every_lab
def test_controls_and_code_move_the_same_lab(make):
    lab = make()
    lab.widget()
    stage = lab.view.stage
    for name in numbers(lab):
        kept, step = lab.values[name], stage.step
        lab.view.controls[name].value = other(lab, name)
        assert stage.step == step + 1 and stage.sentence == lab.sentence, name
        lab.set(**{name: kept})
        assert lab.view.controls[name].value == lab.values[name] == kept
        assert stage.data and arrays(lab).endswith(stage.data)
    lab.close()


@every_lab
def test_labs_are_the_same_every_time(make):
    make()  # what is cached is there
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    first, kept = make(), torch.rand(1)
    second = make()
    for lab in (first, second):
        if lab.burst:
            lab.run(5)
    if "VoiceLab" not in repr(first):  # Griffin-Lim draws its first phases
        assert torch.equal(torch.cat([kept, torch.rand(1)]), expected), "nobody else's random numbers are touched"
    assert arrays(first) == arrays(second) and first.sentence == second.sentence


@every_lab
def test_closed_labs_keep_nothing_but_their_picture(make):
    gc.collect()
    before = count()
    lab = make()
    lab.widget()
    assert count() > before
    picture, stage = arrays(lab), weakref.ref(lab.view.stage)
    lab.close()
    assert count() == before and lab.sentence == CLOSED and arrays(lab) == picture
    lab.run(1)
    lab.play()
    lab.reset()
    lab.set(**{name: other(lab, name) for name in numbers(lab)[:1]})
    assert not lab.playing and CLOSED in lab.sentence and arrays(lab) == picture and lab.figure()
    with pytest.warns(UserWarning, match="closed"):
        assert "image/png" in lab._repr_mimebundle_()[0]
    gc.collect()
    assert stage() is None
    gone = weakref.ref(lab)
    del lab
    gc.collect()
    assert gone() is None, "nothing else keeps it"


def count() -> int:
    """How many widgets there are."""
    return len(widget._instances)
