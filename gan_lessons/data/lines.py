"""The lines of a text file, in UTF-8 or UTF-16, with an accented letter always one symbol."""

import codecs
import unicodedata
from pathlib import Path

MOST = 100 * 2**20  # bytes
MARKS = (  # a file may begin with one; that of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def lines(path: Path) -> list[str]:
    """The lines, without what is blank around them; é is one symbol, also where it is written as e and an accent (NFC).

    A FileNotFoundError or ValueError says what is wrong with the file.
    """
    if path.is_dir():
        raise ValueError(f"{path} is a folder; give a plain text file with one text a line.")
    if not path.is_file():
        raise FileNotFoundError(f"There is no text file {path}.")
    if (size := path.stat().st_size) > MOST:
        raise ValueError(f"{path} has {size / 2**20:,.0f} MB, and at most {MOST // 2**20} are read; give a part of it.")
    text = decoded(path.read_bytes(), path)
    return [line.strip() for line in unicodedata.normalize("NFC", text).splitlines()]


def decoded(stored: bytes, path: Path) -> str:
    """The text of a file's bytes: UTF-8 without a mark, UTF-16 and UTF-32 with one, and UTF-16 also where it shows."""
    mark, encoding = next((pair for pair in MARKS if stored.startswith(pair[0])), (b"", ""))
    if not encoding and b"\0" in stored:
        found = (text for encoding in ("utf-16-le", "utf-16-be") if (text := plain(stored, encoding)))
        if text := next(found, ""):
            return text
    try:
        text = stored[len(mark) :].decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in stored and not encoding:
            raise ValueError(f"{path} is a binary file; give a plain text file with one text a line.") from error
        number = stored[: len(mark) + error.start].count(b"\n") + 1
        name = (encoding or "utf-8").upper().removesuffix("-LE").removesuffix("-BE")
        raise ValueError(f"{path} is not in {name}: see line {number}; save it in UTF-8.") from error
    if "\0" in text:
        raise ValueError(f"{path} is a binary file; give a plain text file with one text a line.")
    return text


def plain(stored: bytes, encoding: str) -> str:
    """The bytes in an encoding, if that gives lines of characters that exist, and no others; else nothing."""
    try:
        text = stored.decode(encoding)
    except UnicodeDecodeError:
        return ""
    odd = any(unicodedata.category(symbol) in ("Cc", "Cn", "Co", "Cs") for symbol in set(text) - set("\t\r\n"))
    return text if "\n" in text and not odd else ""
