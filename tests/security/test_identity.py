"""Who is believed to be whom: the shop's tokens, merging, codes, CSRF, sessions that were shut out."""

from __future__ import annotations

import base64
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from starlette.websockets import WebSocketDisconnect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import service as customers
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team import service as team
from madoguchi.kit.ids import new_id
from tests.faces.api.people import PASSWORD, SECRET, Caller, Counter


def _unsigned(claims: dict[str, Any], header: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def _claims(counter: Counter) -> dict[str, Any]:
    return jwt.decode(counter.shop_token(), options={"verify_signature": False})


FORGED: dict[str, Callable[[Counter], str]] = {
    "alg none": lambda c: _unsigned(_claims(c), {"alg": "none", "typ": "JWT"}),
    "alg None": lambda c: _unsigned(_claims(c), {"alg": "None", "typ": "JWT"}),
    "no alg": lambda c: _unsigned(_claims(c), {"typ": "JWT"}),
    "signature cut off": lambda c: c.shop_token().rsplit(".", 1)[0] + ".",
    "other secret": lambda c: c.shop_token(secret="another-secret-that-is-long-enough-too"),
    "a secret like ours": lambda c: c.shop_token(secret=SECRET[:-1]),
    "other algorithm": lambda c: c.shop_token(algorithm="HS512"),
    "other issuer": lambda c: c.shop_token(iss="othershop"),
    "other audience": lambda c: c.shop_token(aud="othercounter"),
    "another shop's audience list": lambda c: c.shop_token(aud=["other"]),
    "expired": lambda c: c.shop_token(iat=_now(c) - 700, exp=_now(c) - 100),
    "expires now": lambda c: c.shop_token(iat=_now(c) - 600, exp=_now(c)),
    "issued in the future": lambda c: c.shop_token(iat=_now(c) + 60, exp=_now(c) + 600),
    "not yet valid": lambda c: c.shop_token(nbf=_now(c) + 60),
    "lives too long": lambda c: c.shop_token(exp=_now(c) + 16 * 60),
    "lives backwards": lambda c: c.shop_token(iat=_now(c), exp=_now(c) - 1),
    "no subject": lambda c: c.shop_token(sub=None),
    "empty subject": lambda c: c.shop_token(sub=""),
    "subject is a number": lambda c: _signed({**_claims(c), "sub": 1001}),
    "no id": lambda c: c.shop_token(jti=None),
    "no issuer": lambda c: c.shop_token(iss=None),
    "no audience": lambda c: c.shop_token(aud=None),
    "no time of issue": lambda c: c.shop_token(iat=None),
    "no end": lambda c: c.shop_token(exp=None),
    "end is a text": lambda c: c.shop_token(exp="never"),
    "end is infinite": lambda c: c.shop_token(exp=1e308),
    "checked in the future": lambda c: c.shop_token(auth_time=_now(c) + 600),
    "swapped subject": lambda c: _with_payload(c.shop_token(), {**_claims(c), "sub": "C1002"}),
    "not a token": lambda c: "a.b.c",
    "empty": lambda c: "",
    "very long": lambda c: "x" * 4000,
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_token_that_the_shop_did_not_sign_for_us_is_refused_like_every_other(
    counter: Counter, kind: str
) -> None:
    """S-14: one refusal for all of them, and nothing changes for the visitor who tried."""
    visitor = counter.visitor("en")
    answer = visitor.send("POST", "/sessions/shop-token", json={"token": FORGED[kind](counter)})
    assert (answer.status_code, answer.json()["code"]) == (401, "shop_token_refused")
    assert answer.json()["detail"] == "The shop's sign-in has expired; please sign in at the shop again"
    assert visitor.get("/sessions/current")["rung"] == 0


def test_a_token_works_once(counter: Counter) -> None:
    token = counter.shop_token()
    assert counter.stranger().post("/sessions/shop-token", {"token": token})["id"] == customer_id(cast.MISAKI)
    assert counter.stranger().refused("POST", "/sessions/shop-token", {"token": token}) == (
        401,
        "shop_token_refused",
    )


def test_a_token_vouches_for_the_shops_session_and_only_auth_time_for_a_person(counter: Counter) -> None:
    def rung(**claims: Any) -> int:
        return int(
            counter.stranger().post("/sessions/shop-token", {"token": counter.shop_token(**claims)})["rung"]
        )

    assert rung() == 2
    assert rung(auth_time=_now(counter)) == 3
    assert rung(auth_time=_now(counter) - 11 * 60) == 2


@pytest.mark.req("ACC-007")
def test_an_address_change_needs_a_person_who_was_checked_just_now(counter: Counter) -> None:
    stale, fresh = counter.stranger(), counter.stranger()
    stale.token = stale.post("/sessions/shop-token", {"token": counter.shop_token()})["token"]
    fresh.token = fresh.post("/sessions/shop-token", {"token": counter.shop_token(auth_time=_now(counter))})[
        "token"
    ]
    address = stale.get(f"/orders/{cast.MISAKI_UNSHIPPED}/details")["address"]
    wish = {
        "order_number": cast.MISAKI_UNSHIPPED,
        "action": {"action": "change_address", "address": {**address, "line1": "1-1-1"}},
    }
    assert stale.post("/proposals", wish)["state"] == "refused"
    offered = fresh.post("/proposals", wish)
    assert offered["state"] == "offered"
    with counter.later(minutes=11):
        problem = fresh.send(
            "POST", f"/proposals/{offered['id']}/confirm", json={"key": new_id("key")}
        ).json()
    assert (problem["code"], problem["rung"]) == ("sign_in_needed", 3)


# ── merging ───────────────────────────────────────────────────────────────────────────────────────

WAYS: dict[str, Callable[[Counter, Caller], None]] = {
    "shop token": lambda c, caller: _take(
        caller, caller.post("/sessions/shop-token", {"token": c.shop_token()})
    ),
    "demo": lambda c, caller: _take(
        caller, caller.post("/sessions/demo", {"customer_id": customer_id(cast.MISAKI)})
    ),
    "mail code": lambda c, caller: _by_mail(c, caller),
}


@pytest.mark.req("HIS-010")
@pytest.mark.parametrize("way", WAYS)
def test_after_a_sign_in_exactly_this_sessions_own_contacts_become_the_customers(
    counter: Counter, way: str
) -> None:
    mine, neighbour = counter.visitor(), counter.visitor()
    own, other = mine.open("私のもの"), neighbour.open("隣の人のもの")
    johns = counter.customer(cast.JOHN).open("John's")
    WAYS[way](counter, mine)
    listed = {contact["id"] for contact in mine.get("/contacts")["contacts"]}
    assert own["id"] in listed
    assert not listed & {other["id"], johns["id"]}
    assert counter.house.database.read(contacts.get, own["id"]).customer_id == customer_id(cast.MISAKI)
    assert counter.house.database.read(contacts.get, other["id"]).customer_id is None
    case = own["case"]["number"]
    elsewhere = counter.customer(cast.MISAKI)
    assert elsewhere.open("続き", case=case)["case"]["number"] == case, "the case came along"
    wish = {"text": "x", "case": case, "client_key": new_id("key")}
    assert neighbour.refused("POST", "/contacts", wish) == (404, "case_not_found")


def test_naming_somebodys_address_or_order_merges_nobody(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open(
        f"{cast.MISAKI_EMAIL} の佐藤美咲です。{cast.MISAKI_LATE}", order_number=cast.MISAKI_LATE
    )
    visitor.post("/sessions/mail-code", {"email": cast.MISAKI_EMAIL}, status=202)
    counter.think(contact["id"])
    assert counter.house.database.read(contacts.get, contact["id"]).customer_id is None
    assert contact["id"] not in {c["id"] for c in counter.customer(cast.MISAKI).get("/contacts")["contacts"]}
    said = visitor.send("GET", f"/contacts/{contact['id']}/entries").text
    assert "佐藤 美咲" not in said


def test_a_session_that_becomes_another_customer_leaves_everything_behind(counter: Counter) -> None:
    caller = counter.guest(cast.JOHN_LATE, cast.JOHN_EMAIL)
    _take(caller, caller.post("/sessions/demo", {"customer_id": customer_id(cast.JOHN)}))
    johns = caller.open("John's")
    _take(caller, caller.post("/sessions/demo", {"customer_id": customer_id(cast.MISAKI)}))
    assert caller.get("/sessions/current")["order_numbers"] == []
    assert caller.refused("GET", f"/contacts/{johns['id']}") == (404, "contact_not_found")
    assert caller.refused("GET", f"/orders/{cast.JOHN_LATE}") == (404, "order_not_found")
    assert counter.house.database.read(contacts.get, johns["id"]).customer_id == customer_id(cast.JOHN)


def test_a_guest_who_proved_an_order_is_still_not_its_customer(counter: Counter) -> None:
    theirs = counter.customer(cast.MISAKI).open("秘密")
    guest = counter.guest(cast.MISAKI_SHIRT, cast.MISAKI_EMAIL)
    own = guest.open("ゲスト")
    assert guest.refused("GET", f"/contacts/{theirs['id']}") == (404, "contact_not_found")
    assert guest.refused("GET", f"/customers/{customer_id(cast.MISAKI)}") == (404, "customer_not_found")
    assert counter.house.database.read(contacts.get, own["id"]).customer_id is None


# ── oracles ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "known", "unknown"),
    [
        ("/sessions/mail-code", {"email": cast.MISAKI_EMAIL}, {"email": "misaki.sata@example.jp"}),
        (
            "/sessions/order-code",
            {"order_number": cast.MISAKI_LATE, "email": cast.MISAKI_EMAIL},
            {"order_number": "503-0001001-9999999", "email": cast.MISAKI_EMAIL},
        ),
    ],
)
def test_the_answer_and_its_time_do_not_tell_whether_something_is_known(
    counter: Counter, path: str, known: dict[str, str], unknown: dict[str, str]
) -> None:
    """S-11, S-18. A reader of times would be right no more often than by chance."""
    times: dict[bool, list[float]] = {True: [], False: []}
    bodies = set()
    for turn in range(36):
        visitor = counter.visitor()
        is_known = turn % 2 == 0
        began = time.perf_counter()
        answer = visitor.send("POST", path, json=known if is_known else unknown)
        times[is_known].append(time.perf_counter() - began)
        bodies.add((answer.status_code, answer.content, tuple(sorted(answer.headers.items()))))
    assert len(bodies) == 1
    pairs = [(a > b) + (a == b) / 2 for a in times[True] for b in times[False]]
    assert 0.2 < statistics.mean(pairs) < 0.8


# ── CSRF ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_browsers_cookie_alone_changes_nothing(counter: Counter) -> None:
    desk = counter.browser()
    session = desk.post("/sessions/staff", {"login": "ito", "password": PASSWORD})
    assert desk.get("/desk/inbox")
    wish = {"status": "break"}
    assert desk.refused("PUT", "/agents/me/status", wish) == (403, "csrf")
    desk.csrf = "0" * 40
    assert desk.refused("PUT", "/agents/me/status", wish) == (403, "csrf")
    desk.csrf = counter.browser().post("/sessions/staff", {"login": "mori", "password": PASSWORD})["csrf"]
    assert desk.refused("PUT", "/agents/me/status", wish) == (403, "csrf"), "another session's word"
    desk.csrf = session["csrf"]
    assert desk.put("/agents/me/status", wish)["status"] == "break"


@pytest.mark.parametrize(
    "sent", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_foreign_page_can_send_without_being_asked_is_no_json(counter: Counter, sent: str) -> None:
    body = json.dumps({"login": "ito", "password": PASSWORD}).encode()
    headers = {"content-type": sent} if sent else {}
    answer = counter.browser().send("POST", "/sessions/staff", content=body, headers=headers)
    assert answer.status_code in (400, 415, 422)
    assert "set-cookie" not in answer.headers


def test_no_foreign_page_signs_a_browser_in(counter: Counter) -> None:
    """Login CSRF: somebody else's session in my browser."""
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        browser = counter.browser(**headers)
        wish = {"login": "ito", "password": PASSWORD}
        assert browser.refused("POST", "/sessions/staff", wish) == (403, "csrf")
        assert browser.cookies == {}


def test_other_origins_may_ask_without_cookies_only_where_the_shop_is(counter: Counter) -> None:
    def allowed(origin: str) -> str | None:
        answer = counter.stranger().send("GET", "/shop", headers={"origin": origin})
        assert "access-control-allow-credentials" not in answer.headers
        found: str | None = answer.headers.get("access-control-allow-origin")
        return found

    assert allowed("https://shop.example.jp") == "https://shop.example.jp"
    assert allowed("https://evil.example") is None
    assert allowed("https://shop.example.jp.evil.example") is None
    assert allowed("null") is None


# ── shut out ──────────────────────────────────────────────────────────────────────────────────────


def _disable(counter: Counter, login: str) -> Callable[[], None]:
    found = counter.house.database.read(team_queries.by_login, login)
    assert found is not None
    return lambda: counter.house.database.write(team.deactivate, found.id)


def _repassword(counter: Counter, login: str) -> Callable[[], None]:
    found = counter.house.database.read(team_queries.by_login, login)
    assert found is not None
    return lambda: counter.house.database.write(team.set_password, found.id, "another-pa55word long")


@pytest.mark.parametrize("deed", [_disable, _repassword])
def test_whoever_is_shut_out_hears_nothing_more_within_two_seconds(
    counter: Counter, deed: Callable[[Counter, str], Callable[[], None]]
) -> None:
    """S-16: the next request is refused, the open line says so and closes."""
    desk = counter.agent("kato")
    contact = counter.visitor().open("見ている間に")
    act = deed(counter, "kato")
    with desk.live() as line:
        line.send_json({"type": "hello", "token": desk.token, "contacts": {contact["id"]: 0}, "inbox": True})
        while line.receive_json()["type"] != "inbox":
            pass
        began = time.monotonic()
        act()
        with pytest.raises(WebSocketDisconnect) as closed:
            while True:
                line.receive_json()
        assert closed.value.code == 4401
        assert time.monotonic() - began < 2
    assert desk.refused("GET", "/desk/inbox") == (401, "session_needed")
    found = counter.house.database.read(team_queries.by_login, "kato")
    assert found is not None
    counter.house.database.write(team.reactivate, found.id)


def test_a_change_that_another_process_made_is_heard_within_two_seconds(counter: Counter) -> None:
    """`madoguchi users disable` runs beside the server: no wake-up reaches it, the line looks for itself."""
    desk = counter.agent("kato")
    wake = counter.house.database.stream.wake
    with desk.live() as line:
        line.send_json({"type": "hello", "token": desk.token, "contacts": {}})
        line.receive_json()
        counter.house.database.stream.wake = lambda topics: None  # type: ignore[method-assign]
        try:
            _disable(counter, "kato")()
        finally:
            counter.house.database.stream.wake = wake  # type: ignore[method-assign]
        began = time.monotonic()
        with pytest.raises(WebSocketDisconnect):
            while True:
                line.receive_json()
        assert time.monotonic() - began < 2.5
    found = counter.house.database.read(team_queries.by_login, "kato")
    assert found is not None
    counter.house.database.write(team.reactivate, found.id)


@pytest.mark.req("ACC-009")
def test_a_locked_customer_is_signed_out_at_once_and_cannot_come_back(counter: Counter) -> None:
    victim = counter.customer(cast.VICTIM)
    counter.house.database.write(customers.lock, customer_id(cast.VICTIM), SYSTEM, "stolen")
    assert victim.refused("GET", "/orders") == (401, "session_needed")
    visitor = counter.visitor()
    wish = {"customer_id": customer_id(cast.VICTIM)}
    assert visitor.refused("POST", "/sessions/demo", wish) == (403, "account_locked")
    token = counter.shop_token(sub=cast.VICTIM)
    assert visitor.refused("POST", "/sessions/shop-token", {"token": token}) == (403, "account_locked")
    assert visitor.open("ロックされました")["id"], "a limited enquiry stays open to them"
    counter.house.database.write(customers.unlock, customer_id(cast.VICTIM), SYSTEM)


def _now(counter: Counter) -> int:
    return int(counter.clock.now.timestamp())


def _signed(claims: dict[str, Any]) -> str:
    return jwt.api_jws.encode(json.dumps(claims).encode(), SECRET, "HS256")


def _with_payload(token: str, claims: dict[str, Any]) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{signature}"


def _take(caller: Caller, session: Any) -> None:
    caller.token = session["token"]


def _by_mail(counter: Counter, caller: Caller) -> None:
    caller.post("/sessions/mail-code", {"email": cast.MISAKI_EMAIL}, status=202)
    _take(caller, caller.post("/sessions/mail-code/verify", {"code": counter.newest_code()}))
