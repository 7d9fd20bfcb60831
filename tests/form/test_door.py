"""The form's door on both databases: pressed at once by many, over any course of events, to each mailbox one mail a day."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from madoguchi.channels.form import drafts, waiting
from madoguchi.channels.form.addresses import mailbox_of
from madoguchi.channels.form.door import FormDoor
from madoguchi.channels.form.model import Draft, form_draft
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.problems import Invalid, TooMany
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.engine.database import Database
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.limiter import Limiter
from madoguchi.engine.migrations import migrate
from madoguchi.engine.outbox import outbox
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.form.conftest import BROKEN

NOBODY = Actor(kind="customer", id="vis_one")


def door_of(database: Database, folder: Path, **form: int) -> tuple[FormDoor, Keys]:
    settings = Settings.load(
        None, data={"folder": folder}, form={"min_seconds": 0, "posts_per_minute": 10_000, **form}
    )
    keys = Keys(folder)
    return FormDoor(database, settings, FileStore(folder / "files"), Limiter(), keys), keys


def filled_in(door: FormDoor, who: Actor, email: str) -> Draft:
    return door.keep(who, Draft(kind=BROKEN, no_order=True, problem="割れました", email=email))


def mails_of(database: Database) -> list[tuple[str, datetime]]:
    def read(tx):  # type: ignore[no-untyped-def]
        query = select(outbox.c.payload, outbox.c.created_at).where(outbox.c.topic == waiting.CONFIRM)
        return [(row.payload["mailbox"], row.created_at) for row in tx.all(query)]

    return database.read(read)


@pytest.fixture
def door(database: Database, tmp_path: Path) -> FormDoor:
    database.write(ensure_queues)
    return door_of(database, tmp_path)[0]


@pytest.mark.req("CH-041")
def test_pressed_by_eight_at_once_it_is_one_enquiry(database: Database, door: FormDoor) -> None:
    draft = filled_in(door, NOBODY, "a@example.jp")
    token = door.token(draft)
    with ThreadPoolExecutor(8) as crowd:
        told = list(
            crowd.map(lambda _: door.send(NOBODY, draft.id, token, "ja", "192.0.2.1").number, range(8))
        )
    assert len(set(told)) == 1
    assert len(mails_of(database)) == 1


class Overtaken:
    """A database on which somebody else acts right after the `nth` look at it."""

    def __init__(self, database: Database, nth: int, deed: Callable[[], object]) -> None:
        self._database, self._left, self._deed = database, nth, deed

    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        seen = self._database.read(fn, *args)
        self._left -= 1
        if not self._left:
            self._deed()
        return seen

    def write(self, fn: Callable[..., Any], *args: Any) -> Any:
        return self._database.write(fn, *args)


@pytest.mark.req("CH-041")
@pytest.mark.parametrize("nth", range(1, 5))
def test_a_press_that_another_overtakes_is_told_the_same_number(
    database: Database, door: FormDoor, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    draft = filled_in(door, NOBODY, "a@example.jp")
    numbers: list[str] = []

    def send() -> None:
        numbers.append(door.send(NOBODY, draft.id, door.token(draft), "ja", "192.0.2.1").number)

    def overtake() -> None:
        monkeypatch.undo()
        send()

    monkeypatch.setattr(door, "_database", Overtaken(database, nth, overtake))
    send()
    assert len(numbers) == 2
    assert len(set(numbers)) == 1
    assert len(mails_of(database)) == 1


@pytest.mark.req("CH-044")
def test_forms_at_once_for_one_mailbox_send_one_mail_and_give_a_number_each(
    database: Database, door: FormDoor
) -> None:
    people = [Actor(kind="customer", id=f"vis_{n}") for n in range(5)]
    ready = [(who, filled_in(door, who, f"a+{who.id[-1]}@example.jp")) for who in people]

    def send(each: tuple[Actor, Draft]) -> str:
        who, draft = each
        return door.send(who, draft.id, door.token(draft), "ja", f"192.0.2.{who.id[-1]}").number

    with ThreadPoolExecutor(5) as crowd:
        assert len(set(crowd.map(send, ready))) == 5
    assert len(mails_of(database)) == 1


@pytest.mark.req("CH-042")
def test_a_draft_is_its_visitors_alone_and_forgotten_after_its_time(
    database: Database, door: FormDoor, clock: StillClock
) -> None:
    draft = filled_in(door, NOBODY, "a@example.jp")
    other = Actor(kind="customer", id="vis_other")
    assert door.draft(other) == Draft()
    clock.forward(days=13)
    assert door.draft(NOBODY).problem == "割れました"
    clock.forward(days=2)
    assert door.draft(NOBODY) == Draft()
    database.write(drafts.forget_old)
    assert database.read(lambda tx: tx.all(select(form_draft).where(form_draft.c.id == draft.id))) == []


@pytest.mark.req("CH-041")
def test_card_numbers_are_not_kept_in_a_draft(door: FormDoor) -> None:
    kept = door.keep(NOBODY, Draft(kind=BROKEN, problem="カードは 4111 1111 1111 1111 です"))
    assert "1111" not in kept.problem
    assert "1111" not in door.draft(NOBODY).problem


class Form(RuleBasedStateMachine):
    """Posts, confirmations, refusals and time in any order."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        self.clock = StillClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
        self.database = Database(f"sqlite:///{path / 'm.db'}", clock=self.clock, synchronous="OFF")
        migrate(self.database)
        self.database.write(ensure_queues)
        self.door, self.keys = door_of(
            self.database, path, unconfirmed_per_network=4, unconfirmed_per_address=2
        )
        self.numbers: Tally[str] = Tally()
        self.confirmed = 0

    @rule(who=st.integers(0, 3), mailbox=st.integers(0, 2), network=st.integers(0, 1))
    def post(self, who: int, mailbox: int, network: int) -> None:
        actor = Actor(kind="customer", id=f"vis_{who}")
        draft = filled_in(self.door, actor, f"m{mailbox}@example.jp")
        try:
            sent = self.door.send(actor, draft.id, self.door.token(draft), "ja", f"192.0.2.{network}")
        except TooMany:
            assert self.door.draft(actor).problem  # nothing is lost
            return
        self.numbers[sent.number] += 1

    @rule(mailbox=st.integers(0, 2), many=st.integers(0, 2))
    def answer(self, mailbox: int, many: int) -> None:
        """The mailbox's owner opens the newest link and takes some of what waits."""
        mine = [each for each in mails_of(self.database) if each[0] == self._hash(mailbox)]
        if not mine:
            return
        drafted = self.database.read(
            lambda tx: [
                row.payload["draft_id"]
                for row in tx.all(
                    select(outbox.c.payload)
                    .where(outbox.c.topic == waiting.CONFIRM)
                    .order_by(outbox.c.id.desc())
                )
                if row.payload["mailbox"] == self._hash(mailbox)
            ]
        )
        token = waiting.link_token(self.keys, self._hash(mailbox), drafted[0])
        try:
            ids = [each.id for each in self.door.waiting(token)][:many]
            done = self.door.confirm(None, token, ids)
            self.confirmed += len(done.numbers)
            assert len(self.door.waiting(token)) == done.left
            if not many:
                self.door.refuse(token)
                assert self.door.waiting(token) == []
        except Invalid:
            return

    @rule(hours=st.integers(1, 50))
    def wait(self, hours: int) -> None:
        self.clock.forward(hours=hours)
        self.database.write(drafts.forget_old)

    @invariant()
    def nobody_is_mailed_twice_within_a_day(self) -> None:
        by_mailbox: dict[str, list[datetime]] = {}
        for mailbox, at in mails_of(self.database):
            by_mailbox.setdefault(mailbox, []).append(at)
        for moments in by_mailbox.values():
            ordered = sorted(moments)
            gaps = [later - earlier for earlier, later in itertools.pairwise(ordered)]
            assert all(gap >= timedelta(hours=24) for gap in gaps)

    @invariant()
    def what_was_confirmed_is_a_contact_with_a_case_and_nothing_else_is(self) -> None:
        rows = self.database.read(lambda tx: tx.all(select(contact.c.case_id, contact.c.owner_kind)))
        assert len(rows) == self.confirmed
        assert all(row.case_id and row.owner_kind == "queue" for row in rows)
        given = self.database.read(
            lambda tx: {f"C-{row.number}" for row in tx.all(select(case_file.c.number))}
        )
        assert given <= set(self.numbers)  # a case has the number that was given out

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def _hash(self, mailbox: int) -> str:
        return mailbox_of(self.keys, f"m{mailbox}@example.jp")


@pytest.mark.req("CH-044", "CH-041")
def test_over_any_course_of_events_each_mailbox_gets_one_mail_a_day_and_each_number_one_case() -> None:
    many = hypothesis_settings(max_examples=15, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(Form, settings=many)
