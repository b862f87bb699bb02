"""Super-resolution: pairs made on the spot, networks that shrink back to their input, scores, and large pictures."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import avg_pool2d, interpolate

from gan_lessons import reconstruction, upscaling
from gan_lessons.data import photographs
from gan_lessons.data.photographs import Photographs, blurred
from gan_lessons.data.sources import Batch
from gan_lessons.judges import photographs as judge
from gan_lessons.metrics import superres
from gan_lessons.networks.superres import SubPixel, SuperDiscriminator, SuperResolution, between, consistent, enlarged
from gan_lessons.recipes.superres import L1, LONG, Superres, replace


def noise(count: int = 4, side: int = 32) -> torch.Tensor:
    return 2 * torch.rand(count, 3, side, side, generator=torch.Generator().manual_seed(0)) - 1


def lively(**options) -> SuperResolution:
    """A small network that adds to the bicubic picture so much that it shows."""
    torch.manual_seed(0)
    network = SuperResolution(width=8, blocks=2, **options).eval().requires_grad_(False)
    for weight in network.parameters():
        if not weight.any():
            torch.nn.init.normal_(weight, std=0.1)
    network.last.weight.mul_(10)
    return network


# Photographs


def test_no_picture_is_both_learnt_and_held_out() -> None:
    learnt, unseen = photographs.load(), photographs.load(held_out=True)
    assert len(learnt) == 12 and len(unseen) == 3 and not learnt.keys() & unseen.keys()
    for pixels in (*learnt.values(), *unseen.values()):
        assert pixels.dtype == torch.uint8 and pixels.shape[0] == 3 and min(pixels.shape[1:]) >= 300


def test_pairs_are_patches_and_what_they_shrink_to() -> None:
    source = Photographs(photographs.load(held_out=True), 32, 4, stride=64)
    real, small = source.batch(torch.tensor([0, 1, 11, len(source) - 1]))
    assert real.shape == (4, 3, 32, 32) and -1 <= real.min() < real.max() <= 1
    torch.testing.assert_close(avg_pool2d(real, 4), small)
    first = source.batch(torch.arange(8)).real.flatten(1)
    assert len(first.unique(dim=0)) == 8 and torch.equal(
        *first.sort(1).values.unique(dim=0)[[0, -1]]
    )  # one patch, eight ways
    assert source.all().real.shape[0] == len(source) // 8


def test_flat_patches_are_left_out_and_no_picture_dominates() -> None:
    half = torch.zeros(3, 64, 128, dtype=torch.uint8)
    half[:, :, :64] = (noise(1, 64)[0] * 127 + 128).byte()
    assert len(Photographs({"half": half}, 32, stride=32)) == 8 * 4
    assert len(Photographs({"half": half}, 32, stride=32, most=3)) == 8 * 3
    with pytest.raises(ValueError, match="all patches are flat"):
        Photographs({"black": torch.zeros(3, 64, 64, dtype=torch.uint8)}, 32)
    with pytest.raises(ValueError, match="these pictures are smaller: tiny"):
        Photographs({"tiny": torch.zeros(3, 16, 64, dtype=torch.uint8)}, 32)


def test_a_blur_has_its_deviation() -> None:
    spike = torch.zeros(2, 1, 65, 65)
    spike[:, :, 32, 32] = 1
    places = torch.arange(65.0) - 32
    for spread, wanted in zip(blurred(spike, torch.tensor([1.5, 5.0])).sum((1, 2)), (1.5, 5.0), strict=True):
        assert float((spread * places.square()).sum().sqrt()) == pytest.approx(wanted, rel=0.05)
        assert float(spread.sum()) == pytest.approx(1, abs=1e-4)


def test_real_spoiling_is_worse_than_shrinking_and_differs_each_time() -> None:
    torch.manual_seed(0)
    sharp = Photographs(photographs.load(held_out=True), 64, stride=128).all().real
    shrunk, one, other = avg_pool2d(sharp, 4), photographs.real(sharp, 4), photographs.real(sharp, 4)
    assert one.shape == shrunk.shape and one.min() >= -1 and one.max() <= 1
    assert 0.01 < (one - shrunk).abs().mean() < 0.15 and not torch.equal(one, other)
    levels = (one + 1) * 127.5
    torch.testing.assert_close(levels, levels.round(), atol=1e-3, rtol=0)  # it went through a file
    with pytest.raises(ValueError, match="area, real"):
        photographs.degradation("none")


def test_pictures_of_ones_own(tmp_path: Path) -> None:
    for index in range(6):
        Image.fromarray(np.full((40, 50, 3), 30 * index, np.uint8)).save(tmp_path / f"{index}.png")
    (tmp_path / "notes.png").write_text("no picture", "utf-8")
    learnt, unseen = (photographs.load(str(tmp_path), held_out) for held_out in (False, True))
    assert sorted(unseen) == ["0.png", "5.png"] and sorted(learnt) == ["1.png", "2.png", "3.png", "4.png"]
    assert learnt["4.png"].shape == (3, 40, 50) and int(learnt["4.png"].max()) == 120
    (tmp_path / "one").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "one" / "a.png")
    with pytest.raises(ValueError, match="Two photographs are needed"):
        photographs.load(str(tmp_path / "one"))


# Networks


def test_four_equal_kernels_make_no_checkerboard() -> None:
    torch.manual_seed(0)
    made = SubPixel(6, 4)(torch.randn(2, 6, 5, 5))
    assert made.shape == (2, 4, 10, 10)
    torch.testing.assert_close(made, interpolate(made[..., ::2, ::2], scale_factor=2))


@pytest.mark.parametrize("scale", [2, 4])
def test_what_is_made_shrinks_back_to_its_input(scale: int) -> None:
    small = 0.8 * noise(2, 12)
    free, exact = lively(scale=scale, exact=False), lively(scale=scale)
    assert exact(None, small).shape == (2, 3, 12 * scale, 12 * scale)
    torch.testing.assert_close(avg_pool2d(exact(None, small), scale), small)
    assert (avg_pool2d(free(None, small), scale) - small).abs().mean() > 0.01
    with pytest.raises(ValueError, match="power of two"):
        SuperResolution(3)


def test_the_projection_brings_every_picture_nearer_to_the_truth() -> None:
    truth, guess = noise(), noise().flip(0)
    small = avg_pool2d(truth, 4)
    nearer = consistent(guess, small)
    assert ((nearer - truth).square().sum((1, 2, 3)) < (guess - truth).square().sum((1, 2, 3))).all()
    torch.testing.assert_close(consistent(nearer, small), nearer)
    torch.testing.assert_close(consistent(truth, small), truth)


def test_the_discriminator_sees_the_small_picture_too() -> None:
    network, picture = SuperDiscriminator(width=4), noise(2, 64)
    assert network(picture, noise(2, 16)).shape == (2, 1, 8, 8)
    assert not torch.equal(network(picture, noise(2, 16)), network(picture, -noise(2, 16)))


def test_between_two_networks() -> None:
    first, second = lively(), SuperResolution(width=8, blocks=2)
    for share, end in ((0.0, first), (1.0, second)):
        made = between(first, second, share)
        assert all(map(torch.equal, made.parameters(), end.parameters()))
    middle = between(first, second, 0.5).first.weight
    torch.testing.assert_close(middle, (first.first.weight + second.first.weight) / 2)


# Losses and scores


def test_a_distance_of_maps_by_hand() -> None:
    first = [torch.tensor([[[[3.0]], [[4.0]]]]), torch.tensor([[[[1.0]], [[0.0]]]])]
    second = [torch.tensor([[[[6.0]], [[8.0]]]]), torch.tensor([[[[0.0]], [[1.0]]]])]
    torch.testing.assert_close(reconstruction.feature_distance(first, second), torch.tensor([2.0]), atol=1e-4, rtol=0)


def test_the_perceptual_loss_sees_blur_and_has_a_slope() -> None:
    sharp = Photographs(photographs.load(held_out=True), 64, stride=256).all().real[:4]
    loss = reconstruction.together(reconstruction.l1(0), reconstruction.perceptual(2.0))
    found = [loss(None, blurred(sharp, torch.full((4,), width)), Batch(sharp)) for width in (0.1, 1.0, 3.0)]
    values = [float(each["perceptual"]) for each in found]
    assert values[0] < 0.05 < values[1] < values[2] and found[0].keys() == {"l1", "perceptual"}
    fake = sharp.clone().requires_grad_()
    loss(None, fake * 0.9, Batch(sharp))["perceptual"].backward()
    assert fake.grad is not None and bool(fake.grad.any())


def test_the_judge_sees_what_people_see() -> None:
    """Blur and noise, the more the farther; hardly a change of light; another picture farther than any."""
    sharp = Photographs(photographs.load(held_out=True), 64, stride=128).all().real
    torch.manual_seed(0)

    def far(fake: torch.Tensor) -> float:
        return superres.judged_distance(sharp, fake)

    blurs = [far(blurred(sharp, torch.full((len(sharp),), width))) for width in (0.5, 1.0, 2.0)]
    noises = [far(sharp + size * torch.randn_like(sharp)) for size in (0.02, 0.05, 0.1)]
    assert far(sharp) == 0 and blurs == sorted(blurs) and noises == sorted(noises)
    assert far(sharp + 0.05) < 0.2 * blurs[1] and far(sharp.roll(1, 0)) > blurs[2]


def test_the_judge_knows_the_pictures_that_it_learnt() -> None:
    source = Photographs(photographs.load(), 64, stride=64, most=20)
    real = source.all().real
    torch.manual_seed(0)
    with torch.inference_mode():
        read = judge.load()(judge.disguised(real)).argmax(1)
    right = (read == torch.tensor([place[0] for place in source.places])).float().mean()
    assert right > 0.4  # by chance .08


def test_damaged_weights_of_the_judge_are_told(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"none")
    with pytest.raises(ValueError, match="damaged"):
        judge.load(tmp_path / "weights")


def test_scores_of_bicubic_and_of_the_truth() -> None:
    real = Photographs(photographs.load(held_out=True), 64, stride=100).all().real
    small = avg_pool2d(real, 4)
    found = superres.scores(real, enlarged(small, 4), small)
    assert 20 < found["psnr"] < 35 and 0.4 < found["ssim"] < 0.95 and found["spectrum_db"] > 5
    perfect = superres.scores(real, real.clone(), small)
    assert perfect["ssim"] == pytest.approx(1) and perfect["spectrum_db"] == perfect["feature_distance"] == 0
    assert perfect["shrunk_back"] < 1e-3 < found["shrunk_back"]
    off = real.clamp(-0.9, 0.9) + 0.1  # by .1 of a range of 2
    assert superres.psnr(real.clamp(-0.9, 0.9), off) == pytest.approx(20 * np.log10(20), abs=1e-3)


# The recipe

SMALL = replace(L1, steps=5, batch=8, size=32, width=8, blocks=1, discriminator_width=4)


def test_training_brings_pictures_closer() -> None:
    recipe = replace(L1, steps=150, batch=8, width=16, blocks=1, learning_rate=3e-3, average_decay=0.9)
    real, small = recipe.pairs()
    gan = recipe.build()
    for _ in recipe.train(gan, recipe.data()):
        pass
    made = recipe.samples(gan, small).float()
    assert superres.psnr(real, made) > superres.psnr(real, consistent(enlarged(small, 4), small)) + 0.1


@pytest.mark.parametrize("adversarial", [False, True])
def test_the_discriminator_learns_only_where_it_is_asked(adversarial: bool) -> None:
    recipe: Superres = replace(SMALL, adversarial=adversarial)
    gan = recipe.build()
    before = copy.deepcopy(gan.discriminator.state_dict())
    for _ in recipe.train(gan, recipe.data()):
        pass
    moved = any(not torch.equal(weight, before[name]) for name, weight in gan.discriminator.state_dict().items())
    assert moved == adversarial
    assert recipe.samples(gan, 3).shape == (3, 3, 32, 32) and recipe.sheet(gan).axes
    assert recipe.score(gan)["shrunk_back"] < 1


def test_spoilt_pictures_need_not_be_kept() -> None:
    recipe = replace(SMALL, kind="real", steps=2)
    gan = recipe.build()
    assert not gan.generator.exact
    for record in recipe.train(gan, recipe.data()):
        assert float(record.extra["l1"]) > 0


# Large pictures


@pytest.fixture(scope="module")
def enlarger() -> SuperResolution:
    return lively()


def test_tiles_have_no_seams(enlarger: SuperResolution, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = ((noise(1, 90)[0] + 1) * 127.5).byte()[:, :70]
    whole = upscaling.upscaled(picture, enlarger)
    monkeypatch.setattr(upscaling, "TILE", 32)
    tiles = upscaling.upscaled(picture, enlarger)
    assert whole.shape == (3, 280, 360) and whole.dtype == torch.uint8
    assert (whole.int() - tiles.int()).abs().max() <= 1  # of rounding


def test_no_network_sees_farther_than_the_tiles_overlap() -> None:
    torch.manual_seed(0)
    network = SuperResolution()
    for weight in network.parameters():
        if not weight.any():
            torch.nn.init.normal_(weight, std=0.1)
    small = torch.zeros(1, 3, 65, 65, requires_grad=True)
    network(None, small)[0, :, 128:132, 128:132].sum().backward()
    assert small.grad is not None
    seen = small.grad[0].abs().sum((0, 1)).nonzero()
    assert int(seen.max()) - 32 <= upscaling.OVERLAP and 32 - int(seen.min()) <= upscaling.OVERLAP


def test_twice_is_four_times_halved(enlarger: SuperResolution) -> None:
    picture = ((0.1 * noise(1, 20)[0] + 1) * 127.5).byte()  # no pixel comes near black or white
    four, two = (upscaling.upscaled(picture, enlarger, scale).float() for scale in (4, 2))
    assert two.shape == (3, 40, 40) and (avg_pool2d(four, 2) - two).abs().max() <= 1.5
    with pytest.raises(ValueError, match="2 or 4 times"):
        upscaling.upscaled(picture, enlarger, 3)
    with pytest.raises(ValueError, match="million pixels"):
        upscaling.upscaled(torch.zeros(3, 1, 1, dtype=torch.uint8).expand(3, 9000, 9000), enlarger)


def test_transparency_and_grey_stay(tmp_path: Path, enlarger: SuperResolution) -> None:
    levels = np.zeros((20, 24, 4), np.uint8)
    levels[:, :12] = (200, 60, 60, 255)
    levels[:, 12:] = (0, 255, 0, 0)  # green that nobody sees
    Image.fromarray(levels).save(tmp_path / "alpha.png")
    made = upscaling.enlarged(tmp_path / "alpha.png", enlarger)
    assert made.mode == "RGBA" and made.size == (96, 80)
    pixels = np.asarray(made).astype(int)
    assert pixels[40, 4, 3] == 255 and pixels[40, -4, 3] == 0
    assert pixels[20:60, 40:48, 1].mean() < 100  # no green came through
    Image.fromarray(levels[..., 0]).save(tmp_path / "grey.png")
    assert upscaling.enlarged(tmp_path / "grey.png", enlarger).mode == "L"
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(tmp_path / "nothing.png")
    assert np.asarray(upscaling.enlarged(tmp_path / "nothing.png", enlarger))[..., 3].max() == 0


def test_what_is_no_picture_is_told(tmp_path: Path, enlarger: SuperResolution) -> None:
    (tmp_path / "text.png").write_text("no picture", "utf-8")
    with pytest.raises(ValueError, match=r"text\.png cannot be enlarged"):
        upscaling.enlarged(tmp_path / "text.png", enlarger)
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="share of invention"):
            upscaling.network(share)
    with pytest.raises(ValueError, match="the known ones are l1, gan"):
        upscaling.stored("none")


def test_the_stored_networks_are_those_of_the_recipe() -> None:
    assert LONG.start == "superres/l1" and LONG.adversarial and not L1.adversarial
