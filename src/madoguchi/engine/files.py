"""Stored files: bytes under random names in one folder; nobody's file name ever becomes a path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from madoguchi.engine.sealing import BLOCK, Seal, is_sealed
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
        return self.write(lambda file: file.write(content))

    def write(self, fill: Callable[[BinaryIO], object]) -> str:
        """Store durably what `fill` writes, however much that is, and return the key; nothing stays if it fails."""
        key = new_id("file")
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(".part")
        try:
            with draft.open("x+b") as file:
                fill(file)
                _sync(file)
            if self._seal is not None:
                self._store(key, self._seal.seal(_blocks(draft), key))
                overwrite(draft)
                draft.unlink()
            else:
                draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return key

    def get(self, key: str) -> bytes:
        """The bytes. Raises as `blocks` does."""
        return b"".join(self.blocks(key))

    def blocks(self, key: str) -> Iterator[bytes]:
        """The bytes, block by block. Raises FileNotFoundError; ValueError where they are sealed and the key does not open them."""
        path = self._path(key)
        if not self.is_sealed(key):
            yield from _blocks(path)
            return
        if self._seal is None:
            raise ValueError(f"{key} is encrypted: set data.encryption_key")
        with path.open("rb") as file:
            yield from self._seal.open(file, key)

    def delete(self, key: str) -> None:
        """Remove for good: the bytes are overwritten first. A missing file is fine."""
        path = self._path(key)
        try:
            overwrite(path)
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)

    def stored(self) -> Iterator[str]:
        """Every stored file, in no order."""
        return (path.name for path in self._folder.glob("*/file_*") if not path.suffix)

    def is_sealed(self, key: str) -> bool:
        """Raises FileNotFoundError."""
        with self._path(key).open("rb") as file:
            return is_sealed(file.read(64))

    def seal_again(self, key: str, seal: Seal | None) -> bool:
        """Store a file under another seal, or under none; False where that is so already. A crash leaves one or the other."""
        if self.is_sealed(key) == (seal is not None):
            return False
        before = self._path(key).with_suffix(".before")
        os.link(self._path(key), before)
        self._store(key, seal.seal(self.blocks(key), key) if seal else self.blocks(key))
        overwrite(before)
        before.unlink()
        return True

    def _store(self, key: str, pieces: Iterable[bytes]) -> None:
        """Put a whole file in its place at once."""
        path = self._path(key)
        whole = path.with_suffix(".whole")
        with whole.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            _sync(file)
        whole.replace(path)

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
            left -= file.write(bytes(min(left, BLOCK)))
        _sync(file)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(BLOCK), b"")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
