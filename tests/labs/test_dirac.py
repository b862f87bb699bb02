"""DiracLab: the values known beforehand, every control, and nonsense as a sentence."""

import numpy as np
import pytest

from gan_lessons import dynamics
from gan_lessons.dynamics import DiracGAN, Rule
from gan_lessons.labs.kit.controls import Choice, controls_of
from gan_lessons.labs.kit.frame import Arrows, Handles, Lines, Points, Writing
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.theory.dirac import DiracLab, written
from gan_lessons.plots import style


def layer(lab, panel, kind, color=""):
    return next(one for one in lab.frame().panels[panel].layers if isinstance(one, kind) and color in one.color)


def eigenvalues(lab) -> np.ndarray:
    return layer(lab, 1, Points).data @ [1, 1j]


@pytest.mark.parametrize(
    ("values", "radius"),
    [
        ({}, "to 3.1 in"),
        ({"update": "alternating"}, "to 1.41 in"),
        ({"penalty": "r1", "weight": 0.3}, "to 2.6 · 10⁻⁶ in"),
        ({"loss": "wasserstein", "clip": 1.0}, "to 1 in"),
        ({"loss": "non_saturating"}, "to 0.64 in"),
    ],
)
def test_known_values(values, radius):
    lab = DiracLab(**values)
    assert radius in lab.sentence
    end = layer(lab, 0, Points, style.FAKE).data[0]
    assert f"to {written(np.hypot(*end))} in" == radius


@pytest.mark.parametrize("name", [name for name in controls_of(DiracLab.Parameters) if name != "weight"])
def test_every_control_moves_the_picture(name):
    lab = DiracLab(penalty="r1", steps=60, average=0.5, optimism=0.5, generator_rate=0.1)
    before, allowed = pack(lab.frame())[1], controls_of(DiracLab.Parameters)[name]
    old = getattr(lab.parameters, name)
    lab.set(
        **{name: next(o for o in allowed.options if o != old) if isinstance(allowed, Choice) else old + allowed.step}
    )
    assert getattr(lab.parameters, name) != old
    assert pack(lab.frame())[1] != before


def test_the_weight_moves_the_picture_when_there_is_a_penalty():
    lab = DiracLab(steps=50)
    assert lab.idle() == {"weight"}
    before = pack(lab.frame())[1]
    lab.set(weight=1.0)
    assert pack(lab.frame())[1] == before
    lab.set(penalty="r1")
    assert pack(lab.frame())[1] != before and not lab.idle()


def test_numbers_are_those_of_the_dynamics():
    lab = DiracLab(loss="wasserstein", penalty="r1", weight=0.1, update="alternating", average=0.9, theta=0.5, phi=-1.0)
    field, rule = DiracGAN("wasserstein", "r1", 0.1), Rule(alternating=True)
    way = rule.play(field, (0.5, -1.0), 500)
    np.testing.assert_allclose(layer(lab, 0, Lines, style.FAKE).data[0], way)
    np.testing.assert_allclose(layer(lab, 0, Lines, style.AVERAGE).data[0], dynamics.average(way, 0.9))
    np.testing.assert_allclose(eigenvalues(lab), rule.eigenvalues(field))
    np.testing.assert_allclose(
        layer(lab, 2, Lines, style.FAKE).data[0, :, 1], np.log10(np.maximum(dynamics.radius(way), 1e-8))
    )
    lab.set(eigenvalues="of the flow")
    np.testing.assert_allclose(eigenvalues(lab), dynamics.eigenvalues(field))


def test_every_colour_is_named():
    for values in ({}, {"average": 0.9}):
        panels = DiracLab(**values).frame().panels
        for panel in (panels[0], panels[2] if values else panels[0]):
            drawn = {layer.color for layer in panel.layers if isinstance(layer, Lines | Points)}
            assert drawn <= {layer.color for layer in panel.layers if isinstance(layer, Writing)}


@pytest.mark.parametrize(
    ("distance", "text"),
    [(0, "0"), (1.414, "1.41"), (0.01, "0.01"), (0.0098, "9.8 · 10⁻³"), (2.64e-6, "2.6 · 10⁻⁶"), (25636, "2.6 · 10⁴")],
)
def test_a_distance_is_written_in_few_figures(distance, text):
    assert written(distance) == text


def test_arrows_point_along_the_field():
    lab = DiracLab(loss="non_saturating", noise=0.5)
    arrows = layer(lab, 0, Arrows).data
    push = DiracGAN("non_saturating", noise=0.5)(arrows[:, :2] + arrows[:, 2:] / 2)
    cosine = (arrows[:, 2:] * push).sum(1) / np.hypot(*arrows[:, 2:].T) / np.hypot(*push.T)
    np.testing.assert_allclose(cosine, 1, atol=1e-6)


def test_the_start_can_be_dragged_in_the_plane():
    lab = DiracLab()
    handles = layer_of(lab)
    assert handles.names == (("theta", "phi"),)
    lab.set(theta=-0.5, phi=2.0)
    np.testing.assert_allclose(layer_of(lab).data, [[-0.5, 2.0]])
    np.testing.assert_allclose(layer(lab, 0, Lines, style.FAKE).data[0, 0], [-0.5, 2.0])


def layer_of(lab) -> Handles:
    return next(one for one in lab.frame().panels[0].layers if isinstance(one, Handles))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "moves away"),
        ({"update": "alternating"}, "do not decide"),
        ({"penalty": "r1"}, "halves every 27 steps"),
        ({"eigenvalues": "of the flow"}, "only turns"),
        ({"eigenvalues": "of the flow", "penalty": "r1"}, "the flow settles"),
        ({"penalty": "gradient_penalty"}, "no equilibrium there"),
        ({"loss": "wasserstein", "generator_rate": 1.0, "discriminator_rate": 1.0}, "left all bounds"),
        ({"theta": "left"}, "“Start: θ” takes a number"),
        ({"penalty": "r3"}, "is one of none, r1, r2"),
        ({"steps": 9999}, "it takes a whole number from 0 to 1000"),
        ({"steps": 0}, "in 0 steps"),
        ({"theta": 0.0, "phi": 0.0}, "from a distance of 0.00 to 0 in"),
        (
            {"consensus": 2.0, "generator_rate": 1.0, "momentum": 0.9, "noise": 2.0, "loss": "hinge", "steps": 40},
            "Hinge",
        ),
    ],
)
def test_sentence_says_what_the_picture_shows(values, words):
    lab = DiracLab(**values)
    assert words in lab.sentence and "Error" not in lab.sentence
    assert np.isfinite(np.frombuffer(pack(lab.frame())[1], "<f4")).sum() > 100
