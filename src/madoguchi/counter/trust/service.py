"""The send log and the reports: kept, counted, forgotten. Each verb takes a transaction and never calls out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from sqlalchemy import delete, func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import NotAllowed, NotFound
from madoguchi.counter.trust.model import Campaign, Report, Sent, sent_message, trust_report
from madoguchi.counter.trust.policy import Judgement, Message
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import fold

KEPT = timedelta(days=180)
WAVE = timedelta(hours=1)
_LONGEST = 8000
_SHORTEST_SUBJECT = 6
_LOOKED_AT = 500


def note_sent(tx: Transaction, keys: Keys, *, message_id: str, to: str, subject: str, sender: str) -> None:
    """Remember that this mail went out; a repeat after a crash is the same row."""
    if tx.scalar(select(sent_message.c.id).where(sent_message.c.id == message_id)) is not None:
        return
    tx.execute(
        insert(sent_message).values(
            id=message_id,
            recipient=_recipient(keys, to),
            subject=fold(subject)[:300],
            sender=sender.lower(),
            at=tx.now,
            title=" ".join(subject.split())[:300],
        )
    )


def sent_to(tx: Transaction, keys: Keys, *, address: str, limit: int = _LOOKED_AT) -> list[Sent]:
    """What we have sent to this address, the newest first (CH-054)."""
    rows = tx.all(
        select(sent_message)
        .where(sent_message.c.recipient == _recipient(keys, address), sent_message.c.at >= tx.now - KEPT)
        .order_by(sent_message.c.at.desc(), sent_message.c.id.desc())
        .limit(limit)
    )
    return [Sent(row.title or row.subject, row.sender, row.at) for row in rows]


def was_sent(tx: Transaction, keys: Keys, *, to: str, text: str) -> bool:
    """Whether the text holds the subject of a mail that we have sent to this address."""
    rows = tx.all(
        select(sent_message.c.subject)
        .where(sent_message.c.recipient == _recipient(keys, to), sent_message.c.at >= tx.now - KEPT)
        .order_by(sent_message.c.at.desc())
        .limit(_LOOKED_AT)
    )
    said = fold(text)
    return any(len(row.subject) >= _SHORTEST_SUBJECT and row.subject in said for row in rows)


def keep_report(
    tx: Transaction,
    message: Message,
    judgement: Judgement,
    *,
    contact_id: str | None,
    customer_id: str | None,
    received: str,
) -> Report:
    """For the security desk (PHI-011, PHI-012). One contact reports one thing once."""
    if contact_id is not None:
        tx.lock("trust_report", contact_id)
        same = select(trust_report).where(
            trust_report.c.contact_id == contact_id,
            trust_report.c.campaign == judgement.campaign,
            trust_report.c.text == message.text[:_LONGEST],
        )
        row = tx.first(same)
        if row is not None:
            return _with_similar(tx, Report(**row._mapping))
    report = Report(
        id=new_id("phi"),
        contact_id=contact_id,
        customer_id=customer_id,
        channel=message.channel,
        campaign=judgement.campaign[:200],
        verdict=judgement.verdict,
        findings=[[finding.code, finding.shown] for finding in judgement.findings],
        received=received[:80],
        text=message.text[:_LONGEST],
        state="new",
        at=tx.now,
    )
    values = {name: value for name, value in report.__dict__.items() if name != "similar"}
    tx.execute(insert(trust_report).values(**values))
    return _with_similar(tx, report)


def reports(tx: Transaction, *, campaign: str | None = None, limit: int = 100) -> list[Report]:
    """Newest first."""
    wanted = select(trust_report)
    if campaign is not None:
        wanted = wanted.where(trust_report.c.campaign == campaign)
    rows = tx.all(wanted.order_by(trust_report.c.at.desc(), trust_report.c.id.desc()).limit(limit))
    return [Report(**row._mapping) for row in rows]


def campaigns(tx: Transaction, day: date, zone: tzinfo) -> list[Campaign]:
    """The waves of one day of the shop, the largest first (PHI-019)."""
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    count = func.count().label("reports")
    rows = tx.all(
        select(
            trust_report.c.campaign,
            count,
            func.min(trust_report.c.at).label("first_at"),
            func.max(trust_report.c.at).label("last_at"),
        )
        .where(
            trust_report.c.campaign != "",
            trust_report.c.state != "dismissed",
            trust_report.c.at >= begins,
            trust_report.c.at < ends,
        )
        .group_by(trust_report.c.campaign)
        .order_by(count.desc(), trust_report.c.campaign)
    )
    return [Campaign(**row._mapping) for row in rows]


def review(tx: Transaction, report_id: str, actor: Actor, state: Literal["confirmed", "dismissed"]) -> None:
    """What a person of the security desk makes of it. Raises NotAllowed, NotFound."""
    if not actor.is_staff:
        raise NotAllowed("staff_only")
    done = tx.execute(update(trust_report).where(trust_report.c.id == report_id).values(state=state))
    if done.rowcount == 0:
        raise NotFound("not_found")
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=f"trust_report.{state}",
        object_kind="trust_report",
        object_id=report_id,
    )


def forget_recipient(tx: Transaction, keys: Keys, address: str) -> int:
    """Somebody's history is erased: what was sent to their address is not on the list any more; how many mails."""
    mine = sent_message.c.recipient == _recipient(keys, address)
    return int(tx.execute(delete(sent_message).where(mine)).rowcount)


def forget_old(tx: Transaction) -> int:
    """Remove log and reports that are older than they are of use; returns how many."""
    before = tx.now - KEPT
    gone = tx.execute(delete(sent_message).where(sent_message.c.at < before)).rowcount
    return gone + tx.execute(delete(trust_report).where(trust_report.c.at < before)).rowcount


def _with_similar(tx: Transaction, report: Report) -> Report:
    if not report.campaign:
        return report
    recent = select(func.count()).where(
        trust_report.c.campaign == report.campaign, trust_report.c.at >= tx.now - WAVE
    )
    return Report(**{**report.__dict__, "similar": int(tx.scalar(recent) or 1)})


def _recipient(keys: Keys, address: str) -> str:
    return keys.sign("trust.recipient", fold(address))
