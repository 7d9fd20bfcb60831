"""Stored files: bytes under random names in one folder; nobody's file name ever becomes a path."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from madoguchi.kit.ids import new_id

_BLOCK = 1_048_576


class FileStore:
    """A folder of blobs. `put` returns the key; keys are ours, so `get` needs no path check beyond its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Store durably (file and folder are synced) and return the key."""
        return self.write(lambda file: file.write(content))

    def write(self, fill: Callable[[BinaryIO], object]) -> str:
        """Store durably what `fill` writes, however much that is, and return the key; nothing stays if it fails."""
        key = new_id("file")
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        try:
            with path.open("x+b") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return key

    def path(self, key: str) -> Path:
        """Where the bytes are, for those who stream them. Raises FileNotFoundError."""
        path = self._path(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        return path

    def get(self, key: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Remove for good: the bytes are overwritten first. A missing file is fine."""
        path = self._path(key)
        try:
            overwrite(path)
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not key.startswith("file_") or not key[5:].isalnum():
            raise FileNotFoundError(key)
        return self._folder / key[-2:] / key


def overwrite(path: Path) -> None:
    """Zeroes over a file's bytes, so that what is unlinked afterwards cannot be read from the disk's free blocks.

    A best effort: disks that write elsewhere each time need encryption beneath. Raises FileNotFoundError.
    """
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(left, _BLOCK)))
        file.flush()
        os.fsync(file.fileno())
