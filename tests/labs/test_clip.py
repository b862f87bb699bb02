"""ClipLab: rows share their content, columns their motion, and it plays round and round."""

import numpy as np
import pytest
import torch

from gan_lessons.data.videos import FRAMES, centers
from gan_lessons.labs.kit.frame import Points
from gan_lessons.labs.videos import ClipLab
from tests.labs.small import clip_gan, drawn, small_gan


def test_a_row_shares_its_content_and_a_column_its_motion() -> None:
    clips = ClipLab(clip_gan()).clips(0, 0).unflatten(0, (3, 3))
    assert clips.shape == (3, 3, 1, FRAMES, 32, 32)
    ink = (clips + 1).sum((2, 4, 5))  # of a patch, wherever it is laid
    torch.testing.assert_close(ink, ink[:, :1].expand_as(ink), rtol=0.02, atol=1.0)
    assert not torch.allclose(clips[0, 0], clips[1, 0]) and not torch.allclose(clips[0, 0], clips[0, 1])


def test_another_content_keeps_the_motions() -> None:
    lab = ClipLab(clip_gan())
    before, after = lab.clips(0, 0), lab.clips(1, 0)
    assert torch.equal(before[3:6], after[:3])  # the second content has become the first
    moved = lab.clips(0, 1)
    assert torch.equal(before[1], moved[0])


def test_frames_follow_each_other_and_begin_again() -> None:
    lab = ClipLab(clip_gan(), at=FRAMES - 1)
    last = drawn(lab.frame().panels[0])
    lab.run(1)
    assert lab.parameters.at == 0 and not np.array_equal(last, drawn(lab.frame().panels[0]))
    lab.buttons()[0][2]()
    assert lab.parameters.at == FRAMES - 1 and np.array_equal(last, drawn(lab.frame().panels[0]))


def test_the_dot_is_where_the_ink_is() -> None:
    lab = ClipLab(clip_gan(), at=5)
    dots = [layer.data[0] for layer in lab.frame().panels[1].layers if isinstance(layer, Points) and layer.size > 10]
    places = centers(lab.clips(0, 0))[:3, 5].numpy()
    assert np.allclose(dots, np.stack([places[:, 0], 31 - places[:, 1]], -1), atol=1e-4)


def test_a_film_of_all_frames_is_a_small_page() -> None:
    film = ClipLab(clip_gan()).film()
    assert len(film.frames) == FRAMES and "Frame 1 of 16" in film.frames[0].panels[0].title
    assert len(film.page()) < 200_000


@pytest.mark.parametrize(
    ("other", "words"), [(lambda: "clips", "not into 'clips'"), (small_gan, "a ImageGenerator does not")]
)
def test_what_makes_no_clips_is_told(other, words) -> None:
    assert words in ClipLab(other()).sentence
