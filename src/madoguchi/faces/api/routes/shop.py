"""Facts about the shop that every screen may show, and the demonstration's cast."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases import at_hand
from madoguchi.counter.cases.categories import is_category
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts.attachments import MEDIA_TYPES
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.hours import closed_text
from madoguchi.counter.problems import NotFound
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.routing.queues import GENERAL
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.problems import language_of
from madoguchi.faces.best_time import best_time, best_time_out
from madoguchi.faces.conditions import status, status_out
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import principal_of
from madoguchi.faces.rendering import asset
from madoguchi.faces.ways import choice_out, choices
from madoguchi.faces.wording import wait_text

router = APIRouter(tags=["shop"])
TOPICS = (
    "order_delivery.track_order",
    "return_exchange_cancel.return_request",
    "return_exchange_cancel.cancel_order",
    "payment_refund.refund_status",
    "order_delivery.item_not_received",
    "payment_refund.receipt",
)


@router.get("/shop", summary="Name, languages, hours, ways in, limits")
async def shop(
    request: Request,
    client: Annotated[str, Query(max_length=40, description="Version of the app that asks, e.g. 2.4.1")] = "",
) -> dict[str, Any]:
    house = house_of(request)
    settings = house.settings
    language = language_of(request)
    calendars = await house.database.aread(load, settings)
    hours = calendars.hours_for(channel="chat", language=language)
    now = house.database.clock()
    opens_at = None if hours.is_open(now) else hours.next_opening(now)
    caller = await principal_of(request)
    actor = caller.actor if caller else None
    found = await house.database.aread(choices, settings, actor, language)
    phone = found.of("phone")
    wait = await house.database.aread(before_joining, GENERAL, language, Rules.of(settings))
    return {
        "name": settings.shop.name_in(language),
        "languages": settings.shop.languages,
        "default_language": settings.shop.languages[0],
        "timezone": settings.shop.timezone,
        "hours_text": hours.text(language),
        "open_now": opens_at is None,
        "opens_at": opens_at.isoformat() if opens_at else None,
        "closed_text": closed_text(hours.closed_for(now), language),
        "chat_wait_text": wait_text(wait, now, hours.timezone, language),
        "phone": {"number": phone.number, "hours_text": phone.hours, "cost": phone.cost}
        if phone and phone.number
        else None,
        "ways": [choice_out(each) for each in found.all],
        "recommended": {"way": found.recommended.id, "reason": found.reason} if found.recommended else None,
        "status": status_out(await house.database.aread(status, settings, language)),
        "notice": update_notice(settings.server.client_min_version, client, language),
        "panel": asset("panel.js").rpartition("=")[2],
        "mail_address": settings.shop.mail_address,
        "account_url": settings.shop.account_url,
        "demo": settings.demo.enabled,
        "limits": {
            "message_chars": settings.limits.message_chars,
            "attachment_mb": settings.limits.attachment_mb,
            "media_types": list(MEDIA_TYPES),
        },
        "faq": [
            {"title": category_label("return_exchange_cancel.return_policy", language), "url": "/help"},
        ],
        "topics": [{"value": kind, "label": category_label(kind, language)} for kind in TOPICS],
        "identity": {
            "shop_token": bool(settings.identity.shop_token_secret),
            "mail_code": True,
        },
    }


@router.get("/shop/best-time", summary="When it is busy and when it is quiet, by hour and weekday")
async def when_to_come(request: Request) -> dict[str, Any]:
    """QUE-005. From the shop's own traffic of eight weeks; what is usual at most desks before there are four."""
    house, language = house_of(request), language_of(request)
    calendars = await house.database.aread(load, house.settings)
    hours = calendars.hours_for(channel="chat", language=language)
    found = await run_in_threadpool(best_time, house.database, house.settings, hours, language)
    return best_time_out(found)


@router.get("/shop/ways", summary="The ways to reach us for one kind of enquiry, and the one that fits best")
async def ways(
    request: Request, kind: Annotated[str, Query(max_length=80)] = "", calls: bool = True
) -> dict[str, Any]:
    """`calls=false`: for somebody who cannot speak on the telephone. An unknown kind is as none."""
    house = house_of(request)
    language = language_of(request)
    caller = await principal_of(request)
    known = kind if is_category(kind) else ""
    found = await house.database.aread(
        choices, house.settings, caller.actor if caller else None, language, known, calls=calls
    )
    return {
        "kind": known,
        "ways": [choice_out(each) for each in found.all],
        "recommended": {"way": found.recommended.id, "reason": found.reason} if found.recommended else None,
        "needs": [
            {"slot": slot, "label": at_hand.label(slot, language), "hint": at_hand.hint(slot, language)}
            for slot in at_hand.needed_for(known)
        ],
    }


@router.get("/shop/status", summary="How the parts of the counter work now, and peak seasons")
async def shop_status(request: Request) -> dict[str, Any]:
    """Facts: what does not work, since when, until when it is expected to last, and what does meanwhile."""
    house = house_of(request)
    found = await house.database.aread(status, house.settings, language_of(request))
    return status_out(found)


def update_notice(oldest: str, client: str, language: str) -> str:
    """What somebody with an old app is told; empty for everybody else (CH-017)."""
    parts = [text.split(".") for text in (oldest, client)]
    if not all(part.isdecimal() for text in parts for part in text):
        return ""
    wanted, given = ([int(part) for part in text] for text in parts)
    width = max(len(wanted), len(given))
    if [*given, *[0] * (width - len(given))] >= [*wanted, *[0] * (width - len(wanted))]:
        return ""
    return tr(language, "This app is out of date. Please update it; until then our form does as well.")


@router.get("/demo/customers", summary="Who one may sign in as (demonstration only)")
async def demo_customers(request: Request) -> list[dict[str, str]]:
    house = house_of(request)
    if not house.settings.demo.enabled:
        raise NotFound("demo_only")
    language = language_of(request)

    def read(tx: Transaction) -> list[dict[str, str]]:
        return [
            {
                "id": customer.id,
                "name": customer.name,
                "about": " · ".join(segment_label(segment, language) for segment in customer.segments),
            }
            for customer in customer_queries.first(tx, limit=18)
        ]

    return await house.database.aread(read)
