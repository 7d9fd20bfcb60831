"""Booking, changing and making calls, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.callbacks import booking, callers, queries
from madoguchi.counter.callbacks.model import CallPreference
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, Problem, TooMany
from madoguchi.counter.routing import presence, queues
from madoguchi.counter.routing.policy import rank
from madoguchi.engine.database import Database
from tests.callbacks.conftest import Shop, slot_after
from tests.conftest import StillClock


@pytest.mark.req("CB-002", "SLA-006")
def test_a_call_at_once_is_offered_like_any_contact_dialled_by_the_agent_and_counted(shop: Shop) -> None:
    ito = shop.agent("ito")
    made = shop.book(shop.customer(), topic="order_delivery.order_status")
    assert (made.state, made.via) == ("due", "web")
    assert shop.offers() == {made.contact_id: ito.id}
    shop.accept(made, ito)
    called = shop.calls.dial(ito, made.id)
    assert called.state == "dialling"
    assert shop.calls.report(ito, made.id, "connected").state == "connected"
    done = shop.calls.report(ito, made.id, "talked", "返金の件、説明しました")
    assert (done.state, done.outcome) == ("done", "talked")
    (call,) = shop.dialled(made)
    assert (call.agent_id, call.engine, call.outcome, call.note) == (
        ito.id,
        "own_telephone",
        "talked",
        "返金の件、説明しました",
    )
    assert shop.contact(made.contact_id).owner_id == ito.id  # wrap-up and resolution as ever


@pytest.mark.req("CB-001", "CH-056")
def test_a_booking_keeps_slot_topic_order_and_number_in_a_case(shop: Shop) -> None:
    shop.agent("ito")
    misaki = shop.customer()
    at = slot_after(shop, 3)
    made = shop.book(
        misaki,
        slot_at=at,
        topic="order_delivery.order_status",
        order_number="503-1",
        kana="サトウ",
        note="急ぎ",
    )
    assert (made.state, made.kind, made.slot_at, made.slot_end) == (
        "booked",
        "slot",
        at,
        at + timedelta(minutes=30),
    )
    assert (made.topic, made.order_number, made.phone) == (
        "order_delivery.order_status",
        "503-1",
        "+819012345678",
    )
    case = shop.database.read(cases.get, made.case_id)
    assert (case.order_number, case.category, case.state) == (
        "503-1",
        "order_delivery.order_status",
        "waiting_for_us",
    )
    contact = shop.contact(made.contact_id)
    assert (contact.channel, contact.customer_id, contact.case_id) == (
        "callback",
        misaki.customer_id,
        case.id,
    )
    assert shop.facts(made) == ["confirmed"]


@pytest.mark.req("CB-001")
def test_the_same_key_books_once_and_one_person_has_one_call_to_come(shop: Shop) -> None:
    shop.agent("ito")
    misaki, wish = shop.customer(), shop.wish()
    first = shop.calls.book(misaki, wish)
    assert shop.calls.book(misaki, wish).id == first.id
    with pytest.raises(Conflict, match="callback_exists"):
        shop.book(misaki, "03-1234-5678")


@pytest.mark.req("CB-004", "CH-056")
def test_who_leaves_a_chats_queue_for_a_call_keeps_the_rank_and_the_case(shop: Shop) -> None:
    misaki, taro = shop.customer(), shop.customer("taro", "03-1234-5678")
    chat = shop.chat(misaki, priority=3)
    before = shop.place(chat.id)
    shop.forward(minutes=1)
    later = shop.chat(taro)
    shop.forward(minutes=4)
    made = shop.book(misaki, from_contact=chat.id)
    place = shop.place(made.contact_id)
    assert (place.entered_at, place.priority, place.queue_id) == (
        before.entered_at,
        before.priority,
        before.queue_id,
    )
    assert shop.place(chat.id).state == "left"
    assert shop.contact(chat.id).owner_kind == "assistant"
    ito = shop.agent("ito", capacity=1)
    assert shop.offers() == {made.contact_id: ito.id}  # before the one who came after
    assert shop.place(later.id).state == "waiting"


@pytest.mark.req("CB-004", "CB-008")
def test_our_telephone_system_keeps_the_place_of_who_has_held_the_line(shop: Shop) -> None:
    began = shop.clock()
    shop.forward(minutes=3)
    chat = shop.chat(shop.customer())
    caller = shop.calls.caller_of("０３-1234-5678")
    made = shop.book(caller, "03-1234-5678", via="ivr", waiting_since=began)
    assert made.state == "due"
    assert shop.place(made.contact_id).entered_at == began < shop.place(chat.id).entered_at


@pytest.mark.req("CB-008")
def test_web_app_assistant_and_telephone_make_the_same_record(shop: Shop) -> None:
    shop.agent("ito", capacity=9)
    at, told = slot_after(shop, 4), {"topic": "order_delivery.order_status", "note": "n"}
    made = []
    for number, via in enumerate(("web", "app", "assistant", "ivr")):
        phone = f"03-1234-567{number}"
        actor = shop.calls.caller_of(phone) if via == "ivr" else shop.customer(f"c{number}", phone)
        made.append(
            shop.book(
                actor,
                phone,
                slot_at=at if number < 1 else at + timedelta(minutes=30 * number),
                via=via,
                **told,
            )
        )
    alike = [
        (each.state, each.kind, each.topic, each.note, each.queue_id, each.attempts, each.priority)
        for each in made
    ]
    assert len(set(alike)) == 1
    assert [each.via for each in made] == ["web", "app", "assistant", "ivr"]


@pytest.mark.req("CB-007")
def test_at_night_now_is_refused_and_the_first_slot_after_the_opening_keeps_the_order(shop: Shop) -> None:
    shop.agent("ito", capacity=1)
    shop.clock.now = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)  # 22:30 in Tokyo
    misaki, taro = shop.customer(), shop.customer("taro", "03-1234-5678")
    with pytest.raises(Conflict, match="callback_closed") as refused:
        shop.book(misaki)
    opening = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert refused.value.params["at"] == opening.isoformat()
    wish = shop.wish(slot_at=opening)
    first = shop.calls.book(misaki, wish)
    assert first.slot_at == opening
    with pytest.raises(Conflict, match="slot_full"):  # one agent, two calls, half of them bookable
        shop.book(taro, "03-1234-5678", slot_at=opening)
    shop.agent("kato", capacity=1)
    shop.forward(minutes=1)
    second = shop.book(taro, "03-1234-5678", slot_at=opening)
    shop.clock.now = opening
    shop.forward(seconds=1)
    assert [each.state for each in (shop.now(first), shop.now(second))] == ["due", "due"]
    assert rank(shop.place(first.contact_id)) < rank(shop.place(second.contact_id))


@pytest.mark.req("CB-003")
def test_a_booked_call_enters_the_queue_before_its_slot_as_an_appointment(shop: Shop) -> None:
    ito = shop.agent("ito", capacity=1)
    at = slot_after(shop, 3)
    made = shop.book(shop.customer(), slot_at=at)
    shop.clock.now = at - timedelta(minutes=40)
    waiting = shop.chat(shop.customer("taro", "03-1234-5678"))  # has waited for long when the slot comes
    shop.clock.now = at - timedelta(seconds=121)
    shop.forward(seconds=0)
    assert shop.now(made).state == "booked"
    shop.forward(seconds=1)
    assert shop.now(made).state == "due"
    assert shop.offers() == {made.contact_id: ito.id}
    assert shop.place(waiting.id).state == "waiting"
    shop.accept(made, ito)
    with pytest.raises(Conflict, match="callback_too_early"):
        shop.calls.dial(ito, made.id)
    shop.clock.now = at
    assert shop.calls.dial(ito, made.id).kept_in_time


@pytest.mark.req("CB-003")
def test_retries_are_logged_go_to_the_same_agent_and_end_with_a_message(shop: Shop) -> None:
    ito, kato = shop.agent("ito"), shop.agent("kato")
    made = shop.book(shop.customer())
    shop.talk(made, kato, "no_answer")
    assert shop.now(made).state == "retrying"
    assert shop.contact(made.contact_id).owner_kind == "assistant"
    shop.forward(seconds=300)
    assert shop.offers() == {made.contact_id: kato.id}
    shop.talk(made, kato, "busy")
    shop.forward(seconds=300)
    shop.talk(made, ito, "voicemail")
    over = shop.now(made)
    assert (over.state, over.outcome, over.attempts) == ("missed", "voicemail", 3)
    assert [call.outcome for call in shop.dialled(made)] == ["no_answer", "busy", "voicemail"]
    assert shop.facts(made) == ["confirmed", "not_reached", "not_reached", "missed"]
    assert shop.contact(made.contact_id).state == "ended"
    shop.courier.deliver_due()
    assert shop.mails == ["confirmed", "not_reached", "missed"]


@pytest.mark.req("CB-003", "CB-002")
def test_a_late_call_alerts_those_who_lead_and_is_told_to_the_customer(shop: Shop) -> None:
    made = shop.book(shop.customer())
    shop.forward(minutes=8)
    assert len(shop.notes(made)) == 1
    shop.forward(minutes=2, seconds=1)
    assert len(shop.notes(made)) == 2
    assert shop.facts(made) == ["confirmed", "late"]
    shop.forward(minutes=10)
    assert shop.facts(made) == ["confirmed", "late"]
    assert shop.now(made).state == "due"
    assert shop.to_look_at() == []


def test_an_agent_who_is_switched_off_with_a_call_in_hand_gives_it_back(shop: Shop) -> None:
    ito, kato = shop.agent("ito"), shop.agent("kato")
    made = shop.book(shop.customer())
    shop.accept(made, ito)
    shop.calls.dial(ito, made.id)
    shop.database.write(presence.release, ito.id)
    shop.calls.round()
    assert (shop.now(made).state, shop.now(made).attempts) == ("due", 0)
    assert shop.dialled(made)[0].outcome == "cut"
    with pytest.raises(NotAllowed, match="not_owner"):
        shop.calls.report(ito, made.id, "talked")
    assert shop.talk(made, kato).state == "done"


@pytest.mark.req("CB-001")
def test_moving_frees_the_old_place_and_takes_a_new_one(shop: Shop) -> None:
    shop.agent("ito")
    misaki, taro = shop.customer(), shop.customer("taro", "03-1234-5678")
    early, late = slot_after(shop, 2), slot_after(shop, 5)
    made = shop.book(misaki, slot_at=early)
    shop.book(taro, "03-1234-5678", slot_at=late)
    with pytest.raises(Conflict, match="slot_full"):
        shop.calls.move(misaki, made.id, late)
    moved = shop.calls.move(misaki, made.id, late + timedelta(minutes=30))
    assert (moved.state, moved.slot_at) == ("booked", late + timedelta(minutes=30))
    jiro = shop.customer("jiro", "03-1234-9999")
    assert shop.book(jiro, "03-1234-9999", slot_at=early).slot_at == early
    assert shop.calls.move(misaki, made.id, None).state == "due"


@pytest.mark.req("CB-001")
def test_cancelling_frees_the_place_and_the_queue(shop: Shop) -> None:
    shop.agent("ito")
    misaki = shop.customer()
    made = shop.book(misaki)
    off = shop.calls.cancel(misaki, made.id)
    assert (off.state, off.ended_by) == ("cancelled", "customer")
    assert shop.calls.cancel(misaki, made.id).state == "cancelled"
    assert shop.offers() == {}
    assert shop.contact(made.contact_id).state == "ended"
    with pytest.raises(Conflict, match="callback_state"):
        shop.calls.move(misaki, made.id, None)


def test_who_would_rather_write_keeps_the_place_in_line(shop: Shop) -> None:
    misaki = shop.customer()
    chat = shop.chat(misaki)
    since = shop.place(chat.id).entered_at
    made = shop.book(misaki, from_contact=chat.id)
    shop.forward(minutes=5)
    assert shop.calls.replaced(misaki, made.id, "writing").state == "replaced"
    assert (shop.place(chat.id).state, shop.place(chat.id).entered_at) == ("waiting", since)
    assert shop.contact(made.contact_id).state == "ended" or shop.place(made.contact_id).state == "left"


def test_who_calls_first_is_not_called_back(shop: Shop) -> None:
    ito = shop.agent("ito")
    made = shop.book(shop.customer())
    program = Actor(kind="integrator", id="key", scopes=frozenset({"contacts"}))
    assert [each.id for each in shop.database.read(queries.live_of_number, made.phone_hash)] == [made.id]
    assert shop.calls.replaced(program, made.id, "called").state == "replaced"
    assert shop.offers() == {}
    with pytest.raises(Problem):
        shop.calls.dial(ito, made.id)


def test_what_an_agent_solves_without_a_call_needs_none(shop: Shop) -> None:
    from madoguchi.counter.contacts import service as ledger

    ito = shop.agent("ito")
    made = shop.book(shop.customer())
    shop.accept(made, ito)
    held = shop.contact(made.contact_id)
    shop.database.write(ledger.resolve, held.id, ito, held.owner_version)
    shop.calls.round()
    assert (shop.now(made).state, shop.now(made).ended_by) == ("replaced", "solved")


def test_nobody_else_sees_or_changes_it(shop: Shop) -> None:
    made = shop.book(shop.customer())
    stranger, other = Actor(kind="customer", id="vis_x"), shop.customer("taro", "03-1234-5678")
    for actor in (stranger, other):
        for verb in (shop.calls.cancel, lambda a, c: shop.calls.move(a, c, None)):
            with pytest.raises(NotFound, match="callback_not_found"):
                verb(actor, made.id)
    assert shop.now(made).state == "due"


def test_only_whoever_has_it_in_hand_dials(shop: Shop) -> None:
    ito, kato = shop.agent("ito"), shop.agent("kato")
    made = shop.book(shop.customer())
    shop.accept(made, ito)
    with pytest.raises(NotAllowed, match="not_owner"):
        shop.calls.dial(kato, made.id)
    shop.calls.dial(ito, made.id)
    with pytest.raises(Conflict, match="callback_state"):
        shop.calls.dial(ito, made.id)
    assert len(shop.dialled(made)) == 1


def test_who_wants_no_calls_is_not_called_and_is_answered_in_writing(shop: Shop) -> None:
    ito = shop.agent("ito")
    misaki = shop.customer()
    made = shop.book(misaki)
    assert misaki.customer_id is not None
    shop.calls.prefer(misaki, CallPreference(misaki.customer_id, no_calls=True, relay=True, note="手話"))
    over = shop.now(made)
    assert (over.state, over.ended_by) == ("replaced", "writing")
    assert shop.place(made.contact_id).state == "waiting"
    with pytest.raises(Conflict, match="no_calls_wanted"):
        shop.book(misaki)
    staff = shop.database.read(callers.in_name_of, shop.database.read(cases.get, made.case_id).label)
    with pytest.raises(Conflict, match="no_calls_wanted"):
        shop.book(staff, via="staff")
    assert ito


def test_a_wish_of_no_calls_that_comes_while_the_agent_has_it_stops_the_dialling(shop: Shop) -> None:
    ito = shop.agent("ito")
    misaki = shop.customer()
    made = shop.book(misaki)
    shop.accept(made, ito)
    shop.calls.round()
    assert misaki.customer_id is not None
    wanted = CallPreference(misaki.customer_id, no_calls=True)
    shop.database.write(queries.keep_preference, wanted)
    with pytest.raises(Conflict, match="no_calls_wanted"):
        shop.calls.dial(ito, made.id)


def test_nobody_is_called_outside_the_telephones_hours(shop: Shop) -> None:
    ito = shop.agent("ito")
    made = shop.book(shop.customer())
    shop.accept(made, ito)
    shop.clock.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # 21:00
    with pytest.raises(Problem):
        shop.calls.dial(ito, made.id)
    kept = shop.now(made)
    assert (kept.state, kept.due_at) == ("booked", datetime(2026, 11, 21, 0, 0, tzinfo=UTC))
    assert shop.dialled(made) == []


def test_a_network_cannot_run_up_the_bill(shop: Shop) -> None:
    shop.agent("ito")
    for number in range(3):
        actor = shop.customer(f"c{number}")
        shop.calls.cancel(actor, shop.book(actor).id)
    with pytest.raises(TooMany):
        shop.book(shop.customer("c9"))  # the same number
    misaki = shop.customer("busy")
    for number in range(3):
        shop.calls.cancel(misaki, shop.book(misaki, f"03-1234-567{number}").id)
    with pytest.raises(TooMany):
        shop.book(misaki, "03-1234-5679")


def test_where_only_numbers_on_file_are_called_any_other_is_refused(
    sqlite_database: Database, clock: StillClock, tmp_path: Path
) -> None:
    shop = Shop(sqlite_database, clock, tmp_path, callback={"numbers": "on_file"})
    misaki = shop.customer()
    with pytest.raises(Invalid, match="phone_not_on_file"):
        shop.book(misaki, "03-1234-5678")
    assert shop.book(misaki, "０９０－１２３４－５６７８").state == "due"


def test_a_shop_without_a_number_to_call_from_calls_nobody(
    sqlite_database: Database, clock: StillClock, tmp_path: Path
) -> None:
    shop = Shop(sqlite_database, clock, tmp_path, callback={"caller_id": ""})
    with pytest.raises(Conflict, match="callback_off"):
        shop.book(shop.customer())


def test_somebody_who_has_proved_nothing_is_called_only_with_the_mailed_code(shop: Shop) -> None:
    shop.agent("ito")
    guest = Actor(kind="customer", id="vis_guest")
    made = shop.book(guest, email="guest@example.jp")
    assert (made.state, made.contact_id, made.case_id) == ("unconfirmed", "", "")
    shop.courier.deliver_due()
    assert shop.mails == ["code"]
    code = booking.code_of(shop.keys, made.id)
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(Invalid, match="callback_code_wrong"):
        shop.calls.confirm(guest, made.id, wrong)
    assert shop.now(made).code_tries == 1
    with pytest.raises(NotFound):
        shop.calls.confirm(Actor(kind="customer", id="vis_other"), made.id, code)
    assert shop.calls.confirm(guest, made.id, code).state == "due"
    assert shop.calls.confirm(guest, made.id, code).state == "due"
    assert len(shop.offers()) == 1


def test_codes_cannot_be_guessed(shop: Shop) -> None:
    guest = Actor(kind="customer", id="vis_guest")
    made = shop.book(guest, email="guest@example.jp")
    code = booking.code_of(shop.keys, made.id)
    for number in range(5):
        with pytest.raises(Invalid):
            shop.calls.confirm(guest, made.id, f"{(int(code) + 1 + number) % 1_000_000:06d}")
    with pytest.raises(TooMany):
        shop.calls.confirm(guest, made.id, code)


def test_what_is_not_confirmed_gives_its_place_up_and_leaves_nothing(shop: Shop) -> None:
    shop.agent("ito")
    guest, at = Actor(kind="customer", id="vis_guest"), slot_after(shop, 3)
    made = shop.book(guest, email="guest@example.jp", slot_at=at)
    misaki = shop.customer()
    with pytest.raises(Conflict, match="slot_full"):
        shop.book(misaki, slot_at=at)
    shop.forward(minutes=15)
    assert (shop.now(made).state, shop.now(made).ended_by) == ("cancelled", "unconfirmed")
    assert shop.book(misaki, slot_at=at).state == "booked"
    with pytest.raises(Conflict):
        shop.calls.confirm(guest, made.id, booking.code_of(shop.keys, made.id))


def test_a_reminder_leaves_once_ten_minutes_before(shop: Shop) -> None:
    shop.agent("ito")
    at = slot_after(shop, 3)
    shop.book(shop.customer(), slot_at=at)
    shop.clock.now = at - timedelta(minutes=10, seconds=1)
    shop.forward(seconds=0)
    shop.courier.deliver_due()
    assert shop.mails == ["confirmed"]
    for _ in range(3):
        shop.forward(seconds=1)
    shop.courier.deliver_due()
    assert shop.mails == ["confirmed", "reminder"]


def test_number_and_name_are_forgotten_after_a_month(shop: Shop) -> None:
    ito = shop.agent("ito")
    made = shop.book(shop.customer(), kana="サトウ", note="n")
    shop.talk(made, ito)
    shop.clock.forward(days=30)
    assert shop.calls.forget_old() == 0
    shop.clock.forward(seconds=1)
    assert shop.calls.forget_old() == 1
    kept = shop.now(made)
    assert (kept.phone, kept.kana, kept.note, kept.outcome) == ("", "", "", "talked")


def test_staff_book_in_the_name_of_a_cases_customer(shop: Shop) -> None:
    shop.agent("ito")
    misaki = shop.customer()
    chat = shop.chat(misaki)

    def case_of(tx):  # type: ignore[no-untyped-def]
        from madoguchi.counter.cases import service as case_service
        from madoguchi.counter.contacts import service as ledger

        made = case_service.open_case(tx, misaki.customer_id, misaki.id, "", "")
        ledger.link_case(tx, chat.id, made.id)
        return made

    case = shop.database.write(case_of)
    name = shop.database.read(callers.in_name_of, case.label)
    made = shop.book(name, via="staff", case=case.label)
    assert (made.customer_id, made.case_id, made.state) == (misaki.customer_id, case.id, "due")
    assert [each.id for each in shop.database.read(contacts.of_case, case.id)] == [chat.id, made.contact_id]


def test_a_queue_that_is_switched_off_meanwhile_loses_nobody(shop: Shop) -> None:
    shop.agent("ito")
    made = shop.book(shop.customer(), slot_at=slot_after(shop, 3), topic="payment_refund.refund_status")

    def off(tx):  # type: ignore[no-untyped-def]
        from sqlalchemy import update

        from madoguchi.counter.routing.model import queue

        tx.execute(update(queue).where(queue.c.id == made.queue_id).values(active=False))

    assert made.queue_id != queues.GENERAL
    shop.database.write(off)
    shop.forward(hours=3)
    assert shop.place(made.contact_id).queue_id == queues.GENERAL
