"""PushForwardLab: densities, Jacobians and areas of maps."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.points import push_forward as push_forward_lab
from gan_lessons.labs.points import push_forward_simulation as maps
from gan_lessons.labs.points.push_forward import PushForwardLab


def test_formula_and_histogram_agree():
    for name, (dims, _) in maps.MAPS.items():
        for noise in maps.REACH:
            if dims == 1:
                function = push_forward_lab.make_map(push_forward_lab.PushForwardParameters(noise, name))
                edges, formula, histogram = maps.pushed_density(noise, function)
                width = edges[1] - edges[0]
                assert float((formula - histogram).abs().sum() * width / 2) < 0.03, (name, noise)
                assert float(formula.sum() * width) == pytest.approx(1, abs=0.01)


def test_densities_known_by_heart():
    """2z of uniform noise is ¼ on [-2, 2]; e^z - 1 of normal noise is log-normal."""
    edges, formula, _ = maps.pushed_density("uniform", lambda z: 2 * z)
    inside = (edges[1:] < 1.9) & (edges[:-1] > -1.9)
    np.testing.assert_allclose(formula[inside], 0.25, atol=1e-3)
    edges, formula, _ = maps.pushed_density("normal", lambda z: z.exp() - 1)
    y = (edges[1:] + edges[:-1]) / 2 + 1
    exact = torch.distributions.LogNormal(0.0, 1.0).log_prob(y.clamp(min=1e-3)).exp()
    np.testing.assert_allclose(formula[y > 1], exact[y > 1], rtol=0.02, atol=1e-3)


def test_jacobians_are_torchs():
    function = push_forward_lab.make_map(push_forward_lab.PushForwardParameters())
    noise = maps.draw_noise("normal", 7, 2)
    expected = torch.func.vmap(torch.func.jacrev(function))(noise)
    torch.testing.assert_close(maps.jacobian(function, noise), expected)


def test_areas_are_known_for_simple_maps():
    plane = push_forward_lab.simulate_plane(push_forward_lab.PushForwardParameters(map="2-D swirl"))
    torch.testing.assert_close(plane.area, torch.ones_like(plane.area))
    plane = push_forward_lab.simulate_plane(
        push_forward_lab.PushForwardParameters(map="2-D stretch and shear", strength=0.5)
    )
    torch.testing.assert_close(plane.area_at, torch.full((500,), 0.5))
    plane = push_forward_lab.simulate_plane(
        push_forward_lab.PushForwardParameters(map="2-D square to disc", strength=1.0)
    )
    assert plane.image.norm(dim=-1).max() <= 1
    torch.testing.assert_close(plane.grid_image[0].norm(dim=-1), torch.ones(73), msg="the square's edge is the circle")
    assert "folds nothing" in PushForwardLab(map="2-D swirl").sentence


def test_idle_controls_are_grey():
    lab = PushForwardLab()
    lab.widget()
    assert not any(control.disabled for control in lab.view.controls.values())
    lab.set(map="2-D swirl")
    assert {name for name, control in lab.view.controls.items() if control.disabled} == {
        "width",
        "depth",
        "activation",
        "seed",
    }


def test_a_fold_runs_where_the_determinant_is_zero():
    parameters = push_forward_lab.PushForwardParameters()
    plane = push_forward_lab.simulate_plane(parameters)
    at_fold = plane.fold[0][~plane.fold[0].isnan().any(1)]
    at_fold = at_fold[at_fold.abs().amax(1) < 0.95]  # beyond the outermost cells it is only prolonged
    area = torch.linalg.det(maps.jacobian(push_forward_lab.make_map(parameters), at_fold))
    assert len(at_fold) > 20 and area.abs().max() < 0.05 * plane.area.abs().max()
    assert plane.fold_image.shape == plane.fold.shape
    assert push_forward_lab.simulate_plane(push_forward_lab.PushForwardParameters(map="2-D swirl")).fold.isnan().all()
