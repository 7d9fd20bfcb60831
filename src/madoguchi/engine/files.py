"""Stored files: bytes under random names in one folder; nobody's file name ever becomes a path."""

from __future__ import annotations

import os
from pathlib import Path

from madoguchi.kit.ids import new_id


class FileStore:
    """A folder of blobs. `put` returns the key; keys are ours, so `get` needs no path check beyond its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Store durably (file and folder are synced) and return the key."""
        key = new_id("file")
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return key

    def get(self, key: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Remove; a missing file is fine."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not key.startswith("file_") or not key[5:].isalnum():
            raise FileNotFoundError(key)
        return self._folder / key[-2:] / key
