"""Shapes of the point networks and of packing."""

import pytest
import torch

from gan_lessons.networks.packing import Packed
from gan_lessons.networks.points import BlurredDiscriminator, PointDiscriminator, PointGenerator
from gan_lessons.populations import stack, unstack


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_point_networks(depth):
    noise = torch.randn(7, 5)
    points = PointGenerator(noise_dim=5, width=8, depth=depth)(noise)
    assert points.shape == (7, 2)
    assert PointDiscriminator(width=8, depth=depth)(points).shape == (7,)


class Gather(torch.nn.Module):
    """A discriminator that shows what reaches it."""

    def forward(self, samples):
        return samples


def test_packing_puts_neighbours_side_by_side():
    packed = Packed(Gather(), 2)
    points = torch.arange(8.0).reshape(4, 2)
    assert packed(points).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    population = stack([packed, packed])
    assert population(torch.stack([points, points])).tolist() == [packed(points).tolist()] * 2
    assert unstack(population, 1)(points).tolist() == packed(points).tolist()
    images = torch.randn(4, 3, 5, 5)
    torch.testing.assert_close(packed(images)[1], torch.cat([images[2], images[3]]))


def test_packing_refuses_a_remainder():
    with pytest.raises(ValueError, match="batch of 5 cannot be packed in groups of 2"):
        Packed(Gather(), 2)(torch.randn(5, 2))


def test_rows_are_blurred_from_lowest_to_highest():
    torch.manual_seed(0)
    network = BlurredDiscriminator(dims=2, waves=3, highest=1.0)
    network.lowest = 0.01
    network.layers = Gather()
    points = torch.zeros(300, 100, 2)
    seen = network.train()(points)
    assert seen.shape == (300, 100, 15)
    assert seen[:, 0, :2].std() == pytest.approx(0.01, rel=0.1)
    assert seen[:, -1, :2].std() == pytest.approx(0.95, rel=0.1)
    assert not network.eval()(points)[..., :2].any()
