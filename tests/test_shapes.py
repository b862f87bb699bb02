"""Shapes: the family, the tests that it has to pass, their scores, networks in space, meshes, clouds, the renderer."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from gan_lessons import recipes
from gan_lessons.data import clouds, meshes, shapes
from gan_lessons.data.shapes import KINDS
from gan_lessons.metrics import solids
from gan_lessons.metrics.clouds import chamfer, cloud_scores
from gan_lessons.metrics.prints import print_check, walls
from gan_lessons.metrics.shapes import cheats, faults, overlap, shape_scores
from gan_lessons.metrics.silhouettes import faced, hull
from gan_lessons.networks.shapes import (
    CloudDiscriminator,
    VolumeDiscriminator,
    VolumeGenerator,
    doublings,
    even_sphere,
    folded,
    unfolded,
)
from gan_lessons.networks.silhouettes import Silhouettes, silhouettes, smoothed
from gan_lessons.plots.shapes import render, sheet, turntable

KNOWN = 400  # shapes learnt from, here


@pytest.fixture(scope="module")
def real():
    return shapes.drawn(16, 200, seed=7)


# The family


@pytest.mark.parametrize("size", [16, 32])
def test_the_family_passes_its_own_tests(size: int) -> None:
    volumes, kinds = shapes.drawn(size, 60, seed=3)
    assert volumes.shape == (60, 1, size, size, size) and volumes.abs().max() <= 1
    assert faults(volumes, kinds).count("") >= 57
    for other in range(1, 5):  # and nobody else's
        assert faults(volumes, (kinds + other) % 5).count("") <= 2


def test_a_smaller_set_is_part_of_a_larger_one_and_none_is_held_out() -> None:
    few, more = shapes.load(12, 20), shapes.load(12, 40)
    assert torch.equal(few.samples, more.samples[:20]) and few.labels.tolist() == [0, 1, 2, 3, 4] * 4
    held_out = shapes.load(12, 40, held_out=True).samples
    assert torch.cdist(held_out.flatten(1), more.samples.flatten(1)).min() > 0.1
    with pytest.raises(ValueError, match="from 12 to 64 voxels a side, not 7"):
        shapes.load(7)
    with pytest.raises(ValueError, match="no shapes 'boat'; the known kinds are chair"):
        shapes.compose("boat", torch.rand(1, 8))


def test_distances_are_those_of_a_ball() -> None:
    place = shapes.grid(16)
    ball = shapes.turned(place, (0.7**2 - place[0] ** 2).clamp_min(0).sqrt(), -0.7, 0.7)[None]
    far = torch.stack(place).norm(dim=0)[None] - 0.7
    assert ((ball < 0) == (far < 0)).float().mean() > 0.99
    box = shapes.box(place, (0.0, 0.0, 0.0), (0.5, 0.5, 0.5))
    corner = torch.tensor([p[15, 15, 15] for p in place]) - 0.5
    assert box[15, 15, 15] == pytest.approx(float(corner.norm()), abs=1e-5) and box[8, 8, 8] < -0.4


def test_digits_and_outlines_become_solids() -> None:
    digits = shapes.digits(16, 20)
    assert digits.samples.shape == (20, 1, 16, 16, 16) and digits.labels.max() <= 9
    solid = digits.samples > 0
    assert solid.any((1, 2, 3, 4)).all() and not solid[:, :, :, :5].any() and not solid[:, :, :, 11:].any()
    disc = np.hypot(*np.mgrid[-1:1:20j, -1:1:20j]) < 0.7
    blown = shapes.blown_up(disc)
    thick = blown.sum(1)
    assert (blown.any(1) == disc).mean() > 0.95 and thick[10, 10] > thick[10, 4] and thick[10, 10] <= 18
    assert (blown == blown[:, ::-1]).all()


# The tests of the family


def of(kind: str, real) -> np.ndarray:
    return real[0][KINDS.index(kind), 0].numpy() > 0


@pytest.mark.parametrize(
    ("kind", "spoil", "told"),
    [
        ("chair", lambda v: v[:4, 8:, 8:].fill(False), "3 legs"),
        ("chair", lambda v: v[9:].fill(False), "no back"),
        ("table", lambda v: v[:2, 8:, 8:].fill(False), "3 legs"),
        ("table", lambda v: v[1:4, :, 7:9].fill(True), "2 legs"),
        ("lamp", lambda v: v[:, :8].fill(False), ""),
        ("vase", lambda v: v[1:, 6:10, 6:10].fill(True), "not hollow"),
        ("vase", lambda v: v[:3, 6:10, 6:10].fill(False), "no bottom"),
        ("mug", lambda v: v[:, 12:].fill(False), "1 holes"),
        ("mug", lambda v: v.fill(False), "empty"),
        ("vase", lambda v: v[0, 0, :2].fill(True), ""),
    ],
)
def test_spoilt_things_fail(kind: str, spoil, told: str, real) -> None:
    solid = of(kind, real).copy()
    assert solids.fault(solid, kind) == ""
    spoil(solid)
    wrong = solids.fault(solid, kind)
    assert wrong and (told in wrong or "pieces" in wrong or "holes" in wrong), wrong


def test_a_fault_is_found_where_it_lies(real) -> None:
    chair = of("chair", real).copy()
    assert not solids.fault_place(chair, "chair").any()
    chair[1, 8:, 8:] = False  # a leg is sawn through
    place = solids.fault_place(chair, "chair")
    assert place.any() and (place <= chair).all() and set(np.flatnonzero(place.any((1, 2)))) <= {0, 1, 2}
    split = of("chair", real).copy()
    seat = solids.first_broad(split.sum((1, 2)))
    split[seat + 1 :, :, 7:9] = False  # the back is split from the seat upwards, and only where it is tested marked
    assert solids.fault(split, "chair") == "broken back"
    marked = np.flatnonzero(solids.fault_place(split, "chair").any((1, 2)))
    assert marked.min() == seat + solids.clear_of_seat(16) and marked.max() == np.flatnonzero(split.any((1, 2)))[-1]
    vase = of("vase", real).copy()
    vase[0, 0, :2] = vase[12, 0, :2] = True
    assert solids.fault(vase, "vase") == "in pieces"
    assert solids.fault_place(vase, "vase").sum() == 4


def test_euler_counts_holes_and_cavities() -> None:
    block = np.ones((5, 5, 5), bool)
    assert solids.euler(block) == 1
    ring = block.copy()
    ring[2, 2] = False
    assert solids.euler(ring) == 0
    bubble = block.copy()
    bubble[2, 2, 2] = False
    assert solids.euler(bubble) == 2
    measure = pytest.importorskip("skimage.measure")
    random = np.random.default_rng(0).random((6, 7, 8)) > 0.6
    assert solids.euler(random) == measure.euler_number(random, 3)


def test_scores_of_samplers_that_are_known(real) -> None:
    volumes, kinds = real
    perfect = shape_scores(volumes, kinds, KNOWN)
    assert perfect.valid > 0.95 and perfect.kinds == 5 and perfect.one_piece > 0.97
    assert perfect.kind_kl < 0.01 and abs(perfect.copied) < 0.25 and perfect.covered > 0.8
    told_nothing = shape_scores(volumes, None, KNOWN)
    assert told_nothing.valid > 0.95
    one = shape_scores(volumes[kinds == 2], None, KNOWN)
    assert one.kinds == 1 and one.kind_kl == pytest.approx(np.log(5), abs=1e-6) and one.covered < 0.3
    assert shape_scores(volumes, (kinds + 1) % 5, KNOWN).valid < 0.05
    noise = torch.rand(40, 1, 16, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert shape_scores(noise, None, KNOWN).valid == 0
    made = cheats(16, 100, KNOWN)
    found = {name: shape_scores(some, told, KNOWN) for name, (some, told) in made.items()}
    assert found["training shapes again"].copied > 0.9 and found["training shapes again"].nearest == 1
    for name, scores in found.items():
        assert "any two" not in name or scores.valid < 0.45
    with pytest.raises(ValueError, match=r"Shapes are volumes .* these are \[2, 16, 16, 16\]"):
        shape_scores(torch.zeros(2, 16, 16, 16))
    assert overlap(volumes[:1], volumes[:1]).item() == 1 and overlap(volumes[:1] * 0 - 1, volumes[:1]).item() == 0


def test_hulls_of_silhouettes_are_filled_and_face_both_ways(real) -> None:
    volumes = real[0][:5].sign()
    sides = torch.arange(8) * torch.pi / 8
    seen = torch.stack([silhouettes(volumes, side.expand(5))[:, 0] for side in sides], 1)
    hulls = hull(seen, sides)
    assert not ((volumes > 0) & (hulls <= 0)).any(), "a shape lies in its hull"
    chair, table, _, vase, mug = overlap(hulls, volumes).tolist()
    assert min(chair, table) > 0.95 and max(vase, mug) < 0.8
    back = hull(seen.flip(3), -sides)  # the mirrored pictures from the mirrored sides
    assert float(overlap(back.flip(4), hulls).min()) > 0.99
    known = shapes.load(16, 100).samples[:10]
    for turned in (known, known.flip(3, 4), known.transpose(3, 4).flip(3)):  # not, by a half and by a quarter
        torch.testing.assert_close(faced(turned, 100), known, atol=1e-3, rtol=0)


# Networks


def test_blocks_are_channels_and_back() -> None:
    volumes = torch.randn(2, 1, 8, 8, 8)
    assert unfolded(volumes).shape == (2, 8, 4, 4, 4) and unfolded(volumes, 2).shape == (2, 32, 4, 4)
    assert torch.equal(folded(unfolded(volumes)), volumes) and torch.equal(folded(unfolded(volumes, 2)), volumes)
    assert set(unfolded(volumes)[0, :, 0, 0, 0].tolist()) == set(volumes[0, 0, :2, :2, :2].flatten().tolist())


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("size", [8, 16])
def test_pairs_fit(axes: int, size: int) -> None:
    made = VolumeGenerator(6, size, 4, 8, mirrored=True, axes=axes)(torch.randn(4, 6))
    assert made.shape == (4, 1, size, size, size) and made.abs().max() <= 1
    assert torch.equal(made, made.flip(4))
    assert VolumeDiscriminator(size, 4, 8, axes=axes)(made).shape == (4,)
    plain = VolumeGenerator(6, size, 4, 8, axes=axes)(torch.randn(4, 6))
    assert not torch.allclose(plain, plain.flip(4))


def test_sides_that_do_not_double_are_told() -> None:
    assert [doublings(size) for size in (8, 16, 32)] == [1, 2, 3]
    for size in (0, 4, 12, 20):
        with pytest.raises(ValueError, match=f"8, 16, 32 or 64, not {size}"):
            doublings(size)


def test_silhouettes_turn_with_the_shape(real) -> None:
    box = torch.full((1, 1, 16, 16, 16), -1.0)
    box[:, :, 2:8, 3:5, 4:12] = 1  # height 6, depth 2, width 8
    front, side = (silhouettes(box, torch.tensor([angle]))[0, 0] > 0 for angle in (0.0, torch.pi / 2))
    assert front.sum() == 6 * 8 and side.sum() == 6 * 2
    assert front[8:14].any(1).all() and not front[:8].any(), "the top row comes first, and the box stands low"
    volumes = real[0][:5].clone().requires_grad_()
    silhouettes(volumes, torch.rand(5)).sum().backward()
    assert (volumes.grad.abs().sum((1, 2, 3, 4)) > 0).all()
    air = torch.full((1, 1, 16, 16, 16), -1.0)
    assert silhouettes(air, torch.tensor([0.7])).max() == -1


def test_generators_behind_silhouettes_are_smoothed_and_can_still_make_the_shapes(real) -> None:
    """A checkerboard throws the shadow of a block, so that no picture would speak against it."""
    ragged = torch.full((1, 1, 16, 16, 16), -1.0)
    ragged[:, :, 4:12, 4:12, 4:12] = 1 - 2 * (
        torch.stack(torch.meshgrid(*[torch.arange(8)] * 3, indexing="ij")).sum(0) % 2
    )
    block = torch.full_like(ragged, -1.0)
    block[:, :, 4:12, 4:12, 4:12] = 1
    shadows = [silhouettes(each, torch.zeros(1)) > 0 for each in (ragged, block)]
    assert torch.equal(*shadows)
    made = Silhouettes(nn.Identity()).volumes(ragged)
    assert made[:, :, 5:11, 5:11, 5:11].abs().max() < 1e-6, "what alternates is averaged away"
    assert torch.equal(Silhouettes(nn.Identity(), smooth=False).volumes(ragged), ragged)
    volumes = real[0][:50]
    assert overlap(Silhouettes(nn.Identity()).volumes(volumes.sign()), volumes).mean() > 0.8
    assert torch.equal(smoothed(-torch.ones(1, 1, 8, 8, 8)), -torch.ones(1, 1, 8, 8, 8))


def test_the_score_of_a_cloud_has_no_order() -> None:
    network, some = CloudDiscriminator(8, 8).eval(), torch.randn(4, 30, 3)
    torch.testing.assert_close(network(some), network(some[:, torch.randperm(30)]))
    ball = even_sphere(200)
    torch.testing.assert_close(ball.norm(dim=1), torch.ones(200))
    near = torch.cdist(ball, ball).fill_diagonal_(9).amin(1)
    assert near.min() > 0.5 * near.max()


# Recipes


@pytest.mark.parametrize("size", ["cpu", "pictures"])
def test_both_ways_move_both_players_and_every_figure_is_there(size: str) -> None:
    recipe = replace(recipes.find("voxels", size), steps=2, count=100, generator_width=4, discriminator_width=4)
    gan = recipe.build()
    before = [next(player.parameters()).clone() for player in (gan.generator, gan.discriminator)]
    *_, last = recipe.train(gan, recipe.data())
    assert last.step == 2
    for player, old in zip((gan.generator, gan.discriminator), before, strict=True):
        assert not torch.equal(next(player.parameters()), old)
    made = recipe.samples(gan, 10)
    assert made.shape == (10, 1, 16, 16, 16) and torch.equal(made, recipe.samples(gan, 10))
    asked = recipe.samples(gan, torch.tensor([2, 2]), seed=1)
    assert asked.shape == (2, 1, 16, 16, 16) and recipe.class_names() == list(KINDS)
    scores = shape_scores(made, torch.arange(10) % 5, 100)
    assert set(scores._fields) >= {"valid", "kinds", "one_piece"}


def test_told_nothing_there_are_no_classes() -> None:
    recipe = replace(recipes.find("voxels"), told=False, count=50, generator_width=4, discriminator_width=4)
    assert recipe.class_names() == [] and recipe.samples(recipe.build(), 3).shape == (3, 1, 16, 16, 16)


def test_clouds_lie_on_surfaces_and_their_scores_are_known() -> None:
    pytest.importorskip("skimage")
    real, more = clouds.load("table", 12, 64), clouds.load("table", 12, 64, held_out=True)
    assert real.shape == (12, 64, 3) and real.abs().max() < 1 and real[..., 1].min() < -0.8
    distances = chamfer(real, real)
    assert distances.diagonal().abs().max() < 1e-5 and torch.allclose(distances, distances.T, atol=1e-5)
    shifted = real + torch.tensor([0.5, 0, 0])
    fresh, moved, once = (cloud_scores(real, some) for some in (more, shifted, real[:1].expand(12, -1, -1)))
    assert fresh.matching < moved.matching and moved.told_apart > fresh.told_apart
    assert once.coverage == pytest.approx(1 / 12)
    with pytest.raises(ValueError, match="with the same count"):
        cloud_scores(real, real[:3])


# Meshes


def test_surfaces_are_closed_and_come_back(tmp_path, real) -> None:
    pytest.importorskip("skimage")
    trimesh = pytest.importorskip("trimesh")
    volumes = real[0][:5]
    for volume, holes in zip(volumes, (None, None, 0, 0, 1), strict=True):
        mesh = meshes.mesh(volume[None])
        assert mesh.is_watertight and mesh.volume > 0
        assert holes is None or mesh.euler_number == 2 - 2 * holes
    for ending in meshes.ENDINGS:
        file = tmp_path / f"thing{ending}"
        file.write_bytes(meshes.as_file(volumes[:1], ending))
        found = trimesh.load_mesh(file)
        heights = found.bounds[:, 2 if ending == ".stl" else 1]
        assert heights[0] == pytest.approx(0 if ending == ".stl" else -0.9, abs=0.02), ending
        assert ending != ".stl" or 30 < heights[1] < 60, "in mm"
    glb, *others = (meshes.read(tmp_path / f"thing{ending}", 16)[None] for ending in reversed(meshes.ENDINGS))
    assert float(overlap(glb, volumes[:1])) > 0.3 and glb[0, 0, :2].max() > 0
    for other in others:
        assert float(overlap(glb, other)) > 0.9, "whichever way is up in the file"
    corners = meshes.surface(volumes[0]).corners
    assert corners[:, 1].min() == pytest.approx(-0.9, abs=0.02), "height is y"


def test_what_is_no_solid_is_told(tmp_path, real, monkeypatch) -> None:
    pytest.importorskip("skimage")
    trimesh = pytest.importorskip("trimesh")
    with pytest.raises(ValueError, match="This volume is empty"):
        meshes.as_file(torch.full((1, 1, 16, 16, 16), -1.0), ".stl")
    with pytest.raises(ValueError, match=r"one of .stl, .obj, .glb, not as '.doc'"):
        meshes.as_file(real[0][:1], ".doc")
    with pytest.raises(ValueError, match="cannot be read"):
        meshes.read(tmp_path / "gone.stl")
    nonsense = tmp_path / "no.stl"
    nonsense.write_text("no mesh", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no\.stl (is no mesh|holds no triangles)"):
        meshes.read(nonsense)
    box = trimesh.creation.box()
    open_ = tmp_path / "open.obj"
    box.faces = box.faces[:-1]
    box.export(open_)
    with pytest.raises(ValueError, match=r"open\.obj is open: a mesh has to enclose a solid"):
        meshes.read(open_)
    whole = tmp_path / "whole.stl"
    trimesh.creation.box().export(whole)
    assert (meshes.read(whole, 12) > 0).float().mean() > 0.5
    monkeypatch.setattr(meshes, "MOST", 10)
    with pytest.raises(ValueError, match="12 triangles; simplify it to 10 at most"):
        meshes.read(whole)


def test_what_goes_to_a_printer_is_whole_and_stands(real) -> None:
    pytest.importorskip("skimage")
    trimesh = pytest.importorskip("trimesh")
    box = trimesh.creation.box((10, 20, 2))
    checked = print_check(box)
    assert checked.watertight and checked.pieces == 1 and checked.size == pytest.approx((10, 20, 2))
    assert checked.wall == pytest.approx(2) and checked.footprint == pytest.approx(200) and checked.overhang == 0
    assert walls(box).max() <= 20 + 1e-6
    chair = real[0][0].clone()
    chair[0, 15, 0, 0] = 1.0  # a crumb
    seat = int(solids.first_broad((chair[0].numpy() > 0).sum((1, 2))))
    chair[0, seat, 8, 8] = -1.0
    mesh = meshes.mesh(chair[None])
    assert mesh.body_count > 1
    mended = print_check(meshes.printable(chair[None]))
    assert mended.watertight and mended.pieces == 1 and mended.footprint > 50 and 20 < mended.size[2] < 60
    twice = print_check(meshes.printable(chair[None], side=120))
    assert twice.wall == pytest.approx(2 * mended.wall, rel=1e-4)
    two = meshes.printable(torch.stack([chair, chair]))
    assert two.body_count == 2 and two.volume == pytest.approx(2 * meshes.printable(chair[None]).volume, rel=1e-4)


# Pictures


def test_pictures_show_the_shape_from_where_one_stands(real) -> None:
    box = torch.full((1, 1, 16, 16, 16), -1.0)
    box[:, :, 1:12, 6:10, 3:13] = 1
    front, side = (render(box, angle, 0.0, 40) for angle in (0.0, np.pi / 2))
    ink = [(picture[0].min(-1) < 200).sum() for picture in (front, side)]
    assert front.shape == (1, 40, 40, 3) and ink[0] > 1.8 * ink[1]
    empty = render(torch.full((1, 1, 16, 16, 16), -1.0), side=20)
    assert (empty == 255).all()
    first, again, other = (render(real[0][:1], angle, side=32) for angle in (0.6, 0.6, 2.0))
    assert (first == again).all() and (first != other).any()
    marked = render(real[0][:1], side=32, marked=real[0][:1] > 0)
    assert (marked[first.min(-1) < 200] != first[first.min(-1) < 200]).any()
    assert (render(real[0][:1], side=32, marked=real[0][:1] > 2) == first).all()
    assert sheet(np.repeat(first, 3, 0), 2).shape == (64, 64, 3)
    assert len(turntable(real[0][:2], 2, 3, side=16)) == 3
    assert render(real[0][:0], side=16).shape == (0, 16, 16, 3)
