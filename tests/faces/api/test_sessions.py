"""Sessions: how a caller begins, proves who they are, and leaves."""

from __future__ import annotations

import re

import pyotp
import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team import service as team
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from tests.faces.api.people import PASSWORD, Caller, Counter


def test_a_visitor_begins_with_a_token_and_has_proved_nothing(counter: Counter) -> None:
    begun = counter.stranger().post("/sessions/visitor", {"language": "en"}, status=201)
    caller = Caller(counter, begun["token"])
    assert (begun["kind"], begun["rung"], begun["language"]) == ("customer", 0, "en")
    assert len(begun["token"]) >= 22
    current = caller.get("/sessions/current")
    assert current["token"] is None
    assert current["id"] == begun["id"]
    assert caller.get("/orders") == {"orders": []}


def test_an_unknown_language_falls_back_to_the_one_the_browser_asks_for(counter: Counter) -> None:
    assert counter.stranger("en").post("/sessions/visitor", {"language": "tlh"})["language"] == "en"


@pytest.mark.req("CH-013", "ACC-007")
def test_a_mailed_code_signs_in_and_carries_the_open_contact_along(counter: Counter) -> None:
    caller = counter.visitor()
    opened = caller.open("注文について", order_number=cast.MISAKI_LATE)
    old = caller.token
    assert caller.post("/sessions/mail-code", {"email": cast.MISAKI_EMAIL}, status=202) == {}
    session = caller.post("/sessions/mail-code/verify", {"code": counter.newest_code()})
    caller.token = session["token"]
    assert session["rung"] == 3
    assert session["id"] == customer_id(cast.MISAKI)
    assert session["masked_email"] == "m•••@example.jp"
    assert Caller(counter, old).refused("GET", "/sessions/current") == (401, "session_needed")
    mine = counter.agent("ito").get(f"/contacts/{opened['id']}")
    assert mine["customer"]["id"] == customer_id(cast.MISAKI)
    assert mine["rung"] == 3
    assert "identity.mail_code" in _actions_of(counter, customer_id(cast.MISAKI))
    case = caller.get(f"/contacts/{opened['id']}")["case"]
    assert case["number"].startswith("C-")
    again = caller.open("続きです", case=case["number"])
    assert again["case"]["number"] == case["number"]


def test_the_mail_with_the_code_goes_to_the_address_on_file_and_says_nothing_else(counter: Counter) -> None:
    caller = counter.visitor("en")
    caller.post("/sessions/mail-code", {"email": f" {cast.MISAKI_EMAIL.upper()} "}, status=202)
    mail = counter.mails()[-1]
    assert mail["To"] == cast.MISAKI_EMAIL
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.search(r"Your code: \d{6}", mail.get_content())


def test_a_code_for_an_unknown_address_is_never_mailed_and_the_answer_is_the_same(counter: Counter) -> None:
    before = len(counter.mails())
    caller = counter.visitor()
    assert caller.post("/sessions/mail-code", {"email": "nobody@example.jp"}, status=202) == {}
    assert len(counter.mails()) == before
    assert caller.refused("POST", "/sessions/mail-code/verify", {"code": "000000"}) == (422, "wrong_code")


def test_five_wrong_tries_burn_a_code(counter: Counter) -> None:
    caller = counter.visitor()
    caller.post("/sessions/mail-code", {"email": cast.JOHN_EMAIL}, status=202)
    code = counter.newest_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert caller.refused("POST", "/sessions/mail-code/verify", {"code": wrong}) == (422, "wrong_code")
    assert caller.refused("POST", "/sessions/mail-code/verify", {"code": code}) == (422, "wrong_code")


def test_a_code_works_only_in_the_session_that_asked_for_it(counter: Counter) -> None:
    caller, thief = counter.visitor(), counter.visitor()
    caller.post("/sessions/mail-code", {"email": "emily.clark@example.com"}, status=202)
    caller.post("/sessions/mail-code", {"email": cast.JOHN_EMAIL}, status=202)
    code = counter.newest_code()
    assert thief.refused("POST", "/sessions/mail-code/verify", {"code": code}) == (422, "wrong_code")
    assert caller.post("/sessions/mail-code/verify", {"code": code})["id"] == customer_id(cast.JOHN)


def test_an_address_that_is_none_is_named_as_the_wrong_field(counter: Counter) -> None:
    answer = counter.visitor("en").send("POST", "/sessions/mail-code", json={"email": "not an address"})
    assert answer.json()["errors"] == [{"field": "email", "detail": "This does not look like a mail address"}]


@pytest.mark.req("ACC-006")
def test_a_guest_sees_only_the_order_whose_code_came_by_mail(counter: Counter) -> None:
    guest = counter.visitor()
    assert guest.refused("GET", f"/orders/{cast.MISAKI_LATE}") == (404, "order_not_found")
    guest = counter.guest(cast.MISAKI_LATE, cast.MISAKI_EMAIL)
    session = guest.get("/sessions/current")
    assert (session["rung"], session["order_numbers"]) == (1, [cast.MISAKI_LATE])
    assert guest.get(f"/orders/{cast.MISAKI_LATE}")["number"] == cast.MISAKI_LATE
    assert guest.refused("GET", f"/orders/{cast.MISAKI_UNSHIPPED}") == (404, "order_not_found")
    assert [order["number"] for order in guest.get("/orders")["orders"]] == [cast.MISAKI_LATE]


@pytest.mark.parametrize(
    ("number", "address"),
    [
        (cast.MISAKI_LATE, "someone.else@example.jp"),
        (cast.MISAKI_LATE, cast.JOHN_EMAIL),
        ("503-9999999-9999999", cast.MISAKI_EMAIL),
    ],
)
def test_an_order_and_an_address_that_do_not_belong_together_bring_no_code(
    counter: Counter, number: str, address: str
) -> None:
    before = len(counter.mails())
    caller = counter.visitor()
    assert caller.post("/sessions/order-code", {"order_number": number, "email": address}, status=202) == {}
    assert len(counter.mails()) == before


def test_the_demonstration_signs_in_whom_one_chooses(counter: Counter) -> None:
    people = counter.stranger("en").get("/demo/customers")
    assert {"id", "name", "about"} == set(people[0])
    caller = counter.visitor()
    session = caller.post("/sessions/demo", {"customer_id": people[0]["id"]})
    assert session["id"] == people[0]["id"]
    assert caller.refused("GET", "/sessions/current") == (401, "session_needed")


def test_staff_sign_in_with_a_cookie_that_no_script_reads(counter: Counter) -> None:
    desk = counter.browser()
    answer = desk.send("POST", "/sessions/staff", json={"login": "ITO", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    session = answer.json()
    assert session["token"] is None
    assert (session["kind"], session["roles"]) == ("staff", ["agent"])
    assert desk.get("/desk/inbox")["me"]["id"] == session["id"]


def test_staff_with_a_second_factor_need_its_code_and_no_code_works_twice(counter: Counter) -> None:
    secret = pyotp.random_base32()

    def enrol(tx: Transaction) -> None:
        found = team_queries.by_login(tx, "kato")
        assert found is not None
        team.enrol_totp(tx, found.id, secret, pyotp.TOTP(secret).at(counter.clock.now))

    counter.house.database.write(enrol)
    desk = counter.browser()
    wish = {"login": "kato", "password": PASSWORD}
    assert desk.refused("POST", "/sessions/staff", wish) == (401, "sign_in_refused")
    with counter.later(minutes=2):
        code = pyotp.TOTP(secret).at(counter.clock.now)
        assert desk.post("/sessions/staff", {**wish, "totp": code})["kind"] == "staff"
        assert desk.refused("POST", "/sessions/staff", {**wish, "totp": code}) == (401, "sign_in_refused")


@pytest.mark.parametrize(
    "wish",
    [
        {"login": "ito", "password": "wrong password 123"},
        {"login": "nobody", "password": PASSWORD},
        {"login": "left", "password": PASSWORD},
    ],
)
def test_a_refused_sign_in_says_the_same_whatever_was_wrong(counter: Counter, wish: dict[str, str]) -> None:
    answer = counter.browser().send("POST", "/sessions/staff", json=wish)
    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "ID・パスワード・コードのいずれかが違います",
    )
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session_on_the_server(counter: Counter) -> None:
    caller = counter.customer(cast.JOHN)
    thief = Caller(counter, caller.token)
    caller.delete("/sessions/current")
    assert thief.refused("GET", "/sessions/current") == (401, "session_needed")


def test_a_session_ends_by_itself(counter: Counter) -> None:
    customer, desk = counter.customer(cast.JOHN), counter.agent("ito")
    with counter.later(minutes=61):
        assert desk.refused("GET", "/desk/inbox") == (401, "session_needed")
        assert customer.get("/sessions/current")["rung"] == 2, "the fresh check is over, the sign-in is not"
    with counter.later(days=15):
        assert customer.refused("GET", "/sessions/current") == (401, "session_needed")


def test_a_desk_that_is_used_stays_signed_in(counter: Counter) -> None:
    desk = counter.agent("ito")
    with counter.later(minutes=50):
        desk.get("/desk/inbox")
        with counter.later(minutes=50):
            desk.get("/desk/inbox")


def test_the_use_of_a_key_is_noted(counter: Counter) -> None:
    program = counter.key("read")
    program.get("/queues")
    (key,) = [key for key in counter.house.database.read(team_queries.keys) if key.id == program.id]
    assert key.last_used_at == counter.clock.now


def _actions_of(counter: Counter, object_id: str) -> set[str]:
    def read(tx: Transaction) -> set[str]:
        return {row.action for row in tx.all(select(audit.c.action).where(audit.c.object_id == object_id))}

    return counter.house.database.read(read)
