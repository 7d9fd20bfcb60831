"""View models of a contact's entries: what one reader may see of what was said and done, in that reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.corrections import changes_since, put_right
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.schemas import (
    AttachmentOut,
    ChoicesOut,
    EntryOut,
    PersonOut,
)
from madoguchi.faces.facts import fact_text

_ENDS = (events.DONE, events.FAILED, events.WITHDRAWN)
_STEPS = (events.PROPOSED, events.CONFIRMED, *_ENDS)


def entries_out(
    tx: Transaction,
    actor: Actor,
    contact: Contact,
    entries: Sequence[Entry],
    language: str,
    *,
    zone: tzinfo = UTC,
) -> list[EntryOut]:
    """Entries for a reader; internal facts are left out for customers, choices know whether they were answered."""
    staff = actor.kind in ("agent", "integrator")
    shown = [entry for entry in entries if staff or entry.visibility == "public"]
    told = _told_by_assistant(tx, contact, shown)
    if not staff:
        shown = [entry for entry in shown if entry.seq not in told]
    attachment_ids = [item for entry in shown for item in entry.body.get("attachments", [])]
    files = queries.attachments(tx, attachment_ids)
    answers = _answers(tx, contact) if any("choices" in entry.body for entry in shown) else {}
    right = _corrections(tx, contact) if any(entry.kind == events.HAND_OVER for entry in shown) else {}
    views = [_entry(tx, actor, contact, entry, language, zone, files, answers, right) for entry in shown]
    return [
        view.model_copy(update={"card": None}) if view.seq in told and view.kind == events.DONE else view
        for view in views
    ]


def _entry(
    tx: Transaction,
    actor: Actor,
    contact: Contact,
    entry: Entry,
    language: str,
    zone: tzinfo,
    files: dict[str, Any],
    answers: dict[str, str],
    right: dict[int, dict[str, dict[str, str]]],
) -> EntryOut:
    body = entry.body
    author = "system" if actor.kind == "integrator" else actor.kind
    own = entry.author_kind == author and entry.author_id == actor.id
    mine = (
        own or entry.author_kind == actor.kind == "customer"
    )  # also said on another device, before signing in
    spoken = entry.kind in (events.MESSAGE, events.NOTE)
    return EntryOut(
        contact_id=entry.contact_id,
        seq=entry.seq,
        kind=entry.kind,
        visibility=entry.visibility,
        author=_author(tx, contact, entry, language),
        text=body.get("text", "") if spoken and "erased" not in body else fact_text(entry, language, zone),
        lang=body.get("lang") or "",
        at=entry.at,
        mine=mine,
        client_key=entry.client_key if own else None,
        choices=_choices(body.get("choices"), answers, contact.owner_kind == "assistant"),
        card=_card(entry, language, right.get(entry.seq, {})),
        attachments=[_attachment(files[item]) for item in body.get("attachments", []) if item in files],
        data=_data(entry, staff=actor.kind in ("agent", "integrator")),
    )


def _told_by_assistant(tx: Transaction, contact: Contact, entries: Sequence[Entry]) -> set[int]:
    """Steps of a deed that the assistant shows and tells in its own words: customers see them there, and once.

    What ends after the assistant's last word on it (a supervisor's approval, a late answer of the shop) is told by
    nobody else and stays.
    """
    steps = [entry for entry in entries if entry.author_kind == "assistant" and entry.kind in _STEPS]
    if not any(entry.kind in _ENDS for entry in steps):
        return {entry.seq for entry in steps}
    begun: dict[str, int] = {}
    words: list[int] = []
    for entry in queries.entries(tx, contact.id, limit=5000, internal=False):
        if entry.kind in (events.CONFIRMED, events.APPROVAL_ASKED):
            begun[entry.body["proposal_id"]] = entry.seq
        elif entry.kind == events.MESSAGE and entry.author_kind == "assistant":
            words.append(entry.seq)

    def is_late(entry: Entry) -> bool:
        since = begun.get(entry.body["proposal_id"])
        return since is not None and any(since < seq < entry.seq for seq in words)

    return {entry.seq for entry in steps if entry.kind not in _ENDS or not is_late(entry)}


def _choices(choices: dict[str, Any] | None, answers: dict[str, str], answering: bool) -> ChoicesOut | None:
    if not choices:
        return None
    chosen = answers.get(choices["key"])
    return ChoicesOut(
        key=choices["key"],
        kind=choices.get("kind", "buttons"),
        options=choices["options"],
        chosen=chosen,
        open=answering and chosen is None,
    )


def _answers(tx: Transaction, contact: Contact) -> dict[str, str]:
    """Question key → the value that the customer pressed."""
    pressed: dict[str, str] = {}
    for entry in queries.entries(tx, contact.id, limit=5000):
        choice = entry.body.get("choice") if entry.kind == events.MESSAGE else None
        if choice:
            pressed[choice["key"]] = choice["value"]
    return pressed


def _corrections(tx: Transaction, contact: Contact) -> dict[int, dict[str, dict[str, str]]]:
    """Number of the newest hand-over → what its customer has put right."""
    handed = queries.newest(tx, contact.id, events.HAND_OVER)
    changes = changes_since(handed, queries.newest(tx, contact.id, events.SUMMARY_CORRECTED))
    return {handed.seq: changes} if handed is not None and changes else {}


def _card(entry: Entry, language: str, right: dict[str, dict[str, str]]) -> dict[str, Any] | None:
    card = entry.body.get("card")
    if card is not None:
        return dict(card)
    if entry.kind == events.PROPOSED and "view" in entry.body:
        return {"kind": "proposal", **_in_language(entry.body["view"], language)}
    if entry.kind == events.DONE and "view" in entry.body:
        return {"kind": "receipt", **_in_language(entry.body["view"], language)}
    if entry.kind == events.HAND_OVER and entry.body.get("summary"):
        return {"kind": "summary", **put_right(entry.body["summary"], right)}
    return None


def _in_language(view: dict[str, Any], language: str) -> dict[str, Any]:
    """Proposal views are kept in every language of the shop: {"ja": {…}, "en": {…}}."""
    found = view.get(language) or view.get("en") or next(iter(view.values()))
    return dict(found) if isinstance(found, dict) else dict(view)


def _data(entry: Entry, *, staff: bool) -> dict[str, Any]:
    """What a client needs of a fact beside its words; internal reasoning stays with staff."""
    if entry.kind in (events.MESSAGE, events.NOTE):
        keys = ("choice", "reply_to", "original", *(("whisper_to",) if staff else ()))
        return {key: entry.body[key] for key in keys if key in entry.body}
    hidden = {"view", "summary", "changes"}
    if not staff:
        hidden |= {"agent_id", "note"}
    return {key: value for key, value in entry.body.items() if key not in hidden}


def _attachment(row: Any) -> AttachmentOut:
    return AttachmentOut(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        width=row.width,
        height=row.height,
        url=f"/api/v1/attachments/{row.id}",
    )


def _author(tx: Transaction, contact: Contact, entry: Entry, language: str) -> PersonOut:
    if entry.author_kind == "assistant":
        return PersonOut(kind="assistant", name=tr(language, "AI assistant"))
    if entry.author_kind == "agent":
        return PersonOut(
            kind="agent", id=entry.author_id, name=team_queries.display_name(tx, entry.author_id)
        )
    if entry.author_kind == "customer":
        return PersonOut(kind="customer", name=_customer_name(tx, contact, language))
    return PersonOut(kind="system", name=tr(language, "System"))


def _customer_name(tx: Transaction, contact: Contact, language: str) -> str:
    found = customer_queries.find(tx, contact.customer_id) if contact.customer_id else None
    return found.name if found else tr(language, "Customer (not signed in)")
