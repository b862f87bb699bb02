"""People in motion: the skeleton, the exercises, clips as they are read, the scores, and the recipe."""

import json
from dataclasses import replace
from math import pi

import numpy as np
import pytest
import torch

from gan_lessons import recipes
from gan_lessons.commands.speech import sentence
from gan_lessons.data import motions
from gan_lessons.metrics import motions as scores
from gan_lessons.networks.motions import MotionDiscriminator, MotionGenerator
from gan_lessons.skeleton import BALLS, FEET, JOINTS, STANDING, Skeleton, multiplied, rotated

BONES = torch.tensor([joint.offset for joint in JOINTS]).norm(dim=1)[1:]


@pytest.fixture(scope="module")
def real():
    return motions.load("exercises", each=40)


def turn(axis, angle):
    return torch.cat([torch.tensor([angle / 2]).cos(), torch.eye(3)[axis] * torch.tensor(angle / 2).sin()])


def test_rotations_follow_each_other():
    first, second, vector = turn(1, 0.7), turn(2, -1.1), torch.tensor([0.3, -1.0, 2.0])
    torch.testing.assert_close(rotated(multiplied(first, second), vector), rotated(first, rotated(second, vector)))
    torch.testing.assert_close(rotated(turn(1, pi / 2), torch.tensor([0.0, 0, 1])), torch.tensor([1.0, 0, 0]))


def test_the_standing_skeleton_is_the_sum_of_its_bones():
    places = Skeleton()(torch.tensor(STANDING))
    for joint, place in zip(JOINTS, places, strict=True):
        start = places[joint.parent] if joint.parent >= 0 else torch.tensor([0, 0.9, 0])
        torch.testing.assert_close(place, start + torch.tensor(joint.offset))


def test_a_knee_moves_what_hangs_on_it_and_nothing_else():
    pose = torch.tensor(STANDING)
    bent = pose.clone()
    bent[39] = -pi / 2  # the right knee
    moved = (Skeleton()(bent) - Skeleton()(pose)).norm(dim=-1) > 1e-4
    assert {JOINTS[number].name for number in moved.nonzero()[:, 0].tolist()} == {"right ankle", "right toes"}


def test_bones_keep_their_length_whatever_the_pose():
    random = torch.randn(50, 43, generator=torch.Generator().manual_seed(0))
    assert scores.bone_error(Skeleton()(random)) < 1e-5


def test_gradients_reach_every_number_of_a_pose():
    poses = torch.randn(4, 43, generator=torch.Generator().manual_seed(0)).requires_grad_()
    (gradient,) = torch.autograd.grad(Skeleton()(poses).square().sum(), poses)
    assert (gradient != 0).any(0).all()


def test_exercises_stand_on_the_floor_and_differ(real):
    assert real.samples.shape == (240, 24, 18, 3)
    assert real.samples[:, :, FEET, 1].amin(-1).abs().max() < 1e-5
    assert real.samples[:, 0, 0, ::2].abs().max() == 0
    means = torch.stack([real.samples[real.labels == kind].mean((0, 1)) for kind in range(6)])
    assert torch.pdist(means.flatten(1)).min() > 0.1


def clip(folder, loop="wrap", frames=5):
    pose = np.array(STANDING)
    rows = []
    for frame in range(frames):
        sign = -1 if frame % 2 else 1  # q and -q are one rotation
        row = pose.copy()
        row[0], row[3:39] = 0.1 * frame, 2 * sign * row[3:39]  # not of length 1, as in the clip of a kick
        balls = iter(np.split(row[3:39], 9))
        hinges = iter(row[39:])
        parts = [next(balls) if joint in BALLS else [next(hinges)] for joint in range(13)]
        rows.append([0.1, *row[:3], *np.concatenate(parts)])
    path = folder / "humanoid3d_slow_walk.txt"
    path.write_text(json.dumps({"Loop": loop, "Frames": rows}))
    return path


def test_a_clip_that_goes_round_goes_on(tmp_path):
    times, poses, wraps = motions.read(clip(tmp_path))
    assert wraps and times[-1] == pytest.approx(0.4)
    np.testing.assert_allclose(poses[:, 3:39], np.tile(STANDING[3:39], (5, 1)))
    made = motions.windows(times, poses, wraps, np.array([0, 0.5]))
    np.testing.assert_allclose(np.diff(made[..., 0]), 0.05, atol=1e-9)  # 1 m/s, 20 frames a second, no jump
    assert motions.name(tmp_path / "humanoid3d_slow_walk.txt") == "slow walk"


def test_a_clip_shorter_than_the_window_rests_at_its_end(tmp_path):
    made = motions.windows(*motions.read(clip(tmp_path, "none")), np.array([0, 0.5]))
    assert made[:, -1, 0] == pytest.approx(0.4)
    assert (np.diff(made[:, 8:, 0]) == 0).all()


@pytest.mark.parametrize("text", ["no clip", "{}", '{"Frames": [[1, 2, 3]]}', "[]"])
def test_what_is_no_clip_is_said(tmp_path, text):
    path = tmp_path / "clip.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"clip\.txt is no motion clip: it needs 'Frames' of 44 numbers each"):
        motions.read(path)


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(motions, "find_spec", lambda package: None)
    with pytest.raises(ModuleNotFoundError, match=r"come with the package pybullet.*gan_lessons\[motions\]"):
        motions.clips(np.array([0.0]))
    with pytest.raises(ValueError, match="no motions 'films'; the known sources are clips, exercises"):
        motions.load("films")


def test_scores_see_through_cheats(real):
    fresh = scores.motion_scores(motions.load("exercises", held_out=True, each=40).samples, real)
    found = {name: scores.motion_scores(made, real) for name, made in scores.cheats(real, 100).items()}
    assert fresh.motions == 6 and fresh.nearest < 0.05 and fresh.under_floor < 1e-4
    assert found["copies"].copies == 1 and found["copies"].nearest < 1e-4
    assert found["averages of two"].bone_error > 0.02 > 1e-5 > fresh.bone_error
    assert found["averages of two"].nearest > 2 * fresh.nearest
    assert found["shuffled"].acceleration_over_real > 5
    assert found["still"].acceleration_over_real == 0
    one = scores.motion_scores(real.samples[:5], real)
    assert one.motions == 1 and one.entropy == 0
    assert scores.motion_scores(real.samples - torch.tensor([0, 0.2, 0]), real).under_floor == pytest.approx(0.2)
    with pytest.raises(ValueError, match=r"Motions are \[count, 24, 18, 3\]"):
        scores.motion_scores(torch.zeros(3, 24, 17, 3), real)


def test_a_foot_slides_as_fast_as_it_crosses_the_floor():
    still = Skeleton()(torch.tensor(STANDING)).expand(2, 24, 18, 3) - torch.tensor([0, 0.05, 0])  # toes at 1.9 cm
    assert scores.sliding(still) == 0
    pushed, lifted = still.clone(), still.clone()
    pushed[..., FEET[0], 2] += 0.7 / motions.RATE * torch.arange(24)  # one of the feet, at 0.7 m/s
    assert scores.sliding(pushed) == pytest.approx(0.35)
    assert scores.floor_speeds(pushed).max().item() == pytest.approx(0.7, abs=1e-4)
    lifted[..., FEET[0], :] = pushed[..., FEET[0], :] + torch.tensor([0, 0.1, 0])  # it may go where it likes in the air
    assert scores.sliding(lifted) == 0
    assert scores.sliding(still + torch.tensor([0, 1.0, 0])) == 0  # no foot on the floor


def test_networks_fit_each_other():
    made = MotionGenerator(8, 4)(torch.randn(8, 8))
    assert made.shape == (8, 24, 18, 3)
    torch.testing.assert_close((made[..., 1, :] - made[..., 0, :]).norm(dim=-1), BONES[0].expand(8, 24))
    torch.testing.assert_close(made[..., 1].amin((1, 2)), torch.zeros(8))  # the lowest joint touches the floor
    assert MotionDiscriminator(4)(made).shape == (8,)


def test_the_recipe_learns_and_is_scored():
    recipe = replace(recipes.find("motions"), steps=3, batch=8, width=4)
    gan = recipe.build()
    assert [record.step for record in recipe.train(gan, recipe.data())] == [1, 2, 3]
    assert recipe.score(gan)["bone_error"] < 1e-5
    assert len(recipe.sheet(gan).axes) == 12


@pytest.mark.skipif(not motions.found(), reason="needs pip install -e '.[motions]'")
def test_the_clips():
    known = motions.load(each=20)
    assert len(known.names) == 15 and {"walk", "kick", "backflip"} < {*known.names}
    assert scores.bone_error(known.samples) < 1e-5
    assert known.samples[:, :, FEET, 1].min() > -0.2


def test_the_command_says_what_to_install():
    missing = ModuleNotFoundError("The clips come with the package pybullet: pip install it.")
    assert sentence(missing) == str(missing)
