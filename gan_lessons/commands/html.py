"""`html`: the book as web pages that need no network: formulas as MathML, links from page to page, code folded away."""

import argparse
import base64
import html
import io
import re
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image

from gan_lessons import results
from gan_lessons.files import write_whole

SOURCE = "https://github.com/gan-lessons/gan-lessons/blob/main/chapters/"
SCRIPT = re.compile(r"<script\b[^>]*>(?:(?!</script>).)*</script>", re.DOTALL)
ELSEWHERE = re.compile(r'https://|MathJax|src=""')  # in scripts that a page does not need, or that are not here
READ_AS = [  # what latex2mathml does not read, in TeX that it does
    (r"\\(?:big|Big|bigg|Bigg)[lrm]?\s*\\\|", r"\\|"),
    (r"\\[lr]Vert(?![A-Za-z])", r"\\|"),
    (r"\\[lr]vert(?![A-Za-z])", "|"),
    ("∫", r"\\int "),
    ("½", r"{\\textstyle\\frac{1}{2}}"),
]
THIN = "0.167em"
AN_END = re.compile(r"(?:</m(?:i|n|row|sub|sup|subsup|frac|sqrt|style)>|&#x00029;</mo>|>\]</mo>)$")
OPENING = ('<mo stretchy="false">&#x00028;', '<mo stretchy="false">[')
MENDED = [  # what browsers draw out of place, and how they do not
    (r"<mo>&#x0002A;</mo></msu", r'<mo lspace="0" rspace="0">&#x02217;</mo></msu'),
    (r"<msup>(<mi>[^<]*</mi>)<mi>&#x02032;</mi></msup>", r'<mrow>\1<mo lspace="0" rspace="0">&#x02032;</mo></mrow>'),
    (r"<msup>(<mo [^>]*>(?:&#x00029;|\]|&#x02016;|&#x0007C;)</mo>)", r"\1<msup><mrow></mrow>"),
    (r"((?:&#x00028;|\[|&#x0003D;|&#x0002C;)</mo>)<mo>&#x02212;", r'\1<mo form="prefix">&#x02212;'),
]
FOLDED = {"claim", "hide-input"}  # tags of cells whose code is shown on a click
COLUMN = """main { max-width: 68rem; margin: 0 auto; } /* wide enough for a line of code */
.jp-MarkdownCell { max-width: 60rem; } /* a line that the eye can follow */
.jp-OutputArea-output pre { white-space: pre; overflow-x: auto; } /* a printed table keeps its rows */
@media (max-width: 600px) { /* a figure keeps the size of its words, and is scrolled */
  .jp-OutputArea-output { overflow-x: auto; }
  .jp-OutputArea-output img[width] { max-width: none; }
}"""
DARK = ".jp-OutputArea-output img { filter: brightness(.88); border-radius: 10px; } /* paper that does not glare */"


def run(options: argparse.Namespace) -> int:
    """Write a page a chapter into the folder."""
    options.folder.mkdir(parents=True, exist_ok=True)
    notebooks = sorted(results.book().glob("*.ipynb"))
    for notebook in notebooks:
        write_whole(options.folder / f"{notebook.stem}.html", partial(written, page(notebook)))
    print(f"{len(notebooks)} pages written. Begin with {options.folder / notebooks[0].stem}.html")
    return 0


def written(text: str, path: Path) -> None:
    path.write_text(text, "utf-8")


def page(notebook: Path) -> str:
    """A notebook as a page that is complete in itself; links to what is not a page of the book lead to the web."""
    read = prepared(nbformat.read(notebook, as_version=4))
    made = exporter()
    body, _ = made.from_notebook_node(read, resources={"metadata": {"name": notebook.stem}})
    dark, *_ = made.environment.loader.get_source(made.environment, "static/theme-dark.css")
    style = f"<style>{COLUMN}\n@media screen and (prefers-color-scheme: dark) {{ {dark} {DARK} }}</style>"
    body = body.replace("</head>", f"{style}</head>", 1)
    body = SCRIPT.sub(lambda script: "" if ELSEWHERE.search(script[0]) else script[0], body)
    pages = {path.name for path in notebook.parent.glob("*.ipynb")}

    def link(found: re.Match[str]) -> str:
        name, place = found[1], found[2] or ""
        return f'href="{name[:-6]}.html{place}"' if name in pages else f'href="{SOURCE}{name}{place}"'

    return re.sub(r'href="((?![a-z]+:|#)[^"#]+)(#[^"]*)?"', link, body)


def prepared(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with its pictures' descriptions where browsers look for them, and with folded code that unfolds."""
    cells = []
    for cell in notebook.cells:
        alt = html.escape(cell.metadata.get("alt", ""))
        for output in cell.get("outputs", []):
            data, shown = output.get("data", {}), output.get("metadata", {}).get("image/png", {})
            if svg := data.get("image/svg+xml"):
                data["text/html"] = f'<div role="img" aria-label="{alt}">{svg}</div>'
            elif png := data.get("image/png"):
                width = f'width="{shown["width"]}" ' if "width" in shown else ""
                picture = f'<img alt="{alt}" {width}src="data:image/png;base64,{png}">'
                data["text/html"] = f"<picture>{still(png)}{picture}</picture>"
            for kind in {"image/svg+xml", "image/png"} & data.keys():
                del data[kind]
        if FOLDED & set(cell.metadata.get("tags", [])):
            code = f"<details><summary>code</summary>\n\n```python\n{cell.source}\n```\n\n</details>"
            cells.append(nbformat.v4.new_markdown_cell(code))
        cells.append(cell)
    notebook.cells = cells
    return notebook


def still(png: str) -> str:
    """The first frame of an animation, for readers who have asked their browser for less motion; else nothing."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as frames:
        if not getattr(frames, "is_animated", False):
            return ""
        first = io.BytesIO()
        frames.convert("RGB").save(first, "PNG", optimize=True)
    source = base64.b64encode(first.getvalue()).decode()
    return f'<source media="(prefers-reduced-motion: reduce)" srcset="data:image/png;base64,{source}">'


def exporter() -> Any:
    """nbconvert's exporter of HTML, with formulas as MathML and nothing from elsewhere."""
    from jinja2 import pass_context
    from nbconvert import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    from traitlets.config import Config

    class Renderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return mathml(body, "inline")

        def block_math(self, body: str) -> str:
            return mathml(body, "block")

    class Offline(HTMLExporter):
        @pass_context
        def markdown2html(self, context: Any, source: str) -> str:
            attachments = context.get("cell", {}).get("attachments", {})
            return MarkdownWithMath(renderer=Renderer(escape=False, attachments=attachments)).render(source)

    folded = Config({"TagRemovePreprocessor": {"enabled": True, "remove_input_tags": FOLDED}})
    return Offline(config=folded, require_js_url="", embed_images=True)


def mathml(tex: str, display: str) -> str:
    """A formula as MathML, which browsers draw by themselves; what cannot be read stays as it is."""
    from latex2mathml.converter import convert

    tex = html.unescape(tex).strip().strip("$").strip()
    for unread, read in READ_AS:
        tex = re.sub(unread, read, tex)
    try:
        return spaced(convert(tex, display=display))
    except Exception:  # it has many
        return f"<code>{html.escape(tex)}</code>"


def spaced(formula: str) -> str:
    """The MathML with TeX's spaces around names such as log, and with stars, primes and powers where they belong."""

    def name(found: re.Match[str]) -> str:
        before = formula[: found.start()]
        left = THIN if AN_END.search(before) else "0"
        right = "0" if formula.startswith(OPENING, found.end()) else THIN
        return f'<mo form="prefix" lspace="{left}" rspace="{right}">{found[1]}</mo>'

    formula = re.sub(r"<m[io]>([A-Za-z]{2,})</m[io]>", name, formula)
    for shown, better in MENDED:
        formula = re.sub(shown, better, formula)
    return formula
