"""Recipes from outside: `module:Name` from a reader's folder, and what installed packages offer."""

import json
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest
import torch

from gan_lessons import losses, own_recipes, penalties, recipes, results
from gan_lessons.__main__ import main

MINE = '''"""A recipe of my own."""

from dataclasses import dataclass

from tests.toy_recipe import Toy


@dataclass(frozen=True)
class Mine(Toy):
    """Like the toy."""

    steps: int = 3
    batch: int = 4


@dataclass(frozen=True)
class Needing(Toy):
    """Without a size."""


READY = Mine(steps=5, batch=6)
TABLE = {"small": Mine(), "large": Mine(steps=9)}
NUMBER = 3
'''


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_module.py").write_text(MINE)
    yield "my_module"
    sys.modules.pop("my_module", None)


def test_a_class_a_recipe_and_a_table_are_found(mine):
    assert recipes.find("my_module:Mine").steps == 3
    assert recipes.find("my_module:READY").steps == 5
    assert recipes.find("my_module:TABLE", "large").steps == 9
    assert list(recipes.sizes("tests.toy_recipe:Toy")) == ["cpu", "long"]
    assert not [path for path in sys.path if path.endswith(mine)]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone:Mine", "no module 'gone'"),
        ("my_module:Gone", "my_module has no 'Gone'; its recipes are Toy, Mine, Needing"),
        ("my_module:NUMBER", "no recipe: it is no dataclass"),
        ("my_module:Needing", "has no sizes: give steps, batch a default"),
    ],
)
def test_what_is_no_recipe_is_told(mine, name, sentence):
    with pytest.raises(ValueError, match=sentence):
        recipes.sizes(name)


def test_a_module_that_lacks_a_package_names_the_package(mine, tmp_path):
    (tmp_path / "needy.py").write_text("import not_installed_at_all")
    with pytest.raises(ModuleNotFoundError, match="not_installed_at_all"):
        recipes.sizes("needy:Mine")


@pytest.fixture
def looked_anew():
    """What installed packages offer is looked up before the test and after it."""
    own_recipes.installed.cache_clear()
    yield
    own_recipes.installed.cache_clear()


def test_an_installed_package_offers_a_recipe(looked_anew, monkeypatch, capsys):
    point = EntryPoint("toy", "tests.toy_recipe:SIZES", own_recipes.GROUP)
    monkeypatch.setattr(own_recipes, "entry_points", lambda group: [point])
    assert "toy" in recipes.known() and recipes.find("toy", "long").steps == 24
    assert main(["describe"]) == 0
    assert "  toy  " in capsys.readouterr().out


def test_one_is_trained_in_the_readers_folder(mine, tmp_path):
    assert main(["train", "my_module:Mine", "--out", "run", "--device", "cpu"]) == 0
    assert main(["sample", "run", "--count", "4", "--out", "four.png"]) == 0
    assert (tmp_path / "four.png").is_file()


@pytest.mark.parametrize(
    "name", ["digits", "conditional", "spoken_digits", "vocoder", "ring", "grid", "words", "idioms"]
)
def test_a_recipe_keeps_the_best_by_a_figure_that_a_stored_run_has(name):
    best = recipes.find(name).best
    assert best is None or (best.split()[0] in ("lowest", "highest") and len(best.split()) == 2)
    stored = [record for size, record in results.stored().items() if size.partition("/")[0] == name]
    for path in stored:
        record = json.loads(path.read_text("utf-8"))
        assert best is None or best.split()[1] in record["figures"]


def test_a_modern_recipe_takes_a_loss_and_a_penalty_of_ones_own():
    recipe, asked = replace(recipes.find("digits"), steps=1, batch=8), []

    def loss(real_scores, fake_scores):
        asked.append("loss")
        return losses.hinge(real_scores, fake_scores)

    def penalty(discriminator, real, fake):
        asked.append("penalty")
        return penalties.r1(discriminator, real, fake)

    data = torch.rand(16, 1, 28, 28) * 2 - 1
    list(recipe.train(recipe.build(), data, loss=loss, penalty=penalty))
    assert {"loss", "penalty"} == set(asked)


def test_a_recipe_loads_what_the_book_has_stored_of_it():
    gan = recipes.find("digits", "long").load()
    torch.testing.assert_close(dict(gan.average.state_dict()), results.weights("digits/long"), rtol=0, atol=0)
    with pytest.raises(ValueError, match="Nothing is stored of a recipe with these settings"):
        replace(recipes.find("digits", "long"), batch=7).load()
