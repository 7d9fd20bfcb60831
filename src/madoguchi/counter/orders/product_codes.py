"""Which of somebody's words look like a product code: B07PGL2N7J, MS-4K2. Pure."""

from __future__ import annotations

import re
import unicodedata

_CODE = re.compile(
    r"(?<![a-z0-9.@/-])(?=[a-z0-9-]*[0-9])(?=[a-z0-9-]*[a-z])[a-z0-9][a-z0-9-]{2,38}[a-z0-9](?![a-z0-9@])"
)
_MOST = 5


def codes_in(words: str) -> list[str]:
    """In lower case, the longest first, at most five: letters and digits in one piece, four signs or more."""
    found = dict.fromkeys(_CODE.findall(unicodedata.normalize("NFKC", words).lower()))
    return sorted(found, key=len, reverse=True)[:_MOST]
