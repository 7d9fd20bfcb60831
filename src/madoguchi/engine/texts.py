"""Words for people: English message ids, one gettext catalogue per language, in parts (`locale/<lang>/*.po`).

`tr("ja", "Refund {amount}", amount="5,980円")`. English needs no catalogue, and stands in for what a
language does not have. `{name}` places are filled with `str.format`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "locale"


@lru_cache
def catalogue(language: str) -> dict[str, str | tuple[str, ...]]:
    """Message id → translation, of every part of a language; entries marked fuzzy are left out."""
    messages: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((FOLDER / language.replace("-", "_")).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if not message.id or message.fuzzy:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                if message.string:
                    messages[key] = (
                        message.string if isinstance(message.string, str) else tuple(message.string)
                    )
    return messages


def tr(language: str, msgid: str, /, **params: Any) -> str:
    """`msgid` in `language`, with its places filled."""
    found = catalogue(language).get(msgid, msgid)
    template = found if isinstance(found, str) else found[0]
    return template.format(**params) if params else template


def trn(language: str, one: str, many: str, n: int, /, **params: Any) -> str:
    """Plural form for `n`, which also fills the place `{n}`. Japanese, Chinese and Korean have one form, English two."""
    found = catalogue(language).get(one)
    if found is None:
        template = one if n == 1 else many
    elif isinstance(found, str):
        template = found
    else:
        template = found[0] if n == 1 or len(found) == 1 else found[1]
    return template.format(n=n, **params)
