"""The book as web pages: complete in themselves, with formulas, descriptions and links that lead somewhere."""

import base64
import io
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from gan_lessons import results
from gan_lessons.__main__ import main
from gan_lessons.commands.html import mathml, still
from gan_lessons.plots.motion import Animation

pytest.importorskip("latex2mathml")
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PROSE = """# A title

Half of $\\mathbb{E}_p[\\log D(x)]$, and `$x$` is code. [Next](02_next.ipynb#a-place), [task](assignments/a.ipynb),
[paper](https://arxiv.org/abs/1406.2661), [above](#A-title).

$$ L = \\operatorname{softplus}(-s) $$
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    book, out = tmp_path_factory.mktemp("book"), tmp_path_factory.mktemp("out")
    picture = new_output("display_data", data={"image/png": PNG}, metadata={"image/png": {"width": 300}})
    drawn = new_output("display_data", data={"image/svg+xml": "<svg id='drawn'></svg>"})
    table = new_output("display_data", data={"text/markdown": "| $p$ |\n|---|\n| $q$ |"})
    cells = [
        new_markdown_cell(PROSE),
        new_code_cell("seen = 1"),
        new_code_cell("folded = 2", outputs=[picture, drawn, table], metadata={"tags": ["claim"], "alt": 'A "dot".'}),
    ]
    for name in ("01_first", "02_next"):
        nbformat.write(new_notebook(cells=cells), book / f"{name}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "book", lambda: book)
        assert main(["html", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["01_first.html", "02_next.html"]
    return Path(out, "01_first.html").read_text("utf-8")


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    assert not re.findall(r'(?:src|srcset)="(?!data:)[^"]*"|<link[^>]*href|@import|import\(', page)


def test_formulas_are_mathml_and_code_stays_code(page: str) -> None:
    assert page.count("<math ") == 4 and page.count('display="block"') == 1
    assert "softplus" in page and "operatorname" not in page
    assert "<code>$x$</code>" in page


def test_pictures_are_described(page: str) -> None:
    read = BeautifulSoup(page, "html.parser")
    assert [(image["alt"], image["width"]) for image in read.find_all("img")] == [('A "dot".', "300")]
    assert read.find("svg", id="drawn").parent["aria-label"] == 'A "dot".'


def test_an_animation_stands_still_for_who_asks_for_less_motion() -> None:
    frames = [Image.new("RGB", (4, 4), color) for color in ("red", "blue")]
    moving = base64.b64encode(Animation(frames).png).decode()
    source = re.fullmatch(r'<source media="\(prefers-reduced-motion: reduce\)" srcset="([^"]+)">', still(moving))
    assert source
    with Image.open(io.BytesIO(base64.b64decode(source[1].removeprefix("data:image/png;base64,")))) as first:
        assert not getattr(first, "is_animated", False) and first.convert("RGB").getpixel((0, 0)) == (
            0,
            0,
            255,
        )  # where it ends
    assert still(PNG) == ""


def test_links_lead_to_pages_or_to_the_web(page: str) -> None:
    found = set(re.findall(r'href="([^"]*)"', page))
    assert {"02_next.html#a-place", "https://arxiv.org/abs/1406.2661"} <= found
    assert "https://github.com/gan-lessons/gan-lessons/blob/main/chapters/assignments/a.ipynb" in found
    assert not [link for link in found if link.endswith(".ipynb") and not link.startswith("https:")]


def test_folded_code_is_there_once_and_unfolds(page: str) -> None:
    plain = re.sub(r"<[^>]+>", "", page)
    assert plain.count("folded = 2") == 1 and plain.count("seen = 1") == 1
    assert re.search(r"<details><summary>code</summary>(?:(?!</details>).)*folded", page, flags=re.DOTALL)


def test_every_formula_of_the_book_is_read() -> None:
    for path in sorted(results.book().glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            prose = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL)
            for tex in re.findall(r"\$\$?(.+?)\$\$?", prose, flags=re.DOTALL) if cell.cell_type == "markdown" else []:
                read = BeautifulSoup(mathml(tex, "inline"), "html.parser")
                assert read.math and "\\" not in read.text, (path.name, tex)
                for fixed in read.find_all(["msub", "msup", "mfrac"]):
                    assert len(fixed.find_all(recursive=False)) == 2, (path.name, tex)


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"2\log 2", '<mo form="prefix" lspace="0.167em" rspace="0.167em">log</mo>'),
        (r"\log(2)", '<mo form="prefix" lspace="0" rspace="0">log</mo>'),
        (r"|G'(z)|", '<mi>G</mi><mo lspace="0" rspace="0">&#x02032;</mo>'),
        (r"s^*", '<msup><mi>s</mi><mo lspace="0" rspace="0">&#x02217;</mo></msup>'),
        (r"(s-1)^2", "&#x00029;</mo><msup><mrow></mrow><mn>2</mn></msup>"),
        (r"\lVert x\rVert^2", "&#x02016;</mo><msup><mrow></mrow><mn>2</mn></msup>"),
        (r"a = -b", '<mo form="prefix">&#x02212;</mo>'),
        (r"\mathrm{KL}\big(q\,\big\|\,p\big)", "&#x02016;"),
    ],
)
def test_formulas_are_drawn_in_place(tex: str, part: str) -> None:
    assert part in mathml(tex, "inline")


def test_lines_are_short_and_a_dark_page_is_asked_for_by_the_reader(page: str) -> None:
    style = page[page.index("main { max-width") : page.index("</head>")]
    dark = style[style.index("@media screen and (prefers-color-scheme: dark)") :]
    assert "--jp-content-font-color1: " in dark and "--jp-layout-color0: " in dark
    assert dark.count("{") == dark.count("}")
