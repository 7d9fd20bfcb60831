"""The house's own secret: made at `init`, kept in the data folder, readable by its owner only."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path


class Keys:
    """Derives one key per purpose from the secret file; a missing file is made."""

    def __init__(self, folder: Path) -> None:
        path = folder / "secret.key"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_hex(32).encode())
        self._secret = path.read_bytes().strip()

    def derive(self, purpose: str) -> bytes:
        """32 bytes for `purpose`."""
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()

    def sign(self, purpose: str, text: str) -> str:
        """HMAC-SHA256 in hex, for links and codes that only we can make."""
        return hmac.new(self.derive(purpose), text.encode(), hashlib.sha256).hexdigest()

    def verify(self, purpose: str, text: str, signature: str) -> bool:
        """Constant-time comparison with our own signature."""
        return hmac.compare_digest(self.sign(purpose, text), signature)
