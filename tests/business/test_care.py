"""Looking after companies: consultant, appointments, terms with two signatures, groups, notes, forms by locale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.business import care, documents, queries, service
from madoguchi.counter.business.forms import form_of
from madoguchi.counter.business.model import Document, Organisation
from madoguchi.counter.cases import service as cases
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.model import queue
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.company_views import own_view, support_rows
from madoguchi.faces.house import House
from madoguchi.faces.partner_views import ROLES
from madoguchi.rehearsal.chat import Chat
from tests.business.test_desk import HIRANO, ONO, PAPER, STRANGER, TANAKA

AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))
MORI = Actor(kind="agent", id="agt_9", roles=frozenset({"agent", "supervisor"}))
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # eleven in the morning in Tokyo


@pytest.fixture
def tanakas(house: House) -> Organisation:
    found = house.business.membership(TANAKA.customer_id)
    assert found is not None
    return found[0]


@pytest.fixture
def consultant(house: House, tanakas: Organisation) -> str:
    """Somebody who looks after 田中商事."""

    def hire(tx: Transaction) -> str:
        return team.add_agent(
            tx,
            login="kenji",
            password="corre7t-horse battery",
            name="健二",
            roles=["agent"],
            queues=["business"],
        ).id

    agent_id = house.database.write(hire)
    house.care.change(MORI, tanakas.id, manager_id=agent_id)
    return agent_id


# ── consultant and appointments ───────────────────────────────────────────────────────────────────


@pytest.mark.req("BIZ-006")
def test_a_talk_is_booked_once_with_the_companys_own_consultant(
    house: House, tanakas: Organisation, consultant: str
) -> None:
    booked = house.care.book(ONO, TUESDAY, "年末の大口注文", "k1")
    assert booked.agent_id == consultant and house.care.book(ONO, TUESDAY, "年末の大口注文", "k1") == booked
    for minutes in (0, 15, -15):
        with pytest.raises((Conflict, Invalid)):
            house.care.book(TANAKA, TUESDAY + timedelta(minutes=minutes), "別件", f"k{minutes}")
    house.care.book(TANAKA, TUESDAY + timedelta(minutes=30), "別件", "k3")
    at = [each.at for each in house.care.company(AGENT, tanakas.id).appointments]
    assert at == [TUESDAY, TUESDAY + timedelta(minutes=30)]
    assert house.care.own(HIRANO).appointments[0].about == "年末の大口注文"


@pytest.mark.req("BIZ-006")
def test_whom_the_assistant_hands_over_is_offered_to_the_companys_consultant(
    house: House, consultant: str, chat: Callable[..., Chat]
) -> None:
    def come_to_work(tx: Transaction) -> None:
        other = team.add_agent(
            tx, login="aida", password="corre7t-horse battery", name="相田", roles=["agent"], queues=["*"]
        )
        for agent_id in (other.id, consultant):
            presence.set_status(tx, agent_id, "available")

    house.database.write(come_to_work)
    talk = chat(cast.BUSINESS)
    talk.say("担当者と話したい")
    offer = house.database.write(routing.offer_next, Rules.of(house.settings))
    assert offer is not None and (offer.contact_id, offer.agent_id) == (talk.id, consultant)


def test_what_is_no_slot_is_refused(house: House, consultant: str) -> None:
    for at, code in (
        (house.database.clock() - timedelta(days=3), "not_a_slot"),
        (TUESDAY + timedelta(minutes=7), "not_a_slot"),
        (datetime(2026, 11, 24, 18, 0, tzinfo=UTC), "desk_closed"),
    ):
        with pytest.raises(Invalid, match=code):
            house.care.book(ONO, at, "相談", "k")
    with pytest.raises(NotAllowed):
        house.care.book(STRANGER, TUESDAY, "相談", "k")


def test_without_a_consultant_nothing_is_booked(house: House, tanakas: Organisation) -> None:
    with pytest.raises(Conflict, match="no_manager"):
        house.care.book(ONO, TUESDAY, "相談", "k")
    for nobody in ("agt_unknown", ""):
        if nobody:
            with pytest.raises(Invalid, match="unknown_agent"):
                house.care.change(MORI, tanakas.id, manager_id=nobody)
    with pytest.raises(NotAllowed, match="supervisor"):
        house.care.change(AGENT, tanakas.id, manager_id="agt_1")


# ── terms ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BIZ-007")
def test_terms_hold_once_a_supervisor_who_did_not_ask_has_approved_them(
    house: House, tanakas: Organisation
) -> None:
    asked = house.care.ask_terms(AGENT, tanakas.id, "payment_terms", "月末締め翌々月末払い", 60)
    assert (asked.state, asked.payment_days, asked.asked_by) == ("asked", 60, "agt_1")
    assert house.care.own(TANAKA).terms == []
    with pytest.raises(NotAllowed, match="supervisor"):
        house.care.decide_terms(AGENT, asked.id, True, "")
    own = house.care.ask_terms(MORI, tanakas.id, "prices", "5%引き", None)
    with pytest.raises(NotAllowed, match="own_request"):
        house.care.decide_terms(MORI, own.id, True, "")
    decided = house.care.decide_terms(MORI, asked.id, True, "与信確認済み")
    assert (decided.state, decided.decided_by, decided.reason) == ("approved", "agt_9", "与信確認済み")
    assert decided.decided_at == house.database.clock()
    with pytest.raises(Conflict, match="terms_decided"):
        house.care.decide_terms(MORI, asked.id, False, "")
    assert [each.payment_days for each in house.care.own(TANAKA).terms] == [60]
    assert [each.state for each in house.care.company(AGENT, tanakas.id).terms] == ["asked", "approved"]


def test_only_the_policys_kinds_of_terms_and_only_staff(house: House, tanakas: Organisation) -> None:
    with pytest.raises(Invalid, match="unknown_terms"):
        house.care.ask_terms(AGENT, tanakas.id, "free_lunch", "x", None)
    with pytest.raises(NotAllowed):
        house.care.ask_terms(TANAKA, tanakas.id, "other", "x", None)
    with pytest.raises(NotFound):
        house.care.ask_terms(AGENT, "org_unknown", "other", "x", None)


# ── groups ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BIZ-013")
def test_linked_companies_share_cases_only_where_both_permit_it(house: House, tanakas: Organisation) -> None:
    def set_up(tx: Transaction) -> Organisation:
        other = service.found(tx, "Tanaka Trading LLC", country="US")
        service.put_member(tx, other.id, STRANGER.customer_id or "", "owner")
        cases.open_case(tx, STRANGER.customer_id, STRANGER.id, "business.invoice")
        cases.open_case(tx, ONO.customer_id, ONO.id, "business.quote")
        return other

    other = house.database.write(set_up)

    def seen(actor: Actor) -> set[str]:
        return {company.name for company, _ in house.care.cases(actor)}

    mine, theirs = {tanakas.name}, {other.name}
    assert (seen(TANAKA), seen(STRANGER)) == (mine, theirs)
    for organisation in (tanakas, other):
        house.care.change(MORI, organisation.id, group_id="tanaka")
    assert (seen(TANAKA), seen(STRANGER)) == (mine, theirs)
    house.care.change(MORI, tanakas.id, shares_cases=True)
    assert (seen(TANAKA), seen(STRANGER)) == (mine, theirs)
    house.care.change(MORI, other.id, shares_cases=True)
    assert (seen(TANAKA), seen(STRANGER)) == (mine | theirs, mine | theirs)
    house.care.change(MORI, other.id, group_id="")
    assert (seen(TANAKA), seen(STRANGER)) == (mine, theirs)
    with pytest.raises(NotAllowed):
        house.care.change(AGENT, other.id, shares_cases=True)


# ── notes ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BIZ-014")
def test_notes_are_for_the_shops_people_alone(house: House, tanakas: Organisation) -> None:
    changed = house.care.change(AGENT, tanakas.id, notes="納品は必ず午前中")
    assert changed.organisation.notes == "納品は必ず午前中"
    assert "納品" not in str(own_view(house.care.own(TANAKA)))
    with pytest.raises(NotAllowed):
        house.care.company(TANAKA, tanakas.id)
    with pytest.raises(NotAllowed):
        house.care.change(TANAKA, tanakas.id, notes="x")


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BIZ-011")
def test_forms_are_found_by_locale_with_a_fallback(tmp_path: Path) -> None:
    assert form_of("ja").invoice == "請求書" and form_of("ko").quote == "견적서"
    assert form_of("zh-Hant").invoice != form_of("zh-Hans").invoice
    assert form_of("en-GB") == form_of("en") == form_of("de-AT") == form_of("../../x")
    own = (Path(documents.__file__).parent / "forms" / "en.toml").read_text("utf-8")
    (tmp_path / "en-GB.toml").write_text(own.replace('"Invoice"', '"Tax invoice"'), "utf-8")
    assert form_of("en-GB", tmp_path).invoice == "Tax invoice"
    assert form_of("en-US", tmp_path).invoice == "Invoice"


def _issued(language: str, zone: str, currency: str) -> Document:
    row = {"label": "Paper", "quantity": 2, "unit_price": 1250, "amount": 2500, "rate": 10}
    body = {
        "addressee": "Tanaka Trading LLC",
        "currency": currency,
        "items": [row],
        "placed_at": "2026-11-20T23:30:00+00:00",
        "language": language,
        "zone": zone,
    }
    at = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    return Document("doc_1", "invoice", "I2026-000001", "org", "cus", "503-1", "k", body, at, None)


@pytest.mark.req("BIZ-012")
def test_an_invoice_stands_in_its_own_currency_language_and_time_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issuer, tokyo = Issuer(name="Midori", invoice_number="T1"), ZoneInfo("Asia/Tokyo")
    new_york = documents.particulars(_issued("en-US", "America/New_York", "USD"), issuer, tokyo)
    assert "Date of issue 20 November 2026" in new_york and "Date of supply 20 November 2026" in new_york
    at_home = documents.particulars(_issued("ja", "", "JPY"), issuer, tokyo)
    assert "発行日 2026年11月21日" in at_home and "取引日 2026年11月21日" in at_home
    drawn: list[str] = []
    for name in ("drawString", "drawRightString", "drawCentredString"):
        monkeypatch.setattr(documents.Canvas, name, lambda _self, _x, _y, text: drawn.append(text))
    documents.render(_issued("en-US", "America/New_York", "USD"), issuer, tokyo)
    assert "Invoice" in drawn and "Total $25.00 (tax included)" in drawn
    drawn.clear()
    documents.render(_issued("ko", "Asia/Seoul", "KRW"), issuer, tokyo)
    assert "청구서" in drawn and any("2,500" in text for text in drawn)


@pytest.mark.req("BIZ-012")
def test_a_companys_documents_take_its_form_and_old_ones_stay_as_they_were(
    house: House, tanakas: Organisation
) -> None:
    before = house.business.quote(ONO, [PAPER], "JPY", "k1")
    printed = house.business.pdf(ONO, before.id)[1]
    house.care.change(AGENT, tanakas.id, language="en-GB", timezone="Europe/London")
    assert house.business.pdf(ONO, before.id)[1] == printed
    after = house.business.invoice(ONO, cast.BUSINESS_DELIVERED)
    assert (after.body["language"], after.body["zone"]) == ("en-GB", "Europe/London")
    assert after.items[0].label != house.business.price([PAPER])[0].label
    assert house.business.pdf(ONO, after.id)[1].startswith(b"%PDF")
    for wrong in ({"language": "xx"}, {"timezone": "Mars/Olympus"}):
        with pytest.raises(Invalid):
            house.care.change(AGENT, tanakas.id, **wrong)


def test_a_field_that_is_left_out_stays(house: House, tanakas: Organisation) -> None:
    house.database.write(care.change, tanakas.id, AGENT, {"notes": "x", "language": "en"})
    house.database.write(care.change, tanakas.id, AGENT, {"notes": None, "language": "ko"})
    found = house.database.read(queries.get, tanakas.id)
    assert (found.notes, found.language, found.name) == ("x", "ko", tanakas.name)


# ── what the desk offers ──────────────────────────────────────────────────────────────────────────


@pytest.mark.req("BIZ-009")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_the_table_of_what_the_desk_offers_says_what_the_configuration_says(
    house: House, language: str
) -> None:
    def row(place: int) -> str:
        return support_rows(house, language)[place]["text"]

    desk, papers, people, sooner, talk = (row(place) for place in range(5))
    assert "500,000" in papers and "30" in papers and "60" in sooner and "50%" in sooner and "30" in talk
    assert people.count(tr(language, ROLES["approver"])) == 1 and desk
    rules = house.business.rules
    changed = rules.business.model_copy(
        update={"quote_days": 14, "quote_limit": {"JPY": 77_000}, "appointment_minutes": 45}
    )
    house.business.book = Printed(rules.model_copy(update={"business": changed}))
    house.database.write(
        lambda tx: tx.execute(update(queue).where(queue.c.id == "business").values(target_seconds=20))
    )
    assert "77,000" in row(1) and "14" in row(1) and "20" in row(3) and "45" in row(4)
