"""Labels in, pictures out: the labelled picture, the die, the three heads, and the recipe on any labelled set."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from chapters.results import conditioning as sweep
from gan_lessons import losses, penalties, recipes, training
from gan_lessons.__main__ import main
from gan_lessons.data.images import Images, small_digits
from gan_lessons.metrics.asked import asked_scores, class_accuracy
from gan_lessons.networks import conditioning
from gan_lessons.networks.conditioning import HEADS, ConditionalDiscriminator, ConditionalGenerator, labelled, split

RESULTS = Path(__file__).resolve().parents[1] / "chapters" / "results"


class Pixels(nn.Module):
    """A stand-in for a generator: its pictures show the numbers that it gets."""

    def forward(self, noise):
        return noise[:, None, None, :4].expand(-1, 1, 4, 4)


def discriminator(head="projection", classes=3):
    torch.manual_seed(0)
    return ConditionalDiscriminator(nn.Sequential(nn.Flatten(), nn.Linear(16, 6)), HEADS[head](6, classes))


def pictures(count=8, classes=3):
    torch.manual_seed(1)
    return labelled(torch.randn(count, 1, 4, 4), torch.arange(count) % classes)


# The labelled picture


def test_split_undoes_labelled():
    pixels, labels = torch.randn(5, 3, 4, 4), torch.tensor([0, 255, 7, 3, 299])
    found, read = split(labelled(pixels, labels))
    assert torch.equal(found, pixels) and torch.equal(read, labels) and read.dtype == torch.long


def test_labels_survive_a_little_noise():
    noisy = pictures() + 0.05 * torch.randn(8, 2, 4, 4)
    assert torch.equal(split(noisy)[1], split(pictures())[1])


def test_there_is_one_label_a_picture():
    with pytest.raises(ValueError, match="one label for each of 5 pictures, not 4"):
        labelled(torch.zeros(5, 1, 4, 4), torch.zeros(4))


# The generator


@pytest.mark.parametrize("shares", [[1, 1, 1, 1], [7, 2, 0.5, 0.5], [1]])
def test_the_die_falls_as_often_as_the_data_say(shares):
    torch.manual_seed(0)
    shares = torch.tensor(shares)
    generator = ConditionalGenerator(Pixels(), shares, label_dim=2)
    labels = split(generator(torch.randn(20_000, 6)))[1]
    found = labels.bincount(minlength=len(shares)) / 20_000
    torch.testing.assert_close(found, shares / shares.sum(), atol=0.012, rtol=0)


def test_asking_changes_the_die_alone():
    generator = ConditionalGenerator(Pixels(), torch.tensor([90.0, 1.0, 9.0]), label_dim=2)
    noise, labels = torch.randn(30, 6), torch.arange(30) % 3
    asked = generator.ask(noise, labels)
    assert torch.equal(asked[:, :-1], noise[:, :-1])
    assert torch.equal(split(generator(asked))[1], labels)


@pytest.mark.parametrize("label", [-1, 3])
def test_asking_for_a_class_there_is_not(label):
    generator = ConditionalGenerator(Pixels(), torch.ones(3))
    with pytest.raises(ValueError, match=f"classes 0 to 2; there is no class {label}"):
        generator.ask(torch.randn(2, 6), torch.tensor([0, label]))


def test_the_label_reaches_the_picture():
    generator = ConditionalGenerator(nn.Sequential(nn.Linear(7, 16), nn.Unflatten(1, (1, 4, 4))), torch.ones(2), 2)
    noise = torch.randn(1, 6).expand(2, -1)
    first, second = split(generator(generator.ask(noise, torch.tensor([0, 1]))))[0]
    assert not torch.allclose(first, second)


# The discriminators


@pytest.mark.parametrize("head", HEADS)
def test_the_score_depends_on_the_label(head):
    judge, pixels = discriminator(head), torch.randn(1, 1, 4, 4)
    scores = torch.stack([judge(labelled(pixels, torch.tensor([label]))).flatten() for label in range(3)])
    assert len(scores.unique(dim=0)) == 3


def test_the_heads_by_their_formulas():
    features, labels = torch.randn(5, 6), torch.tensor([2, 0, 1, 1, 0])
    head = HEADS["projection"](6, 3)
    by_hand = [head.score(f) + head.embedding.weight[y] @ f for f, y in zip(features, labels, strict=True)]
    torch.testing.assert_close(head(features, labels), torch.cat(by_hand))
    head = HEADS["auxiliary"](6, 3)
    torch.testing.assert_close(head(features, labels)[1], head.classifier(features).softmax(1).log()[range(5), labels])


def test_scores_come_class_by_class():
    judge, shown = discriminator(), pictures()
    order = split(shown)[1].argsort(stable=True)
    torch.testing.assert_close(judge(shown), judge(shown[order]))


@pytest.mark.parametrize("head", HEADS)
def test_penalties_pull_at_the_pixels_and_not_at_the_labels(head):
    judge = discriminator(head)
    shown = pictures().requires_grad_()
    judge(shown).sum().backward()
    assert shown.grad[:, 0].abs().sum() > 0 and shown.grad[:, 1].abs().sum() == 0
    penalty = penalties.r1_and_r2 if head != "auxiliary" else conditioning.of_score(penalties.r1_and_r2)
    value = penalty(judge, pictures(), pictures())
    assert value.dim() == 0 and value.isfinite()


def test_the_classifiers_loss_counts_for_both_players():
    judge = discriminator("auxiliary")
    real, fake = judge(pictures()), judge(pictures().flip(0))
    alone = losses.hinge(real[0], fake[0])
    both = conditioning.with_classifier(losses.hinge, weight=3.0)(real, fake)
    torch.testing.assert_close(both.generator, alone.generator - 3 * fake[1].mean())
    torch.testing.assert_close(both.discriminator, alone.discriminator - 3 * (real[1] + fake[1]).mean())


def test_of_score_is_the_penalty_of_the_score_alone():
    judge = discriminator("auxiliary")
    expected = penalties.r1(lambda shown: judge(shown)[0], pictures(), pictures())
    torch.testing.assert_close(conditioning.of_score(penalties.r1)(judge, pictures(), pictures()), expected)


# The scores


def test_real_pictures_are_what_was_asked_for():
    first, second = small_digits().split(0.5)
    scores = asked_scores(first, first)
    assert scores["frechet_fraction"] < 1e-6 and scores["class_accuracy"] == 1 and scores["coverage"] == 1
    assert class_accuracy(second, first) > 0.94
    wrong = Images(second.pixels, (second.labels + 1) % 10)
    assert class_accuracy(wrong, first) < 0.05


def test_one_picture_a_class_is_covered_badly():
    data = small_digits()
    ones = torch.stack([(data.labels == digit).nonzero()[0, 0] for digit in range(10)])
    scores = asked_scores(Images(data.pixels[ones][data.labels], data.labels), data)
    assert scores["class_accuracy"] == 1 and scores["coverage"] < 0.1


def test_what_needs_more_pictures_a_class_is_left_out():
    data = small_digits()
    few = torch.cat([(data.labels == digit).nonzero()[:4, 0] for digit in range(10)])
    assert asked_scores(data[few], data[few]).keys() == {"frechet_fraction", "class_accuracy"}


def test_scores_without_labels():
    data = small_digits()
    with pytest.raises(ValueError, match="these pictures have no labels"):
        asked_scores(Images(data.pixels), data)
    with pytest.raises(ValueError, match="these pictures have no labels"):
        class_accuracy(Images(data.pixels), data)


# The recipe


def trained(recipe, seed=0):
    gan = recipe.build(seed=seed)
    for _ in recipe.train(gan, recipe.data()):
        pass
    return gan


@pytest.mark.parametrize("head", HEADS)
def test_small_digits_learn_their_classes(head):
    recipe = replace(recipes.find("conditional"), source="small_digits", steps=150, head=head)
    gan = trained(recipe)
    assert recipe.score(gan)["class_accuracy"] > 0.3  # chance: 0.1
    assert len(gan.history) == 150 and training.stacked(gan.history).generator_loss.shape == (150,)
    labels = torch.tensor([3, 3, 9])
    drawn = recipe.samples(gan, labels)
    assert torch.equal(drawn.labels, labels) and drawn.pixels.shape == (3, 1, 8, 8)
    assert not torch.equal(drawn.pixels[0], drawn.pixels[1])
    with pytest.raises(ValueError, match="no class 10"):
        recipe.samples(gan, torch.tensor([10]))


def save(path, colour, count=6, size=40):
    path.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        Image.new("RGB", (size, size), (*colour, 10 * index)).save(path / f"{index}.png")


def test_your_own_folder_trains_from_the_command_line(tmp_path, capsys):
    save(tmp_path / "mine" / "red", (200, 0))
    save(tmp_path / "mine" / "green", (0, 200), count=14)
    command = ["train", "conditional", "--data", str(tmp_path / "mine"), "--steps", "4", "--every", "2"]
    assert main([*command, "--device", "cpu", "--size", "cpu", "--out", str(tmp_path / "run")]) == 0
    record = json.loads((tmp_path / "run" / "record.json").read_text())
    assert record["steps"] == 4 and "class_accuracy" in record["figures"]


def test_a_folder_without_labels_trains_an_ordinary_gan(tmp_path):
    save(tmp_path / "flat", (9, 9), count=9)
    recipe = replace(recipes.find("conditional"), source=str(tmp_path / "flat"), steps=2, size=16)
    gan = trained(recipe)
    assert recipe.data().shape == (9, 4, 16, 16) and len(gan.average.ends) == 1
    assert recipe.score(gan).keys() == {"frechet_fraction"}
    recipe.sheet(gan)


def test_another_set_is_another_fingerprint():
    recipe = recipes.find("conditional")
    assert recipe.fingerprint() != replace(recipe, source="faces").fingerprint()
    assert recipe.fingerprint() != replace(recipe, head="auxiliary").fingerprint()


def test_sets_that_cannot_be(tmp_path, capsys):
    recipe = recipes.find("conditional")
    with pytest.raises(
        ValueError, match=r"no set and no folder 'cats'; the known sets are digits, small_digits, faces"
    ):
        replace(recipe, source="cats").data()
    save(tmp_path / "few" / "a", (1, 2), count=7)
    with pytest.raises(ValueError, match=r"at least 8 pictures; the folder .* has 7"):
        replace(recipe, source=str(tmp_path / "few")).data()
    save(tmp_path / "lonely" / "a", (1, 2), count=9)
    save(tmp_path / "lonely" / "b", (1, 2), count=1)
    with pytest.raises(ValueError, match="at least 2 pictures; b has 1"):
        replace(recipe, source=str(tmp_path / "lonely")).build()
    assert main(["train", "ring", "--data", "faces"]) == 1
    assert "'ring' has its own data" in capsys.readouterr().err


def test_the_stored_ways_fit_their_script():
    record = json.loads((RESULTS / "sweeps" / "conditioning.json").read_text())
    for way in sweep.WAYS:
        now = sweep.recipe(way).fingerprint()
        assert record["fingerprints"][way] == now, f"{way} has changed: run {record['command']!r}"
