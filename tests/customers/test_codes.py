"""Mailed codes: one answer for everybody, five tries, one session, nothing in clear (S-11, S-18)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from madoguchi.counter.actors import SYSTEM, Rung
from madoguchi.counter.customers import codes, identity, service
from madoguchi.counter.customers.model import Customer, login_code
from madoguchi.counter.problems import Invalid, TooMany
from madoguchi.engine.database import Database
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import outbox
from madoguchi.engine.sessions import Session
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.customers.conftest import again, begin


class Door:
    """A visitor before the door."""

    def __init__(self, database: Database, keys: Keys, settings: Settings) -> None:
        self.database, self.keys, self.settings = database, keys, settings
        self.session: Session = begin(database, settings)

    def ask(self, email: str) -> None:
        self.database.write(
            codes.ask_code,
            self.keys,
            self.settings,
            session_hash=self.session.token_hash,
            email=email,
            language="ja",
        )

    def ask_order(self, number: str, email: str, matches: bool) -> None:
        self.database.write(
            codes.ask_order_code,
            self.keys,
            self.settings,
            session_hash=self.session.token_hash,
            order_number=number,
            email=email,
            matches=matches,
            language="ja",
        )

    def mail(self) -> codes.CodeMail | None:
        """What the courier would send for the newest errand."""
        errand = self.database.read(lambda tx: tx.first(select(outbox).order_by(outbox.c.id.desc()).limit(1)))
        assert errand is not None and errand.topic == codes.TOPIC
        return self.database.read(codes.mail_of, self.keys, self.settings, errand.payload)

    def verify(self, code: str, purpose: codes.Purpose = "sign_in") -> codes.Proof | None:
        return self.database.write(
            codes.verify_code,
            self.keys,
            self.settings,
            session_hash=self.session.token_hash,
            purpose=purpose,
            code=code,
        )


@pytest.fixture
def door(sqlite_database: Database, keys: Keys, settings: Settings) -> Door:
    return Door(sqlite_database, keys, settings)


def right_code(door: Door) -> str:
    mail = door.mail()
    assert mail is not None
    return mail.code


def wrong_code(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06d}"


def test_a_mailed_code_signs_its_customer_in(door: Door, misaki: Customer, clock: StillClock) -> None:
    door.ask("ｍｉｓａｋｉ@example.JP")
    mail = door.mail()
    assert mail is not None and mail.to == "Misaki@Example.jp" and len(mail.code) == 6
    proof = door.verify(f"{mail.code[:3]} {mail.code[3:]}")
    assert proof == codes.Proof("sign_in", misaki.id, "")
    door.database.write(
        lambda tx: identity.sign_in(tx, door.session, misaki, method="mail_code", fresh_at=tx.now)
    )
    actor = identity.actor_of(again(door.database, door.session), clock.now, door.settings)
    assert (actor.rung, actor.customer_id, actor.id) == (Rung.FRESH, misaki.id, door.session.subject_id)
    assert door.verify(mail.code) is None  # once


def test_full_width_digits_are_digits(door: Door, misaki: Customer) -> None:
    door.ask(misaki.email)
    wide = right_code(door).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert door.verify(wide) is not None


def test_after_five_wrong_tries_the_right_code_is_burnt(door: Door, misaki: Customer) -> None:
    door.ask(misaki.email)
    right = right_code(door)
    assert [door.verify(wrong_code(right)) for _ in range(5)] == [None] * 5
    assert door.verify(right) is None
    assert door.mail() is None  # and is not mailed late either


def test_the_fifth_try_may_still_be_right(door: Door, misaki: Customer) -> None:
    door.ask(misaki.email)
    right = right_code(door)
    for _ in range(4):
        door.verify(wrong_code(right))
    assert door.verify(right) is not None


def test_a_code_ends_after_ten_minutes(door: Door, misaki: Customer, clock: StillClock) -> None:
    door.ask(misaki.email)
    right = right_code(door)
    clock.forward(minutes=10)
    assert door.verify(right) is None
    assert door.mail() is None
    clock.forward(days=2)
    assert door.database.write(codes.forget_old) == 1


def test_a_code_opens_only_the_session_that_asked(door: Door, misaki: Customer) -> None:
    door.ask(misaki.email)
    right = right_code(door)
    other = Door(door.database, door.keys, door.settings)
    assert other.verify(right) is None
    other.ask(misaki.email)
    assert other.verify(right) is None
    assert door.verify(right, "order") is None
    assert door.verify(right) is not None


def test_a_new_code_ends_the_earlier_one(door: Door, misaki: Customer) -> None:
    door.ask(misaki.email)
    first = right_code(door)
    door.ask(misaki.email)
    second = right_code(door)
    assert first == second or door.verify(first) is None
    assert door.verify(second) is not None


def test_the_code_is_nowhere_in_the_database(door: Door, misaki: Customer) -> None:
    door.ask(misaki.email)
    right = right_code(door)

    def everything(tx: Any) -> str:
        return str([*tx.all(select(outbox)), *tx.all(select(login_code))])

    assert right not in door.database.read(everything).replace(misaki.id, "")


def test_a_locked_customer_gets_no_code(door: Door, misaki: Customer) -> None:
    door.database.write(lambda tx: service.lock(tx, misaki.id, SYSTEM))
    door.ask(misaki.email)
    assert door.mail() is None


def test_a_guest_proves_one_order(door: Door, clock: StillClock) -> None:
    door.ask_order("503-1234567-1234567", "guest@example.jp", matches=True)
    assert door.verify(right_code(door)) is None  # another purpose
    proof = door.verify(right_code(door), "order")
    assert proof == codes.Proof("order", None, "503-1234567-1234567")
    door.database.write(lambda tx: identity.prove_order(tx, door.session, proof.order_number))
    actor = identity.actor_of(again(door.database, door.session), clock.now, door.settings)
    assert (actor.rung, actor.order_numbers, actor.customer_id) == (
        Rung.ORDER,
        frozenset({"503-1234567-1234567"}),
        None,
    )


def statements_of(database: Database, deed: Callable[[], object]) -> list[str]:
    """The statements that a deed sends to the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        deed()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return seen


def test_asking_shows_nobody_whether_an_address_is_known(
    sqlite_database: Database, keys: Keys, settings: Settings, misaki: Customer
) -> None:
    """S-11, S-18: same answer, same statements, same rows, same number of tries; only the mailbox knows."""
    known, unknown = (Door(sqlite_database, keys, settings) for _ in range(2))
    work = [
        statements_of(sqlite_database, lambda d=d, m=m: d.ask(m))  # type: ignore[misc]
        for d, m in ((known, misaki.email), (unknown, "nobody@example.jp"))
    ]
    assert work[0] == work[1]
    assert unknown.mail() is None
    rows = sqlite_database.read(lambda tx: tx.all(select(login_code).order_by(login_code.c.created_at)))
    assert len(rows) == 2 and len({len(row.code_hash) for row in rows}) == 1
    guesses = [
        statements_of(sqlite_database, lambda d=d: [d.verify("000000") for _ in range(7)])  # type: ignore[misc]
        for d in (known, unknown)
    ]
    assert guesses[0] == guesses[1]


@pytest.mark.parametrize("matches", [True, False])
def test_asking_for_an_order_is_answered_alike(door: Door, matches: bool) -> None:
    work = statements_of(door.database, lambda: door.ask_order("503-1", "guest@example.jp", matches))
    other = Door(door.database, door.keys, door.settings)
    assert work == statements_of(
        door.database, lambda: other.ask_order("503-2", "guest@example.jp", not matches)
    )
    assert (other.mail() is None) == matches


def test_no_guess_ever_fits_a_decoy(door: Door) -> None:
    """A decoy has no code at all, so even all million guesses fail; a thousand stand for them."""
    door.ask("nobody@example.jp")
    row = door.database.read(lambda tx: tx.first(select(login_code)))
    assert row is not None
    chance = random.Random(3)
    guesses = {f"{chance.randrange(10**6):06d}" for _ in range(1000)}
    assert all(codes._hash(door.keys, row.id, guess) != row.code_hash for guess in guesses)
    assert codes._hash(door.keys, row.id, codes._digits_of(door.keys, row.id)) != row.code_hash


def test_codes_are_spread_evenly(keys: Keys) -> None:
    """Twenty thousand codes: every first digit within five standard deviations of a tenth (ASVS 6.5.3)."""
    counts = [0] * 10
    for number in range(20_000):
        counts[int(codes._digits_of(keys, f"code_{number}")[0])] += 1
    assert all(abs(count - 2000) < 5 * (20_000 * 0.1 * 0.9) ** 0.5 for count in counts)


def test_only_so_many_codes_an_hour_for_one_address_known_or_not(
    sqlite_database: Database, keys: Keys, settings: Settings, misaki: Customer, clock: StillClock
) -> None:
    for address in (misaki.email, "nobody@example.jp"):
        for _ in range(5):
            Door(sqlite_database, keys, settings).ask(address)
        with pytest.raises(TooMany) as refusal:
            Door(sqlite_database, keys, settings).ask(address)
        assert refusal.value.params == {"retry_after": 3600}
    clock.forward(minutes=61)
    Door(sqlite_database, keys, settings).ask(misaki.email)


def test_one_session_cannot_ask_for_everybody(door: Door) -> None:
    for number in range(5):
        door.ask(f"person{number}@example.jp")
    with pytest.raises(TooMany):
        door.ask("person6@example.jp")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a b@example.jp",
        "@example.jp",
        "x" * 200 + "@example.jp",
        "a@example.jp\nBcc: b@example.jp",
    ],
)
def test_what_is_no_address_is_refused(door: Door, address: str) -> None:
    with pytest.raises(Invalid, match="email_unusable"):
        door.ask(address)


def test_addresses_are_compared_folded_and_nothing_equals_an_empty_one() -> None:
    assert identity.same_address(" MISAKI@example.jp", "misaki@EXAMPLE.jp")
    assert not identity.same_address("", "") and not identity.same_address("a@example.jp", "b@example.jp")
    assert identity.mask_email("misaki@example.jp") == "m•••@example.jp"
