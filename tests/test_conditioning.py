"""Labels in, pictures out: the generator, the three heads, and the recipe on any labelled set."""

import json
from dataclasses import replace

import pytest
import torch
from PIL import Image
from torch import nn

from gan_lessons import recipes, training
from gan_lessons.__main__ import main
from gan_lessons.data.images import Images, small_digits
from gan_lessons.data.sources import Batch
from gan_lessons.gan import GAN
from gan_lessons.metrics.asked import asked_scores, class_accuracy, variety
from gan_lessons.networks import conditioning
from gan_lessons.networks.conditioning import HEADS, ConditionalDiscriminator, ConditionalGenerator


class Pixels(nn.Module):
    """A stand-in for a generator: its pictures show the numbers that it gets."""

    def forward(self, noise):
        return noise[:, None, None, :4].expand(-1, 1, 4, 4)


def discriminator(head="projection", classes=3):
    torch.manual_seed(0)
    return ConditionalDiscriminator(nn.Sequential(nn.Flatten(), nn.Linear(16, 6)), HEADS[head](6, classes))


def pictures(count=8):
    torch.manual_seed(1)
    return torch.randn(count, 1, 4, 4)


LABELS = torch.arange(8) % 3


# The generator


def test_the_label_reaches_the_picture():
    generator = ConditionalGenerator(nn.Sequential(nn.Linear(8, 16), nn.Unflatten(1, (1, 4, 4))), 2, 2)
    noise = torch.randn(1, 6).expand(2, -1)
    first, second = generator(noise, torch.tensor([0, 1]))
    assert not torch.allclose(first, second)


def test_a_mixture_of_classes_lies_between_them():
    generator = ConditionalGenerator(Pixels(), 2, label_dim=4)
    noise, vectors = torch.zeros(1, 0), generator.embedding.weight
    middle = generator.draw(noise, vectors.mean(0, keepdim=True))
    torch.testing.assert_close(middle[0], torch.stack([generator.draw(noise, v[None])[0] for v in vectors]).mean(0))


# The discriminators


@pytest.mark.parametrize("head", ["concatenation", "projection"])
def test_the_score_depends_on_the_label(head):
    judge, pixels = discriminator(head), torch.randn(1, 1, 4, 4)
    scores = torch.stack([judge(pixels, torch.tensor([label])) for label in range(3)])
    assert len(scores.unique(dim=0)) == 3


def test_the_heads_by_their_formulas():
    features, labels = torch.randn(5, 6), torch.tensor([2, 0, 1, 1, 0])
    head = HEADS["projection"](6, 3)
    by_hand = [head.score(f) + head.embedding.weight[y] @ f for f, y in zip(features, labels, strict=True)]
    torch.testing.assert_close(head(features, labels), torch.cat(by_hand))
    head = HEADS["auxiliary"](6, 3)
    by_hand = head.classifier(features).softmax(1).log()[range(5), labels]
    torch.testing.assert_close(head.log_probability(features, labels), by_hand)


@pytest.mark.parametrize("head", HEADS)
def test_scores_come_in_the_order_of_the_batch(head):
    judge, order = discriminator(head), torch.tensor([3, 1, 0, 2, 7, 6, 5, 4])
    torch.testing.assert_close(judge(pictures(), LABELS)[order], judge(pictures()[order], LABELS[order]))


def test_the_classifiers_losses_by_hand():
    gan = GAN(nn.Linear(1, 1), discriminator("auxiliary"), noise_dim=1)
    real, fake = pictures(), pictures().flip(0)
    head, body = gan.discriminator.head, gan.discriminator.body
    on_real, on_fake = (-3 * head.log_probability(body(samples), LABELS).mean() for samples in (real, fake))
    losses, batch = conditioning.classifying(3.0), Batch(real, LABELS)
    assert losses["extra"](gan, fake, batch) == {"classifier of fakes": on_fake}
    found = losses["discriminator_extra"](gan, fake, batch)
    assert found == {"classifier on reals": on_real, "classifier on fakes": on_fake}


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


def test_variety_is_that_of_real_pictures_or_none():
    data = small_digits()
    torch.testing.assert_close(variety(data, data), torch.ones(10))
    ones = torch.stack([(data.labels == digit).nonzero()[0, 0] for digit in range(10)])
    assert variety(Images(data.pixels[ones][data.labels], data.labels), data).max() < 1e-6


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
    assert drawn.shape == (3, 1, 8, 8) and not torch.equal(drawn[0], drawn[1])
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
    assert recipe.data().samples.shape == (9, 3, 16, 16) and gan.average.embedding.num_embeddings == 1
    assert recipe.score(gan).keys() == {"frechet_fraction"}
    recipe.sheet(gan)


def test_another_set_is_another_recipe():
    recipe = recipes.find("conditional")
    other = replace(recipe, source="faces", head="auxiliary")
    assert other.differences(recipe.settings()) == [
        "head is 'auxiliary' and was 'projection'",
        "source is 'faces' and was 'digits'",
    ]
    assert recipe.differences(recipe.settings()) == []


def test_sets_that_cannot_be(tmp_path, capsys):
    recipe = recipes.find("conditional")
    with pytest.raises(
        ValueError, match=r"no set and no folder 'horses'; the known sets are digits, small_digits, faces"
    ):
        replace(recipe, source="horses").data()
    save(tmp_path / "few" / "a", (1, 2), count=7)
    with pytest.raises(ValueError, match=r"at least 8 pictures; the folder .* has 7"):
        replace(recipe, source=str(tmp_path / "few")).data()
    save(tmp_path / "lonely" / "a", (1, 2), count=9)
    save(tmp_path / "lonely" / "b", (1, 2), count=1)
    with pytest.raises(ValueError, match="at least 2 pictures; b has 1"):
        replace(recipe, source=str(tmp_path / "lonely")).build()
    assert main(["train", "ring", "--data", "faces"]) == 1
    assert "'ring' has its own data" in capsys.readouterr().err
