"""The verbs: keep what was seen, accept, reject, take back, forget. Each decision leaves a line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from madoguchi.assistant.learning.words import queries
from madoguchi.assistant.learning.words.model import (
    Candidate,
    ShopWord,
    Sighting,
    WordState,
    shop_word,
    word_sighting,
)
from madoguchi.assistant.shop_words import is_word
from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge import queries as articles
from madoguchi.counter.knowledge import service as knowledge
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

LONGEST = 80
_word = shop_word.c


def keep(tx: Transaction, seen: Sequence[tuple[str, Sequence[Sighting]]]) -> None:
    """Of each (contact id, sightings): these and no others."""
    for contact_id, sightings in seen:
        forget_contact(tx, contact_id)
        for each in sightings:
            tx.execute(insert(word_sighting).values(contact_id=contact_id, **vars(each)))


def accept(tx: Transaction, found: Candidate, means: str, by: Actor) -> ShopWord:
    """From the next message on the word means this; of an article, from the next search on.

    Raises Invalid("words_needed", field="means"), Conflict("word_decided").
    """
    means = means.strip()
    if not is_word(means) or len(means) > LONGEST:
        raise Invalid("words_needed", field="means")
    done = _decide(tx, found, means, "accepted", by)
    if found.matter == "articles":
        _change_synonyms(tx, done, add=True)
    return done


def reject(tx: Transaction, found: Candidate, by: Actor) -> ShopWord:
    """It is not suggested again. Raises Conflict("word_decided")."""
    return _decide(tx, found, found.means, "rejected", by)


def take_back(tx: Transaction, word_id: str, by: Actor) -> ShopWord:
    """Undo, whoever has decided it: it is suggested again. Raises NotFound("shop_word_not_found")."""
    was = queries.get(tx, word_id)
    tx.execute(delete(shop_word).where(_word.id == word_id))
    if was.matter == "articles" and was.state == "accepted":
        _change_synonyms(tx, was, add=False)
    _audit(tx, by, "words.taken_back", was)
    return was


def forget_old(tx: Transaction, keep_for: timedelta) -> None:
    """Sightings are kept as long as history is; decisions, which hold nobody's words, for good."""
    tx.execute(delete(word_sighting).where(word_sighting.c.said_at < tx.now - keep_for))


def forget_contact(tx: Transaction, contact_id: str) -> None:
    tx.execute(delete(word_sighting).where(word_sighting.c.contact_id == contact_id))


def forget(tx: Transaction, contact_id: str, seqs: Sequence[int] | None) -> None:
    """For erasure: words are kept with what was picked several messages later, so all of the contact's go."""
    forget_contact(tx, contact_id)


def _decide(tx: Transaction, found: Candidate, means: str, state: WordState, by: Actor) -> ShopWord:
    key = (
        _word.matter == found.matter,
        _word.language == found.language,
        _word.word == found.word,
        _word.suggested == found.means,
    )
    tx.lock("shop_word", f"{found.language}/{found.word}")
    if tx.first(select(_word.id).where(*key)) is not None:
        raise Conflict("word_decided")
    row: dict[str, Any] = {
        "id": new_id("wrd"),
        "matter": found.matter,
        "language": found.language,
        "word": found.word,
        "suggested": found.means,
        "means": means,
        "state": state,
        "decided_by": by.id,
        "decided_at": tx.now,
    }
    tx.execute(insert(shop_word).values(row))
    done = ShopWord(**row)
    _audit(tx, by, f"words.{state}", done)
    return done


def _change_synonyms(tx: Transaction, word: ShopWord, *, add: bool) -> None:
    """The shop's own groups of synonyms with the word, or without it again."""
    groups = [list(group) for group in articles.own_synonyms(tx).get(word.language, [])]
    here = next((group for group in groups if word.means in group), None)
    if not add and here is not None and word.word in here:
        here.remove(word.word)
        groups = [group for group in groups if len(group) > 1]
    elif add and here is None:
        groups.append([word.means, word.word])
    elif add and here is not None and word.word not in here:
        here.append(word.word)
    knowledge.keep_synonyms(tx, word.language, groups)


def _audit(tx: Transaction, by: Actor, action: str, word: ShopWord) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="shop_word",
        object_id=word.id,
        word=word.word,
        means=word.means,
    )
