"""Files that are whole or not there, and a lock on a folder that ends with the process that holds it."""

import contextlib
import errno
import json
import os
import platform
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk can only be read",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EISDIR: "there is a folder of that name",
    errno.ENOTDIR: "what should be its folder is a file",
}


class FileError(ValueError):
    """A file or folder cannot be written; the message says which, and why."""


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name first, so that `path` always holds a whole one: the old or the new.

    `write` gets the path to write to. Raises FileError, and leaves what was there.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(unfinished)
        with open(unfinished, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise FileError(f"{path} could not be written ({reason(error)}); what it held before is untouched.") from error


def append(path: Path, text: str) -> None:
    """Add a text to a file; a FileError says why that cannot be."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FileError(f"{path} could not be written ({reason(error)}).") from error


def prepare(folder: Path) -> None:
    """Make a folder, and write a few bytes to see that one can; a FileError says why not."""
    if folder.exists() and not folder.is_dir():
        raise FileError(f"{folder} is a file; choose another folder.")
    trial = folder / ".trial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.write_bytes(b"\0" * 4096)
        trial.unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            trial.unlink(missing_ok=True)
        raise FileError(f"The folder {folder} cannot be written to: {reason(error)}.") from error


class Lock:
    """The right to write in a folder, which one process has at a time. The system takes it back when that one dies."""

    def __init__(self, folder: Path):
        """Take the lock; a FileError names the process that has it."""
        prepare(folder)
        self.path = folder / ".lock"
        self.file: IO[str] | None = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115
        self.file.seek(0)
        owner = self.file.read()
        try:
            if not seize(self.file) and lives(owner):
                raise BlockingIOError
        except BlockingIOError as error:
            self.file.close()
            self.file = None
            raise FileError(f"Another run writes in {folder}{named(owner)}; wait for its end, or stop it.") from error
        self.file.truncate(0)
        self.file.write(json.dumps({"pid": os.getpid(), "host": platform.node()}))
        self.file.flush()

    def release(self) -> None:
        """Give the folder back."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def named(owner: str) -> str:
    """The process that a lock file names, in brackets; nothing if it cannot be read."""
    try:
        found = json.loads(owner)
        return f" (process {found['pid']} on {found['host']})"
    except (ValueError, KeyError, TypeError):
        return ""


def lives(owner: str) -> bool:
    """Whether the process that a lock file names is another one, of this machine, and alive."""
    try:
        found = json.loads(owner)
        if found["host"] != platform.node() or found["pid"] == os.getpid():
            return False
        os.kill(found["pid"], 0)
    except PermissionError:
        return True  # of another user
    except (ValueError, KeyError, TypeError, OSError):
        return False
    return True


def seize(file: IO[str]) -> bool:
    """Lock an open file, or raise BlockingIOError; False where the file system has no locks."""
    try:
        import fcntl
    except ImportError:  # Windows: lock a byte far behind the text, which stays readable
        import msvcrt

        try:
            file.seek(2**20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError as error:
            raise BlockingIOError from error
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN):
            raise BlockingIOError from error
        return False
    return True
