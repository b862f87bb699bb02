"""LatentLab: directions, walks and truncation, and what is shown of them."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from gan_lessons.labs.kit.frame import Handles, Lines
from gan_lessons.labs.latents import latent_simulation as latent
from gan_lessons.labs.latents import truncation
from gan_lessons.labs.latents.latent import SOURCES, LatentLab
from gan_lessons.metrics.neighbours import neighbour_scores
from gan_lessons.networks.images import DCGANGenerator, ImageGenerator
from gan_lessons.training import GAN
from tests.labs.small import DIM, data, drawn, small_gan


def latent_lab(watched) -> LatentLab:
    return LatentLab(watched.gan, data()[:900])


def layers_of(kind) -> nn.Module:
    torch.manual_seed(1)
    return (ImageGenerator(DIM, 8, width=4, hidden=16) if kind is ImageGenerator else kind(DIM, 8, width=4)).eval()


@pytest.mark.parametrize("kind", [ImageGenerator, DCGANGenerator])
def test_closed_form_directions_are_the_first_layers_singular_vectors(kind):
    network = layers_of(kind)
    first = network.layers[0] if kind is ImageGenerator else network.layers[1]
    matrix = first.weight.detach()
    matrix = matrix if kind is ImageGenerator else matrix.flatten(1).T  # BatchNorm's statistics are still 0 and 1
    expected = torch.linalg.svd(matrix)[2][:4]
    found = latent.closed_form(network, DIM, 4)
    torch.testing.assert_close((found * expected).sum(1).abs(), torch.ones(4), atol=0.02, rtol=0)


def test_batch_norm_counts_as_part_of_the_first_layer():
    network = layers_of(ImageGenerator)
    with torch.no_grad():
        network.layers[1].weight[0] = 1000.0
    strongest = network.layers[0].weight[0].detach()
    found = latent.closed_form(network, DIM, 1)[0]
    assert (found @ strongest).abs() / strongest.norm() > 0.999


def test_principal_directions_move_the_first_layer_along_its_components():
    torch.manual_seed(0)
    scales = torch.tensor([9.0, 4, 2, 1, 0.5, 0.2, 0.1, 0.1])
    turn = latent.random_directions(8, 8, seed=5)
    linear = nn.Linear(8, 8, bias=False)
    linear.weight.data = scales[:, None] * turn
    network = nn.Sequential(linear, nn.LeakyReLU(1.0))  # linear, so that the answer is known: the rows of `turn`
    found = latent.principal(network, 8, 3)
    assert ((found * turn[:3]).sum(1).abs() > 0.95).all()


def test_steepest_directions_are_the_jacobians_singular_vectors():
    network = layers_of(ImageGenerator)
    at = latent.noise(DIM, 3)[0]
    jacobian = torch.func.jacfwd(lambda z: network(z[None])[0].flatten())(at).detach()
    values = torch.linalg.svdvals(jacobian)
    found = latent.steepest(lambda z: network(z).detach(), at, 3)
    for k in range(3):
        torch.testing.assert_close((jacobian @ found[k]).norm(), values[k], rtol=0.1, atol=0)


def test_directions_have_length_one_and_a_sign():
    for found in (
        latent.random_directions(DIM, 6),
        latent.closed_form(layers_of(ImageGenerator), DIM, 6),
        latent.principal(layers_of(ImageGenerator), DIM, 6),
    ):
        torch.testing.assert_close(found.norm(dim=1), torch.ones(6))
    square = latent.random_directions(DIM, 6)
    torch.testing.assert_close(square @ square.T, torch.eye(6), atol=1e-5, rtol=0)
    with pytest.raises(ValueError, match="no activation function"):
        latent.closed_form(nn.Linear(4, 4), 4, 2)


def test_walks_begin_and_end_where_they_should():
    start, end = latent.noise(64, 0)[0], 2 * latent.noise(64, 1)[0]
    along = torch.linspace(0, 1, 11)
    for way in latent.WAYS.values():
        places = way(start, end, along)
        torch.testing.assert_close(places[0], start, atol=1e-4, rtol=0)
        torch.testing.assert_close(places[-1], end, atol=1e-4, rtol=0)
    lengths = latent.on_arc(start, end, along).norm(dim=1)
    torch.testing.assert_close(lengths, (1 - along) * start.norm() + along * end.norm())
    assert latent.on_line(start, end / 2, along)[5].norm() < 0.8 * start.norm(), "the middle is too short"
    assert latent.on_arc(start, start, along).isfinite().all()


def test_truncation_is_scored_by_the_metrics(monkeypatch):
    monkeypatch.setattr(truncation, "SCORED", 400)
    gan = small_gan()
    draw = lambda z: gan.average(z).detach()  # noqa: E731
    flat = lambda pixels: pixels.flatten(1)  # noqa: E731
    found = truncation.truncation(draw, DIM, data(), flat)
    order = torch.randperm(len(data()), generator=torch.Generator().manual_seed(0))
    real, fresh = data()[order[:400]].flatten(1), data()[order[400:800]].flatten(1)
    assert list(found.fakes) == list(truncation.PSIS)
    assert found.fakes[0.5] == neighbour_scores(real, draw(0.5 * latent.noise(DIM, 1, 400)).flatten(1))
    assert found.real == neighbour_scores(real, fresh)
    assert truncation.truncation(draw, DIM, data()[:500], flat).real is None
    others = truncation.truncation(draw, DIM, data()[:100], flat, data()[100:200])
    assert (
        others.real is not None and truncation.truncation(draw, DIM, data()[:100], flat, data()[100:199]).real is None
    )


def test_truncation_is_measured_against_held_out_pictures(watched):
    held_out = data()[900:1100]
    lab = LatentLab(watched.gan, data()[:900], held_out=held_out, psi=0.5)
    expected = truncation.truncation(lab.draw, DIM, held_out, lab.features, data()[:900])
    assert lab.truncation == expected and expected.real is not None
    half, full = expected.fakes[0.5], expected.fakes[1.0]
    assert f"At ψ = 0.5 density (quality) is {half.density:.2f}, coverage (variety) {half.coverage:.0%}" in lab.sentence
    assert f"(at ψ = 1: {full.density:.2f} and {full.coverage:.0%})" in lab.sentence
    curves = [one for one in lab.frame().panels[2].layers if isinstance(one, Lines) and one.label]
    assert [one.label for one in curves] == ["density", "real: density", "coverage", "real: coverage"]
    np.testing.assert_allclose(curves[2].data[0, :, 1], [one.coverage for one in expected.fakes.values()])
    alone = LatentLab(watched.gan, held_out=held_out)
    assert len(alone.frame().panels) == 4 and "nearest" not in alone.sentence and alone.truncation.real is None


def test_latent_lab_shows_what_the_generator_draws(watched):
    lab = latent_lab(watched)
    lab.set(across=2.0, up=-1.0, psi=0.5, step=0.5, seed=3)
    plane, beside, _, walks = lab.frame().panels
    right, upwards = latent.random_directions(DIM, 2)
    with torch.inference_mode():
        z = 0.5 * (latent.noise(DIM, 3)[0] + 0.5 * (2 * right - upwards))
        expected = (watched.gan.average(z[None]).permute(0, 2, 3, 1)[0] + 1) / 2
        at_b = (watched.gan.average(0.5 * latent.noise(DIM, 1)).permute(0, 2, 3, 1)[0] + 1) / 2
    np.testing.assert_allclose(drawn(beside)[0], expected, atol=1e-5)
    cells = drawn(plane).reshape(7, 7, 8, 8, 1)  # the top row has up = 3, the left column across = -3
    np.testing.assert_allclose(cells[3 + 1, 3 + 2], expected, atol=1e-5)
    handle = next(one for one in plane.layers if isinstance(one, Handles))
    assert handle.names == (("across", "up"),) and handle.data.tolist() == [[2.0, -1.0]] and handle.hollow
    for row in (8, 17):
        np.testing.assert_allclose(drawn(walks)[row], at_b, atol=1e-5)
    distance, index = torch.cdist(2 * expected.reshape(1, -1) - 1, data()[:900].flatten(1)).min(1)
    np.testing.assert_allclose(drawn(beside)[1], (data()[index].permute(0, 2, 3, 1)[0] + 1) / 2, atol=1e-6)
    assert f"The nearest of 900 real pictures is {float(distance):.1f} away" in lab.sentence
    assert f"has the length {z.norm():.1f} (usual: 2.8)" in lab.sentence


def test_the_walk_moves_the_middle_of_the_plane(watched):
    lab = latent_lab(watched)
    lab.set(along=1.0)
    torch.testing.assert_close(lab.point(), latent.noise(DIM, 1)[0], atol=1e-4, rtol=0)
    lab.set(along=0.5, way="straight line")
    torch.testing.assert_close(lab.point(), latent.noise(DIM, 0)[0] / 2 + latent.noise(DIM, 1)[0] / 2)
    assert "50% of the way from noise 0 to 1" in lab.sentence


def test_the_handle_moves_alone(watched):
    """What a drag does not change is not computed again: that is what makes it quick."""
    lab = latent_lab(watched)
    drawings = []
    lab.own = lambda noise: drawings.append(len(noise)) or watched.gan.average(noise)
    lab.widget()
    lab.view.stage.receive({"events": [{"kind": "move", "handle": ["across", "up"], "panel": 0, "x": 1.5, "y": -2.0}]})
    assert (lab.values["across"], lab.values["up"]) == (1.5, -2.0) and set(drawings) == {1}


@pytest.mark.parametrize("source", list(SOURCES))
def test_every_source_of_directions_is_named(watched, source):
    lab = latent_lab(watched)
    lab.set(source=source)
    assert SOURCES[source] in lab.sentence
    lab.set(first=2)
    assert "must differ" in lab.sentence and lab.values["first"] == 1


def test_latent_lab_takes_what_it_gets(watched):
    alone = LatentLab(watched.gan)
    assert len(alone.frame().panels) == 3 and "nearest" not in alone.sentence
    colour = LatentLab(small_gan(channels=3), torch.rand(30, 3, 8, 8) * 2 - 1)
    assert drawn(colour.frame().panels[0]).shape == (49, 8, 8, 3) and colour.figure()
    own = LatentLab(watched.gan, draw=lambda noise: -watched.gan.average(noise))
    np.testing.assert_allclose(
        drawn(own.frame().panels[0]), 1 - drawn(alone.frame().panels[0]), atol=1e-6
    )  # fmt: skip
    flat = LatentLab(GAN(nn.Sequential(nn.Linear(4, 64), nn.Unflatten(1, (1, 8, 8))), nn.Linear(1, 1), 4))
    flat.set(source="first layer")
    assert "no activation function" in flat.sentence and flat.values["source"] == "random"
    flat.set(first=6)
    assert "only 4 directions" in flat.sentence and flat.values["first"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (lambda gan: (None,), "This lab looks into a GAN, not into None"),
        (lambda gan: (gan, torch.rand(30, 1, 9, 9)), "The real pictures have the shape [1, 9, 9], the fakes [1, 8, 8]"),
        (lambda gan: (gan, torch.rand(3, 1, 8, 8)), "needs at least 6 samples"),
        (lambda gan: (gan, torch.full((30, 1, 8, 8), math.nan)), "not numbers"),
        (lambda gan: (gan, None, None, lambda noise: noise), "What this GAN draws are pictures"),
        (lambda gan: (gan, data(), lambda pixels: 1 / 0), "ZeroDivisionError"),
        (lambda gan: (GAN(nn.Linear(2, 2), nn.Linear(2, 1), 2),), "What this GAN draws are pictures"),
    ],
)
def test_what_latent_lab_cannot_show_is_a_sentence(watched, arguments, words):
    lab = LatentLab(*arguments(watched.gan))
    assert words in lab.sentence and lab.figure() and lab.widget()
    lab.set(across=1.0)
    assert words in lab.sentence
