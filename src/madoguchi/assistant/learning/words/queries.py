"""Reading sightings and decisions: for the turn, for the editor."""

from __future__ import annotations

from sqlalchemy import select

from madoguchi.assistant.learning.words.model import Matter, ShopWord, Sighting, shop_word, word_sighting
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction

_word = shop_word.c


def sightings(tx: Transaction, matter: Matter) -> list[Sighting]:
    """All that are kept, oldest first."""
    columns = [column for column in word_sighting.c if column.name != "contact_id"]
    here = word_sighting.c.matter == matter
    rows = tx.all(select(*columns).where(here).order_by(word_sighting.c.said_at, word_sighting.c.seq))
    return [Sighting(**row._mapping) for row in rows]


def accepted(tx: Transaction) -> list[tuple[str, str]]:
    """(word, what it means) of the shop's goods."""
    here = (_word.matter == "goods", _word.state == "accepted")
    return [
        (row.word, row.means)
        for row in tx.all(select(_word.word, _word.means).where(*here).order_by(_word.id))
    ]


def decided(tx: Transaction) -> list[ShopWord]:
    """Newest decision first."""
    return [
        ShopWord(**row._mapping)
        for row in tx.all(select(shop_word).order_by(_word.decided_at.desc(), _word.id))
    ]


def find(tx: Transaction, word_id: str) -> ShopWord | None:
    row = tx.first(select(shop_word).where(_word.id == word_id))
    return None if row is None else ShopWord(**row._mapping)


def get(tx: Transaction, word_id: str) -> ShopWord:
    """Raises NotFound("shop_word_not_found")."""
    found = find(tx, word_id)
    if found is None:
        raise NotFound("shop_word_not_found", id=word_id)
    return found
