"""Names for rows and bearer secrets: sortable by birth, unguessable where it matters."""

from __future__ import annotations

import hashlib
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """`prefix_` + 48 bits of milliseconds + 80 random bits in Crockford base 32; sorts by time of birth."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    digits = [_ALPHABET[(number >> shift) & 31] for shift in range(125, -5, -5)]
    return f"{prefix}_{''.join(digits)}"


def new_secret() -> str:
    """256 random bits, URL-safe: session tokens, API keys, capability links."""
    return secrets.token_urlsafe(32)


def new_code(digits: int = 6) -> str:
    """A one-time code of decimal digits, uniformly random (20 bits for six digits; ASVS 6.5.4)."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def fingerprint(secret: str) -> str:
    """SHA-256 in hex; only this is stored of a high-entropy secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
