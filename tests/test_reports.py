"""The report of a run: one file, light and dark, that says nothing that was not measured."""

import re
from xml.etree import ElementTree

import pytest
from PIL import Image

from gan_lessons.commands import evaluate
from gan_lessons.reports import charts, pictures
from gan_lessons.reports.page import page

CURVE = [
    {"step": step, "seconds": 1.0, "discriminator_loss": 0.5, "generator_loss": 1.0, "real_score": 1.0,
     "fake_score": -1.0, "frechet": value, "<b>": 1.0}
    for step, value in ((10, 3.0), (20, None), (30, 1.0))
]  # fmt: skip
RECORD = {
    "identity": "digits/cpu@1", "settings": {"source": "<script>", "words": ["a", "b"]}, "command": "train <x>",
    "date": "2026-01-01", "machine": "a machine", "seeds": [0], "steps": 30, "seconds": 65.0, "figures": CURVE[-1],
    "curve": CURVE, "best": None,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "samples").mkdir()
    for step, shade in ((10, 50), (20, 120), (30, 200)):
        Image.new("RGB", (60, 40), (shade, 0, 0)).save(tmp_path / "samples" / f"step_{step:06d}.png")
    return tmp_path


def test_a_page_needs_nothing_but_itself(folder):
    text = page(folder, RECORD, {"frechet": {"noise": 9.0, "real": 0.5}})
    assert not re.findall(r'(?:src|href)="(?!data:)', text) and "url(" not in text and "<script" not in text
    assert "prefers-color-scheme: dark" in text and "digits · cpu, step 30" in text and "1 min 05 s" in text
    assert text.count('src="data:image/png') == text.count('src="data:image/webp') == 1
    assert "noise 9" in text and "&lt;script&gt;" in text and "<b>:" not in text
    assert all('alt="' in image for image in re.findall(r"<img[^>]*>", text))


def test_what_is_no_number_is_left_out(folder):
    figures = {"frechet": 1.0, "told_apart": None, "recall": float("nan"), "by_class": [1.0], "kind": "cats"}
    text = page(folder, {**RECORD, "figures": figures}, {"frechet": {"noise": None, "real": 0.5, "shuffled": "-"}})
    assert text.count('class="card"') == 1 and "<li>real 0.5</li>" in text
    assert "<li>noise" not in text and "shuffled" not in text and "None" not in text


def test_a_floor_that_is_no_number_is_left_out():
    assert evaluate.as_pair((float("inf"), 1)) == {"real": 1} and evaluate.as_pair({"identity": None}) == {}


def test_every_chart_is_well_formed():
    drawn = charts.chart([1, 2, 3], {"real": [1.0, None, 2.0], "<fake>": [0.0, 0.0, 0.0]}, {"perfect": 1.5}, "a & b")
    tree = ElementTree.fromstring(drawn)
    assert len(tree.findall("path")) == 2 and tree.get("role") == "img"
    for values in ([], [5.0], [0.0, 0.0], [1e-9, 1e9], [-3.0, None]):
        ElementTree.fromstring(charts.chart(list(range(len(values))), {"x": values}))


def test_a_run_without_sheets_or_with_damaged_ones_has_a_page(folder, tmp_path):
    for path in (folder / "samples").iterdir():
        path.write_bytes(b"no picture")
    assert pictures.moving(pictures.sheets(folder)) is None
    assert "webp" not in page(folder, RECORD)
    assert "<svg" in page(tmp_path / "gone", RECORD)


def test_a_film_has_a_bounded_number_of_frames(folder):
    film = pictures.moving(pictures.sheets(folder) * 50)
    assert film is not None
    path = folder / "film.webp"
    path.write_bytes(film)
    with Image.open(path) as opened:
        assert 2 <= opened.n_frames <= pictures.FRAMES + 1


def test_floor_and_ceiling_are_real_data_and_noise():
    from tests.toy_recipe import SIZES, Toy

    class Scoring(Toy):
        def score_samples(self, samples):
            return {"spread": float(samples.std())}

    recipe = Scoring(steps=12, batch=8)
    found = evaluate.Opened(recipe, recipe.build(), "toy/cpu@1", [])
    beside = evaluate.scale(found, print)
    assert set(beside["spread"]) == {"noise", "real"}
    assert beside["spread"]["real"] == pytest.approx(float(recipe.data().std()), rel=1e-3)
    plain = evaluate.Opened(SIZES["cpu"], recipe.build(), "toy/cpu@1", [])
    assert evaluate.scale(plain, print) == {}
