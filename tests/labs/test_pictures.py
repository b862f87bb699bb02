"""Pictures in panels: sheets, bytes, and what is no picture."""

import numpy as np
import pytest
import torch

from gan_lessons.labs.kit import pictures
from gan_lessons.labs.kit.frame import Frame
from gan_lessons.labs.kit.packing import pack
from gan_lessons.labs.kit.recording import Recording, encode
from gan_lessons.labs.kit.still import Still
from gan_lessons.plots.images import tile


def test_pictures_are_laid_out_as_sheets_are():
    pixels = torch.rand(5, 3, 4, 6) * 2 - 1
    panel = pictures.sheet(pixels, 2, "Five")
    layer = panel.layers[0]
    np.testing.assert_allclose(layer.data, (pixels.permute(0, 2, 3, 1) + 1) / 2, atol=1e-6)
    still = Still(Frame((panel,)))
    still.savefig("/dev/null", format="png")
    shown = still.axes[0].images[0].get_array().data
    expected = tile(pixels, 2).numpy()
    there = shown[..., 3] == 1
    np.testing.assert_allclose(shown[there][:, :3], expected[there], atol=1e-6)
    assert there.sum() == 5 * 24 and np.isclose(expected[~there], 1).all(), "gaps are free, for light and dark pages"
    assert not still.axes[0].get_xticks().size and not still.axes[0].spines["left"].get_visible()
    scene, packed = pack(Frame((panel,)))
    assert scene["panels"][0]["bare"] and list(packed[:3]) == np.rint(layer.data.ravel()[:3] * 255).tolist()
    assert len(packed) == 5 * 4 * 6 * 3


def test_recordings_hold_pictures():
    frames = [Frame((pictures.sheet(torch.full((2, 1, 4, 4), value), 2, "Two"),), f"At {value}.") for value in (-1, 1)]
    assert len(encode(frames, 100, 64)) and "<!doctype html>" in Recording(frames).page()


def test_bytes_hold_pictures():
    pixels = torch.linspace(-1.2, 1.2, 50)
    back = pictures.from_bytes(pictures.to_bytes(pixels))
    assert (back - pixels.clamp(-1, 1)).abs().max() <= 1 / 255


@pytest.mark.parametrize("wrong", [None, torch.rand(3, 8, 8), torch.rand(3, 2, 8, 8), torch.rand(0, 1, 8, 8)])
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="The fakes are pictures of the shape"):
        pictures.checked(wrong, "The fakes")
