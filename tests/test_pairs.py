"""Pairs of pictures: the book's sets, a reader's own, their figures, the recipe, and `translate`."""

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from gan_lessons import recipes
from gan_lessons.__main__ import main
from gan_lessons.data import drawings, earth, images, packages, pairs
from gan_lessons.metrics import translation
from gan_lessons.recipes.pix2pix import Pix2Pix

# The Earth


def test_sea_and_land_lie_at_the_same_pixels() -> None:
    """Within a tile, blue in one map is blue in the other; sixteen pixels aside they no longer agree as well."""
    some = earth.tiles(64, held_out=True)
    blue = [pixels[:, 2] - pixels[:, 0] for pixels in (some.relief, some.satellite)]
    first, second = (each - each.mean((1, 2), keepdim=True) for each in blue)
    here, aside = (float((first * second.roll(shift, -1)).mean() / (first.std() * second.std())) for shift in (0, 16))
    assert here > 0.5 and here > aside + 0.2


def test_no_meridian_that_is_held_out_is_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told by maps whose red is the number of the strip of 32 pixels that a place lies in."""
    strips = torch.arange(earth.WIDTH).div(32, rounding_mode="floor").expand(earth.HEIGHT, -1)
    whole = torch.stack([strips, strips % 2 * 255, strips]).byte()
    monkeypatch.setattr(earth, "maps", lambda: earth.Window(whole, whole))
    seen = [earth.tiles.__wrapped__(64, held_out).relief[:, 0].unique() for held_out in (False, True)]
    assert len(seen[0]) > 120 and len(seen[1]) == 4 * earth.BAND // 32
    assert not set(seen[0].tolist()) & set(seen[1].tolist())


def test_tiles_of_the_book() -> None:
    known, unseen = earth.tiles(64), earth.tiles(64, held_out=True)
    assert known.satellite.shape[1:] == unseen.satellite.shape[1:] == (3, 64, 64)
    assert len(known.relief) > 3000 and len(unseen.satellite) == earth.UNSEEN
    assert float(unseen.contrast.min()) > float(known.contrast.median())


def test_a_window_of_any_size() -> None:
    nile = earth.window(27, 31, 90, 120)
    assert nile.relief.shape == nile.satellite.shape == (3, 90, 120)
    assert nile.satellite[0].mean() > nile.satellite[2].mean() + 0.1  # desert is yellow
    pacific = earth.window(0, -140, 60)
    assert pacific.satellite[2].mean() > pacific.satellite[0].mean()
    round_the_edge = earth.window(0, 180, 32)
    assert torch.equal(round_the_edge.satellite[..., 16:], earth.window(0, -180, 32).satellite[..., 16:])
    assert earth.window(90, 0, 64).relief.shape == (3, 64, 64)  # moved away from the pole
    with pytest.raises(ValueError, match="no place at 91° north"):
        earth.window(91, 0)
    with pytest.raises(ValueError, match="no window of"):
        earth.window(0, 0, 3000)


def test_too_large_a_tile() -> None:
    with pytest.raises(ValueError, match="8 to 320"):
        earth.tiles(400)


# Drawings


def test_lines_are_grey_and_lie_where_the_colours_end() -> None:
    line, colour = drawings.coloured(32)
    assert line.shape[1:] == (1, 32, 32) and colour.shape[1:] == (3, 32, 32) and len(line) == len(colour) > 1500
    ink = line[:, 0] < -0.9
    assert float(colour.mean(1)[ink].median()) < -0.9  # what is black stays so, but for what is laid over it
    assert translation.chroma(colour) > 0.05


def test_twins_are_left_out() -> None:
    line = drawings.coloured(32).line.flatten(1)
    nearest = torch.cdist(line[:400], line[:400], p=1) / line.shape[1] + 9 * torch.eye(400)
    assert float(nearest.min()) > 0.9 * drawings.TWIN
    grey = np.full((32, 32, 3), 255, np.uint8)
    first, twin, other, empty = grey.copy(), grey.copy(), grey.copy(), grey
    first[4:20, 4:20], twin[4:20, 4:20], other[20:30, 2:30] = 0, 9, 0
    assert drawings.distinct([first, twin, empty, other]) == [0, 3]


def test_two_designers_draw_the_same_and_not_alike() -> None:
    ours, noto = drawings.by_two(32)
    assert ours.shape == noto.shape and len(ours) > 1000
    matched, others = ((ours - noto.roll(shift, 0)).abs().mean() for shift in (0, 1))
    assert 0.1 < float(matched) < 0.9 * float(others)


def test_drawings_that_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda package: None)
    with pytest.raises(ModuleNotFoundError, match="manimgx_fonts"):
        drawings.by_two(20)


# Pairs by name


@pytest.mark.parametrize(
    ("name", "size", "channels"), [("earth", 64, (3, 3)), ("emoji", 32, (1, 3)), ("noto", 32, (1, 1))]
)
def test_pairs_by_name(name: str, size: int, channels: tuple[int, int]) -> None:
    found = pairs.load(name, size)
    assert found.inputs.shape == (len(found), channels[0], size, size)
    assert found.targets.shape == (len(found), channels[1], size, size)
    assert len(found.unseen_inputs) == len(found.unseen_targets) == 256
    assert re.search("CC BY-SA|OFL|MIT", found.credit)
    turned = found.turned()
    assert turned.inputs is found.targets and turned.names == found.names[::-1]
    batch = found.source().batch(torch.tensor([3, 1]))
    assert torch.equal(batch.real, found.targets[[3, 1]]) and torch.equal(batch.condition, found.inputs[[3, 1]])


def test_contrast_is_drawn_more_often() -> None:
    found = pairs.load("earth", 64)
    assert found.weights is not None
    torch.manual_seed(0)
    drawn = found.draw()(found.source(), 2000, torch.device("cpu"))
    assert float(found.weights[drawn].mean()) > 1.3 * float(found.weights.mean())


def test_names_that_are_not_known() -> None:
    with pytest.raises(ValueError, match="no set of pairs 'mars'; the sets are earth, pen, emoji, noto"):
        pairs.load("mars", 32)
    with pytest.raises(ValueError, match="multiple of 4"):
        pairs.load("earth", 30)


def test_a_folder_called_as_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "noto").mkdir()
    with pytest.raises(ValueError, match=r"give ./noto or book:noto"):
        pairs.load("noto", 16)


# Pairs of one's own


def picture(width: int = 24, height: int = 24, mode: str = "RGB", seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8)).convert(mode)


@pytest.fixture
def two_folders(tmp_path: Path) -> Path:
    for side in ("input", "target"):
        (tmp_path / side).mkdir()
        for place in range(12):
            picture(seed=place).point(lambda level, side=side: 255 - level if side == "target" else level).save(
                tmp_path / side / f"{place}.png"
            )
    return tmp_path


def negative(found: pairs.Pairs) -> bool:
    """Whether each target is its input's negative."""
    return all(
        torch.allclose(first, -second, atol=3e-2)
        for first, second in ((found.inputs, found.targets), (found.unseen_inputs, found.unseen_targets))
    )


def test_two_folders(two_folders: Path) -> None:
    found = pairs.load(str(two_folders), 16)
    assert len(found) == 10 and len(found.unseen_inputs) == 2 and found.names == ("input", "target") and negative(found)
    assert str(found.found) == "12 pairs, input to target, scaled to 16 × 16 pixels."


def test_side_by_side(tmp_path: Path) -> None:
    for place in range(10):
        left = picture(seed=place)
        both = Image.new("RGB", (48, 24))
        both.paste(left, (0, 0))
        both.paste(left.point(lambda level: 255 - level), (24, 0))
        both.save(tmp_path / f"{place}.png")
    found = pairs.load(str(tmp_path), 16)
    assert found.names == ("left", "right") and negative(found)


def test_grey_and_alpha_are_simply_right(two_folders: Path) -> None:
    picture(mode="L").save(two_folders / "input/3.png")
    clear = Image.new("RGBA", (24, 24), (255, 0, 0, 0))
    clear.save(two_folders / "target/3.png")
    found = pairs.load(str(two_folders), 16)
    every = torch.cat([found.targets, found.unseen_targets])
    assert any(bool((target == 1).all()) for target in every)  # what shows through is white


def test_other_endings_are_twins_too(two_folders: Path) -> None:
    picture().save(two_folders / "target/3.bmp")
    (two_folders / "target/3.png").unlink()
    assert len(pairs.load(str(two_folders), 16)) == 10


def spoil(change: str, root: Path) -> None:
    match change:
        case "number":
            (root / "target/7.png").unlink()
        case "name":
            (root / "target/7.png").rename(root / "target/seven.png")
        case "size":
            picture(30, 24).save(root / "input/7.png")
        case "small":
            for side in ("input", "target"):
                picture(10, 10).save(root / side / "7.png")
        case "twice":
            picture().save(root / "input/7.bmp")
        case "third":
            (root / "more").mkdir()
            picture().save(root / "more/7.png")
        case "few":
            for place in range(5):
                for side in ("input", "target"):
                    (root / side / f"{place}.png").unlink()
        case "broken":
            for place in range(5):
                (root / f"input/{place}.png").write_bytes(b"no picture")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("number", r"1 picture in input \(7.png\) has no twin in target"),
        ("name", r"1 picture in input \(7.png\) has no twin in target"),
        ("size", "input/7.png 30 × 24 and target/7.png 24 × 24 pixels do not fit"),
        ("small", "10 × 10 pixels is too small for pairs of 16 × 16"),
        ("twice", "In input some pictures differ in their ending alone"),
        ("third", "has 3 folders"),
        ("few", "At least 10 pairs are needed; .* has 7"),
        ("broken", "has 7. Skipped: broken, or not a picture"),
    ],
)
def test_pairs_that_are_none(change: str, sentence: str, two_folders: Path) -> None:
    spoil(change, two_folders)
    with pytest.raises(ValueError, match=sentence):
        pairs.load(str(two_folders), 16)


def test_an_odd_width(tmp_path: Path) -> None:
    picture(49, 24).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"a\.png is 49 pixels wide"):
        pairs.load(str(tmp_path), 16)


# Figures on samplers whose score is known


@pytest.fixture(scope="module")
def truth() -> Tensor:
    return torch.rand(40, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_the_truth_scores_best(truth: Tensor) -> None:
    found = translation.scores(truth, truth)
    assert found["l1"] == found["spectrum_db"] == found["chroma_error"] == 0 and found["nearest"] == 1
    assert found["told_apart"] <= 0.5


def test_distance_and_nearest(truth: Tensor) -> None:
    assert translation.distance(truth, truth + 0.25) == pytest.approx(0.25, abs=1e-5)
    half = torch.cat([truth[:20], truth[20:].roll(1, 0)])
    assert translation.nearest_is_true(truth, half) == 0.5


def test_ink() -> None:
    white = torch.ones(3, 1, 8, 8)
    left, upper = white.clone(), white.clone()
    left[..., :4], upper[:, :, :4] = -1, -1
    assert translation.ink_overlap(left, left) == translation.ink_overlap(white, white) == 1
    assert translation.ink_overlap(left, upper) == pytest.approx(1 / 3)
    assert translation.ink_overlap(left, -left) == 0


def test_chroma(truth: Tensor) -> None:
    red = torch.tensor([1.0, -1, -1])[:, None, None].expand(2, 3, 4, 4)
    assert translation.chroma(red) == 1 and translation.chroma(red.mean(1, keepdim=True).expand_as(red)) == 0
    assert translation.chroma_error(truth, truth / 2) == pytest.approx(0.5, abs=1e-5)
    grey = torch.zeros(2, 3, 4, 4)
    assert translation.chroma_error(grey, red) == float("inf") and translation.chroma_error(grey, grey) == 0


def test_flatness(truth: Tensor) -> None:
    assert translation.flatness(torch.zeros(2, 3, 8, 8)) == 1 and translation.flatness(truth) < 0.1
    stripes = torch.zeros(1, 1, 4, 4)
    stripes[..., ::2] = 1
    assert translation.flatness(stripes) == 0.5


def test_baselines() -> None:
    known, inputs = torch.randn(9, 1, 8, 8), torch.randn(4, 1, 8, 8)
    targets = torch.randn(9, 3, 8, 8)
    found = translation.baselines(torch.randn(4, 3, 8, 8), known[[2, 5, 5, 0]] + 0.01 * inputs, known, targets)
    assert torch.equal(found["nearest"], targets[[2, 5, 5, 0]])
    assert found["identity"].shape == found["shuffled"].shape == (4, 3, 8, 8)


# The recipe and the command


def small(source: str) -> Pix2Pix:
    return replace(recipes.find("pix2pix", source=source), size=16, steps=30, batch=8, generator_width=4)


@pytest.fixture
def unwatched(two_folders: Path) -> str:
    """A folder whose pictures have something to be learnt: a disc and its negative."""
    y, x = np.mgrid[:24, :24]
    for place in range(12):
        disc = ((y - 12) ** 2 + (x - 6 - place) ** 2 < 40).astype(np.uint8) * 255
        Image.fromarray(disc).save(two_folders / f"input/{place}.png")
        Image.fromarray(255 - disc).save(two_folders / f"target/{place}.png")
    return str(two_folders)


def test_it_learns_a_readers_own_pairs(unwatched: str) -> None:
    recipe = replace(small(unwatched), steps=120, added=False, l1_weight=20.0)
    gan = recipe.build()
    before = recipe.score(gan)["l1"]
    for record in recipe.train(gan, recipe.data()):
        assert set(record.extra) == {"l1"}
    assert recipe.score(gan)["l1"] < 0.7 * before
    assert recipe.baselines()["identity"]["l1"] > 1
    assert recipe.sheet(gan) is not None
    assert recipe.found().endswith("10 pairs, input to target, and 2 held out.")


def test_l1_alone_asks_no_discriminator(unwatched: str) -> None:
    recipe = replace(small(unwatched), adversarial=False)
    gan = recipe.build()
    before = [weight.clone() for weight in gan.discriminator.parameters()]
    *_, last = recipe.train(gan, recipe.data())
    assert all(map(torch.equal, before, gan.discriminator.parameters()))
    assert float(last.discriminator_loss) == 0


def test_what_is_made_follows_the_input_and_the_count(unwatched: str) -> None:
    recipe = small(unwatched)
    gan, unseen = recipe.build(), recipe.pairs().unseen_inputs
    assert torch.equal(recipe.samples(gan, 3), recipe.samples(gan, unseen[[0, 1, 0]]))


def test_translate_takes_any_picture(unwatched: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, out = tmp_path / "run", tmp_path / "made.png"
    words = ["--set", "size=16", "--set", "generator_width=4", "--batch", "8", "--device", "cpu"]
    assert (
        main(["train", "pix2pix", "--size", "cpu", "--data", unwatched, "--steps", "4", *words, "--out", str(run)]) == 0
    )
    capsys.readouterr()
    for mode, size in (("RGB", (70, 45)), ("L", (9, 33)), ("RGBA", (30, 30)), ("1", (64, 64))):
        image = Image.new("RGBA", size, (255, 0, 0, 0)) if mode == "RGBA" else picture(*size, mode=mode)
        image.save(tmp_path / "own.png")
        assert main(["translate", str(run), str(tmp_path / "own.png"), "--out", str(out)]) == 0
        with Image.open(out) as made:
            assert made.size == size and made.mode == "RGB"
    assert "made.png: 64 × 64 pixels by pix2pix/cpu@1." in capsys.readouterr().out


def test_what_cannot_be_translated_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.png").write_bytes(b"no picture")
    file = io.BytesIO()
    picture().save(file, "png")
    (tmp_path / "own.png").write_bytes(file.getvalue())
    for words, sentence in {
        ("digits", "own.png"): "digits/long@2 translates no pictures",
        ("digits", "own.png", "--out", "a.gif"): "--out ends in one of .png, .jpg, .jpeg, .webp, not 'a.gif'",
        ("nothing", "own.png"): "no such result is stored",
    }.items():
        what, name, *more = words
        assert main(["translate", what, str(tmp_path / name), *more]) == 1
        assert sentence in capsys.readouterr().err


def test_sets_of_pairs_are_no_sets_of_images() -> None:
    assert not set(pairs.KNOWN) - {"emoji"} & set(images.KNOWN)
