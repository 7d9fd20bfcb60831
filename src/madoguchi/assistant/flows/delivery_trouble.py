"""A parcel that goes wrong on its way: late, misdelivered, not delivered, a new delivery, the carrier, the customs (ORD)."""

from __future__ import annotations

from datetime import date, timedelta

from madoguchi.assistant.answers import said, says
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.carriers import parcel_of, redelivery_link, tell_carrier
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.orders import choose_order, names_order
from madoguchi.assistant.steps.parcels import is_on_the_way, latest_promise, may_be_missing, situation
from madoguchi.assistant.steps.told import has_said, is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import LANGUAGES, day_text
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import address_text, order_view

_MISSING = "topic order_delivery.item_not_received"
_CANCEL = "topic return_exchange_cancel.cancel_order"
_REDELIVERY = "topic order_delivery.redelivery"
_FIRST_IN_LINE = ("member", "business")
_DAYS_OFFERED = 4
_BANDS = ("morning", "afternoon", "evening", "any")


@flow("order_delivery.delivery_delay")
async def delivery_delay(talk: Talk) -> Outcome:
    """What was promised, what is known now, and what the policy leaves open: wait, cancel, report as missing (ORD-005)."""
    order = await choose_order(talk, is_on_the_way)
    where = talk.noted("situation", lambda: situation(order, talk.scene.today))
    promise = latest_promise(order)
    late_by = (talk.scene.today - promise).days if promise else 0
    _show(talk, order)
    if where in ("on_time", "not_sent") and promise is not None:
        talk.say("delay.not_late", date=day_text(promise, talk.language))
        return talk.answered("track_order")
    if where in ("cancelled", "unpaid", "delivered"):
        talk.say(f"delay.{where}")
        return await ways_out(
            talk, [Option(_MISSING, talk.words("button.report_missing"))], where, "what_next"
        )
    talk.say("delay.sorry")
    if promise is not None and late_by > 0:
        talk.say("delay.days", days=late_by, date=day_text(promise, talk.language))
        talk.fact("days_late", str(late_by))
    if where == "late_not_sent":
        options = [Option(_CANCEL, talk.words("instead.cancel"))]
    else:
        options = [Option(_MISSING, talk.words("button.report_missing"))]
    if _served_first(talk) and late_by > talk.scene.desk.rules.missing.after_days:
        talk.say("delay.person_first")
    return await ways_out(talk, options, "late", "what_next")


@flow("order_delivery.misdelivery")
async def misdelivery(talk: Talk) -> Outcome:
    """Whose parcel is where: a person at once, with the address and the label's number (ORD-007)."""
    talk.say("misdelivery.sorry")
    what = await talk.choose(
        "what",
        "misdelivery.what",
        [
            Option(
                "not_mine",
                talk.words("button.not_mine"),
                named_by=said("misdelivery.not_mine"),
            ),
            Option(
                "elsewhere",
                talk.words("button.mine_elsewhere"),
                named_by=said("misdelivery.elsewhere"),
            ),
        ],
    )
    talk.fact("what", talk.words(f"misdelivery.{what}"))
    if what == "not_mine":
        talk.say("misdelivery.keep_closed")
        label = await talk.own_words("label", "misdelivery.label", ("skip",))
        if label != "skip":
            talk.fact("tracking_number", label)
        return talk.hand_over("misdelivery", queue="orders", priority=2)
    order = await choose_order(talk, lambda order: may_be_missing(order, talk.scene.today))
    _address_fact(talk, order)
    parcel = parcel_of(order)
    if parcel is not None:
        tell_carrier(talk, parcel)
    return talk.hand_over("misdelivery", queue="orders", priority=2)


@flow("order_delivery.delivery_failed")
async def delivery_failed(talk: Talk) -> Outcome:
    """Nobody at home: a new delivery; a wrong address is mended for it. On its way back: a person, with the wish (ORD-007)."""
    back = is_told(talk, "failed.came_back")
    if not back and not is_told(talk, "failed.address") and is_told(talk, "failed.absent"):
        talk.fact("cause", talk.words("failed.absent"))
        return Outcome("other_flow", _REDELIVERY.removeprefix("topic "))
    order = await choose_order(talk, is_on_the_way)
    where = talk.noted("parcel", lambda: parcel.state if (parcel := parcel_of(order)) else "preparing")
    _show(talk, order)
    _address_fact(talk, order)
    if where == "returned_to_sender" or back:
        talk.say("failed.came_back" if where == "returned_to_sender" else "failed.asks_carrier")
        wish = await talk.choose("wish", "failed.wish", _again_or_money(talk))
        talk.fact("wish", talk.words(f"wish.{wish}"))
        return talk.hand_over("returned_to_sender", queue="orders", priority=3)
    if where in ("preparing", "delivered"):
        talk.say(f"failed.{where}")
        return await ways_out(talk, [], where, "what_next")
    cause = await talk.choose(
        "cause",
        "failed.cause",
        [
            Option(
                "absent",
                talk.words("button.was_absent"),
                named_by=said("failed.absent"),
            ),
            Option("address", talk.words("button.address_wrong"), named_by=said("failed.address")),
            Option(
                "other",
                talk.words("button.failed_other"),
                named_by=said("failed.other"),
            ),
        ],
    )
    talk.fact("cause", talk.words(f"failed.{cause}"))
    if cause == "absent":
        return Outcome("other_flow", "order_delivery.redelivery")
    if cause == "address":
        right = await talk.own_words("right", "failed.right_address")
        talk.fact("address", "" if right == "skip" else right)
        talk.say("failed.person")
        return talk.hand_over("redelivery", queue="orders", priority=3)
    talk.say("failed.person")
    return talk.hand_over("delivery_failed", queue="orders", priority=3)


@flow("order_delivery.redelivery")
async def redelivery(talk: Talk) -> Outcome:
    """The carrier's page with the tracking number; where there is none, day and time as a wish for the desk (ORD-009)."""
    back = is_told(talk, "failed.came_back")
    order = await choose_order(talk, is_on_the_way)
    parcel = parcel_of(order)
    state = talk.noted("parcel", lambda: parcel.state if parcel else "preparing")
    if back and state != "returned_to_sender":
        _show(talk, order)
        talk.say("failed.asks_carrier")
        return talk.hand_over("storage_expired", queue="orders", priority=3)
    if parcel is None or state in ("preparing", "delivered"):
        talk.say("redelivery.not_out")
        _show(talk, order)
        return await ways_out(talk, [], "not_out", "what_next")
    talk.fact("tracking_number", parcel.tracking_number)
    if state == "lost":
        talk.order_number = order.number
        return Outcome("other_flow", _MISSING.removeprefix("topic "))
    if state == "returned_to_sender":
        talk.say("failed.came_back")
        return talk.hand_over("storage_expired", queue="orders", priority=3)
    link = redelivery_link(talk, parcel)
    if link:
        talk.say("redelivery.at_carrier", carrier=parcel.carrier, number=parcel.tracking_number)
        talk.show(
            {"kind": "link", "title": talk.words("redelivery.page", carrier=parcel.carrier), "url": link}
        )
        talk.has_tried("linked", page=talk.words("redelivery.page", carrier=parcel.carrier))
        return Outcome("action", "arrange_redelivery", ask_solved=True)
    day = await _day(talk)
    bands = [Option(name, talk.words(f"band.{name}"), named_by=said(f"band.{name}")) for name in _BANDS]
    band = await talk.choose("band", "redelivery.band", bands)
    wish = f"{day_text(date.fromisoformat(day), talk.language)} {talk.words(f'band.{band}')}"
    talk.fact("redelivery_time", wish)
    talk.fact("carrier", parcel.carrier)
    talk.say("redelivery.passed_on", wish=wish)
    return talk.hand_over("redelivery", queue="orders")


@flow("order_delivery.carrier_issue")
async def carrier_issue(talk: Talk) -> Outcome:
    """Conduct, damage or threats: a person. Else the carrier's card first, and a complaint is kept (ORD-010)."""
    what = await talk.choose(
        "what",
        "carrier_issue.what",
        [
            Option(
                "conduct",
                talk.words("button.conduct"),
                named_by=said("carrier.conduct"),
            ),
            Option(
                "property",
                talk.words("button.property"),
                named_by=said("carrier.property"),
            ),
            Option(
                "place",
                talk.words("button.left_somewhere"),
                named_by=said("carrier.place"),
            ),
            Option(
                "unreachable",
                talk.words("button.carrier_unreachable"),
                named_by=said("carrier.unreachable"),
            ),
        ],
    )
    talk.fact("what", talk.words(f"carrier_issue.{what}"))
    order = await choose_order(talk, lambda order: may_be_missing(order, talk.scene.today))
    parcel = parcel_of(order)
    if parcel is not None:
        tell_carrier(talk, parcel)
    if what in ("conduct", "property"):
        talk.say("carrier_issue.sorry")
        return talk.hand_over("carrier_complaint", queue="orders", priority=2)
    story = await talk.own_words("story", "carrier_issue.story")
    if story != "skip":
        talk.fact("detail", story)
    return await ways_out(
        talk, [Option(_REDELIVERY, talk.words("instead.redelivery"))], "carrier", "what_next"
    )


@flow("order_delivery.cross_border_delivery")
async def cross_border_delivery(talk: Talk) -> Outcome:
    """A question is explained; a parcel that is held, sent back or charged for: people who know the country (ORD-019)."""
    stuck = is_told(talk, "customs.stuck")
    if has_said(talk) and not stuck and not _speaks_another(talk):
        return await _explain_customs(talk)
    order = await choose_order(talk, is_on_the_way)
    country = order.address.country
    talk.fact("destination_country", country)
    _show(talk, order)
    if stuck:
        talk.given.setdefault("customs", "held")
    held = await talk.choose(
        "customs",
        "customs.what",
        [
            Option(
                "held",
                talk.words("button.held_at_customs"),
                named_by=said("customs.held"),
            ),
            Option(
                "fees",
                talk.words("button.customs_fees"),
                named_by=said("customs.fees"),
            ),
            Option("other", talk.words("button.customs_other")),
        ],
    )
    talk.fact("what", talk.words(f"customs.{held}"))
    tell_article(talk, talk.kind)
    foreign = _speaks_another(talk)
    if foreign:
        talk.fact("language", _own_language(talk))
    if held == "held" or foreign:
        talk.say("customs.person")
        return talk.hand_over("customs", queue="interpreter" if foreign else "orders", priority=3)
    return await ways_out(talk, [], "customs_told", "what_next")


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


async def _explain_customs(talk: Talk) -> Outcome:
    """The article, the state of the order that is meant, and the way to a person who knows the country."""
    tell_article(talk, talk.kind)
    numbers = any(heard.understanding.entities.order_numbers for heard in talk.said)
    if numbers or names_order(talk, is_on_the_way):
        _show(talk, await choose_order(talk, is_on_the_way))
    return await ways_out(talk, [], "customs_told", "what_next")


def _own_language(talk: Talk) -> str:
    customer = talk.scene.customer
    return customer.language if customer else talk.scene.contact.language


def _speaks_another(talk: Talk) -> bool:
    return _own_language(talk) not in (*LANGUAGES, "zh-Hans", "zh-Hant")


def _show(talk: Talk, order: Order) -> None:
    view = order_view(order, talk.language, talk.scene.now, talk.scene.desk.rules)
    talk.tell(view["headline"])
    talk.show({"kind": "tracking", **view})
    talk.fact("delivery_status", view["headline"])
    talk.has_tried("tracked")


def _address_fact(talk: Talk, order: Order) -> None:
    talk.fact("address", address_text(order.address.model_dump(), talk.language))


def _again_or_money(talk: Talk) -> list[Option]:
    return [
        Option(
            "reship",
            talk.words("button.reship"),
            named_by=said("missing.reship"),
        ),
        Option("refund", talk.words("button.refund"), named_by=said("missing.refund_missing")),
    ]


def _served_first(talk: Talk) -> bool:
    customer = talk.scene.customer
    return customer is not None and any(segment in _FIRST_IN_LINE for segment in customer.segments)


async def _day(talk: Talk) -> str:
    """A day from tomorrow on, as ISO date."""
    first = talk.scene.today + timedelta(days=1)
    days = [first + timedelta(days=n) for n in range(_DAYS_OFFERED)]
    options = [Option(day.isoformat(), day_text(day, talk.language)) for day in days]

    def read(heard: Heard, direct: bool) -> str | None:
        named = [day for day in heard.understanding.entities.dates if day >= first]
        if len(named) == 1 and (direct or says("redelivery.asks").search(heard.folded)):
            return named[0].isoformat()
        return read_option(options, heard, direct) if direct else None

    chosen: str = await talk.ask(
        Question(
            "day",
            talk.words("redelivery.day"),
            tuple(options),
            rephrased=talk.words("redelivery.day_again"),
            read=read,
        )
    )
    return chosen
