"""Lines of text files in the encodings that people save them in."""

import os

import pytest

from gan_lessons.data import lines

WORDS = ["Übermut", "naïve", "日本語", "zwölf"]


def read(tmp_path, stored):
    path = tmp_path / "own.txt"
    path.write_bytes(stored)
    return lines.lines(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_unicode_files_of_any_kind(tmp_path, encoding, end):
    assert read(tmp_path, end.join([*WORDS, ""]).encode(encoding)) == WORDS
    assert read(tmp_path, end.join(["日本", "中文", ""]).encode(encoding)) == ["日本", "中文"]


def test_big_endian_files_with_a_mark(tmp_path):
    assert read(tmp_path, ("\ufeff" + "\n".join(WORDS)).encode("utf-16-be")) == WORDS


def test_accents_are_one_symbol(tmp_path):
    assert read(tmp_path, "e\u0301\n\u00e9".encode()) == ["\u00e9", "\u00e9"]


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (b"ab\0cd", "is a binary file"),
        (b"ab\0c", "is a binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", "is a binary file"),
        (b"\xef\xbb\xbfab\0", "is a binary file"),
        ("aa\nbé\n".encode("latin-1"), "is not in UTF-8: see line 2; save it in UTF-8"),
        (b"\xff\xfea\0b", "is not in UTF-16: see line 1"),
    ],
)
def test_what_is_no_text_is_one_sentence(tmp_path, stored, message):
    with pytest.raises(ValueError, match=rf"own\.txt {message}"):
        read(tmp_path, stored)


def test_what_is_no_file(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="is a folder; give a plain text file"):
        lines.lines(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        with pytest.raises(FileNotFoundError, match=r"no text file .*pipe\.txt"):
            lines.lines(tmp_path / "pipe.txt")
    monkeypatch.setattr(lines, "MOST", 2**20)
    with pytest.raises(ValueError, match=r"own\.txt has 3 MB, and at most 1 are read"):
        read(tmp_path, b"a" * 3 * 2**20)
