"""A timeline as one reader sees it: who did what, when and where, in words (HIS-008)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.order_course import ORDER
from madoguchi.counter.cases.timeline import Happening
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.customers.account_deeds import AccountDeedName
from madoguchi.counter.customers.account_wording import deed_title
from madoguchi.counter.orders.phrases import action_label, money
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr, trn
from madoguchi.faces.api.case_schemas import HappeningOut, TimelineOut
from madoguchi.faces.case_facts import event_text
from madoguchi.faces.case_views import name_of
from madoguchi.faces.facts import fact_text, rating_text

_DEED_STATES = {
    "done": "{action}: order {order}",
    "failed": "Not done: {action}, order {order}",
    "unknown": "Being settled: {action}, order {order}",
    "awaiting_approval": "Waiting for approval: {action}, order {order}",
}


_ACCOUNT_STATES = {
    "done": "On the account: {deed}",
    "failed": "Not done on the account: {deed}",
    "unknown": "Being settled on the account: {deed}",
}
_ORDERS = {
    "order.placed": "Order {order} was placed ({amount})",
    "order.paid": "Order {order} was paid: {amount}",
    "order.shipped": "A parcel of order {order} was sent",
    "order.delivered": "A parcel of order {order} was delivered",
    "order.cancelled": "Order {order} was cancelled",
    "return.asked": "A return was registered for order {order}",
    "return.received": "The return of order {order} has arrived",
    "refund.requested": "A refund of {amount} was asked for on order {order}",
    "refund.sent": "A refund of {amount} was sent for order {order}",
    "refund.done": "A refund of {amount} was paid for order {order}",
}


def order_text(kind: str, body: dict[str, Any], language: str) -> str:
    """A step of an order as a person reads it, with the parcel's number where it has one."""
    amount = money(int(body.get("amount", 0)), body["currency"], language)
    said = tr(language, _ORDERS[kind], order=body["order"], amount=amount)
    parcel = " ".join(filter(None, (body.get("carrier", ""), body.get("tracking", ""))))
    return f"{said} ({parcel})" if parcel else said


def timeline_out(
    tx: Transaction, found: Sequence[Happening], case: Case | None, limit: int, language: str
) -> TimelineOut:
    """A page; `found` holds one line more than `limit` where there are earlier ones."""
    page = list(found[:limit])
    lines = [_line(tx, each, case or _case_of(tx, each), language) for each in page]
    more = len(found) > limit
    return TimelineOut(
        lines=[each for each in lines if each.text or each.kind == events.MESSAGE],
        next=page[-1].cursor if more else "",
    )


def _line(tx: Transaction, each: Happening, case: Case | None, language: str) -> HappeningOut:
    return HappeningOut(
        cursor=each.cursor,
        at=each.at,
        source=each.source,
        kind=each.kind,
        channel=each.channel,
        internal=each.visibility != "public",
        who=name_of(tx, each.actor_kind, each.actor_id, case, language),
        who_kind=each.actor_kind,
        text=_text(each, language),
        contact_id=each.of if each.source == "contact" else "",
        seq=each.place,
    )


def _text(each: Happening, language: str) -> str:
    if each.source == "memo":
        return each.text
    if each.source == "case":
        return event_text(each.kind, each.body, language)
    if each.source == "deed":
        action, state, order = each.text.split(" ", 2)
        return tr(language, _DEED_STATES[state], action=action_label(action, language), order=order)
    if each.source == "account":
        deed, state = each.text.split(" ", 1)
        return tr(language, _ACCOUNT_STATES[state], deed=deed_title(cast(AccountDeedName, deed), language))
    if each.source == ORDER:
        return order_text(each.kind, each.body, language)
    body = each.body
    if each.kind in (events.MESSAGE, events.NOTE):
        files = len(body.get("attachments", []))
        words = str(body.get("text", ""))
        return words or (trn(language, "{n} file", "{n} files", files) if files else "")
    if each.kind == events.RATED:
        return rating_text(body, language)
    said = fact_text(_entry(each), language)
    title = _title_of_deed(body, language)
    return f"{said}: {title}" if said and title else said


def _title_of_deed(body: dict[str, object], language: str) -> str:
    """What was to be done, from the view that the proposal left in the ledger."""
    views = body.get("view")
    if not isinstance(views, dict):
        return ""
    view: object = views.get(language) or views.get("en") or next(iter(views.values()), {})
    return str(view.get("title", "")) if isinstance(view, dict) else ""


def _entry(each: Happening) -> Entry:
    public = each.visibility == "public"
    return Entry(
        each.of,
        each.place,
        each.kind,
        "public" if public else "internal",
        each.actor_kind,
        each.actor_id,
        "",
        each.body,
        each.at,
    )


def _case_of(tx: Transaction, each: Happening) -> Case | None:
    return case_queries.find(tx, each.of) if each.source == "case" else None
