"""The shop's words for its letters, in versions that are never overwritten: what holds, changing, going back. None commits.

One row is one version of one letter in one language and holds all passages that are the shop's own; what is not in it
is ours. The newest row holds, for every process, from the next mail on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, func, insert, select

from madoguchi.channels.mail.wordbook.checking import check
from madoguchi.channels.mail.wordbook.letters import letters
from madoguchi.channels.mail.wordbook.model import LetterKind
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import NAMES
from madoguchi.kit.text import clean

letter_version = Table(
    "letter_version",
    metadata,
    Column("letter", String(40), primary_key=True),
    Column("language", String(10), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("words", JsonText, nullable=False),  # passage → the shop's words; "" leaves it out
    Column("back_to", Integer, nullable=False),  # the version whose words were taken again; -1: none, 0: ours
    Column("changed_by", String(60), nullable=False),
    Column("changed_at", Moment, nullable=False),
    info=belongs(OfHouse("The shop's words for the mails that it sends.")),
)
NEW_WORDS = -1


@dataclass(frozen=True)
class Version:
    """Columns as in the table. Version 0, which is in no row, are our own words."""

    letter: str
    language: str
    version: int
    words: Mapping[str, str]
    back_to: int
    changed_by: str
    changed_at: datetime | None


def now(tx: Transaction, letter: str, language: str) -> Version:
    """The version that holds."""
    kept = history(tx, letter, language, limit=1)
    return kept[0] if kept else Version(letter, language, 0, {}, NEW_WORDS, "", None)


def history(tx: Transaction, letter: str, language: str, *, limit: int = 50) -> list[Version]:
    """Every version, the newest first."""
    asked = (
        select(letter_version)
        .where(letter_version.c.letter == letter, letter_version.c.language == language)
        .order_by(letter_version.c.version.desc())
        .limit(limit)
    )
    return [Version(**row._mapping) for row in tx.all(asked)]


def own_words(tx: Transaction) -> dict[str, list[str]]:
    """Letter → the languages in which the shop says something of its own."""
    newest = (
        select(
            letter_version.c.letter,
            letter_version.c.language,
            func.max(letter_version.c.version).label("version"),
        )
        .group_by(letter_version.c.letter, letter_version.c.language)
        .subquery()
    )
    asked = select(letter_version).join(
        newest,
        (letter_version.c.letter == newest.c.letter)
        & (letter_version.c.language == newest.c.language)
        & (letter_version.c.version == newest.c.version),
    )
    found: dict[str, list[str]] = {}
    for row in tx.all(asked):
        if row.words:
            found.setdefault(row.letter, []).append(row.language)
    return found


def change(
    tx: Transaction,
    actor: Actor,
    letter: str,
    language: str,
    wanted: Mapping[str, str],
    seen: int,
    ours: Ours,
) -> Version:
    """From the next mail on the letter says `wanted` (passage → words). What reads as ours is not kept as the shop's.

    `seen`: the version that the form showed. Raises NotFound, Invalid with the passage, Conflict("changed_meanwhile").
    """
    kind = _kind(letter, language)
    own: dict[str, str] = {}
    for name, words in wanted.items():
        passage = kind.passages.get(name)
        if passage is None:
            raise Invalid("letter_passage_unknown", field=name)
        said = _tidy(words)
        if said == _tidy(tr(language, passage.text)):
            continue
        check(kind, passage, said, ours)
        own[name] = said
    return _write(tx, actor, kind, language, own, seen, NEW_WORDS)


def go_back(
    tx: Transaction, actor: Actor, letter: str, language: str, to: int, seen: int, ours: Ours
) -> Version:
    """The words of an earlier version hold again, as a new version; `to` 0: ours.

    Raises NotFound, Invalid where they do not fit the letter any more, Conflict("changed_meanwhile").
    """
    kind = _kind(letter, language)
    words: Mapping[str, str] = {}
    if to != 0:
        found = tx.first(
            select(letter_version.c.words).where(
                letter_version.c.letter == letter,
                letter_version.c.language == language,
                letter_version.c.version == to,
            )
        )
        if found is None:
            raise NotFound("not_found")
        words = found.words
    for name, said in words.items():
        if name not in kind.passages:
            raise Invalid("letter_passage_unknown", field=name)
        check(kind, kind.passages[name], said, ours)
    return _write(tx, actor, kind, language, dict(words), seen, to)


def _write(
    tx: Transaction,
    actor: Actor,
    kind: LetterKind,
    language: str,
    words: Mapping[str, str],
    seen: int,
    back_to: int,
) -> Version:
    tx.lock("letter", f"{kind.id}/{language}")
    before = now(tx, kind.id, language)
    if before.version != seen:
        raise Conflict("changed_meanwhile")
    if dict(before.words) == dict(words):
        return before
    made = Version(kind.id, language, seen + 1, dict(words), back_to, actor.id, tx.now)
    tx.execute(insert(letter_version).values(**asdict(made)))
    changed = {name for name in {*before.words, *words} if before.words.get(name) != words.get(name)}
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="letter.changed",
        object_kind="letter",
        object_id=kind.id,
        language=language,
        version=made.version,
        back_to=back_to,
        before={name: before.words.get(name) for name in sorted(changed)},
        after={name: words.get(name) for name in sorted(changed)},
    )
    return made


def _kind(letter: str, language: str) -> LetterKind:
    kind = letters().get(letter)
    if kind is None or language not in NAMES:
        raise NotFound("not_found")
    return kind


def _tidy(words: str) -> str:
    """Lines end alike in every browser, and no blank stands at an end."""
    lines = clean(words).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
