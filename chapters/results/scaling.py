"""Time what each measure for speed brings on this machine: of a step of digits, and of one of a population.

Both tables are stored in scaling.json, which chapter 21 draws. Run `python -m chapters.results.scaling` from the
repository's root; it takes some minutes, most of them compiling. Each measure is timed off and on in turn.
"""

import json
import tempfile
from pathlib import Path

from chapters.results._records import write
from gan_lessons.__main__ import main as command

HERE = Path(__file__).parent
ASKED = {
    "digits": ["digits", "--size", "cpu", "--steps", "8", "--rounds", "5"],
    "population": ["ring", "--size", "plain", "--steps", "40", "--rounds", "5"],
}


def main() -> None:
    tables = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, words in ASKED.items():
            target = Path(folder) / f"{name}.json"
            if command(["bench", *words, "--device", "cpu", "--json", str(target)]):
                raise SystemExit(1)
            tables[name] = json.loads(target.read_text("utf-8"))
            tables[name]["command"] = " ".join(["gan-lessons bench", *words, "--device cpu"])
    write(HERE / "scaling.json", {"command": "python -m chapters.results.scaling", "tables": tables})


if __name__ == "__main__":
    main()
