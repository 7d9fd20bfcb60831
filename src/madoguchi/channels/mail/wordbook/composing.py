"""A letter laid out: in the shop's words where it has its own, else in ours; facts between them; who we are under it.

Every mail that the house sends is made here, the looked-at one in the console too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import structlog

from madoguchi.channels.mail.filing import marked
from madoguchi.channels.mail.wordbook import keeping
from madoguchi.channels.mail.wordbook.checking import is_usable
from madoguchi.channels.mail.wordbook.letters import letters
from madoguchi.channels.mail.wordbook.model import SHOP, SUBJECT, LetterKind, Passage
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

log = structlog.get_logger()


@dataclass(frozen=True)
class Filling:
    """What one mail is filled with. `places`: for the curly brackets; `facts`: whole blocks; `told`: which of the
    passages with a condition stand in it.
    """

    places: Mapping[str, object]
    facts: Mapping[str, str]
    told: Collection[str] = ()


@dataclass(frozen=True)
class Composed:
    """A letter in words. `said`: each of its passages by name, for letters that are dressed in HTML."""

    subject: str
    text: str
    said: Mapping[str, str]


def compose(
    tx: Transaction,
    settings: Settings,
    letter: str,
    language: str,
    places: Mapping[str, object] | None = None,
    facts: Mapping[str, str] | None = None,
    told: Collection[str] = (),
) -> Composed:
    """In the words that hold in this transaction."""
    own = keeping.now(tx, letter, language).words
    return lay_out(settings, letters()[letter], language, Filling(places or {}, facts or {}, told), own)


def lay_out(
    settings: Settings, kind: LetterKind, language: str, filling: Filling, own: Mapping[str, str]
) -> Composed:
    """Pure. `own`: the shop's words by passage; such as do not fit the letter any more are passed over."""
    shop = settings.shop.name_in(language)
    places = {**dict.fromkeys(kind.places, ""), **filling.places, SHOP: shop}
    said = {
        name: _words(settings, kind, passage, language, own).format(**places)
        for name, passage in kind.passages.items()
        if not passage.only or passage.only in filling.told
    }
    blocks = [
        said.get(each.name, "") if isinstance(each, Passage) else filling.facts.get(each.name, "")
        for each in kind.body
    ]
    if kind.signed:
        blocks.append(f"-- \n{shop}\n{settings.base_url}")
    text = "\n\n".join(block.strip("\n") for block in blocks if block.strip())
    text = marked(settings, language, text) if kind.answerable else f"{text}\n"
    return Composed(said.get(SUBJECT, ""), text, said)


def _words(
    settings: Settings, kind: LetterKind, passage: Passage, language: str, own: Mapping[str, str]
) -> str:
    words = own.get(passage.name)
    if words is not None:
        if is_usable(kind, passage, words, Ours.of(settings)):
            return words
        log.warning("letters.words_do_not_fit", letter=kind.id, language=language, passage=passage.name)
    return tr(language, passage.text) if passage.text else ""
