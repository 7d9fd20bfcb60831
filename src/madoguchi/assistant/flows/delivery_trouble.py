"""A parcel that goes wrong on its way: late, misdelivered, not delivered, a new delivery, the carrier, the customs (ORD)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.carriers import parcel_of, redelivery_link, tell_carrier
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.orders import choose_order
from madoguchi.assistant.steps.parcels import is_on_the_way, latest_promise, may_be_missing, situation
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import LANGUAGES, day_text
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import address_text, order_view

_MISSING = "topic order_delivery.item_not_received"
_CANCEL = "topic return_exchange_cancel.cancel_order"
_REDELIVERY = "topic order_delivery.redelivery"
_FIRST_IN_LINE = ("member", "business")
_DAYS_OFFERED = 4
_BANDS = {
    "morning": r"午前|朝|morning",
    "afternoon": r"午後|昼|14|16|afternoon",
    "evening": r"夕方|夜|18|19|20|evening|night",
    "any": r"いつでも|何時でも|any ?time|don'?t mind",
}


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
                named_by=r"(?:他人|別人|知らない人|違う人|お隣|隣)(?:宛|あて|の(?:荷物|名前))|(?:someone|somebody) else'?s (?:parcel|package)|not (?:addressed to me|my name)",
            ),
            Option(
                "elsewhere",
                talk.words("button.mine_elsewhere"),
                named_by=r"(?:隣(?:の(?:家|人|部屋|お宅))?|別の家|違う(?:家|住所|場所)|別の(?:住所|場所)|近所)に(?:届|配達|置)|(?:delivered|left) (?:to|at) (?:the|my|a) (?:wrong|neighbou?r|different)",
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
    """Nobody at home: a new delivery. Back with us, or a wrong address: a person, with what is known (ORD-007)."""
    order = await choose_order(talk, is_on_the_way)
    where = talk.noted("parcel", lambda: parcel.state if (parcel := parcel_of(order)) else "preparing")
    _show(talk, order)
    _address_fact(talk, order)
    if where == "returned_to_sender":
        talk.say("failed.came_back")
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
                named_by=r"不在|留守|いなかった|absent|not (?:at )?home|wasn'?t (?:in|home)|\bout\b",
            ),
            Option(
                "address", talk.words("button.address_wrong"), named_by=r"住所|宛先|表札|address|name ?plate"
            ),
            Option(
                "other",
                talk.words("button.failed_other"),
                named_by=r"分からない|わからない|don'?t know|no idea",
            ),
        ],
    )
    talk.fact("cause", talk.words(f"failed.{cause}"))
    if cause == "absent":
        return Outcome("other_flow", "order_delivery.redelivery")
    talk.say("failed.person")
    return talk.hand_over("delivery_failed", queue="orders", priority=3)


@flow("order_delivery.redelivery")
async def redelivery(talk: Talk) -> Outcome:
    """The carrier's page with the tracking number; where there is none, day and time as a wish for the desk (ORD-009)."""
    order = await choose_order(talk, is_on_the_way)
    parcel = parcel_of(order)
    state = talk.noted("parcel", lambda: parcel.state if parcel else "preparing")
    if parcel is None or state in ("preparing", "delivered"):
        talk.say("redelivery.not_out")
        _show(talk, order)
        return await ways_out(talk, [], "not_out", "what_next")
    talk.fact("tracking_number", parcel.tracking_number)
    if state in ("returned_to_sender", "lost"):
        talk.say("failed.came_back" if state == "returned_to_sender" else "redelivery.lost")
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
    bands = [Option(name, talk.words(f"band.{name}"), named_by=pattern) for name, pattern in _BANDS.items()]
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
                named_by=r"態度|暴言|怒鳴|失礼|脅|乱暴|rude|shout|threat|aggressive|behavio",
            ),
            Option(
                "property",
                talk.words("button.property"),
                named_by=r"(?:門|車|壁|ドア|玄関|塀|植木|家)[をがに].{0,8}(?:壊|傷|ぶつ|割)|property|my (?:car|gate|wall|door|fence)",
            ),
            Option(
                "place",
                talk.words("button.left_somewhere"),
                named_by=r"置き配|置きっぱ|放置|勝手に置|雨ざらし|left (?:it|my|the|outside)|in the rain",
            ),
            Option(
                "unreachable",
                talk.words("button.carrier_unreachable"),
                named_by=r"(?:電話|連絡)(?:が|に)?(?:つながら|繋がら|出ない|取れな|こない|来ない)|can'?t reach|no answer|not answering",
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
    """Country and customs: explained, and to people who know the country or speak the language (ORD-019)."""
    order = await choose_order(talk, is_on_the_way)
    country = order.address.country
    talk.fact("destination_country", country)
    _show(talk, order)
    held = await talk.choose(
        "customs",
        "customs.what",
        [
            Option(
                "held",
                talk.words("button.held_at_customs"),
                named_by=r"(?:税関|通関).{0,10}(?:止ま|停止|保留|留め)|held|stuck|customs (?:hold|has)|detained",
            ),
            Option(
                "fees",
                talk.words("button.customs_fees"),
                named_by=r"関税|税金|輸入税|\bdut(?:y|ies)\b|import (?:tax|fee|charge)",
            ),
            Option("other", talk.words("button.customs_other")),
        ],
    )
    talk.fact("what", talk.words(f"customs.{held}"))
    tell_article(talk, talk.kind)
    customer = talk.scene.customer
    language = customer.language if customer else talk.scene.contact.language
    foreign = language not in (*LANGUAGES, "zh-Hans", "zh-Hant")
    if foreign:
        talk.fact("language", language)
    if held == "held" or foreign:
        talk.say("customs.person")
        return talk.hand_over("customs", queue="interpreter" if foreign else "orders", priority=3)
    return await ways_out(talk, [], "customs_told", "what_next")


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


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
            named_by=r"再送|再発送|もう一度送|送り直|re-?send|re-?ship|send (?:it )?again",
        ),
        Option("refund", talk.words("button.refund"), named_by=r"返金|お金|払い戻|refund|money back"),
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
        if len(named) == 1 and (direct or re.search(r"再配達|届け|持って来|redeliver|deliver", heard.folded)):
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
