"""Latent spaces: edits, probes and inversion, on a generator whose factors are known."""

import pytest
import torch
from torch import Tensor, nn

from gan_lessons import latents
from gan_lessons.networks.styles import StyleGenerator


class Known(nn.Module):
    """A generator of pictures [3, 2, 2] whose first style says how bright the red is, and whose second the green."""

    noise_dim = 6

    def __init__(self) -> None:
        super().__init__()
        self.mapping, self.layers = nn.Identity(), nn.ModuleList([nn.Identity()])
        self.weight = nn.Parameter(torch.ones(1))

    def draw(self, styles: Tensor) -> Tensor:
        first, second = styles.unbind(1)
        colours = torch.stack([first[:, 0], second[:, 1], torch.zeros_like(first[:, 0])], 1)
        return self.weight * colours[:, :, None, None].expand(-1, -1, 2, 2)


def read(pixels: Tensor) -> dict[str, Tensor]:
    """How likely red and green are dark, middling or bright."""
    steps = torch.tensor([-1.5, 0.0, 1.5])
    return {
        name: (-4 * (pixels[:, channel].mean((1, 2))[:, None] - steps) ** 2).softmax(1)
        for channel, name in enumerate(("red", "green"))
    }


def test_factors_are_the_mean_styles_of_what_is_read() -> None:
    found = latents.factors(Known(), read, 4000)
    assert found["red"].shape == (3, 6)
    assert (found["red"][:, 0].diff() > 0.8).all() and (found["green"][:, 1].diff() > 0.8).all()
    assert found["red"][:, 1:].abs().max() < 0.25  # the others play no part: about six standard errors of 400


def test_an_edit_changes_its_factor_and_leaves_the_other() -> None:
    generator, styles = Known(), latents.drawn_styles(Known(), 300, 1)
    found, before = latents.factors(generator, read, 4000), read(latents.drawn(generator, styles))
    moved = latents.edited(styles, found["red"], before["red"].argmax(1), 2)
    effect = latents.effect(before, read(latents.drawn(generator, moved)), "red", 2)
    assert effect.changed > 0.8 and effect.kept["green"] > 0.9
    wrong = latents.edited(styles, found["green"], before["green"].argmax(1), 2)
    assert latents.effect(before, read(latents.drawn(generator, wrong)), "red", 2).changed < 0.1
    layered = latents.edited(styles[:, None].expand(-1, 2, -1), found["red"], before["red"].argmax(1), 2)
    assert torch.allclose(layered[:, 0], moved) and torch.allclose(layered[:, 1], moved)


def test_edits_towards_what_was_never_seen_or_always_there_are_refused() -> None:
    means = latents.means(torch.randn(4, 2), torch.tensor([0, 0, 2, 2]), 3)
    assert means[1].isnan().all() and not means[[0, 2]].isnan().any()
    with pytest.raises(ValueError, match="variant 1"):
        latents.edited(torch.zeros(1, 2), means, torch.tensor([0]), 1)
    same = {"red": torch.eye(2)[[0, 0]]}
    with pytest.raises(ValueError, match="clearly"):
        latents.effect(same, same, "red", 0)


def test_an_edit_of_a_layout_moves_only_the_places_that_differ_most() -> None:
    means = torch.zeros(2, 3, 4, 4)
    means[1, :, 0, :2] = torch.tensor([3.0, 1.0])
    layouts = torch.randn(5, 3, 4, 4)
    moved = latents.edited(layouts, means, torch.zeros(5, dtype=torch.long), 1, 2.0, places=1 / 16) - layouts
    assert torch.allclose(moved[:, :, 0, 0], torch.full((5, 3), 6.0), atol=1e-5) and moved[:, :, 0, 1:].abs().max() == 0
    everywhere = latents.edited(layouts, means, torch.zeros(5, dtype=torch.long), 1) - layouts
    assert torch.allclose(everywhere, means[1].expand(5, -1, -1, -1), atol=1e-6)


def test_a_layout_of_its_own_takes_the_place_of_the_styles() -> None:
    torch.manual_seed(0)
    generator = StyleGenerator(8, 16, width=4, hidden=16).eval()
    styles = latents.drawn_styles(generator, 7, 1)
    maps, pictures = latents.layouts(generator, styles), latents.drawn(generator, styles, batch=3)
    assert torch.allclose(latents.drawn(generator, styles, maps, batch=3), pictures, atol=1e-6)
    other = latents.drawn(generator, styles, maps.roll(1, 0), batch=3)
    assert not torch.allclose(other, pictures, atol=1e-3)


def test_disentanglement_is_one_where_each_dimension_serves_one_factor() -> None:
    assert abs(latents.disentanglement(torch.eye(3)) - 1) < 1e-6
    assert abs(latents.disentanglement(torch.ones(5, 3))) < 1e-6
    idle = torch.cat([torch.eye(3), torch.zeros(4, 3)])  # dimensions that serve nothing do not count
    assert abs(latents.disentanglement(idle) - 1) < 1e-6
    half = torch.tensor([[1.0, 1.0, 0.0]])
    assert abs(latents.disentanglement(half) - (1 - torch.log(torch.tensor(2.0)) / torch.log(torch.tensor(3.0)))) < 1e-6


def test_principal_directions_come_longest_first() -> None:
    values = torch.randn(5000, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 5.0, 2.0])
    found = latents.principal(values, 2)
    assert abs(float(found[0, 1])) > 4.7 and abs(float(found[1, 2])) > 1.8


def test_a_sample_is_found_again() -> None:
    torch.manual_seed(0)
    generator = StyleGenerator(32, 16, width=4, hidden=32).train()
    for _ in range(50):
        generator(torch.randn(64, 32))  # statistics of its batches
    generator.eval()
    target = latents.drawn(generator, latents.drawn_styles(generator, 3, seed=7))
    first, *_, last = latents.inverting(generator, target, steps=100, rate=0.02, pull=0.0)
    assert last.styles.shape == (3, 1 + len(generator.layers), 32)
    assert (last.errors < 0.5 * first.errors).all()  # the first are those of the nearest of 2,000 samples
    off = (latents.drawn(generator, last.styles) - target).square().mean((1, 2, 3)).sqrt() / 2
    assert torch.allclose(off, last.errors, atol=1e-4)


def test_an_encoder_learns_the_way_back() -> None:
    torch.manual_seed(0)
    generator = Known()
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(12, 6))
    losses = list(latents.encoding(generator, encoder, steps=150, rate=0.05))
    styles = latents.drawn_styles(generator, 200, seed=9)
    found = encoder(latents.drawn(generator, styles))
    assert losses[-1] < losses[0]
    assert torch.corrcoef(torch.stack([found[:, 0], styles[:, 0]]))[0, 1] > 0.95
