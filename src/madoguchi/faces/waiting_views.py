"""What somebody who waits for a person sees beside the place in the queue: the promise, whether it was kept, other ways."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.hours import opening_text
from madoguchi.engine.texts import tr
from madoguchi.faces.api.schemas import OtherWayOut, WaitingOut
from madoguchi.faces.around import Around
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import gap


def waiting_out(
    contact: Contact, beside: Around, language: str, zone: ZoneInfo, now: datetime
) -> WaitingOut | None:
    """None for a contact that does not wait in a queue, or was never handed over with a word about it."""
    handed = beside.fact(contact, events.HAND_OVER)
    if contact.owner_kind != "queue" or contact.state == "ended" or handed is None:
        return None
    promised = _moment(handed.body.get("promise_at"))
    broken = _since(beside, contact, events.PROMISE_BROKEN, handed)
    offered = broken or _since(beside, contact, events.OTHER_WAYS, handed)
    mailed = _since(beside, contact, events.MAIL_WISHED, handed) is not None
    return WaitingOut(
        promise_at=promised,
        text=_text(
            promised, broken is not None or (promised is not None and promised <= now), now, zone, language
        ),
        ways=_ways(contact, beside, mailed, language) if offered else [],
        ways_text=tr(
            language, "You need not wait here. Your place in the queue is kept, whichever you choose."
        )
        if offered
        else "",
        answer_by_mail=mailed,
        mail_text=tr(language, "We also mail you when the answer is there.") if mailed else "",
    )


def _text(promised: datetime | None, late: bool, now: datetime, zone: ZoneInfo, language: str) -> str:
    if late:
        return gap(language).join(
            (
                tr(language, "We have not kept the time that we promised, and are sorry."),
                tr(language, "Your place in the queue is kept."),
            )
        )
    if promised is None:
        return ""
    when = opening_text(promised, now, zone, language)
    if promised - now > timedelta(days=2):
        return tr(language, "A person answers by {when} at the latest.", when=when)
    return tr(language, "A person answers by {when}.", when=when)


def _ways(contact: Contact, beside: Around, mailed: bool, language: str) -> list[OtherWayOut]:
    """Call-back and, where an address is on file, mail; to go on waiting needs no button, and is said."""
    case = beside.cases.get(contact.case_id or "")
    back = with_query(
        "/help/contact",
        topic=contact.topic,
        order=contact.order_number,
        case=case.label if case else "",
        way="callback",
    )
    found = [OtherWayOut(way="callback", label=tr(language, "Be called back"), url=f"{back}#ways")]
    if contact.customer_id is not None and not mailed:
        found.append(OtherWayOut(way="mail", label=tr(language, "Get the answer by mail"), url=""))
    return found


def _since(beside: Around, contact: Contact, kind: str, handed: Entry) -> Entry | None:
    found = beside.fact(contact, kind)
    return found if found is not None and found.seq > handed.seq else None


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
