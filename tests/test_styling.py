"""Style without a GAN: what a Gram matrix forgets, adaptive instance normalisation, and descent on the pixels."""

import pytest
import torch

from gan_lessons.styling import LEVELS, Maps, adain, gram, roughness, statistics, transferred


def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    """A smooth picture, and stripes in another colour."""
    steps = torch.linspace(-1, 1, 48)
    content = torch.stack([steps.expand(48, 48), steps[:, None].expand(48, 48), torch.zeros(48, 48)])
    stripes = torch.where(torch.arange(48) // 4 % 2 == 0, 0.9, -0.9).expand(48, 48)
    return content[None], torch.stack([stripes, -stripes, -torch.ones(48, 48)])[None]


def test_a_gram_matrix_forgets_where_but_not_what() -> None:
    maps = torch.randn(2, 5, 6, 7, generator=torch.Generator().manual_seed(0))
    moved = maps.flatten(2)[:, :, torch.randperm(42)].unflatten(2, (6, 7))
    torch.testing.assert_close(gram(moved), gram(maps))
    torch.testing.assert_close(gram(maps)[0, 1, 2], (maps[0, 1] * maps[0, 2]).mean())
    alone = torch.stack([one.flatten()[torch.randperm(42)].view(6, 7) for one in maps.flatten(0, 1)]).view_as(maps)
    assert not torch.allclose(gram(alone), gram(maps), atol=1e-2), "each map moved by itself loses what goes together"


def test_adaptive_instance_normalisation_takes_mean_and_deviation() -> None:
    content, style = torch.randn(2, 1, 4, 8, 8).unbind(0)
    made = adain(content, 3 * style + 2)
    for own, wanted in zip(statistics(made), statistics(3 * style + 2), strict=True):
        torch.testing.assert_close(own, wanted, rtol=1e-2, atol=1e-2)
    order = content[0, 0].flatten().argsort()
    assert torch.equal(made[0, 0].flatten().argsort(), order), "the pattern stays"
    torch.testing.assert_close(adain(content, content), content)


def test_descent_takes_the_style_and_keeps_the_content_as_much_as_it_weighs() -> None:
    content, style = pictures()
    *_, loose = transferred(content, style, 60, content_weight=0)
    *_, tight = transferred(content, style, 60, content_weight=10)
    assert loose.style < 0.6 and loose.style < tight.style and tight.content < loose.content
    assert loose.pixels.shape == content.shape and float(loose.pixels.abs().max()) <= 1
    *_, smooth = transferred(content, style, 60, content_weight=0, smoothness=100)
    assert roughness(smooth.pixels) < roughness(loose.pixels)
    first = next(transferred(content, style, 24))
    assert first.style == pytest.approx(1, abs=1e-3) and first.content == pytest.approx(0, abs=1e-3)


def test_the_network_stays_as_it_is() -> None:
    network = Maps()
    assert not network.train().training and not any(weight.requires_grad for weight in network.parameters())
    sides = [maps.shape[-1] for maps in network(torch.zeros(1, 3, 64, 64))]
    assert len(sides) == len(LEVELS) and sides == sorted(sides, reverse=True) and sides[0] == 32


@pytest.mark.parametrize("wrong", [(3, 64, 64), (2, 3, 64, 64), (1, 1, 64, 64), (1, 3, 16, 64)])
def test_what_is_no_single_picture_is_told(wrong: tuple[int, ...]) -> None:
    content, _ = pictures()
    with pytest.raises(ValueError, match="The style is one picture in colour"):
        next(transferred(content, torch.zeros(wrong)))
    with pytest.raises(ValueError, match="The content is one picture in colour"):
        next(transferred(torch.zeros(wrong), content))
