"""Passwords of staff: which are refused, how they are kept, how they are compared. Pure, but slow on purpose.

Length only, no composition rules (ASVS 6.2.5); common passwords are refused by their ingredients: whoever joins
nothing but common words, years, runs of keys and repetitions has chosen a guessable password (ASVS 6.2.4, 6.2.11).
"""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from madoguchi.counter.problems import Invalid
from madoguchi.kit.text import fold

LONGEST = 200
_WORDS = Path(__file__).with_name("common_words.txt")
_LEET = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_KEY_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_hasher = PasswordHasher()  # argon2id, RFC 9106 second recommended option


def check(password: str, shortest: int, *context: str) -> None:
    """Raises Invalid("password_short" | "password_long" | "password_common").

    `context` is what an attacker guesses first: the login, the name, the shop's name.
    """
    if len(password) < shortest:
        raise Invalid("password_short", field="password", shortest=shortest)
    if len(password) > LONGEST:
        raise Invalid("password_long", field="password", longest=LONGEST)
    if is_common(password, *context):
        raise Invalid("password_common", field="password")


def is_common(password: str, *context: str) -> bool:
    """Whether the password is made of nothing but what everybody would try first."""
    folded = fold(password)
    own = {part for text in context for part in re.split(r"[\W_]+", fold(text)) if len(part) >= 3}
    words = frozenset(_common_words() | own)
    return _is_made_of(folded, words)


def make() -> str:
    """A password for somebody who typed none: 100 random bits in five groups."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Compare; without a stored hash the same work is done and the answer is no."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(24))


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    lines = _WORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether common words, runs, repetitions and small change (digits, signs: four in all) make up the whole text."""
    spare = 4
    cheapest = [spare + 1] * (len(text) + 1)
    cheapest[0] = 0
    for start in range(len(text)):
        if cheapest[start] > spare:
            continue
        for end in range(start + 1, len(text) + 1):
            price = _price(text[start:end], words)
            if price is not None:
                cheapest[end] = min(cheapest[end], cheapest[start] + price)
    return cheapest[-1] <= spare


def _price(piece: str, words: frozenset[str]) -> int | None:
    if piece in words or piece.translate(_LEET) in words or _is_run(piece) or _is_year(piece):
        return 0
    return 1 if len(piece) == 1 and not piece.isalpha() else None


def _is_year(piece: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", piece))


def _is_run(piece: str) -> bool:
    """At least three neighbours of a keyboard row or the alphabet, in either direction, or one sign repeated."""
    if len(piece) < 3:
        return False
    if len(set(piece)) == 1:
        return True
    return any(piece in row or piece[::-1] in row for row in (*_KEY_ROWS, _ALPHABET))
