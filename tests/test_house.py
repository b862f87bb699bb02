"""The house: one set of dependencies, a README that fits the chapters, links that lead somewhere, imports one way."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
README = (ROOT / "README.md").read_text("utf-8")


# One set of dependencies


def pins() -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            found.setdefault(normal(Requirement(line).name), []).append(Requirement(line))
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def conda_faults(environment: dict) -> list[str]:
    """Where environment.yml asks for something else than pyproject.toml and constraints.txt."""
    found, through_pip = [], []
    for item in environment["dependencies"]:
        if isinstance(item, dict):
            through_pip += item["pip"]
            continue
        name, _, version = item.partition("=")
        if name == "python":
            if not SpecifierSet(PROJECT["requires-python"]).contains(
                f"{version}.99" if version.count(".") < 2 else version
            ):
                found.append(f"Python {version} is not in {PROJECT['requires-python']}")
        elif name != "pip":
            found.append(f"{name} comes from conda, but pyproject.toml's dependencies come through pip")
    if "--constraint constraints.txt" not in through_pip:
        found.append("pip gets no constraints")
    packages = [line for line in through_pip if not line.startswith("--constraint")]
    installed = re.fullmatch(r"--editable \.\[([a-z,]+)\]", packages[0]) if len(packages) == 1 else None
    if installed is None:
        return [*found, f"pip installs {packages}, not just this package with its extras"]
    wanted, got = {"lab", "test"}, set(installed[1].split(","))
    if not wanted <= got <= set(EXTRAS):
        found.append(f"the extras are {sorted(got)}: not in pyproject.toml, or without {sorted(wanted)}")
    return found


def test_conda_gets_what_pip_gets() -> None:
    assert not conda_faults(yaml.safe_load((ROOT / "environment.yml").read_text("utf-8")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("python=3.11", "python=3.10"),
        ("python=3.11", "python=3.14"),
        ("  - pip\n", "  - pip\n  - numpy\n"),
        ("--constraint constraints.txt", "--constraint other.txt"),
        (".[lab,test,course,pictures]", ".[lab,pictures]"),
        (".[lab,test,course,pictures]", ".[lab,test,gpu]"),
        ("- --editable .[lab,test,course,pictures]", "- --editable .[lab,test,course,pictures]\n      - torch>=2.9"),
    ],
)
def test_planted_conda_fault_is_found(old: str, new: str) -> None:
    text = (ROOT / "environment.yml").read_text("utf-8")
    assert old in text
    assert conda_faults(yaml.safe_load(text.replace(old, new)))


def test_every_dependency_has_an_exact_version_in_its_range() -> None:
    known = pins()
    assert all(str(pin.specifier).startswith("==") for versions in known.values() for pin in versions)
    for line in PROJECT["dependencies"] + [line for extra in EXTRAS.values() for line in extra]:
        wanted = Requirement(line)
        assert normal(wanted.name) in known, f"{line} is not in constraints.txt: run `make lock`"
        for pin in known[normal(wanted.name)]:
            version = Version(str(pin.specifier).removeprefix("=="))
            assert version in wanted.specifier, f"{pin} is not in {line}: run `make lock`"


def test_jupyterlab_gets_settings_that_it_knows() -> None:
    """The names were read in JupyterLab 4.6 and ipywidgets 8.1; a renamed one would silently do nothing."""
    share = Path(sys.prefix) / "share/jupyter"
    for key, settings in json.loads((ROOT / "chapters/.jupyterlab/overrides.json").read_text()).items():
        package, plugin = key.split(":")
        (schema,) = list(share.glob(f"lab*/**/schemas/{package}/{plugin}.json"))
        known = json.loads(schema.read_text("utf-8"))["properties"]
        for name, value in settings.items():
            assert name in known
            choices = [choice["const"] for choice in known[name].get("oneOf", [])] or known[name].get("enum")
            assert not choices or value in choices


def test_the_file_browser_leaves_out_what_readers_do_not_open() -> None:
    from jupyter_server.services.contents.manager import ContentsManager

    hidden = ast.literal_eval(re.search(r"^HIDDEN +:= (\[.*\])$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1])
    manager = ContentsManager(hide_globs=hidden)
    listed = {path.name for path in (ROOT / "chapters").iterdir() if manager.should_list(path.name)}
    assert {"assignments", "00_start.ipynb"} <= listed
    assert all(name == "assignments" or name.endswith(".ipynb") or name[0] in "._" for name in listed), listed


# The README


def test_table_of_chapters_lists_every_chapter() -> None:
    chapter = re.compile(r"\|.*\]\(chapters/(\d\d|A\d)_\w+\.ipynb\)")
    rows = [line.split("|")[1:-1] for line in README.splitlines() if chapter.match(line)]
    listed = [re.search(r"chapters/(\w+)\.ipynb", "|".join(row))[1] for row in rows]
    assert listed == sorted(text.stem for text in ROOT.glob("chapters/text/*.py"))
    assert all(re.fullmatch(r"\s*(<\s*)?\d+\s*", row[-1]) for row in rows), "the last column is minutes"


def links(markdown: str) -> list[str]:
    """The targets of links and images that are not on the web."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)[^)]*\)", plain) + re.findall(r'(?:src|href)="([^"]+)"', plain)
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken(markdown: str, folder: Path) -> list[str]:
    headings = [slug(line.lstrip("#")) for line in re.findall(r"^#+ .*", markdown, flags=re.MULTILINE)]
    found = []
    for target in links(markdown):
        path, _, place = target.partition("#")
        if not (folder / path).exists() if path else slug(place) not in headings:
            found.append(target)
    return found


@pytest.mark.parametrize(
    "page",
    sorted([*ROOT.glob("*.md"), *ROOT.glob("chapters/assignments/*.md"), *ROOT.glob("chapters/*.ipynb")]),
    ids=lambda path: path.name,
)
def test_links_lead_somewhere(page: Path) -> None:
    markdown = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        cells = nbformat.reads(markdown, as_version=4).cells
        markdown = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert not broken(markdown, page.parent)


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").touch()
    page = (
        "# A title\n[a](there.md) [b](gone.md) ![c](gone.png) [d](#a-title) [e](#no-title) [f](https://x.org) `[g](h)`"
    )
    assert broken(page, tmp_path) == ["gone.md", "gone.png", "#no-title"]


# Imports run one way


STOREYS = [
    {"skeleton"},  # what data, networks and plots share
    {"data", "networks", "losses", "penalties", "estimators", "spectrograms", "dynamics", "plots", "devices"}
    | {
        "files",
        "records",
        "results",
        "own_recipes",
        "latents",
        "tiles",
        "interrupts",
        "ranks",
        "counting",
        "shortages",
        "precision",
    },
    {"contract", "gan", "setting", "reconstruction", "styling", "upscaling"},
    {"training", "populations", "updates", "sweeps", "judges", "metrics", "likelihood", "speech"}
    | {"checkpoints", "reports", "stepping"},
    {"recipes", "traces", "timelines", "attempts", "runs", "checks", "grading", "plans", "benches"},
    {"labs", "commands", "__main__"},
]
NEIGHBOURS = {
    ("networks", "estimators"),
    ("networks", "data"),
    ("ranks", "interrupts"),
    ("gan", "contract"),
    ("metrics", "judges"),
    ("updates", "training"),
    ("likelihood", "training"),
    ("sweeps", "training"),
    ("sweeps", "populations"),
    ("sweeps", "updates"),
    ("checkpoints", "training"),
    ("traces", "recipes"),
    ("timelines", "recipes"),
    ("checks", "recipes"),
    ("checks", "timelines"),
    ("attempts", "recipes"),
    ("runs", "recipes"),
    ("runs", "attempts"),
    ("traces", "recipes"),
    ("__main__", "commands"),
}
LEVEL = {name: level for level, names in enumerate(STOREYS) for name in names}


RELATIVE = "a relative import"


def names_imported(source: str) -> set[str]:
    """The dotted names that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found |= {f"{module}.{name.name}" for name in names}
            case ast.ImportFrom():
                found.add(RELATIVE)
    return found


def imported(source: str) -> set[str]:
    """The parts of the package among them; a relative import stands for itself."""
    found = names_imported(source)
    return {name.split(".")[1] for name in found if name.startswith("gan_lessons.")} | found & {RELATIVE}


def arrows(part: str, source: str) -> list[str]:
    """The imports of a part of the package that go up or sideways."""
    found = imported(source) - {part}
    if part not in LEVEL:
        return [f"{part} has no storey; give it one in STOREYS"]
    return [
        f"{part} imports {other}"
        for other in sorted(found)
        if (part, other) not in NEIGHBOURS and LEVEL.get(other, len(STOREYS)) >= LEVEL[part]
    ]


@pytest.mark.parametrize(
    "module", sorted(ROOT.glob("gan_lessons/**/*.py")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_imports_go_down(module: Path) -> None:
    part = module.relative_to(ROOT / "gan_lessons").with_suffix("").parts[0]
    source = module.read_text("utf-8")
    assert part == "__init__" or not arrows(part, source)


LABS = {"writing": {"blind", "latents"}, "shapes": {"latents"}}  # what a folder of labs imports beside itself and kit


def lab_arrows(folder: str, source: str) -> list[str]:
    """The imports of a folder of labs that lead to another than `kit` and those in LABS."""
    parts = (name.split(".") for name in names_imported(source) if name.startswith("gan_lessons.labs."))
    near = {folder, "kit", *LABS.get(folder, set())} if folder != "kit" else {"kit"}
    return sorted(f"{folder} imports {other}" for other in {part[2] for part in parts} - near)


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in ROOT.glob("gan_lessons/labs/*/__init__.py")))
def test_a_folder_of_labs_imports_the_kit_and_few_others(folder: str) -> None:
    for module in (ROOT / "gan_lessons/labs" / folder).glob("*.py"):
        assert not lab_arrows(folder, module.read_text("utf-8")), module.name
    assert f"`{folder}`" in (ROOT / "gan_lessons/labs/__init__.py").read_text("utf-8") or folder == "kit"


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("kit", "from gan_lessons.labs.points import PlaygroundLab"),
        ("latents", "def f():\n    from gan_lessons.labs import writing"),
        ("writing", "import gan_lessons.labs.points.own"),
    ],
)
def test_planted_arrow_between_labs_is_found(folder: str, source: str) -> None:
    assert lab_arrows(folder, source)


def test_the_public_face_loads_nothing_before_it_is_used() -> None:
    code = "import sys, gan_lessons; assert not {'torch', 'numpy'} & set(sys.modules); " + (
        "from gan_lessons import GAN, Record, train, losses, penalties, recipes, results; "
        "assert all(hasattr(gan_lessons, name) for name in gan_lessons.__all__); print(gan_lessons.recipes.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "gan_lessons.recipes\n"


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("losses", "from gan_lessons.penalties import r1"),
        ("losses", "def f():\n    import gan_lessons.training"),
        ("training", "from gan_lessons import losses, recipes"),
        ("judges", "from gan_lessons.metrics.frechet import frechet_distance"),
        ("recipes", "from ..labs import stage"),
        ("recipes", "from gan_lessons import utils"),
        ("utils", ""),
    ],
)
def test_planted_arrow_is_found(part: str, source: str) -> None:
    assert arrows(part, source)


def test_arrows_down_are_fine() -> None:
    assert not arrows("training", "import torch\nfrom gan_lessons import losses\nfrom gan_lessons.data import points")
    assert not arrows("metrics", "from gan_lessons.judges import digits")
    assert not arrows("data", "from gan_lessons.data.points import ring")


# Files are read and written in UTF-8 on every system


def unnamed_encodings(source: str) -> list[int]:
    """The lines in which a module opens a file as text and does not name the encoding.

    `open(…)`, `path.open(…)`, `read_text` and `write_text` count; what is opened as bytes, or is no text, does not.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        texts = [value.value for value in node.args if isinstance(value, ast.Constant) and isinstance(value.value, str)]
        named = {word.arg: word.value for word in node.keywords}
        mode = named["mode"].value if isinstance(named.get("mode"), ast.Constant) else None
        match node.func:
            case ast.Name(id="open"):
                mode = mode or (texts[-1] if len(node.args) > 1 and texts else "r")
            case ast.Attribute(attr="open", value=opener):
                if isinstance(opener, ast.Name) and opener.id in {"Image", "tarfile", "zipfile", "wave", "webbrowser"}:
                    continue
                if node.args and not (texts and set(texts[0]) <= set("rwaxbt+")):
                    continue  # a member of an archive, say
                mode = mode or (texts[0] if texts else "r")
            case ast.Attribute(attr="read_text"):
                mode = "" if node.args else "r"
            case ast.Attribute(attr="write_text"):
                mode = "" if len(node.args) > 1 else "w"
            case _:
                continue
        if mode and "b" not in mode and "encoding" not in named:
            found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "module",
    sorted(path for some in ("gan_lessons/**", "chapters/**") for path in ROOT.glob(f"{some}/*.py")),
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_every_text_file_is_opened_in_a_named_encoding(module: Path) -> None:
    assert not unnamed_encodings(module.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "with open(path, 'w') as file: pass",
        "open(path, mode='a')",
        "path.open()",
        "path.open('a')",
        "path.read_text()",
        "(folder / 'a').write_text(text)",
    ],
)
def test_planted_unnamed_encoding_is_found(source: str) -> None:
    assert unnamed_encodings(source) == [1]


def test_named_encodings_and_bytes_are_fine() -> None:
    fine = (
        "open(p, 'rb'); open(p, encoding='utf-8'); open(p, 'w', encoding='utf-8'); p.open('rb'); p.open(mode='wb')\n"
        "p.open('a', encoding='utf-8'); p.read_text('utf-8'); p.read_text(encoding='utf-8'); p.write_text(t, 'utf-8')\n"
        "Image.open(p); tarfile.open(p); archive.open(member); archive.open('a/b.txt'); webbrowser.open(address)"
    )
    assert not unnamed_encodings(fine)


def test_no_chapter_looks_for_results_in_the_working_folder() -> None:
    for text in [*ROOT.glob("chapters/text/*.py"), *ROOT.glob("chapters/assignments/**/*.py")]:
        strings = (
            node.value for node in ast.walk(ast.parse(text.read_text("utf-8"))) if isinstance(node, ast.Constant)
        )
        assert not [s for s in strings if isinstance(s, str) and s.startswith("results/")], (
            f"{text.name}: gan_lessons.results"
        )


def test_every_chapter_opens_elsewhere_too() -> None:
    address = PROJECT["urls"]["Source"].removeprefix("https://github.com/")
    for text in ROOT.glob("chapters/text/*.py"):
        notebook = f"chapters/{text.stem}.ipynb"
        for start in (
            "https://colab.research.google.com/github/",
            "https://kaggle.com/",
            "https://mybinder.org/v2/gh/",
        ):
            found = [link for link in re.findall(r"\]\((\S+)\)", README) if link.startswith(start) and notebook in link]
            assert len(found) == 1 and address in found[0], (start, notebook)


def test_the_package_index_gets_addresses_for_links_of_the_repository() -> None:
    hook = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["metadata"]["hooks"]
    page = README
    for change in hook["fancy-pypi-readme"]["substitutions"]:
        page = re.sub(change["pattern"], change["replacement"], page)
        assert PROJECT["urls"]["Source"].removeprefix("https://github.com") in change["replacement"]
    assert [link for link in links(page) if not link.startswith("#")] == []


def test_the_wheel_carries_the_book_and_changes_no_other_jupyterlab() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"chapters": "gan_lessons/_book/chapters"} and "shared-data" not in wheel
    assert PROJECT["scripts"] == {"gan-lessons": "gan_lessons.__main__:main"}
    assert (ROOT / "gan_lessons/py.typed").is_file()
    settings = "--LabApp.app_settings_dir"
    assert settings in (ROOT / "Makefile").read_text("utf-8") and f"{settings}=chapters/.jupyterlab" in README
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["repository-code"] == PROJECT["urls"]["Source"]
    version = re.search(r'__version__ = "(.*)"', (ROOT / "gan_lessons/__init__.py").read_text("utf-8"))
    assert version is not None and version[1] == PROJECT["version"] == citation["version"]
