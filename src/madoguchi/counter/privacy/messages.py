"""Erasing messages or a whole contact: a tombstone stays in the ledger, with who and when (HIS-006)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, Text, delete, func, select, tuple_, type_coerce, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.events import case_event
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Entry, attachment, contact, ledger_entry
from madoguchi.counter.privacy import ways
from madoguchi.counter.privacy.erasing import Counting
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import is_long
from madoguchi.engine.schema import JsonText, dump_json

_QUOTED = 6  # characters from which on a line counts as a quotation of the erased words
_BEGINNING = 16  # characters that tell a shortened quotation
_MANY = 100


@dataclass(frozen=True)
class Marked:
    """Messages that are to go: their words, the attachments and files that came with them."""

    words: tuple[str, ...]
    attachments: list[str]
    files: list[str]


def check(tx: Transaction, contact_id: str, seqs: Sequence[int]) -> list[Entry]:
    """The messages of these numbers. Raises Invalid("not_a_message") where one is no message."""
    found = [each for seq in dict.fromkeys(seqs) for each in _entry(tx, contact_id, seq)]
    if not found or len(found) > _MANY or len(found) < len(set(seqs)):
        raise Invalid("not_a_message", field="seqs")
    if any(entry.kind not in (events.MESSAGE, events.NOTE) for entry in found):
        raise Invalid("not_a_message", field="seqs")
    return found


def mark(tx: Transaction, contact_id: str, seqs: Sequence[int]) -> Marked:
    """What goes with these messages."""
    found = check(tx, contact_id, seqs)
    named = [item for entry in found for item in entry.body.get("attachments", [])]
    files = [row.storage_key for row in queries.attachments(tx, named).values()]
    for table in _tables_of_messages():
        rule = ways.rule_of(table)
        assert rule is not None
        here = tuple_(table.c.contact_id, table.c.seq).in_([(contact_id, seq) for seq in seqs])
        for name in rule.files:
            files += [row[0] for row in tx.all(select(table.c[name]).where(here)) if row[0]]
    return Marked(tuple(_words(found)), named, files)


def erase_messages(
    tx: Transaction, contact_id: str, seqs: Sequence[int], marked: Marked, by: Actor, count: Counting
) -> None:
    """Take the words out of the ledger and out of everything that repeats them; the files are gone already."""
    for entry in check(tx, contact_id, seqs):
        _bury(tx, entry, by)
    count(tx, ledger_entry.name, "blanked", len(seqs))
    gone = tx.execute(delete(attachment).where(attachment.c.id.in_(marked.attachments))).rowcount
    count(tx, attachment.name, "erased", gone)
    for table in _tables_of_messages():
        here = tuple_(table.c.contact_id, table.c.seq).in_([(contact_id, seq) for seq in seqs])
        count(tx, table.name, "erased", tx.execute(delete(table).where(here)).rowcount)
    case_id = tx.scalar(select(contact.c.case_id).where(contact.c.id == contact_id))
    places = [(contact.name, contact_id), *([(case_file.name, case_id)] if case_id else [])]
    for root, row_id in places:
        for table, _ in ways.tables_of_people():
            _unquote(tx, table, ways.of_rows(root, [row_id])(table), marked.words)
    _forget_what_was_understood(tx, contact_id, set(seqs))
    contacts.append(tx, contact_id, events.MESSAGE_ERASED, {"seqs": sorted(seqs), "by": by.kind}, actor=by)


def empty_contact(tx: Transaction, contact_id: str, by: Actor) -> None:
    """Of a contact whose rows are gone: a shell with one fact in it; of its case, if it had no other, the number."""
    row = tx.first(select(contact.c.case_id).where(contact.c.id == contact_id))
    if row is None:
        return
    values: dict[str, Any] = {"topic": "", "order_number": "", "proven_orders": [], "attributes": {}}
    ended = {"state": "ended", "owner_kind": "none", "owner_id": "", "snoozed_until": None}
    version = {"owner_version": contact.c.owner_version + 1, "disconnect_reason": "erased"}
    at = {"ended_at": func.coalesce(contact.c.ended_at, _micros(tx)), "answered_seq": contact.c.last_seq}
    tx.execute(update(contact).where(contact.c.id == contact_id).values(**values, **ended, **version, **at))
    others = select(contact.c.id).where(contact.c.case_id == row.case_id, contact.c.id != contact_id)
    if row.case_id and tx.first(others.limit(1)) is None:
        _empty_case(tx, row.case_id)
    contacts.append(tx, contact_id, events.ERASED, {"by": by.kind}, actor=by)


def _empty_case(tx: Transaction, case_id: str) -> None:
    blank = {"summary": {}, "comment": "", "order_number": "", "wish": "", "state": "closed"}
    closed = func.coalesce(case_file.c.closed_at, _micros(tx))
    tx.execute(update(case_file).where(case_file.c.id == case_id).values(**blank, closed_at=closed))
    tx.execute(delete(case_event).where(case_event.c.case_id == case_id))


def _micros(tx: Transaction) -> Any:
    return type_coerce(tx.now, contact.c.ended_at.type)


def _bury(tx: Transaction, entry: Entry, by: Actor) -> None:
    stone = {
        "text": "",
        "lang": entry.body.get("lang", ""),
        "erased": {"by": by.kind, "at": tx.now.isoformat()},
    }
    _write(tx, entry, stone)


def _write(tx: Transaction, entry: Entry, body: dict[str, Any]) -> None:
    here = (ledger_entry.c.contact_id == entry.contact_id, ledger_entry.c.seq == entry.seq)
    tx.execute(update(ledger_entry).where(*here).values(body=body))


def _entry(tx: Transaction, contact_id: str, seq: int) -> list[Entry]:
    found = queries.entries(tx, contact_id, after=seq - 1, limit=1)
    return [entry for entry in found if entry.seq == seq]


def _words(found: Sequence[Entry]) -> list[str]:
    """Every line that was said, the longest first, so that a part is never cut out of its whole."""
    texts = [
        text
        for entry in found
        for text in (entry.body.get("text", ""), (entry.body.get("original") or {}).get("text", ""))
    ]
    lines = {line.strip() for text in texts for line in (text, *text.splitlines())}
    return sorted((line for line in lines if len(line) >= _QUOTED), key=len, reverse=True)


def _tables_of_messages() -> list[Table]:
    """Beside the ledger: whatever says from which message of which contact it comes."""
    return [
        table
        for table, rule in ways.tables_of_people()
        if table.name != ledger_entry.name
        and rule.erase == "delete"
        and rule.through is not None
        and rule.through.table == contact.name
        and {"contact_id", "seq"} <= set(table.c.keys())
    ]


def _unquote(tx: Transaction, table: Table, where: Any, words: Collection[str]) -> None:
    """Take the erased words out of the long texts of these rows; what stays by law stays as it is."""
    rule = ways.rule_of(table)
    columns = [column for column in table.c if is_long(column) and rule and column.name not in rule.stays]
    if where is None or not words or not columns or (rule and rule.erase == "keep"):
        return
    keys = ways.keys_of(table)
    told = {part for word in words for part in (word[:_BEGINNING], _in_json(word[:_BEGINNING]))}
    for row in tx.all(select(*keys, *(type_coerce(column, Text) for column in columns)).where(where)):
        texts = tuple(row)[len(keys) :]
        if not any(text and part in text for text in texts for part in told):
            continue
        values = {
            column.name: _without(column.type, text, words)
            for column, text in zip(columns, texts, strict=True)
        }
        tx.execute(update(table).where(tuple_(*keys).in_([tuple(row)[: len(keys)]])).values(values))


def _in_json(text: str) -> str:
    return dump_json(text)[1:-1]


def _without(kind: Any, text: str | None, words: Collection[str]) -> Any:
    if text is None:
        return None
    if isinstance(kind, JsonText):
        return _clean(json.loads(text), words)
    return _cut(text, words)


def _clean(value: Any, words: Collection[str]) -> Any:
    if isinstance(value, str):
        return _cut(value, words)
    if isinstance(value, list):
        return [_clean(each, words) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each, words) for key, each in value.items()}
    return value


def _cut(text: str, words: Collection[str]) -> str:
    """Without the words, and without what begins like them and then breaks off (a shortened quotation)."""
    for word in words:
        text = text.replace(word, "")
    for word in words:
        at = text.find(word[:_BEGINNING]) if len(word) > _BEGINNING else -1
        while at >= 0:
            rest = text[at + _same(text[at:], word) :]
            breaks_off = not rest.strip() or rest.lstrip().startswith(("…", "..."))
            text = text[:at] + rest if breaks_off else text
            at = text.find(word[:_BEGINNING], at if breaks_off else at + 1)
    return text


def _same(text: str, word: str) -> int:
    """How many characters they begin alike with."""
    shorter = min(len(text), len(word))
    return next((n for n in range(shorter) if text[n] != word[n]), shorter)


def _forget_what_was_understood(tx: Transaction, contact_id: str, seqs: set[int]) -> None:
    """Names, addresses and the like that the assistant read out of the words; and the mail that they came in."""
    for entry in queries.entries(tx, contact_id, after=min(seqs) - 2, limit=5000):
        body = entry.body
        if entry.kind == events.UNDERSTOOD and body.get("seq") in seqs:
            _write(tx, entry, {**body, "entities": {}})
        elif entry.kind == events.MAIL_TAKEN and entry.seq - 1 in seqs:
            _write(tx, entry, {**body, "subject": ""})
