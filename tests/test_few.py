"""The recipe of few pictures: folders of any kind, augmentation, beginning from a run, its figures, and bad input."""

import json
from dataclasses import replace

import pytest
import torch
from PIL import Image

from gan_lessons import recipes
from gan_lessons.__main__ import main
from gan_lessons.checkpoints import save_checkpoint
from gan_lessons.data import avatars, packages
from gan_lessons.metrics import few
from gan_lessons.networks.augmentation import Augmented

TINY = replace(recipes.find("few"), steps=2, size=16, generator_width=4, discriminator_width=4)


@pytest.fixture
def folder(tmp_path):
    """Forty odd pictures: sizes, kinds and colours mixed, and one file that is none."""
    place = tmp_path / "mine"
    place.mkdir()
    for number in range(40):
        mode, ending = [("RGB", "png"), ("L", "jpg"), ("RGBA", "png"), ("P", "gif")][number % 4]
        picture = Image.new("RGB", (20 + number, 45 - number // 2), (6 * number, 255 - 5 * number, 90))
        picture.paste((0, 0, 0), (0, 0, number % 7 + 3, 9))
        picture.convert(mode).save(place / f"{number}.{ending}")
    (place / "notes.txt").write_text("no picture", "utf-8")
    return place


def trained(recipe):
    gan = recipe.build()
    records = list(recipe.train(gan, recipe.data()))
    return gan, records


@pytest.mark.parametrize("augmentation", ["none", "diffaugment", "adaptive"])
def test_training_moves_both_players_and_every_figure_is_there(augmentation):
    recipe = replace(TINY, augmentation=augmentation)
    fresh = recipe.build()
    gan, records = trained(recipe)
    for player in ("generator", "discriminator"):
        before, after = (list(getattr(one, player).parameters()) for one in (fresh, gan))
        moved = [not torch.equal(a, b) for a, b in zip(before, after, strict=True) if a.dim() > 1]
        assert moved and all(moved)
    assert isinstance(gan.discriminator, Augmented)
    assert ("overfitting" in records[0].extra) == (augmentation == "adaptive")
    assert gan.discriminator.augmentation.probability == (augmentation != "adaptive")
    assert list(recipe.score(gan)) == [
        "frechet_fraction", "novelty", "unseen_distance", "clear_share", "copied_share", "new_share",
        "held_out_gap",
    ]  # fmt: skip
    assert "David Revoy" in recipe.sheet(gan).axes[0].get_title(loc="right")


def test_known_and_held_out_pictures_are_apart(folder):
    known, unseen = replace(TINY, source=str(folder)).parts()
    assert (len(known), len(unseen)) == (32, 8)
    assert float(torch.cdist(known.pixels.flatten(1), unseen.pixels.flatten(1)).min()) > 0
    known, unseen = TINY.parts()
    assert (len(known), len(unseen)) == (64, 500)
    assert torch.equal(known.pixels, avatars.load("cats", 16, 64).pixels())


def test_a_folder_is_learnt_reported_and_drawn_from(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = "train few --data mine --image-size 16 --steps 2 --out runs/mine --set generator_width=4 --device cpu"
    assert main(words.split()) == 0
    told = capsys.readouterr()
    assert "40 pictures, scaled to 16 × 16 pixels" in told.out + told.err and "notes.txt" in told.out + told.err
    record = json.loads((tmp_path / "runs/mine/record.json").read_text("utf-8"))
    assert {"frechet_fraction", "novelty", "unseen_distance", "held_out_gap"} <= record["figures"].keys()
    assert "copies" in (tmp_path / "runs/mine/report.html").read_text("utf-8")
    assert main(["sample", "runs/mine", "--count", "9", "--out", "nine.png"]) == 0
    assert Image.open("nine.png").size[0] >= 3 * 64
    assert main(["evaluate", "runs/mine"]) == 0
    again = [*words.replace("runs/mine", "runs/again").split(), "--set", "start=runs/mine", "--set", "frozen=1"]
    assert main(again) == 0


def test_noise_and_copies_score_at_the_ends(folder):
    for recipe in (TINY, replace(TINY, source=str(folder))):
        scale = recipe.floor_and_ceiling()
        assert scale["novelty"]["copies"] == pytest.approx(0, abs=1e-4) and scale["novelty"]["noise"] > 1
        assert scale["unseen_distance"]["copies"] == pytest.approx(1, abs=1e-4)
        assert scale["unseen_distance"]["noise"] > 1.2
        assert scale["frechet_fraction"]["copies"] < 0.2 < 0.9 < scale["frechet_fraction"]["noise"]


# Beginning from another GAN


def test_a_run_gives_both_players_their_weights_and_the_lowest_layers_stay(tmp_path):
    first, _ = trained(TINY)
    save_checkpoint(tmp_path / "checkpoint.pt", first)
    recipe = replace(TINY, source="monsters", start=str(tmp_path), frozen=1, augmentation="none")
    begun = recipe.build(seed=1)
    for (name, stored), own in zip(
        first.average.state_dict().items(), begun.generator.state_dict().values(), strict=True
    ):
        assert torch.equal(stored, own), name
    lowest, *others = list(first.discriminator.discriminator.parameters())[::2]
    list(recipe.train(begun, recipe.data()))
    own_lowest, *own_others = list(begun.discriminator.discriminator.parameters())[::2]
    assert torch.equal(lowest, own_lowest)
    assert not any(torch.equal(a, b) for a, b in zip(others, own_others, strict=True))


@pytest.mark.parametrize(
    ("start", "said"),
    [("nowhere", "no stored result of 'nowhere'; the book has"), ("digits/long", "networks of digits/long have other")],
)
def test_what_it_cannot_begin_from_is_told(start, said):
    with pytest.raises(ValueError, match=said):
        replace(TINY, start=start).build()


# A D on pretrained features


def test_projected_d_scores_patches_and_keeps_its_features():
    recipe = replace(TINY, pretrained=True, augmentation="diffaugment", batch=8)
    fresh = recipe.build()
    gan, _ = trained(recipe)
    before, after = fresh.discriminator.discriminator, gan.discriminator.discriminator
    assert after(recipe.data()[:8]).shape == (8, 1, 64 + 16 + 4)
    for (name, old), new in zip(before.state_dict().items(), after.state_dict().values(), strict=True):
        if name.startswith("features."):
            assert torch.equal(old, new), name
    moved = [(old, new) for old, new in zip(before.first.parameters(), after.first.parameters(), strict=True)]
    assert not any(torch.equal(old, new) for old, new in moved)
    assert not after.train().features.training


def test_a_missing_extra_is_told(monkeypatch):
    TINY.parts()  # the drawings are there
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"come with the package efficientnet_lite_pytorch.*\[pictures\]"):
        replace(TINY, pretrained=True).build()


# Scores


def test_combinations_are_counted():
    known = avatars.load("cats", 32, 64)
    assert few.cat_combinations(known.pixels(), known) == {
        "clear_share": 1.0,
        "copied_share": 1.0,
        "new_share": 0.0,
    }
    reading = few.read_cats(known.pixels(), known)
    assert torch.equal(reading.known, torch.arange(64))
    assert float((known.compose(reading.parts) - known.pixels()).abs().mean()) < 0.01
    others = few.cat_combinations(avatars.load("cats", 32, held_out=True).pixels(slice(100)), known)
    assert others["clear_share"] == 1 and others["copied_share"] < 0.02 and others["new_share"] > 0.95
    grainy = few.cat_combinations(known.pixels() + 0.1 * torch.randn(64, 3, 32, 32), known)
    assert grainy["copied_share"] > 0.8 and grainy["new_share"] == 0  # a copy is one under some noise as well
    noise = torch.rand(100, 3, 32, 32) * 2 - 1
    assert few.cat_combinations(noise, known) == {"clear_share": 0.0, "copied_share": 0.0, "new_share": 0.0}


def test_novelty_by_hand():
    known = torch.tensor([0.0, 1.0, 3.0]).reshape(3, 1, 1, 1).expand(3, 1, 4, 4)  # 1, 1 and 2 from the nearest other
    samples = torch.tensor([0.5, 1.0, 5.0]).reshape(3, 1, 1, 1).expand(3, 1, 4, 4)  # ½, 0 and 2 from the nearest
    assert few.novelty(samples, known) == pytest.approx(0.5)
    unseen = (
        torch.tensor([4.0, 6.0]).reshape(2, 1, 1, 1).expand(2, 1, 4, 4)
    )  # samples come within 1 and 1, known 1 and 3
    assert few.unseen_distance(samples, known, unseen) == pytest.approx(0.5)


def test_the_gap_of_a_d_that_knows_its_pictures_by_heart():
    gan, _ = trained(TINY)
    known, unseen = (part.pixels for part in TINY.parts())

    class ByHeart(torch.nn.Module):
        def forward(self, pixels):
            return (torch.cdist(pixels.flatten(1), known.flatten(1)).amin(1) < 1e-3).float()

    gan.discriminator.discriminator = ByHeart()
    assert few.held_out_gap(gan, known, unseen, torch.zeros(16, 3, 16, 16)) == pytest.approx(1)


# Bad input


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"count": 5}, "at least 30 pictures; 5 cats are fewer"),
        ({"size": 30}, "multiple of 4; 30 is none"),
        ({"size": 8}, "even and at least 12, not 8"),
        ({"source": "nothing"}, "no folder 'nothing'"),
        ({"augmentation": "mixup"}, "no augmentation 'mixup'"),
        ({"frozen": 9}, "can be frozen, not 9"),
    ],
)
def test_bad_settings_are_told_in_a_sentence(change, said):
    with pytest.raises(ValueError, match=said):
        replace(TINY, **change).build()


@pytest.mark.parametrize(
    ("kept", "said"), [(5, "at least 8 pictures; .* has 5"), (20, "at least 30 pictures; .* has 20")]
)
def test_too_few_pictures_are_told(folder, kept, said):
    for file in sorted(folder.glob("*.*g*"))[kept:]:
        file.unlink()
    with pytest.raises(ValueError, match=said):
        replace(TINY, source=str(folder)).build()


def test_a_class_of_one_is_told(folder):
    for number, file in enumerate(sorted(folder.glob("*.*g*"))):
        (folder / ("one" if number == 0 else "many")).mkdir(exist_ok=True)
        file.rename(folder / ("one" if number == 0 else "many") / file.name)
    with pytest.raises(ValueError, match="A class needs at least 2 pictures; one has 1"):
        replace(TINY, source=str(folder)).build()
