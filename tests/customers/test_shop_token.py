"""S-14: swapped, replayed, expired, unsigned and foreign tokens; and who becomes whom."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest

from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import identity, shop_token
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.problems import NotAllowed
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.customers.conftest import SECRET, again, begin


def claims(now: datetime, **more: Any) -> dict[str, Any]:
    at = int(now.timestamp())
    found = {
        "iss": "shop",
        "aud": "madoguchi",
        "sub": "S-1001",
        "iat": at,
        "exp": at + 600,
        "jti": "0123456789abcdef",
        **more,
    }
    return {name: value for name, value in found.items() if value is not None}


def signed(now: datetime, *, secret: str = SECRET, algorithm: str = "HS256", **more: Any) -> str:
    return jwt.encode(claims(now, **more), secret, algorithm=algorithm)


def unsigned(now: datetime, header: dict[str, Any]) -> str:
    parts = (json.dumps(header), json.dumps(claims(now)))
    return ".".join(base64.urlsafe_b64encode(p.encode()).rstrip(b"=").decode() for p in parts) + "."


def test_a_good_token_says_who_it_is(clock: StillClock, settings: Settings) -> None:
    found = shop_token.read(
        signed(clock.now, name="佐藤 美咲", email="m@example.jp", locale="zh-TW"),
        clock.now,
        settings.identity,
    )
    assert (found.subject, found.name, found.email, found.language) == (
        "S-1001",
        "佐藤 美咲",
        "m@example.jp",
        "zh-Hant",
    )
    assert found.checked_at is None


MINUTE = 60
BAD: dict[str, dict[str, Any]] = {
    "another secret": {"secret": "another-secret-that-is-long-enough-0123456"},
    "another algorithm": {"algorithm": "HS512"},
    "another shop": {"iss": "other-shop"},
    "another audience": {"aud": "another-counter"},
    "no issuer": {"iss": None},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "no birth": {"iat": None},
    "no end": {"exp": None},
    "no id": {"jti": None},
    "empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 1001},
    "an endless subject": {"sub": "x" * 121},
    "an id that is no text": {"jti": ["a"]},
    "a name that is no text": {"name": {"a": 1}},
}


@pytest.mark.parametrize("what", BAD)
def test_no_bad_token_is_accepted_and_all_are_refused_alike(
    clock: StillClock, settings: Settings, what: str
) -> None:
    with pytest.raises(shop_token.TokenRefused) as refusal:
        shop_token.read(signed(clock.now, **BAD[what]), clock.now, settings.identity)
    assert str(refusal.value) == "shop_token_refused"
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("iat", "exp"),
    [
        (-700, -1),  # expired
        (-600, 0),  # expiring this very moment
        (60, 660),  # from the future
        (0, 16 * MINUTE),  # longer than the setting allows
        (0, 0),
        (10, -10),
        (0, True),
        (float("nan"), 600),
        (0, float("inf")),
    ],
)
def test_a_token_outside_its_time_is_refused(
    clock: StillClock, settings: Settings, iat: Any, exp: Any
) -> None:
    at = int(clock.now.timestamp())
    exp = exp if isinstance(exp, bool) else at + exp
    with pytest.raises(shop_token.TokenRefused):
        shop_token.read(signed(clock.now, iat=at + iat, exp=exp), clock.now, settings.identity)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_an_unsigned_token_is_refused(clock: StillClock, settings: Settings, algorithm: str) -> None:
    with pytest.raises(shop_token.TokenRefused):
        shop_token.read(unsigned(clock.now, {"alg": algorithm, "typ": "JWT"}), clock.now, settings.identity)


def test_a_changed_letter_anywhere_breaks_the_token(clock: StillClock, settings: Settings) -> None:
    token = signed(clock.now)
    for place in range(0, len(token), 3):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        if changed.rstrip("=") == token:
            continue
        try:
            found = shop_token.read(changed, clock.now, settings.identity)
        except shop_token.TokenRefused:
            continue
        assert found.subject == "S-1001" and place >= len(token) - 1  # spare bits of the last base64 letter


@pytest.mark.parametrize("rubbish", ["", ".", "..", "a.b.c", "é" * 50, "null", "x" * 4000])
def test_rubbish_is_refused(clock: StillClock, settings: Settings, rubbish: str) -> None:
    with pytest.raises(shop_token.TokenRefused):
        shop_token.read(rubbish, clock.now, settings.identity)


def test_without_a_long_enough_secret_no_token_counts(clock: StillClock) -> None:
    for secret in ("", "short-secret"):
        weak = Settings.load(identity={"shop_token_secret": secret})
        with pytest.raises(NotAllowed, match="shop_token_off"):
            shop_token.read("a.b.c", clock.now, weak.identity)


def test_a_token_works_once(database: Database, clock: StillClock, settings: Settings) -> None:
    found = shop_token.read(signed(clock.now, name="美咲"), clock.now, settings.identity)
    customer = database.write(shop_token.redeem, found)
    assert (customer.shop_ref, customer.name) == ("S-1001", "美咲")
    with pytest.raises(shop_token.TokenRefused):
        database.write(shop_token.redeem, found)


def test_a_token_changes_only_what_it_speaks_of(
    sqlite_database: Database, misaki: Customer, clock: StillClock, settings: Settings
) -> None:
    bare = shop_token.read(signed(clock.now, jti="first-token"), clock.now, settings.identity)
    assert sqlite_database.write(shop_token.redeem, bare) == misaki
    unproved = shop_token.read(
        signed(clock.now, jti="second-token", email="thief@example.jp", email_verified=False),
        clock.now,
        settings.identity,
    )
    assert sqlite_database.write(shop_token.redeem, unproved).email == misaki.email


def test_the_shops_word_is_fresh_only_with_the_time_of_its_own_check(
    sqlite_database: Database, misaki: Customer, clock: StillClock, settings: Settings
) -> None:
    at = int(clock.now.timestamp())
    rungs = []
    for auth_time in (None, at - 60, at - 3600):
        session = begin(sqlite_database, settings)
        found = shop_token.read(signed(clock.now, auth_time=auth_time), clock.now, settings.identity)
        sqlite_database.write(
            lambda tx, s=session, f=found: identity.sign_in(
                tx, s, misaki, method="shop_token", fresh_at=f.checked_at
            )
        )
        rungs.append(identity.actor_of(again(sqlite_database, session), clock.now, settings).rung)
    assert rungs == [Rung.SIGNED_IN, Rung.FRESH, Rung.SIGNED_IN]
    with pytest.raises(shop_token.TokenRefused):
        shop_token.read(signed(clock.now, auth_time=at + 300), clock.now, settings.identity)


@pytest.mark.req("HIS-010")
def test_the_merge_matrix_a_contact_follows_only_the_session_that_opened_it(
    sqlite_database: Database, misaki: Customer, clock: StillClock, settings: Settings
) -> None:
    """S-14: the visitor's own contact is adopted on sign-in; a stranger's, or another customer's, never is."""
    db = sqlite_database
    own, stranger = begin(db, settings), begin(db, settings)

    def open_contact(session):  # type: ignore[no-untyped-def]
        actor = identity.actor_of(again(db, session), clock.now, settings)
        return db.write(lambda tx: contacts.open_contact(tx, actor=actor, channel="chat", language="ja")).id

    mine, theirs = open_contact(own), open_contact(stranger)
    db.write(lambda tx: identity.sign_in(tx, own, misaki, method="shop_token", fresh_at=None))
    signed_in = identity.actor_of(again(db, own), clock.now, settings)
    assert db.write(contacts.adopt, signed_in) == [mine]
    owners = {c: db.read(contact_queries.get, c).customer_id for c in (mine, theirs)}
    assert owners == {mine: misaki.id, theirs: None}

    kenji = db.write(
        shop_token.redeem,
        shop_token.read(signed(clock.now, sub="S-2", jti="kenji-token"), clock.now, settings.identity),
    )
    db.write(lambda tx: identity.sign_in(tx, again(db, own), kenji, method="shop_token", fresh_at=None))
    switched = identity.actor_of(again(db, own), clock.now, settings)
    assert switched.customer_id == kenji.id
    assert db.write(contacts.adopt, switched) == []
    assert not contact_queries.may_see(switched, db.read(contact_queries.get, mine))
    assert db.read(contact_queries.get, mine).customer_id == misaki.id


def test_another_customers_proofs_do_not_come_along(
    sqlite_database: Database, misaki: Customer, clock: StillClock, settings: Settings
) -> None:
    session = begin(sqlite_database, settings)
    sqlite_database.write(
        lambda tx: identity.sign_in(tx, session, misaki, method="mail_code", fresh_at=tx.now)
    )
    sqlite_database.write(lambda tx: identity.prove_order(tx, again(sqlite_database, session), "503-1"))
    other = misaki.model_copy(update={"id": "cus_other"})
    sqlite_database.write(
        lambda tx: identity.sign_in(
            tx, again(sqlite_database, session), other, method="shop_token", fresh_at=None
        )
    )
    actor = identity.actor_of(again(sqlite_database, session), clock.now, settings)
    assert (actor.customer_id, actor.order_numbers, actor.rung) == ("cus_other", frozenset(), Rung.SIGNED_IN)


def test_a_fresh_check_grows_old(clock: StillClock) -> None:
    data = {"customer_id": "cus_1", "rung": 2, "fresh_at": clock.now.isoformat()}
    rungs = {
        minutes: identity.rung_of(data, clock.now + timedelta(minutes=minutes), 10)
        for minutes in (-1, 0, 9, 10, 60)
    }
    assert rungs == {
        -1: Rung.SIGNED_IN,
        0: Rung.FRESH,
        9: Rung.FRESH,
        10: Rung.SIGNED_IN,
        60: Rung.SIGNED_IN,
    }


@pytest.mark.parametrize(
    ("data", "rung"),
    [
        ({}, Rung.VISITOR),
        ({"rung": 1, "order_numbers": ["1"]}, Rung.ORDER),
        ({"rung": 2}, Rung.ORDER),  # signed in as nobody is not signed in
        (
            {"rung": 3, "customer_id": "c"},
            Rung.SIGNED_IN,
        ),  # freshness comes from its time, never from a number
        ({"rung": 1, "customer_id": "c", "fresh_at": "2026-11-20T03:00:00+00:00"}, Rung.ORDER),
    ],
)
def test_a_session_proves_what_it_says_and_no_more(
    clock: StillClock, data: dict[str, Any], rung: Rung
) -> None:
    assert identity.rung_of(data, clock.now, 10) == rung
