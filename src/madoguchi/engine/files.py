"""Stored files: bytes under random names in one folder; nobody's file name ever becomes a path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from madoguchi.engine.sealing import Seal, is_sealed
from madoguchi.kit.ids import new_id


class FileStore:
    """A folder of blobs. `put` returns the key; keys are ours, so `get` needs no path check beyond its own.

    With a seal what is put is unreadable on the disk; what was put before there was one is read as it is.
    """

    def __init__(self, folder: Path, seal: Seal | None = None) -> None:
        self._folder = folder
        self._seal = seal
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Store durably (file and folder are synced) and return the key."""
        key = new_id("file")
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            file.write(self._seal.seal(content, key) if self._seal else content)
            file.flush()
            os.fsync(file.fileno())
        return key

    def get(self, key: str) -> bytes:
        """The bytes. Raises FileNotFoundError; ValueError where it is sealed and the key does not open it."""
        stored = self._path(key).read_bytes()
        if not is_sealed(stored):
            return stored
        if self._seal is None:
            raise ValueError(f"{key} is encrypted: set data.encryption_key")
        return self._seal.open(stored, key)

    def delete(self, key: str) -> None:
        """Remove; a missing file is fine."""
        self._path(key).unlink(missing_ok=True)

    def stored(self) -> Iterator[str]:
        """Every stored file, in no order."""
        return (path.name for path in self._folder.glob("*/file_*") if not path.suffix)

    def is_sealed(self, key: str) -> bool:
        with self._path(key).open("rb") as file:
            return is_sealed(file.read(64))

    def seal_again(self, key: str, seal: Seal | None) -> bool:
        """Store a file under another seal, or under none; False where that is so already. A crash leaves one or the other."""
        path = self._path(key)
        if self.is_sealed(key) == (seal is not None):
            return False
        content = self.get(key)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(seal.seal(content, key) if seal else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return True

    def _path(self, key: str) -> Path:
        if not key.startswith("file_") or not key[5:].isalnum():
            raise FileNotFoundError(key)
        return self._folder / key[-2:] / key
