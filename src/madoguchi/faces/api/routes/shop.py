"""Facts about the shop that every screen may show, and the demonstration's cast."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from madoguchi.counter.actors import Rung
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts.attachments import MEDIA_TYPES
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.hours import desk_hours
from madoguchi.counter.problems import NotFound
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.routing.queues import GENERAL
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.problems import language_of
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import principal_of
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
async def shop(request: Request) -> dict[str, Any]:
    house = house_of(request)
    settings = house.settings
    language = language_of(request)
    hours = desk_hours(settings)
    now = house.database.clock()
    opens_at = None if hours.is_open(now) else hours.next_opening(now)
    caller = await principal_of(request)
    signed_in = caller is not None and (caller.is_staff or caller.actor.rung >= Rung.SIGNED_IN)
    wait = await house.database.aread(before_joining, GENERAL, language, Rules.of(settings))
    phone = settings.shop.phone if signed_in else ""
    return {
        "name": settings.shop.name if language == "ja" else settings.shop.name_en,
        "languages": settings.shop.languages,
        "default_language": settings.shop.languages[0],
        "timezone": settings.shop.timezone,
        "hours_text": hours.text(language),
        "open_now": opens_at is None,
        "opens_at": opens_at.isoformat() if opens_at else None,
        "chat_wait_text": wait_text(wait, now, hours.timezone, language),
        "phone": {"number": phone, "hours_text": settings.hours.phone, "cost": settings.shop.phone_cost}
        if phone
        else None,
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
