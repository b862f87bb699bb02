"""Pictures of one's own, from a folder or a zip: classes keep their names, and all that is left out is said at once."""

import os
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from gan_lessons.data import images


@pytest.fixture(autouse=True)
def fresh():
    yield
    images.own.cache_clear()


def save(path, colour=(255, 0, 0), side=10, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (side, side), colour).save(path, **options)


def pets(root, cats=8, dogs=4):
    for k in range(cats):
        save(root / "cat" / f"{k}.png")
    for k in range(dogs):
        save(root / "dog" / f"{k}.jpg", (0, 0, 255))
    return root


def packed(root, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*")):
            archive.write(file, file.relative_to(root.parent))
    return path


def test_a_zip_is_read_like_its_folder(tmp_path):
    folder = images.folder(pets(tmp_path / "pets"), 8)
    zipped = images.folder(packed(tmp_path / "pets", tmp_path / "pets.zip"), 8)
    assert torch.equal(folder.pixels, zipped.pixels) and torch.equal(folder.labels, zipped.labels)
    assert folder.names == zipped.names == ("cat", "dog")
    assert str(zipped.found) == "12 pictures in 2 classes (cat 8, dog 4), scaled to 8 × 8 pixels."


def test_all_that_is_left_out_is_said_at_once(tmp_path):
    pets(tmp_path)
    (tmp_path / "cat" / "broken.png").write_bytes((tmp_path / "cat" / "0.png").read_bytes()[:50])
    (tmp_path / "dog" / "empty.jpg").touch()
    (tmp_path / "dog" / "notes.txt").write_text("no picture", "utf-8")
    save(tmp_path / "stray.png")
    save(tmp_path / ".ipynb_checkpoints" / "x.png")
    found = images.folder(tmp_path, 8)
    assert found.labels.tolist() == [0] * 8 + [1] * 4
    assert str(found.found).splitlines()[1] == (
        "Skipped 4: not a picture by its name (dog/notes.txt); beside the folders of the classes (stray.png); "
        "broken, or not a picture (2: cat/broken.png, dog/empty.jpg)."
    )


def test_a_huge_picture_is_skipped_by_name(tmp_path, monkeypatch):
    pets(tmp_path)
    save(tmp_path / "cat" / "scan.png", side=40)
    monkeypatch.setattr(images.pictures, "MOST", 1000)
    assert images.folder(tmp_path, 8).found.skipped == {images.pictures.TOO_LARGE: ("cat/scan.png",)}
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)  # Pillow itself refuses above twice that
    assert images.folder(tmp_path, 8).found.skipped == {images.pictures.TOO_LARGE: ("cat/scan.png",)}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_wait(tmp_path):
    pets(tmp_path)
    os.mkfifo(tmp_path / "cat" / "x.png")
    assert len(images.folder(tmp_path, 8)) == 12


def test_nothing_that_can_be_read_says_what_there_was(tmp_path):
    (tmp_path / "photo.heic").write_bytes(b"x")
    (tmp_path / "cut.png").write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match=r"holds no images.*\.png.*Skipped: not a picture .*photo\.heic.*cut\.png"):
        images.folder(tmp_path)


def test_parts_keep_the_names(tmp_path):
    found = images.folder(pets(tmp_path), 8)
    first, second = found.split(0.5)
    assert first.names == second.names == ("cat", "dog") and first.found is found.found
    with pytest.raises(ValueError, match="at least 5 pictures; dog has 4"):
        found.class_counts(least=5)
    assert images.small_digits().names == tuple("0123456789") and images.faces().names[39] == "person 40"


# By a set's name, or a path


@pytest.mark.parametrize("size", [8, 28, 100, 256])
def test_any_side_that_is_a_multiple_of_four(tmp_path, size):
    loaded = images.load(str(pets(tmp_path)), size)
    assert loaded.pixels.shape == (12, 3, size, size) and loaded.names == ("cat", "dog")


@pytest.mark.parametrize("size", [0, -4, 4, 30, 260])
def test_other_sides_are_refused(tmp_path, size):
    with pytest.raises(ValueError, match=rf"a multiple of 4; {size} is none"):
        images.load(str(pets(tmp_path)), size)


def test_a_flat_folder_is_one_class_with_its_name(tmp_path):
    for k in range(8):
        save(tmp_path / "cats" / f"{k}.png")
    loaded = images.load(str(tmp_path / "cats"), 8)
    assert loaded.labels.tolist() == [0] * 8 and loaded.names == ("cats",)
    assert str(loaded.found) == "8 pictures, scaled to 8 × 8 pixels."


def test_a_known_name_and_a_folder_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(images.load("digits", 32)) == 4000
    (tmp_path / "small_digits").mkdir()  # without pictures: a run's folder, say
    assert len(images.load("small_digits", 32)) == 1797
    pets(tmp_path / "faces")
    with pytest.raises(ValueError, match=r"'faces' is a known set and a folder here: give \./faces or book:faces\."):
        images.load("faces", 32)
    assert len(images.load("./faces", 32)) == len(images.load(str(tmp_path / "faces"), 32)) == 12
    assert images.load("book:faces", 48).pixels.shape == (400, 1, 48, 48)


def test_what_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ValueError, match="no set and no folder 'horses'; the known sets are digits, small_digits, faces"
    ):
        images.load("horses", 32)


def test_too_few_pictures_name_the_classes_and_what_was_skipped(tmp_path):
    pets(tmp_path / "few", cats=4, dogs=3)
    (tmp_path / "few" / "dog" / "cut.png").touch()
    with pytest.raises(ValueError, match=r"at least 8 pictures; .*few has 7.*Skipped 1: broken.*dog/cut\.png"):
        images.load(str(tmp_path / "few"), 8)
    pets(tmp_path / "lonely", cats=9, dogs=1)
    save(tmp_path / "lonely" / "owl" / "0.png")
    with pytest.raises(ValueError, match="at least 2 pictures; dog has 1, owl has 1"):
        images.load(str(tmp_path / "lonely"), 8)


def test_pixels_mean_what_they_show(tmp_path):
    """One of each kind that was once taken literally; `test_pictures` has the others."""
    clear = np.zeros((10, 10, 4), np.uint8)
    Image.fromarray(clear).save(tmp_path / "a_clear.png")
    Image.fromarray(np.full((10, 10), 32768, np.uint16)).save(tmp_path / "b_deep.png")
    Image.fromarray(np.full((10, 10), 0.5, np.float32)).save(tmp_path / "c_float.tif")
    assert images.folder(tmp_path, 4).pixels[:, 0, 0, 0].tolist() == pytest.approx([1, 0, 0], abs=0.01)
