"""What is stored, unreadable without a key that is kept elsewhere: the SQLite file (SQLCipher) and every stored file (PRIV-001).

One key of 256 random bits; the keys of the database and of the files follow from it (HKDF, RFC 5869). A file is
AES-256-GCM with its own name bound to it, so that one file cannot stand in for another. The libraries come with the
extra `encryption`. PostgreSQL keeps its own files: there the disk is what is to be encrypted.
"""

from __future__ import annotations

import os
import re
from typing import Self

from madoguchi.engine.settings import Settings, SettingsError

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_MARK = b"madoguchi-sealed-1\n"
_NONCE = 12


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

    def seal(self, content: bytes, name: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return _MARK + nonce + self._files.encrypt(nonce, content, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """Raises ValueError for another key, another file's content, or a single changed byte."""
        from cryptography.exceptions import InvalidTag

        nonce, text = sealed[len(_MARK) : len(_MARK) + _NONCE], sealed[len(_MARK) + _NONCE :]
        try:
            return self._files.decrypt(nonce, text, name.encode())
        except InvalidTag as error:
            raise ValueError(f"{name}: sealed with another key, or damaged") from error


def is_sealed(content: bytes) -> bool:
    return content.startswith(_MARK)


def _derived(key: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"madoguchi/" + purpose).derive(key)
