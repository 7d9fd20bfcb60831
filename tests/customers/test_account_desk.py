"""Deeds on accounts: proposed, confirmed once, bound to the identity ladder, audited; a way back in that betrays nobody."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from madoguchi.connectors.embedded.accounts import EmbeddedAccounts
from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.customers import access_links, identity, queries, service, sign_ins
from madoguchi.counter.customers.account_deeds import (
    DEED_NAMES,
    AccountDeedName,
    ChangeDefaultAddress,
    LockAccount,
    ResendCode,
    ResetPassword,
    SignOutEverywhere,
)
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.customers.model import Customer, login_code
from madoguchi.counter.customers.ports import AccountUnreachable
from madoguchi.counter.problems import Conflict, NotAllowed, NotFound, SignInNeeded
from madoguchi.engine import sessions
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import outbox
from madoguchi.engine.sessions import Session
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.customers.conftest import begin

RUNGS: dict[AccountDeedName, Rung] = {
    "lock_account": Rung.ORDER,
    "sign_out_everywhere": Rung.ORDER,
    "reset_password": Rung.VISITOR,
    "resend_code": Rung.VISITOR,
    "change_default_address": Rung.FRESH,
}
HOME = {
    "name": "佐藤 美咲",
    "postal_code": "150-0001",
    "region": "東京都",
    "city": "渋谷区",
    "line1": "1-2-3",
}


@pytest.fixture
def accounts(sqlite_database: Database, keys: Keys, settings: Settings) -> EmbeddedAccounts:
    return EmbeddedAccounts(sqlite_database, keys, settings)


@pytest.fixture
def desk(sqlite_database: Database, accounts: EmbeddedAccounts, misaki: Customer) -> AccountDesk:
    return AccountDesk(
        sqlite_database, accounts, RUNGS, lambda number: misaki.id if number == "N-1" else None
    )


def known(customer: Customer, rung: Rung = Rung.FRESH) -> Actor:
    return ASSISTANT.on_behalf_of(customer.id, rung, frozenset())


VISITOR = ASSISTANT.on_behalf_of(None, Rung.VISITOR, frozenset())


def signed_in(database: Database, settings: Settings, customer: Customer) -> Session:
    session = begin(database, settings)
    database.write(lambda tx: identity.sign_in(tx, session, customer, method="mail_code", fresh_at=tx.now))
    return session


def is_alive(database: Database, session: Session) -> bool:
    wanted = select(sessions.session.c.token_hash).where(sessions.session.c.token_hash == session.token_hash)
    return database.read(lambda tx: tx.first(wanted)) is not None


@pytest.mark.req("ACC-009", "ACC-016")
def test_a_lock_ends_every_session_but_the_conversations_and_lets_nobody_in(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database, settings: Settings
) -> None:
    mine, stolen = (signed_in(sqlite_database, settings, misaki) for _ in range(2))
    proposal = desk.propose(known(misaki), LockAccount(), visitor_id=mine.subject_id)
    assert proposal.state == "offered"
    assert is_alive(sqlite_database, stolen)
    done = desk.confirm(known(misaki), proposal.id, "once")
    assert done.state == "done"
    assert done.receipt is not None
    assert not is_alive(sqlite_database, stolen)
    assert is_alive(sqlite_database, mine)
    locked = sqlite_database.read(queries.get, misaki.id)
    with pytest.raises(NotAllowed):
        sqlite_database.write(
            lambda tx: identity.sign_in(tx, stolen, locked, method="mail_code", fresh_at=None)
        )


@pytest.mark.req("ACC-009")
def test_only_a_person_of_the_shop_unlocks(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database
) -> None:
    proposal = desk.propose(known(misaki), LockAccount())
    desk.confirm(known(misaki), proposal.id, "once")
    for nobody in (known(misaki), VISITOR, Actor(kind="customer", id="vis_1", customer_id=misaki.id)):
        with pytest.raises(NotAllowed):
            desk.unlock(nobody, misaki.id)
    agent = Actor(kind="agent", id="ag_1", roles=frozenset({"agent"}))
    assert desk.unlock(agent, misaki.id).locked_at is None


@pytest.mark.req("ACC-007")
@pytest.mark.parametrize("deed", DEED_NAMES)
def test_no_deed_below_its_rung(deed: AccountDeedName, desk: AccountDesk, misaki: Customer) -> None:
    request: Any = {
        "lock_account": LockAccount(),
        "sign_out_everywhere": SignOutEverywhere(),
        "reset_password": ResetPassword(email="a@example.jp"),
        "resend_code": ResendCode(email="a@example.jp"),
        "change_default_address": ChangeDefaultAddress(address=HOME),
    }[deed]
    for rung in Rung:
        actor = known(misaki, rung) if rung >= Rung.SIGNED_IN else replace(VISITOR, rung=rung)
        if rung < RUNGS[deed]:
            with pytest.raises(SignInNeeded):
                desk.propose(actor, request)
        else:
            desk.propose(actor, request)


@pytest.mark.req("ACC-006", "ACC-007")
def test_a_guest_with_a_proved_order_locks_its_account_and_no_other(
    desk: AccountDesk, misaki: Customer
) -> None:
    guest = ASSISTANT.on_behalf_of(None, Rung.ORDER, frozenset({"N-1"}))
    assert desk.propose(guest, LockAccount()).customer_id == misaki.id
    of_nobody = ASSISTANT.on_behalf_of(None, Rung.ORDER, frozenset({"N-2"}))
    assert desk.propose(of_nobody, LockAccount()).reasons == ["no_account_named"]


@pytest.mark.req("ACC-004")
def test_a_known_and_an_unknown_address_are_answered_alike(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database, keys: Keys, settings: Settings
) -> None:
    ends = []
    for email in (misaki.email, "nobody@example.jp"):
        proposal = desk.propose(VISITOR, ResetPassword(email=email), contact_id="con_1")
        done = desk.confirm(VISITOR, proposal.id, email, contact_id="con_1")
        assert done.receipt is not None
        ends.append((done.state, done.customer_id, sorted(done.receipt)))
    assert ends[0] == ends[1]
    waiting = sqlite_database.read(
        lambda tx: tx.all(select(outbox.c.payload).where(outbox.c.topic == access_links.TOPIC))
    )
    mails = [sqlite_database.read(access_links.mail_of, keys, settings, errand.payload) for errand in waiting]
    assert [mail.to for mail in mails if mail] == [misaki.email]


def link_of(database: Database, keys: Keys, settings: Settings, email: str) -> str:
    link_id = database.write(lambda tx: access_links.ask_link(tx, settings, email=email, language="ja"))
    mail = database.read(access_links.mail_of, keys, settings, {"link_id": link_id, "language": "ja"})
    assert mail is not None
    return mail.url.partition("token=")[2]


@pytest.mark.req("ACC-004")
def test_a_link_works_once_and_not_after_its_time(
    misaki: Customer, sqlite_database: Database, keys: Keys, settings: Settings, clock: StillClock
) -> None:
    token = link_of(sqlite_database, keys, settings, misaki.email)
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert sqlite_database.write(access_links.redeem, keys, forged) is None
    session = signed_in(sqlite_database, settings, misaki)
    assert sqlite_database.write(access_links.redeem, keys, token) == misaki.id
    assert not is_alive(sqlite_database, session)
    assert sqlite_database.write(access_links.redeem, keys, token) is None
    late = link_of(sqlite_database, keys, settings, misaki.email)
    clock.forward(minutes=access_links.MINUTES + 1)
    assert sqlite_database.write(access_links.redeem, keys, late) is None


@pytest.mark.req("ACC-004", "ACC-009")
def test_a_link_asked_for_before_the_lock_opens_nothing_after_it(
    misaki: Customer, sqlite_database: Database, keys: Keys, settings: Settings
) -> None:
    token = link_of(sqlite_database, keys, settings, misaki.email)
    sqlite_database.write(service.lock, misaki.id, ASSISTANT)
    assert sqlite_database.write(access_links.redeem, keys, token) is None


@pytest.mark.req("ACC-003")
def test_codes_and_links_are_limited_per_address(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database, settings: Settings
) -> None:
    session = begin(sqlite_database, settings)

    def ask(deed: ResendCode | ResetPassword) -> str:
        proposal = desk.propose(VISITOR, deed, contact_id="con_1", visitor_id=session.subject_id)
        done = desk.confirm(VISITOR, proposal.id, proposal.id, contact_id="con_1")
        return done.state if done.state == "done" else str((done.receipt or {})["reasons"][0])

    for deed in (ResendCode(email="a@example.jp"), ResetPassword(email="a@example.jp")):
        answers = [ask(deed) for _ in range(settings.limits.codes_per_hour + 1)]
        assert answers == ["done"] * settings.limits.codes_per_hour + ["too_many_codes"]


@pytest.mark.req("ACC-003")
def test_a_code_belongs_to_the_session_that_holds_the_conversation(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database, settings: Settings
) -> None:
    session = begin(sqlite_database, settings)
    proposal = desk.propose(known(misaki), ResendCode(), visitor_id=session.subject_id)
    assert desk.confirm(known(misaki), proposal.id, "k").state == "done"
    bound = sqlite_database.read(lambda tx: tx.scalar(select(login_code.c.session_hash)))
    assert bound == session.token_hash


@pytest.mark.req("ACC-018")
def test_the_usual_address_comes_first_and_the_owner_is_told(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database
) -> None:
    proposal = desk.propose(known(misaki), ChangeDefaultAddress(address=HOME))
    desk.confirm(known(misaki), proposal.id, "k")
    assert sqlite_database.read(queries.get, misaki.id).addresses[0] == HOME
    told = select(func.count()).where(outbox.c.topic == "account.done")
    assert sqlite_database.read(lambda tx: tx.scalar(told)) == 1


def test_many_confirmations_are_one_deed(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database
) -> None:
    proposal = desk.propose(known(misaki), LockAccount())
    ends: list[str] = []

    def confirm(key: str) -> None:
        ends.append(desk.confirm(known(misaki), proposal.id, key).state)

    threads = [threading.Thread(target=confirm, args=(f"k{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(ends) <= {"done", "executing"}
    locked = select(func.count()).where(audit.c.action == "customer.locked")
    assert sqlite_database.read(lambda tx: tx.scalar(locked)) == 1


@pytest.mark.req("ACC-007")
def test_who_asked_with_what_proof_and_what_came_of_it_is_audited(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database
) -> None:
    proposal = desk.propose(known(misaki), SignOutEverywhere())
    desk.confirm(known(misaki), proposal.id, "k")
    rows = sqlite_database.read(
        lambda tx: tx.all(
            select(audit.c.action, audit.c.detail)
            .where(audit.c.object_id == proposal.id)
            .order_by(audit.c.seq)
        )
    )
    assert [row.action for row in rows] == ["account.offered", "account.confirmed", "account.done"]
    assert rows[1].detail["rung"] == int(Rung.FRESH)


def test_what_is_over_is_not_done(desk: AccountDesk, misaki: Customer, clock: StillClock) -> None:
    late = desk.propose(known(misaki), LockAccount())
    gone = desk.propose(known(misaki), LockAccount())
    desk.withdraw(known(misaki), gone.id)
    with pytest.raises(Conflict, match="proposal_not_open"):
        desk.confirm(known(misaki), gone.id, "k")
    clock.forward(hours=2)
    with pytest.raises(Conflict, match="proposal_outdated"):
        desk.confirm(known(misaki), late.id, "k")


def test_a_proposal_is_nobody_elses(desk: AccountDesk, misaki: Customer) -> None:
    mine = desk.propose(known(misaki), LockAccount(), contact_id="con_1")
    other = ASSISTANT.on_behalf_of("cus_other", Rung.FRESH, frozenset())
    for stranger in (other, VISITOR):
        with pytest.raises(NotFound):
            desk.proposal(stranger, mine.id, contact_id="con_2")
    with pytest.raises(SignInNeeded):
        desk.confirm(VISITOR, mine.id, "k", contact_id="con_1")


class Silent(EmbeddedAccounts):
    """Does it, and its answer is lost."""

    def perform(self, *args: Any, **more: Any) -> dict[str, Any]:
        super().perform(*args, **more)
        raise AccountUnreachable


def test_a_lost_answer_is_asked_for_and_never_done_twice(
    misaki: Customer, sqlite_database: Database, keys: Keys, settings: Settings
) -> None:
    silent = Silent(sqlite_database, keys, settings)
    desk = AccountDesk(sqlite_database, silent, RUNGS, lambda number: None)
    proposal = desk.propose(known(misaki), LockAccount())
    assert desk.confirm(known(misaki), proposal.id, "k").state == "unknown"
    assert desk.resolve_unknown(timedelta(0)) == 1
    assert desk.proposal(known(misaki), proposal.id).state == "done"


class Elsewhere(EmbeddedAccounts):
    """A shop that keeps its accounts itself."""

    def deeds(self) -> frozenset[AccountDeedName]:
        return frozenset()

    def sign_ins(self, *args: Any, **more: Any) -> None:  # type: ignore[override]
        return None


def test_what_another_shop_keeps_is_done_on_its_account_page(
    misaki: Customer, sqlite_database: Database, keys: Keys, settings: Settings
) -> None:
    elsewhere = Elsewhere(sqlite_database, keys, settings)
    desk = AccountDesk(sqlite_database, elsewhere, RUNGS, lambda number: None)
    assert not desk.can("lock_account")
    assert desk.propose(known(misaki), LockAccount()).reasons == ["on_account_page"]
    assert desk.sign_ins(known(misaki)) is None


@pytest.mark.req("ACC-014")
def test_sign_ins_are_shown_to_their_owner_with_time_device_and_network(
    desk: AccountDesk, misaki: Customer, sqlite_database: Database, settings: Settings, clock: StillClock
) -> None:
    def open_session(tx: Any) -> str:
        return identity.begin(tx, "ja", settings.identity, device="Chrome · Mac", place="203.0.113.*")

    token = sqlite_database.write(open_session)
    session = sqlite_database.read(sessions.find, token)
    assert session is not None
    sqlite_database.write(lambda tx: identity.sign_in(tx, session, misaki, method="mail_code", fresh_at=None))
    found = desk.sign_ins(known(misaki, Rung.SIGNED_IN))
    assert found is not None
    assert [(one.at, one.device, one.place) for one in found] == [(clock.now, "Chrome · Mac", "203.0.113.*")]
    with pytest.raises(SignInNeeded):
        desk.sign_ins(replace(VISITOR, rung=Rung.ORDER, order_numbers=frozenset({"N-1"})))


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18.1 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox · Android"),
        ("curl/8.0", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_roughly(agent: str, device: str) -> None:
    assert sign_ins.device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "place"),
    [("203.0.113.77", "203.0.113.*"), ("2001:db8:12:34::1", "2001:db8:12::*"), ("unix", "")],
)
def test_of_an_address_only_the_network_is_kept(address: str, place: str) -> None:
    assert sign_ins.place_of(address) == place
