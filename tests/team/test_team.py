"""Staff accounts: passwords, sign-in, second factors, roles, API keys."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.problems import Conflict, Invalid, NotFound, Problem, TooMany
from madoguchi.counter.team import passwords, queries, service
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import OF_ROLE, OF_SCOPE, VERBS, may
from madoguchi.counter.team.workflow import SignInRefused, check_sign_in
from madoguchi.engine import sessions
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database
from tests.conftest import StillClock

PASSWORD = "kite-harbour-lantern-77"


def hire(database: Database, login: str = "hana", **more: object) -> Agent:
    return database.write(
        lambda tx: service.add_agent(
            tx,
            login=login,
            password=PASSWORD,
            name="山田 花子",
            display_name="ヤマダ",
            **more,  # type: ignore[arg-type]
        )
    )


def with_totp(database: Database, agent: Agent, clock: StillClock) -> pyotp.TOTP:
    secret, _ = service.new_totp_secret(agent.login)
    totp = pyotp.TOTP(secret)
    database.write(lambda tx: service.enrol_totp(tx, agent.id, secret, totp.at(clock.now)))
    clock.forward(seconds=60)
    return totp


# ── passwords ──


@pytest.mark.parametrize(
    "guessable",
    [
        "password1234",
        "Passw0rd2024!",
        "qwertyuiop123",
        "correctbatterystaple",
        "madoguchi2026",
        "administrator",
        "iloveyou12345",
        "aaaaaaaaaaaa",
        "123456789012",
        "abcdefghijkl",
        "1qaz2wsx3edc",
        "sakura2025!!",
        "hanakotanaka",
        "Welcome-2026",
        "letmeinletmein",
        "changemechangeme",
    ],
)
def test_a_password_that_everybody_tries_first_is_refused(guessable: str) -> None:
    with pytest.raises(Invalid, match="password_common"):
        passwords.check(guessable, 12)


@pytest.mark.parametrize("own", ["yamada-hanako", "midorishouten1"])
def test_a_password_of_ones_own_name_or_the_shops_is_refused(own: str) -> None:
    with pytest.raises(Invalid, match="password_common"):
        passwords.check(own, 12, "hanako", "Yamada Hanako", "midorishouten")


@pytest.mark.parametrize(
    "good",
    [
        "kite-harbour-lantern-77",
        "とてもながいあいことばです山",
        "zT9#kV2!pLq8",
        "x7" + "k q" * 30,
        "tangerine wardrobe volcano",
    ],
)
def test_long_uncommon_passwords_of_any_signs_are_welcome(good: str) -> None:
    passwords.check(good, 12)


@pytest.mark.req("ACC-011")
@pytest.mark.parametrize(
    ("shortest", "fits", "short"), [(12, "zT9#kV2!pLq8", "zT9#kV2!pLq"), (8, "zT9kV2pL", "zT9kV2p")]
)
def test_the_shortest_password_is_the_settings(shortest: int, fits: str, short: str) -> None:
    passwords.check(fits, shortest)
    with pytest.raises(Invalid, match="password_short"):
        passwords.check(short, shortest)
    with pytest.raises(Invalid, match="password_long"):
        passwords.check("zT9#" * 51, shortest)


@given(st.text(max_size=40))
def test_judging_a_password_never_fails(text: str) -> None:
    assert passwords.is_common(text) in (True, False)


def test_made_passwords_pass_the_check_and_differ() -> None:
    made = {passwords.make() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check(password, 12)


def test_a_password_counts_to_its_last_letter_and_as_typed() -> None:
    stored = passwords.hashed(PASSWORD)
    assert stored.startswith("$argon2id$") and PASSWORD not in stored
    assert passwords.matches(stored, PASSWORD)
    assert not any(
        passwords.matches(stored, other) for other in (PASSWORD[:-1], PASSWORD.upper(), PASSWORD + " ", "")
    )
    assert not passwords.matches(None, PASSWORD)
    assert not passwords.matches("not a hash", PASSWORD)


# ── signing in ──


def test_an_agent_signs_in_with_login_and_password(database: Database) -> None:
    agent = hire(database)
    assert check_sign_in(database, " Ｈａｎａ ", PASSWORD) == agent
    assert PASSWORD not in repr(agent) and "argon2" not in repr(agent)


def test_wrong_password_unknown_login_and_disabled_account_sound_alike(sqlite_database: Database) -> None:
    hire(sqlite_database)
    gone = hire(sqlite_database, "ken")
    sqlite_database.write(lambda tx: service.deactivate(tx, gone.id))
    heard = []
    for login, password in (("hana", "wrong"), ("nobody", PASSWORD), ("ken", PASSWORD), ("", "")):
        with pytest.raises(SignInRefused) as refusal:
            check_sign_in(sqlite_database, login, password)
        heard.append((str(refusal.value), refusal.value.params))
    assert len(set(map(str, heard))) == 1


def test_an_unknown_login_costs_the_same_work(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(sqlite_database)
    compared: list[str] = []
    original = passwords._hasher

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            compared.append(stored.rsplit("$", 2)[0])  # kind and parameters, without salt and hash
            return original.verify(stored, password)

        def hash(self, password: str) -> str:
            return original.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    work = []
    for login in ("hana", "nobody"):
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_, seen=seen) -> None:  # type: ignore[no-untyped-def]
            seen.append(statement)

        event.listen(sqlite_database.engine, "before_cursor_execute", note)
        with pytest.raises(SignInRefused):
            check_sign_in(sqlite_database, login, "wrong-password")
        event.remove(sqlite_database.engine, "before_cursor_execute", note)
        work.append(seen)
    assert len(compared) == 2 and compared[0] == compared[1]  # the same parameters, once each
    assert work[0] == work[1]


def test_too_many_failures_close_the_login_for_a_while_right_or_wrong(
    sqlite_database: Database, clock: StillClock
) -> None:
    hire(sqlite_database)
    hire(sqlite_database, "ken")
    for login in ("hana", "nobody"):
        for _ in range(3):
            with pytest.raises(SignInRefused):
                check_sign_in(sqlite_database, login, "wrong", tries_per_hour=3)
        with pytest.raises(TooMany) as refusal:
            check_sign_in(sqlite_database, login, PASSWORD, tries_per_hour=3)
        assert refusal.value.params["retry_after"] == 3600
    assert check_sign_in(sqlite_database, "ken", PASSWORD, tries_per_hour=3)
    clock.forward(minutes=61)
    assert check_sign_in(sqlite_database, "hana", PASSWORD, tries_per_hour=3)


def test_tries_at_the_same_instant_count_each(database: Database) -> None:
    hire(database)
    start = threading.Barrier(12)

    def attempt(_: int) -> str:
        start.wait()
        try:
            check_sign_in(database, "hana", "wrong", tries_per_hour=4)
        except Problem as problem:
            return problem.code
        return "signed in"

    with ThreadPoolExecutor(12) as threads:
        heard = list(threads.map(attempt, range(12)))
    assert heard.count("sign_in_refused") == 4 and heard.count("sign_in_too_often") == 8


def test_every_try_is_in_the_audit_log_and_no_login_that_might_be_a_password(
    sqlite_database: Database,
) -> None:
    hire(sqlite_database)
    with pytest.raises(SignInRefused):
        check_sign_in(sqlite_database, "my-secret-typed-here", "x")
    check_sign_in(sqlite_database, "hana", PASSWORD)
    rows = sqlite_database.read(
        lambda tx: tx.all(select(audit).where(audit.c.object_kind == "login").order_by(audit.c.seq))
    )
    assert [row.action for row in rows] == ["sign_in.failed", "sign_in.succeeded"]
    assert "my-secret" not in str(rows)


# ── second factor ──


@pytest.mark.req("ACC-013")
def test_a_code_of_the_authenticator_is_needed_and_works_once(database: Database, clock: StillClock) -> None:
    agent = hire(database)
    totp = with_totp(database, agent, clock)
    for wrong in ("", "000000", "12345"):
        with pytest.raises(SignInRefused):
            check_sign_in(database, "hana", PASSWORD, wrong)
    code = totp.at(clock.now)
    assert check_sign_in(database, "hana", PASSWORD, code).id == agent.id
    with pytest.raises(SignInRefused):
        check_sign_in(database, "hana", PASSWORD, code)  # replayed
    with pytest.raises(SignInRefused):
        check_sign_in(
            database, "hana", PASSWORD, totp.at(clock.now - timedelta(seconds=30))
        )  # older than the last
    clock.forward(seconds=30)
    assert check_sign_in(database, "hana", PASSWORD, f" {totp.at(clock.now)[:3]} {totp.at(clock.now)[3:]}")


def test_the_same_code_at_the_same_instant_signs_in_once(database: Database, clock: StillClock) -> None:
    agent = hire(database)
    code = with_totp(database, agent, clock).at(clock.now)
    present = database.read(queries.get, agent.id)
    with ThreadPoolExecutor(6) as threads:
        used = list(threads.map(lambda _: database.write(service.spend_totp, present, code), range(6)))
    assert used.count(True) == 1


def test_a_code_too_far_from_now_is_refused(sqlite_database: Database, clock: StillClock) -> None:
    agent = hire(sqlite_database)
    totp = with_totp(sqlite_database, agent, clock)
    for seconds in (-90, -60, 60, 90):
        with pytest.raises(SignInRefused):
            check_sign_in(sqlite_database, "hana", PASSWORD, totp.at(clock.now + timedelta(seconds=seconds)))


def test_enrolling_needs_a_code_and_removing_signs_out(sqlite_database: Database, clock: StillClock) -> None:
    agent = hire(sqlite_database)
    secret, address = service.new_totp_secret(agent.login, "みどり商店")
    assert address.startswith("otpauth://totp/")
    with pytest.raises(Invalid, match="totp_wrong"):
        sqlite_database.write(lambda tx: service.enrol_totp(tx, agent.id, secret, "000000"))
    assert sqlite_database.read(queries.get, agent.id).totp_secret is None
    with_totp(sqlite_database, agent, clock)
    token = sqlite_database.write(lambda tx: sessions.begin(tx, "staff", agent.id, {}, timedelta(hours=1)))
    sqlite_database.write(lambda tx: service.remove_totp(tx, agent.id))
    assert sqlite_database.read(sessions.find, token) is None
    assert check_sign_in(sqlite_database, "hana", PASSWORD)


# ── accounts ──


def test_switching_off_or_a_new_password_ends_every_session_at_once(sqlite_database: Database) -> None:
    """S-16: sessions do not outlive the account or the password."""
    agent, other = hire(sqlite_database), hire(sqlite_database, "ken")

    def begin(who: Agent) -> str:
        return sqlite_database.write(lambda tx: sessions.begin(tx, "staff", who.id, {}, timedelta(hours=1)))

    mine, theirs = [begin(agent) for _ in range(3)], begin(other)
    sqlite_database.write(lambda tx: service.set_password(tx, agent.id, "another-fine-lantern-88"))
    assert all(sqlite_database.read(sessions.find, token) is None for token in mine)
    again = begin(agent)
    sqlite_database.write(lambda tx: service.deactivate(tx, agent.id))
    assert sqlite_database.read(sessions.find, again) is None
    assert sqlite_database.read(sessions.find, theirs) is not None


def test_a_login_is_taken_whatever_its_case(sqlite_database: Database) -> None:
    hire(sqlite_database)
    with pytest.raises(Conflict, match="login_taken"):
        hire(sqlite_database, "HANA")
    for unusable in ("", "a", "has space", "quote'", "x" * 130):
        with pytest.raises(Invalid, match="login_unusable"):
            hire(sqlite_database, unusable)


@pytest.mark.req("CASE-002")
def test_customers_see_the_display_name_and_can_be_understood_by_it(sqlite_database: Database) -> None:
    agent = hire(sqlite_database)
    actor = service.actor_of(agent)
    assert (actor.name, agent.name) == ("ヤマダ", "山田 花子")
    assert [found.id for found in sqlite_database.read(queries.by_display_name, "やまだ")] == [agent.id]
    assert sqlite_database.read(queries.by_display_name, "花子") == []
    assert sqlite_database.read(queries.display_name, agent.id) == "ヤマダ"


# ── roles ──


def test_the_table_of_roles_is_what_it_should_be() -> None:
    def able(*roles: str) -> set[str]:
        actor = Actor(kind="agent", id="a", roles=frozenset(roles))  # type: ignore[arg-type]
        return {verb for verb in VERBS if may(actor, verb)}  # type: ignore[arg-type]

    assert able() == set()
    assert able("agent") < able("supervisor")
    assert "actions.approve" in able("supervisor") - able("agent")
    assert not {"contacts.read", "customers.read", "orders.read"} & able("operator")
    assert able("agent", "operator") == able("agent") | able("operator")
    assert set().union(*OF_ROLE.values()) == VERBS


def test_customers_and_the_assistant_have_no_verbs_of_staff_and_scopes_limit_keys() -> None:
    assert not any(may(Actor(kind="customer", id="c"), verb) for verb in VERBS)  # type: ignore[arg-type]
    assert not any(may(Actor(kind="assistant", id="assistant"), verb) for verb in VERBS)  # type: ignore[arg-type]
    for scope, verbs in OF_SCOPE.items():
        key = Actor(kind="integrator", id="k", scopes=frozenset({scope}), roles=frozenset({"supervisor"}))
        assert {verb for verb in VERBS if may(key, verb)} == verbs  # type: ignore[arg-type]
        assert not may(key, "actions.approve")
    assert may(SYSTEM, "contacts.work")


def test_roles_are_checked_and_kept_in_order(sqlite_database: Database) -> None:
    agent = hire(sqlite_database)
    changed = sqlite_database.write(lambda tx: service.set_roles(tx, agent.id, ["operator", "agent"]))
    assert changed.roles == ["agent", "operator"]
    with pytest.raises(Invalid, match="unknown_role"):
        sqlite_database.write(lambda tx: service.set_roles(tx, agent.id, ["admin"]))  # type: ignore[list-item]


# ── API keys ──


def test_an_api_key_is_shown_once_and_ends_when_revoked(sqlite_database: Database, clock: StillClock) -> None:
    key, secret = sqlite_database.write(lambda tx: service.create_key(tx, "ERP", ["read", "webhooks"]))
    assert secret.startswith("mdg_") and len(secret) > 40
    found = sqlite_database.read(queries.live_key, secret)
    assert found == key and secret not in repr(found)
    assert service.actor_of_key(key).scopes == {"read", "webhooks"}
    sqlite_database.write(lambda tx: service.key_used(tx, key))
    assert sqlite_database.read(queries.keys)[0].last_used_at == clock.now
    sqlite_database.write(lambda tx: service.revoke_key(tx, key.id))
    assert sqlite_database.read(queries.live_key, secret) is None
    with pytest.raises(NotFound):
        sqlite_database.write(lambda tx: service.revoke_key(tx, key.id))


@pytest.mark.parametrize("secret", ["", "mdg_", "mdg_nobody", "something"])
def test_a_key_that_was_never_made_opens_nothing(sqlite_database: Database, secret: str) -> None:
    assert sqlite_database.read(queries.live_key, secret) is None


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "root"]])
def test_a_key_has_known_scopes(sqlite_database: Database, scopes: list[str]) -> None:
    with pytest.raises(Invalid, match="unknown_scope"):
        sqlite_database.write(lambda tx: service.create_key(tx, "x", scopes))
