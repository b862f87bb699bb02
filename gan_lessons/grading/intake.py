"""Who handed in what: folders a student, a learning platform's export, or nbgrader's own layout."""

import csv
import re
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from gan_lessons.data.intake import DAMAGED

LITTER = {"__MACOSX", ".ipynb_checkpoints", "__pycache__"}
READABLE = (".ipynb", ".json", ".py", ".txt")
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)")
BLACKBOARD = re.compile(r".+?_(?P<name>[^_]+)_attempt_[\d-]+(?:_(?P<file>.+))?")
LARGEST, MOST = 2_000_000_000, 20_000  # bytes and files that an archive may unpack to


@dataclass
class HandIn:
    """What one student handed in: an id that is safe as a folder's name, the name to show, and the files."""

    student: str
    name: str
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(place: Path) -> None:
    """Raise a ValueError where hand-ins cannot be: there is no folder and no file, or it is a damaged archive."""
    if not (place.is_dir() or place.is_file()):
        raise ValueError(f"There is no folder and no file {place}; give the one that holds the hand-ins.")
    if place.is_file() and place.suffix.lower() == ".zip" and not zipfile.is_zipfile(place):
        raise ValueError(f"The zip {place} is damaged; download or pack it again.")


def collect(place: Path, assignment: str, scratch: Path, roster: Path | None = None) -> list[HandIn]:
    """The hand-ins in a folder or an archive, by student; `scratch` is where archives are unpacked to.

    Each folder in `place` is a student's, with anything in it; a file is a student's by its name, as Moodle, Canvas and
    Blackboard write them, or as STUDENT.ipynb. A `roster` (CSV with a column id, and name if you like) adds those whose
    id and name are on none of them: they handed in nothing. Raises a ValueError where there is nobody.
    """
    check(place)
    shutil.rmtree(scratch, ignore_errors=True)
    if zipfile.is_zipfile(place):
        notes: list[str] = []
        place = unpack(place, scratch / "class", notes)
        if notes:
            raise ValueError(f"{notes[0]}.")
    found: dict[str, HandIn] = {}
    for entry in [place] if place.is_file() else sorted(place.iterdir()):
        if entry.name.startswith(".") or entry.name in LITTER:
            continue
        name, number = owner(entry, assignment)
        if entry.is_file() and not number and entry.suffix not in (*READABLE, ".zip"):
            continue  # a list of grades, say
        student = safe(f"{name}_{number}" if number else name)
        hand_in = found.setdefault(student, HandIn(student, name))
        hand_in.files += files(entry, scratch / student, hand_in.notes)
    by_name = {hand_in.name.casefold(): student for student, hand_in in found.items()}
    for student, name in listed(roster):
        student = student if student in found else by_name.get(name.casefold(), student)
        found.setdefault(student, HandIn(student, name)).name = name
    if not found:
        raise ValueError(f"{place} holds no hand-ins: a folder a student, or a file a student, is what is looked for.")
    return [found[student] for student in sorted(found)]


def owner(entry: Path, assignment: str) -> tuple[str, str]:
    """Whose a folder or file is: a name, and the platform's number where there is one."""
    for platform in (MOODLE, CANVAS, BLACKBOARD):
        if match := platform.fullmatch(entry.name):
            return match["name"], match.groupdict().get("number") or ("-" if entry.is_file() else "")
    if entry.is_dir():
        return entry.name, ""
    stem = entry.name.split(".")[0]
    return re.sub(rf"[ _.-]*{re.escape(assignment)}[ _.-]*", "", stem) or stem, ""


def safe(name: str) -> str:
    """A name as nbgrader and file systems take it."""
    return re.sub(r"[^\w-]+", "_", name).strip("_-")[:80] or "nameless"


def files(entry: Path, scratch: Path, notes: list[str]) -> list[Path]:
    """The files of an entry, with those in its archives."""
    found = [entry] if entry.is_file() else [path for path in sorted(entry.rglob("*")) if path.is_file()]
    found = [path for path in found if not path.is_symlink()]  # which could lead to the solutions
    for archive in [path for path in found if path.suffix == ".zip"]:
        inside = unpack(archive, scratch / safe(archive.stem), notes)
        found += [path for path in sorted(inside.rglob("*")) if path.is_file()]
    return [path for path in found if path.suffix != ".zip" and not LITTER & set(path.parts) and path.name[0] != "."]


def unpack(archive: Path, folder: Path, notes: list[str]) -> Path:
    """Unpack an archive, of a size that is said to be bearable; what cannot be unpacked is noted."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            if len(members) > MOST or sum(member.file_size for member in members) > LARGEST:
                notes.append(f"{archive.name} would unpack to more than {LARGEST // 10**9} GB or {MOST:,} files")
                return folder
            for member in members:
                opened.extract(member, folder)  # which keeps within the folder
    except (*DAMAGED, ValueError) as error:
        notes.append(f"{archive.name} cannot be unpacked ({error})")
    return folder


def listed(roster: Path | None) -> list[tuple[str, str]]:
    """The ids and names in a class list. Raises a ValueError where it has no column id."""
    if roster is None:
        return []
    with roster.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and "id" not in rows[0]:
        raise ValueError(f"{roster} has no column named id; its columns are: {', '.join(map(str, rows[0]))}.")
    return [(safe(row["id"]), row.get("name") or row["id"]) for row in rows if row["id"]]
