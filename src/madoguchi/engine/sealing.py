"""What is stored, unreadable without a key that is kept elsewhere: the SQLite file (SQLCipher) and every stored file (PRIV-001).

One key of 256 random bits; the keys of the database and of the files follow from it (HKDF, RFC 5869). A file is
AES-256-GCM in blocks, each bound to the file's name, its place and whether it is the last, so that no file and no
part of one can stand in for another. The libraries come with the
extra `encryption`. PostgreSQL keeps its own files: there the disk is what is to be encrypted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Self

from madoguchi.engine.settings import Settings, SettingsError

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_MARK = b"madoguchi-sealed-1\n"
_PREFIX = 8
_TAG = 16
BLOCK = 1_048_576  # bytes that are sealed together, so that a large file is never in memory whole


class Seal:
    """Seals and opens. Raises SettingsError where the libraries are not installed."""

    def __init__(self, key: str) -> None:
        if _HEX.fullmatch(key) is None:
            raise SettingsError("data.encryption_key must be 64 hexadecimal digits: `openssl rand -hex 32`")
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError as error:
            raise SettingsError(
                "data.encryption_key needs the extra `encryption`: pip install 'madoguchi[encryption]'"
            ) from error
        self.database_key = _derived(bytes.fromhex(key), b"database").hex()
        self._files = AESGCM(_derived(bytes.fromhex(key), b"files"))

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The seal of this installation; None where nothing is encrypted. Raises SettingsError."""
        data = settings.data
        key = data.encryption_key.get_secret_value()
        if data.encryption_key_file is not None:
            try:
                key = data.encryption_key_file.read_text("ascii").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"data.encryption_key_file cannot be read: {error}") from error
        return cls(key) if key else None

    def seal(self, blocks: Iterable[bytes], name: str) -> Iterator[bytes]:
        """Of blocks of `BLOCK` bytes (the last one shorter, or none): each sealed for its place and as the last or not."""
        prefix = os.urandom(_PREFIX)
        yield _MARK + prefix
        for number, (block, is_last) in enumerate(_marked(blocks)):
            nonce, about = _nonce(prefix, number), _about(name, is_last)
            yield self._files.encrypt(nonce, block, about)

    def open(self, file: BinaryIO, name: str) -> Iterator[bytes]:
        """The blocks of a sealed file. Raises ValueError for another key, another file's content, a changed byte, an end
        that is none."""
        from cryptography.exceptions import InvalidTag

        file.seek(len(_MARK))
        prefix = file.read(_PREFIX)
        pieces = iter(lambda: file.read(BLOCK + _TAG), b"")
        number = -1
        for number, (piece, is_last) in enumerate(_marked(pieces)):
            try:
                yield self._files.decrypt(_nonce(prefix, number), piece, _about(name, is_last))
            except InvalidTag as error:
                raise ValueError(f"{name}: sealed with another key, or damaged") from error


def is_sealed(beginning: bytes) -> bool:
    return beginning.startswith(_MARK)


def _marked(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each with whether it is the last; nothing is one empty last block."""
    before = None
    for block in blocks:
        if before is not None:
            yield before, False
        before = block
    yield before or b"", True


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _about(name: str, is_last: bool) -> bytes:
    return f"{name}/{'last' if is_last else 'more'}".encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"madoguchi/" + purpose).derive(key)
