"""Pictures streamed from Hugging Face: a stand-in for its library, and the library itself where it is installed."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gan_lessons.data import hub, hub_pictures, hugging_face, images

COLORS = {"cats": (200, 30, 30), "dogs": (30, 30, 200)}


def png(color: tuple[int, int, int], side: int = 20) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side + 4), color).save(file, "PNG")
    return file.getvalue()


class Part(list):
    """A part of a set, as the library streams it."""

    def __init__(self, rows, features, licence=""):
        super().__init__(rows)
        self.features, self.info = features, SimpleNamespace(license=licence)

    def cast_column(self, name, kind):
        assert kind.decode is False
        return self


class Picture:
    def __init__(self, decode=True):
        self.decode = decode


class Label:
    names = ("cats", "dogs")


@pytest.fixture
def served(monkeypatch, tmp_path):
    """What the hub has: set it to a dict of parts, or to an error."""
    offered = SimpleNamespace(parts={}, asked=0)

    def load_dataset(name, streaming):
        assert streaming
        offered.asked += 1
        if isinstance(offered.parts, Exception):
            raise offered.parts
        return offered.parts

    library = SimpleNamespace(load_dataset=load_dataset, Image=Picture, ClassLabel=Label)
    monkeypatch.setattr(hugging_face, "packaged", lambda: library)
    monkeypatch.setenv("GAN_LESSONS_DATA", str(tmp_path / "cache"))
    return offered


def rows(count):
    names = list(COLORS)
    return [
        {"image": {"bytes": png(COLORS[names[k % 2]]), "path": None}, "label": k % 2, "number": k} for k in range(count)
    ]


FEATURES = {"number": None, "image": Picture(), "label": Label()}


def test_pictures_are_scaled_kept_and_told(served, capsys):
    served.parts = {"train": Part(rows(40), FEATURES, "cc0"), "test": Part(rows(6), FEATURES)}
    found = images.load("hub:somebody/pets", 16)
    assert found.pixels.shape == (40, 3, 16, 16) and found.names == ("cats", "dogs")
    assert found.labels.tolist() == [0, 1] * 20
    np.testing.assert_allclose(found.pixels[1, :, 8, 8], np.array(COLORS["dogs"]) / 127.5 - 1, atol=0.01)
    told = capsys.readouterr().out
    assert "20,000 pictures of somebody/pets" in told and "cc0" in told
    assert len(images.load("hub:somebody/pets", 16, held_out=True)) == 6
    hub_pictures.load.cache_clear()
    assert len(images.load("hub:somebody/pets", 16)) == 40 and served.asked == 2  # out of the cache


def test_without_a_part_to_score_by_every_tenth_is_held_out(served):
    served.parts = {"train": Part(rows(40), FEATURES)}
    learnt, unseen = (images.load("hub:somebody/others", 16, held_out=part) for part in (False, True))
    assert (len(learnt), len(unseen)) == (36, 4)


def test_no_more_than_so_many_are_streamed(served, monkeypatch):
    monkeypatch.setattr(hugging_face, "MOST", 8)
    served.parts = {"train": Part(rows(40), FEATURES), "validation": Part(rows(2), FEATURES)}
    assert len(images.load("hub:somebody/many", 16)) == 8


def test_faults_are_told_in_a_sentence(served, monkeypatch):
    served.parts = {"train": Part([{"text": "a"}], {"text": None})}
    with pytest.raises(hub.HubError, match="somebody/words has no column of pictures; its columns are text"):
        images.load("hub:somebody/words", 16)
    served.parts = ConnectionError("no route")
    with pytest.raises(hub.HubError, match=r"somebody/far could not be streamed .* check the name and the connection"):
        images.load("hub:somebody/far", 16)
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(hub.HubError, match="pip install datasets"):
        hugging_face.packaged()


def test_the_library_itself_reads_a_folder_of_classes(monkeypatch, tmp_path: Path):
    pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    for part, count in (("train", 5), ("test", 2)):
        for name, color in COLORS.items():
            (folder := tmp_path / "set" / part / name).mkdir(parents=True)
            for number in range(count):
                (folder / f"{number}.png").write_bytes(png(color))
    learnt, unseen = (hugging_face.stream(str(tmp_path / "set"), 16, held_out=part) for part in (False, True))
    assert learnt.pixels.shape == (10, 3, 16, 16) and unseen.pixels.shape == (4, 3, 16, 16)
    assert learnt.names == ("cats", "dogs") and sorted(learnt.labels) == [0] * 5 + [1] * 5
    assert abs(int(learnt.pixels[list(learnt.labels).index(1), 2, 8, 8]) - 200) < 3
