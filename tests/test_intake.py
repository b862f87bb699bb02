"""Which files of a folder or a zip count, and of which class they are: nothing is decided without a word."""

import os
import struct
import sys
import zipfile
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest
from torch import nn

from gan_lessons import upscaling
from gan_lessons.commands import translate
from gan_lessons.data import intake, meshes, packages


def put(root, *names, content=b"content"):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def pack(path, *names, content=b"content"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return path


def taken(root):
    entries, skipped = intake.files(root, {".png"}, "picture")
    return [str(entry.place) for entry in entries], dict(skipped)


def classes(root):
    entries, _ = intake.files(root, {".png"}, "picture")
    found = intake.by_folder(entries, root, "picture")
    return {str(entry.place): label for entry, label in found.entries}, dict(found.skipped)


# Files


LITTER = [
    ".ipynb_checkpoints/a-checkpoint.png", "__MACOSX/cat/._a.png", "cat/.DS_Store", "Thumbs.db", "cat/._a.png",
    ".git/b.png", "cat/@eaDir/c.png",
]  # fmt: skip


def test_litter_is_left_out_without_a_word(tmp_path):
    put(tmp_path / ".own", "cat/a.png", *LITTER)  # what lies above does not matter
    pack(tmp_path / "own.zip", "cat/a.png", *LITTER)
    assert taken(tmp_path / ".own") == taken(tmp_path / "own.zip") == (["cat/a.png"], {})


def test_other_files_are_listed(tmp_path):
    put(tmp_path, "b.PNG", "a.png", "notes.txt", "cat/photo.heic")
    (tmp_path / "empty").mkdir()
    assert taken(tmp_path) == (["a.png", "b.PNG"], {
        "notes.txt": "not a picture by its name", "cat/photo.heic": "not a picture by its name",
        "empty": "an empty folder",
    })  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    os.symlink("/dev/zero", tmp_path / "zero.png")
    os.symlink(tmp_path / "gone", tmp_path / "gone.png")
    assert taken(tmp_path) == ([], {
        "pipe.png": "not a regular file", "zero.png": "not a regular file", "gone.png": "a link that leads nowhere",
    })  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(
    "read",
    [
        intake.opened,
        lambda path: translate.read(path, 3),
        lambda path: upscaling.enlarged(path, nn.Identity()),
        meshes.read,
    ],
    ids=["a file", "to translate", "to enlarge", "a mesh"],
)
def test_a_single_file_that_is_a_named_pipe_is_not_opened(read, tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "folder", lambda *_: tmp_path)
    monkeypatch.setitem(sys.modules, "trimesh", ModuleType("trimesh"))
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("a pipe was opened"))
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises((OSError, ValueError), match=r"not a regular file; save it as one first"):
        read(tmp_path / "pipe.png")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_followed_but_not_in_circles(tmp_path):
    put(tmp_path / "elsewhere", "a.png")
    put(tmp_path / "own", "dog/b.png")
    os.symlink(tmp_path / "elsewhere", tmp_path / "own" / "cat")
    os.symlink(tmp_path / "own", tmp_path / "own" / "dog" / "round")
    assert taken(tmp_path / "own")[0] == ["cat/a.png", "dog/b.png"]


def test_what_is_neither_folder_nor_zip(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder and no zip .*gone"):
        taken(tmp_path / "gone")
    put(tmp_path, "one.png", content=b"x")
    with pytest.raises(ValueError, match=r"one\.png is no folder and no zip; give a folder of pictures"):
        taken(tmp_path / "one.png")


# Zips


def test_a_zip_is_read_in_memory(tmp_path):
    path = pack(tmp_path / "own.zip", "cat/a.png", "dog\\b.png", "../../etc/c.png", "/root/d.png")
    entries, skipped = intake.files(path, {".png"}, "picture")
    assert [str(entry.place) for entry in entries] == ["cat/a.png", "dog/b.png"]
    assert [entry.stream().read() for entry in entries] == [b"content"] * 2
    assert dict(skipped) == dict.fromkeys(["../../etc/c.png", "/root/d.png"], "a name that leads out of the zip")


def flagged(path, *offsets):
    """Say of members, by their place in the directory, that they are encrypted."""
    stored = bytearray(path.read_bytes())
    places = [k for k in range(len(stored)) if stored[k : k + 4] == b"PK\1\2"]
    for offset in offsets:
        stored[places[offset] + 8] |= 1
    path.write_bytes(stored)
    return path


def test_an_encrypted_zip(tmp_path):
    path = pack(tmp_path / "own.zip", "a.png", "b.png")
    assert taken(flagged(path, 0)) == (["b.png"], {"a.png": "encrypted"})
    with pytest.raises(ValueError, match=r"own\.zip is encrypted; unpack it"):
        taken(flagged(path, 1))


def test_damage_in_a_zip_is_said_of_the_member(tmp_path):
    path = tmp_path / "own.zip"
    with zipfile.ZipFile(path, "w") as archive:  # stored as it is: the checksum tells
        archive.writestr("a.png", b"content of a")
        archive.writestr("b.png", b"content of b")
    path.write_bytes(path.read_bytes().replace(b"content of a", b"CONTENT of a"))
    first, second = intake.files(path, {".png"}, "picture")[0]
    with pytest.raises(ValueError, match="damaged in the zip"):
        first.stream()
    assert second.stream().read() == b"content of b"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match=r"The zip .*own\.zip is damaged"):
        taken(path)


def test_a_zip_with_a_broken_directory(tmp_path):
    path = pack(tmp_path / "own.zip", "a.png")
    path.write_bytes(path.read_bytes().replace(b"PK\1\2", b"PKxx"))
    with pytest.raises(ValueError, match=r"The zip .*own\.zip is damaged"):
        taken(path)


def test_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST", 2**20)
    path = pack(tmp_path / "bomb.zip", "a.png", content=bytes(2**21))
    assert taken(path) == ([], {"a.png": "larger than 1 MB"})
    # one that says it is small
    stored = path.read_bytes()
    path.write_bytes(stored.replace(struct.pack("<I", 2**21), struct.pack("<I", 100)))
    (entry,), _ = intake.files(path, {".png"}, "picture")
    with pytest.raises(ValueError, match=r"damaged in the zip|larger than 1 MB"):
        entry.stream()
    monkeypatch.setattr(intake, "ALL", 2**20)
    with pytest.raises(ValueError, match=r"bomb\.zip would unpack to 0 GB; at most 0 are read"):
        taken(pack(path, *(f"{k}.png" for k in range(4)), content=bytes(2**19)))


# Classes


def test_folders_are_classes_and_a_stray_file_is_skipped(tmp_path):
    put(tmp_path, "cat/a.png", "cat/b.png", "dog/in/c.png", "stray.png")
    assert classes(tmp_path) == (
        {"cat/a.png": "cat", "cat/b.png": "cat", "dog/in/c.png": "dog"},
        {"stray.png": "beside the folders of the classes"},
    )


def test_a_flat_folder_has_no_classes(tmp_path):
    put(tmp_path, "a.png", "b.png")
    assert classes(tmp_path) == ({"a.png": None, "b.png": None}, {})
    assert intake.by_folder([], tmp_path, "picture").entries == []


def test_a_folder_around_all_is_opened(tmp_path):
    names = ["pets/all/cat/a.png", "pets/all/dog/b.png", "pets/all/dog/c.png"]
    put(tmp_path / "own", *names)
    pack(tmp_path / "own.zip", *names, "pets/sample.png")
    assert list(classes(tmp_path / "own")[0].values()) == ["cat", "dog", "dog"]
    assert list(classes(tmp_path / "own.zip")[0].values()) == ["cat", "dog", "dog"]
    put(tmp_path / "one", "cat/a.png")
    assert classes(tmp_path / "one") == ({"cat/a.png": "cat"}, {})


@pytest.mark.parametrize("around", ["", "pets/"])
def test_a_split_is_not_two_classes(tmp_path, around):
    names = [f"{around}{part}/{kind}/a.png" for part in ("train", "Test", "val") for kind in ("cat", "dog")]
    put(tmp_path / "own", *names)
    given = PurePosixPath(tmp_path.as_posix()) / "own" / around / "train"
    with pytest.raises(ValueError, match=rf"parts of a split and no classes: give one of them, {given}\."):
        classes(tmp_path / "own")
    with pytest.raises(ValueError, match=r"Test and train and val.*unpack it, and give"):
        classes(pack(tmp_path / "own.zip", *names))


def test_a_train_is_a_class_beside_others(tmp_path):
    put(tmp_path, "train/a.png", "bus/b.png")
    assert set(classes(tmp_path)[0].values()) == {"train", "bus"}


def test_what_is_not_clear_is_asked(tmp_path):
    put(tmp_path / "half", "a.png", "b.png", "old/c.png")
    with pytest.raises(ValueError, match=r"has 2 pictures beside 1 folder \(old\), so it is not clear"):
        classes(tmp_path / "half")
    put(tmp_path / "people", *(f"{who}/{kind}/{who}.png" for who in ("ann", "bob") for kind in ("cat", "dog")))
    with pytest.raises(ValueError, match=r"each of the folders ann, bob has folders cat, dog.*not clear"):
        classes(tmp_path / "people")


def test_two_spellings_of_an_accent_are_one_class(tmp_path):
    path = pack(tmp_path / "own.zip", "caf\u00e9/a.png", "cafe\u0301/b.png", "th\u00e9/c.png")
    assert sorted(set(classes(path)[0].values())) == ["caf\u00e9", "th\u00e9"]


def test_places_come_in_order(tmp_path):
    put(tmp_path, "b/1.png", "a b/1.png", "a/2.png")
    assert taken(tmp_path)[0] == [
        path.relative_to(tmp_path).as_posix() for path in sorted(Path(tmp_path).rglob("*.png"))
    ]
