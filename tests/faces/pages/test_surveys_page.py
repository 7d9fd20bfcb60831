"""The survey of a mail's link, the feedback form and the console's pages on both: by people, without scripts."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import time
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import preferences
from madoguchi.counter.surveys import links, queries, service
from madoguchi.counter.surveys.model import Survey
from madoguchi.engine.database import Transaction
from tests.faces.pages.conftest import Counter, Staff, Visitor

Letter = tuple[Survey, str]


def solved(counter: Counter, visitor_id: str = "mail_x", address: str = "reader@example.net") -> Case:
    actor = Actor(kind="customer", id=visitor_id)

    def write(tx: Transaction) -> Case:
        case = cases.open_case(tx, None, visitor_id, "payment_refund.refund_status")
        opened = contacts.open_contact(
            tx, actor=actor, channel="mail", language="ja", owner="none", attributes={"mail_from": address}
        )
        contacts.link_case(tx, opened.id, case.id)
        return cases.resolve(tx, case.id)

    return counter.house.database.write(write)


@pytest.fixture
def asked(counter: Counter) -> Letter:
    """A survey that was asked by mail, and the path that the mail leads to."""
    house, rules = counter.house, service.Rules.of(counter.house.settings)
    found = house.database.write(service.begin, solved(counter), rules)
    path = urlsplit(f"{house.settings.base_url}/survey/{links.token_of(house.keys, found.id)}").path
    return found, path


def of(counter: Counter, found: Survey) -> Survey:
    return counter.house.database.read(queries.get, found.id)


@pytest.mark.req("QLT-002")
def test_the_link_asks_one_question_then_two_and_looking_answers_nothing(
    counter: Counter, asked: Letter, visitor: Visitor
) -> None:
    found, path = asked
    page = visitor.get(path)
    assert "今回の対応はいかがでしたか" in page and page.count("<fieldset") == 1
    assert of(counter, found).state == "open"
    visitor.send(path)
    assert visitor.answer.status_code == 422 and "選んでください" in visitor.text
    page = visitor.send(path, score="4")
    assert page.count("<fieldset") == 2
    first, second = service.left_to_ask(of(counter, found))
    page = visitor.send(path, **{first: "5", second: "1", "comment": "早かった"})
    assert "ありがとうございます" in page and "<fieldset" not in page
    kept = of(counter, found)
    assert (kept.score, kept.aspects, kept.comment) == (4, {first: 5, second: 1}, "早かった")
    assert kept.answered_by == "mail"


def test_no_more_questions_is_one_press_away_and_holds(
    counter: Counter, asked: Letter, visitor: Visitor
) -> None:
    found, path = asked
    visitor.get(path)
    assert "今後このような質問をお送りしません" in visitor.send("/never")
    assert not counter.house.database.read(preferences.wants, found.visitor_id, "surveys")
    counter.house.database.write(preferences.choose, found.visitor_id, "surveys", True, SYSTEM)


def test_a_wrong_link_shows_nothing(asked: Letter, visitor: Visitor) -> None:
    visitor.get(asked[1][:-1] + ("0" if asked[1][-1] != "0" else "1"))
    assert visitor.answer.status_code == 404 and "C-" not in visitor.text


@pytest.mark.req("QLT-002")
def test_the_mail_asks_in_the_readers_language_and_leads_to_the_page(
    counter: Counter, visitor: Visitor
) -> None:
    house = counter.house
    folder = house.settings.data.folder / "outbox"
    case = solved(counter, "mail_y", "letter@example.net")
    rules = service.Rules(timedelta(0), timedelta(days=14), timedelta(days=30))
    house.database.write(service.begin, case, rules)
    house.database.write(service.ask_by_mail, rules)
    letter = arrived(folder, "letter@example.net")
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_body().get_content()  # type: ignore[union-attr]
    assert "解決済みとなりました" in text and "http" in text
    path = re.search(r"/survey/\S+", text)
    assert path and "今回の対応はいかがでしたか" in visitor.get(path[0])


def arrived(folder: Path, address: str) -> EmailMessage:
    """The survey's mail to this address, once the courier has been: the case's own mail says that it is solved."""
    for _ in range(100):
        for path in folder.glob("*.eml"):
            found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in found["To"] and "/survey/" in found.get_body().get_content():  # type: ignore[union-attr]
                return found
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


@pytest.mark.req("QLT-003")
def test_feedback_is_taken_from_anybody_and_dealt_with_by_who_leads(
    counter: Counter, visitor: Visitor, staff: Staff
) -> None:
    visitor.get("/help/feedback")
    visitor.send("/help/feedback", kind="suggestion")
    assert visitor.answer.status_code == 422 and "入力してください" in visitor.text
    visitor.send("/help/feedback", kind="suggestion", text="夜も電話がつながると助かります", case="C-99999")
    assert visitor.answer.status_code == 422 and "夜も電話が" in visitor.text
    page = visitor.send("/help/feedback", kind="suggestion", text="夜も電話がつながると助かります", case="")
    assert "窓口の責任者が必ず読みます" in page
    lead = staff("supervisor")
    assert "夜も電話がつながると助かります" in lead.get("/console/feedback")
    lead.send("/take")
    lead.send("/done")
    assert lead.answer.status_code == 422
    target, _ = lead.form("/done")
    feedback_id = target.split("/")[-2]
    lead.send("/done", **{f"note-{feedback_id}": "夜間の電話を検討"})
    assert "夜も電話が" not in lead.text
    assert "夜間の電話を検討" in lead.get("/console/feedback?view=done")


def test_who_wants_an_answer_comes_into_a_conversation_with_a_person(
    misaki: Visitor, counter: Counter
) -> None:
    misaki.get("/help/feedback")
    page = misaki.send("/help/feedback", kind="complaint", text="二度も待たされました", answer="yes")
    assert misaki.path.startswith("/contacts/") and "二度も待たされました" in page
    contact_id = misaki.path.split("/")[2].split("#")[0].split("?")[0]
    waiting = counter.house.database.read(queries.feedback_in, ("new",))
    assert contact_id in {each.contact_id for each in waiting}


@pytest.mark.req("QLT-002")
def test_results_are_for_those_who_lead(counter: Counter, staff: Staff) -> None:
    rules = service.Rules.of(counter.house.settings)
    for score in (5, 5, 4, 3, 1):
        case = solved(counter, "mail_z")
        counter.house.database.write(
            service.answer,
            case,
            rules,
            service.Answer(score=score, comment="=1+1"),
            way="mail",
            by=Actor(kind="customer", id="mail_z"),
        )
    lead = staff("supervisor")
    page = lead.get("/console/surveys?by=channel")
    assert "メール" in page and "=1+1" in page
    lead.get("/console/surveys/csv?by=channel")
    rows = list(csv.DictReader(io.StringIO(lead.answer.text.lstrip("\ufeff"))))
    assert int(rows[0]["answered"]) >= 5
    for role in ("agent", "operator"):
        person = staff(role)
        person.get("/console/surveys")
        assert person.answer.status_code == 403
