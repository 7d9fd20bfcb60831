"""One enquiry by form through everything that the house does with enquiries, of somebody known and of somebody not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from madoguchi.building import indexer_of
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts.model import Contact, contact
from madoguchi.counter.privacy.erasing import count_of
from madoguchi.counter.privacy.ways import Person, of_person
from madoguchi.counter.surveys import service as surveys
from tests.conftest import StillClock
from tests.form.conftest import HANAKO, FormCounter, SignsIn, Writer, link_in
from tests.mail.conftest import MAIL

STAFF = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


def is_promised_and_found(counter: FormCounter, seen: Contact) -> Case:
    """Its promises count for a form, and staff find its words."""
    house = counter.house
    case = counter.case_of(seen)
    kept = house.database.write(Keeper.of(house.settings).read, case.id)
    assert {each.kind for each in kept} >= {"first_answer", "solution"}
    assert {each.channel for each in kept} == {"form"}
    indexer_of(house).catch_up()
    hits = counter.agent("mori").get("/search", q="皿が割れて")
    assert seen.id in str(hits), hits
    return case


def is_asked_about_by_mail(counter: FormCounter, case: Case, address: str) -> None:
    """Solved by a person, it is asked about a day later, where the answers went."""
    house, rules = counter.house, surveys.Rules.of(counter.house.settings)
    house.database.write(cases.resolve, case.id, STAFF)
    house.database.write(surveys.begin_due, rules)
    counter.clock.forward(hours=house.settings.surveys.mail_after_hours + 1)
    assert house.database.write(surveys.ask_by_mail, rules) == 1
    told = counter.mails_to(address)[-1]
    assert "/survey/" in told.get_content() and case.label in told["Subject"]


@pytest.mark.req("CH-041", "CH-044", "HIS-001", "SLA-007", "QLT-002", "PRIV-005")
def test_a_form_of_somebody_signed_in_goes_all_the_way(counter: FormCounter, signed_in: SignsIn) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE).sends()
    number = misaki.number
    [seen] = counter.contacts()
    assert counter.case_of(seen).label == number
    assert seen.id in misaki.get("/history")
    case = is_promised_and_found(counter, seen)
    [acknowledged] = counter.mails_to(cast.MISAKI_EMAIL)
    assert case.label in acknowledged["Subject"]
    is_asked_about_by_mail(counter, case, cast.MISAKI_EMAIL)
    mine = of_person(Person(customer_id(cast.MISAKI), None))
    rows = counter.house.database.read(lambda tx: tx.all(contact.select().where(mine(contact))))
    assert seen.id in {row.id for row in rows}


@pytest.mark.req("CH-041", "CH-044", "SLA-007", "QLT-002")
def test_a_form_that_is_confirmed_by_mail_goes_all_the_way(counter: FormCounter, writer: Writer) -> None:
    writer.fills().sends(HANAKO)
    number = writer.number
    assert counter.contacts() == []
    writer.get(link_in(counter.mails_to(HANAKO)[0]))
    writer.send("/help/form/confirm", mine=counter.waiting()[0].id)
    [seen] = counter.contacts()
    assert counter.case_of(seen).label == number
    assert seen.id in writer.get("/history")
    case = is_promised_and_found(counter, seen)
    is_asked_about_by_mail(counter, case, HANAKO)
    own = of_person(Person(None, seen.visitor_id))
    assert counter.house.database.read(count_of, contact, own) == 1


@pytest.mark.req("CH-059", "CH-041")
def test_what_the_form_does_not_serve_is_said_with_the_ways_that_do(
    filled: Path, tmp_path: Path, clock: StillClock
) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(filled, folder)
    serves = {"return_exchange_cancel.damaged_item": ["phone", "mail"]}
    counter = FormCounter(folder, clock, mail=MAIL, ways={"serves": serves})
    with counter.client:
        writer = counter.writer()
        writer.get("/help/form/about")
        writer.send("/help/form/about", group="return_exchange_cancel")
        writer.send("/help/form/kind", kind="return_exchange_cancel.damaged_item")
        assert writer.answer.status_code == 422
        (error,) = writer.errors
        assert "電話" in error and "フォームでは" in error
        assert "メール" not in error, "this shop has no address for mails"
        assert "/help/contact?topic=return_exchange_cancel.damaged_item" in writer.text
        writer.send("/help/form/kind", kind="return_exchange_cancel.return_request")
        assert writer.path.startswith("/help/form/order"), "another kind is taken at once"
    counter.close()
