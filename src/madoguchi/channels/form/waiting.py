"""Enquiries of people whose address nobody has proved: numbered at once, opened by the mailbox's owner (S-04).

Who controls the mailbox opens the link that we mailed there, sees what waits in their name (number, time and matter,
none of the words), and says which of it is theirs. What is not confirmed in time is removed unread. To a mailbox goes
one such mail a day, whoever asks for it and however its address is written; each network has a bounded number of
enquiries that may wait.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from madoguchi.channels.form import drafts
from madoguchi.channels.form.model import Draft, Waiting, form_mail, form_waiting
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import numbers
from madoguchi.counter.problems import TooMany
from madoguchi.engine import outbox
from madoguchi.engine.case_sections import WebForm
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.kit.ids import new_id

CONFIRM = "form.confirm"
PATH = "/help/form/confirm"
_PURPOSE = "form-confirm"
_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Sender:
    """Where an enquiry comes from: the hashes by which is counted, and the address as typed."""

    address: str
    mailbox: str
    network: str
    name: str = ""


def wait(
    tx: Transaction, actor: Actor, draft: Draft, text: str, language: str, sender: Sender, rules: WebForm
) -> Waiting:
    """Let the enquiry wait for its address, and ask the mailbox's owner by mail where it may be asked today.

    Raises TooMany: too_many_forms_network, too_many_forms_address.
    """
    tx.lock("form_network", sender.network)
    tx.lock("form_mailbox", sender.mailbox)
    check(tx, sender, rules)
    before = _same_matter(tx, actor, draft, sender)
    tx.execute(
        insert(form_waiting).values(
            id=draft.id,
            number=before.number if before else numbers.reserve(tx),
            visitor_id=actor.id,
            mailbox=sender.mailbox,
            network=sender.network,
            address=sender.address,
            language=language,
            category=draft.kind,
            order_number=draft.order,
            data={"text": text, "wish": draft.wish, "name": sender.name, "problem": draft.problem},
            state="waiting",
            created_at=tx.now,
            expires_at=tx.now + timedelta(hours=rules.confirm_hours),
        )
    )
    if _may_mail(tx, sender):
        tx.execute(insert(form_mail).values(mailbox=sender.mailbox, at=tx.now))
        mail_id = new_id("fm")
        payload = {
            "mailbox": sender.mailbox,
            "address": sender.address,
            "draft_id": draft.id,
            "language": language,
        }
        outbox.put(tx, CONFIRM, payload, key=f"{CONFIRM}/{mail_id}")
    return find(tx, draft.id)


def find(tx: Transaction, waiting_id: str) -> Waiting:
    row = tx.first(select(form_waiting).where(form_waiting.c.id == waiting_id))
    assert row is not None
    return Waiting(**row._mapping)


def link_token(keys: Keys, mailbox: str, draft_id: str) -> str:
    """The token of a mailed link: made when the mail is sent, stored nowhere."""
    return f"{draft_id}.{keys.sign(_PURPOSE, f'{mailbox}/{draft_id}')}"


def mailbox_of_link(tx: Transaction, keys: Keys, token: str) -> str | None:
    """The mailbox whose owner holds this link, as long as something of it is known; None for a link worth nothing."""
    draft_id, _, signature = token.partition(".")
    mailbox = tx.scalar(
        select(form_waiting.c.mailbox).where(
            form_waiting.c.id == draft_id, form_waiting.c.expires_at > tx.now
        )
    )
    expected = keys.sign(_PURPOSE, f"{mailbox}/{draft_id}")
    return str(mailbox) if mailbox and hmac.compare_digest(expected.encode(), signature.encode()) else None


def of_mailbox(tx: Transaction, mailbox: str) -> list[Waiting]:
    """What waits in the name of a mailbox, the newest first."""
    rows = tx.all(
        select(form_waiting)
        .where(
            form_waiting.c.mailbox == mailbox,
            form_waiting.c.state == "waiting",
            form_waiting.c.expires_at > tx.now,
        )
        .order_by(form_waiting.c.created_at.desc())
        .limit(50)
    )
    return [Waiting(**row._mapping) for row in rows]


def take(tx: Transaction, waiting_id: str, mailbox: str) -> Waiting | None:
    """The enquiry, no longer waiting; None when it was taken meanwhile. Its link stays good for what else waits."""
    changed = tx.execute(
        update(form_waiting)
        .where(
            form_waiting.c.id == waiting_id,
            form_waiting.c.mailbox == mailbox,
            form_waiting.c.state == "waiting",
        )
        .values(state="confirmed")
    )
    if changed.rowcount != 1:
        return None
    found = find(tx, waiting_id)
    tx.execute(update(form_waiting).where(form_waiting.c.id == waiting_id).values(data={}))
    return found


def refuse(tx: Transaction, mailbox: str, ids: Sequence[str]) -> None:
    """The mailbox's owner did not write these: words and files go now, the rows still count for their networks."""
    here = (form_waiting.c.mailbox == mailbox, form_waiting.c.id.in_(ids), form_waiting.c.state == "waiting")
    gone = [row.id for row in tx.all(select(form_waiting.c.id).where(*here))]
    tx.execute(update(form_waiting).where(*here).values(state="refused", data={}, order_number=""))
    drafts.files_away(tx, gone)


def check(tx: Transaction, sender: Sender, rules: WebForm) -> None:
    """Raises TooMany where as many wait as may: of the network, of the mailbox."""
    network = tx.scalar(
        select(func.count()).where(
            form_waiting.c.network == sender.network,
            form_waiting.c.state.in_(("waiting", "refused")),
            form_waiting.c.created_at > tx.now - _DAY,
        )
    )
    if network >= rules.unconfirmed_per_network:
        raise TooMany("too_many_forms_network", retry_after=_seconds_left(tx, sender.network))
    address = tx.scalar(
        select(func.count()).where(
            form_waiting.c.mailbox == sender.mailbox, form_waiting.c.state == "waiting"
        )
    )
    if address >= rules.unconfirmed_per_address:
        raise TooMany("too_many_forms_address", retry_after=3600)


def _seconds_left(tx: Transaction, network: str) -> int:
    oldest = tx.first(
        select(form_waiting.c.created_at)
        .where(form_waiting.c.network == network, form_waiting.c.created_at > tx.now - _DAY)
        .order_by(form_waiting.c.created_at)
        .limit(1)
    )
    return int((oldest.created_at + _DAY - tx.now).total_seconds()) + 1 if oldest else 3600


def _may_mail(tx: Transaction, sender: Sender) -> bool:
    lately = tx.scalar(
        select(form_mail.c.id)
        .where(form_mail.c.mailbox == sender.mailbox, form_mail.c.at > tx.now - _DAY)
        .limit(1)
    )
    return lately is None


def _same_matter(tx: Transaction, actor: Actor, draft: Draft, sender: Sender) -> Waiting | None:
    """The same visitor has sent the same matter a little earlier: it keeps its number (CH-048)."""
    row = tx.first(
        select(form_waiting)
        .where(
            form_waiting.c.visitor_id == actor.id,
            form_waiting.c.mailbox == sender.mailbox,
            form_waiting.c.category == draft.kind,
            form_waiting.c.order_number == draft.order,
            form_waiting.c.state == "waiting",
            form_waiting.c.created_at > tx.now - timedelta(hours=48),
        )
        .order_by(form_waiting.c.created_at)
        .limit(1)
    )
    return None if row is None else Waiting(**row._mapping)
