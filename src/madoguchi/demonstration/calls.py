"""Call-backs of the last three months, and today's: reached at once or on the second try, late, missed, called off, and to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.callbacks import booking, rounds, service, slots
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.capacity import Wanted
from madoguchi.counter.callbacks.machine import Slot
from madoguchi.counter.callbacks.model import Callback
from madoguchi.counter.callbacks.own_telephone import OwnTelephone
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.cases import holding
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.demonstration.stage import Scene, moment, order_of
from madoguchi.engine.keys import Keys

Course = Literal["reached", "second_try", "late", "missed", "wrong_number", "cancelled"]

_DAYS = 88
_COURSES: tuple[Course, ...] = (
    "reached", "reached", "second_try", "reached", "cancelled", "reached", "reached", "late", "reached",
    "second_try", "missed", "reached", "reached", "wrong_number",
)  # fmt: skip
_TODAY: tuple[tuple[int, int, Course], ...] = ((94, 3, "reached"), (92, 2, "missed"))  # number, hours ago
_STAFF = ("kato", "ito", "mori")
_ASKED = (
    ("C1012", "order_delivery.item_not_received", 1, "平日の午前中につながりやすいです。"),
    ("C1004", "membership_digital_device.setup_howto", 1, "画面を見ながら設定したいです。"),
    ("C1008", "order_delivery.item_not_received", 1, ""),
    ("C1002", "order_delivery.track_order", 1, "Please speak English."),
    ("C1010", "payment_refund.gift_card_points", 2, "残高の見方を教えてください。"),
    ("C1006", "payment_refund.duplicate_charge", 1, "明細を手元に用意しています。"),
    ("C1007", "payment_refund.refund_status", 1, ""),
)
_SAID = (
    "配送状況を説明し、ご了承いただいた。",
    "画面を一緒に確認し、設定できた。",
    "返金予定日をお伝えした。",
    "ご案内のメールをお送りすることにした。",
)


@dataclass(frozen=True)
class Telephone:
    """What the verbs of call-backs need beside the scene."""

    rules: Rules
    keys: Keys


def of_the_past(scene: Scene, telephone: Telephone) -> None:
    """Two in three days one, at different hours; every third was booked for a slot. Nothing where nobody is called back."""
    if not telephone.rules.on:
        return
    for number, days in enumerate(day for day in range(_DAYS, 1, -1) if day % 3):
        at = moment(scene.present, scene.zone, days, 10 + number * 3 % 9, number * 7 % 50)
        if telephone.rules.hours.is_open(at):
            scene.tx.now = at
            _happen(scene, telephone, number, _COURSES[number % len(_COURSES)])


def of_today(scene: Scene, telephone: Telephone) -> None:
    """A talk and a missed one, one in line (while the telephone is open), and two for slots that come."""
    rules = telephone.rules
    if not rules.on:
        return
    for number, hours, course in _TODAY:
        scene.tx.now = _last_open(rules, scene.present - timedelta(hours=hours))
        _happen(scene, telephone, number, course)
    scene.come_back()
    ahead = _free_slots(scene, rules)
    scene.tx.now = scene.present - timedelta(minutes=50)
    for ref, slot in zip(("C1012", "C1016"), ahead, strict=False):
        _ask(scene, telephone, f"today/{ref}", (ref, "payment_refund.receipt", 0, ""), slot.at)
    if rules.hours.is_open(scene.present - timedelta(minutes=3)):
        scene.tx.now = scene.present - timedelta(minutes=3)
        about = ("C1011", "order_delivery.delivery_estimate", 0, "玄関にいますので、長めに鳴らしてください。")
        _ask(scene, telephone, "today/now", about, None)
    scene.come_back()


def _happen(scene: Scene, telephone: Telephone, number: int, course: Course) -> None:
    about = _ASKED[number % len(_ASKED)]
    slot = next(_free_slots(scene, telephone.rules), None) if number % 3 == 0 and course != "late" else None
    made = _ask(scene, telephone, f"{number}", about, slot.at if slot else None)
    if course == "cancelled":
        scene.later(minutes=2)
        customer = scene.customer(about[0])
        service.cancel(scene.tx, customer, made.id, telephone.rules)
        _solve(scene, made, customer)
        return
    if slot is not None:
        scene.tx.now = slot.at
        rounds.look(scene.tx, made.id, telephone.rules)
    scene.later(minutes=13 if course == "late" else 1 + number % 6)
    agent = scene.staff(_STAFF[number % len(_STAFF)])
    _call(scene, telephone, made, agent, course, _SAID[number % len(_SAID)])


def _ask(
    scene: Scene, telephone: Telephone, name: str, about: tuple[str, str, int, str], slot_at: datetime | None
) -> Callback:
    ref, topic, order, note = about
    customer = scene.customer(ref)
    known = customers.get(scene.tx, str(customer.customer_id))
    wish = Wish(
        phone=known.phone,
        language=customer.language,
        client_key=f"demo/call/{name}",
        slot_at=slot_at,
        topic=topic,
        order_number=order_of(ref, order),
        kana=known.kana,
        note=note,
    )
    return booking.book(scene.tx, customer, wish, telephone.rules, telephone.keys)


def _call(
    scene: Scene, telephone: Telephone, made: Callback, agent: Actor, course: Course, said: str
) -> None:
    """As often as it takes: the agent has it, calls from an own telephone, and says how it went."""
    tx, rules = scene.tx, telephone.rules
    for outcome in _outcomes(course, rules):
        rounds.look(tx, made.id, rules)
        _take(scene, made, agent)
        rounds.look(tx, made.id, rules)
        service.dial(tx, agent, made.id, rules, OwnTelephone.name)
        scene.later(minutes=1)
        if outcome != "talked":
            service.report(tx, agent, made.id, outcome, "", rules)
            scene.later(minutes=1 + int(rules.tries.pause.total_seconds() // 60))
            continue
        service.report(tx, agent, made.id, "connected", "", rules)
        scene.later(minutes=3 + len(said) % 5)
        service.report(tx, agent, made.id, "talked", said, rules)
    _solve(scene, made, agent)


def _outcomes(course: Course, rules: Rules) -> Iterator[str]:
    if course == "missed":
        yield from ("no_answer", "voicemail", *["no_answer"] * rules.tries.most)[: rules.tries.most]
    elif course == "wrong_number":
        yield "wrong_number"
    else:
        if course == "second_try" and rules.tries.most > 1:
            yield "no_answer"
        yield "talked"


def _take(scene: Scene, made: Callback, agent: Actor) -> None:
    waiting = contacts.get(scene.tx, made.contact_id)
    routing.take(scene.tx, waiting.id, agent, waiting.owner_version)
    holding.own(scene.tx, waiting.case_id, agent, queues.desk_for(scene.tx, made.topic))


def _solve(scene: Scene, made: Callback, by: Actor) -> None:
    """What was talked about is done; who was not reached, or needed no call, has written since."""
    seen = contacts.get(scene.tx, made.contact_id)
    if seen.state == "open":
        ledger.resolve(scene.tx, seen.id, by, seen.owner_version)
        ledger.end(scene.tx, seen.id, SYSTEM, "solved")
        routing.finished(scene.tx, seen.id)
    scene.later(minutes=2)
    cases.resolve(scene.tx, made.case_id, by)
    customer = Actor(kind="customer", id=made.visitor_id, customer_id=made.customer_id)
    cases.confirm_resolution(scene.tx, made.case_id, customer)


def _free_slots(scene: Scene, rules: Rules) -> Iterator[Slot]:
    wanted = Wanted(queues.GENERAL, "ja")
    for day in slots.days(rules, scene.tx.now):
        for offered in slots.of_day(scene.tx, rules, day, wanted):
            if offered.state != "full":
                yield offered.slot


def _last_open(rules: Rules, at: datetime) -> datetime:
    """The moment itself, or the last before it at which the telephone had been open for an hour."""
    while not (rules.hours.is_open(at) and rules.hours.is_open(at + timedelta(hours=1))):
        at -= timedelta(minutes=30)
    return at
