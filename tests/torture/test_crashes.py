"""kill -9 at named places: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import itertools
import random
from functools import partial

import pytest

from madoguchi.cli.dev.torture import r01_say, r02_act, r03_mail
from madoguchi.cli.dev.torture.ground import Tell, Work
from madoguchi.cli.dev.torture.r01_say import Said, Script, crash_points
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.contacts import service
from madoguchi.engine.database import Database
from tests.torture.conftest import BOTH


@pytest.mark.req("HIS-004")
@pytest.mark.parametrize("kind", BOTH)
def test_what_was_acknowledged_survives_kill_9_at_every_named_place(kind: str, server: str) -> None:
    report = r01_say.run(kind, server, count=8, seed=3)
    assert report.ok, report.line()
    assert report.crashes == 8
    assert report.acknowledged == report.extra["messages"] > 200


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_deed_that_was_interrupted_is_done_once_and_the_books_agree(kind: str, server: str) -> None:
    report = r02_act.run(kind, server, count=6, seed=3)
    assert report.ok, report.line()
    assert report.crashes == 6
    assert report.acknowledged == report.extra["actions"]


@pytest.mark.req("CH-040", "HIS-004")
@pytest.mark.parametrize("kind", BOTH)
def test_a_mail_that_was_taken_is_filed_acknowledged_and_answered_once(kind: str, server: str) -> None:
    report = r03_mail.run(kind, server, count=5, seed=3)
    assert report.ok, report.line()
    assert report.crashes == 5
    assert report.acknowledged == report.extra["letters"] >= 24


def test_a_post_room_that_says_250_before_it_has_stored_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = r03_mail.postroom
    monkeypatch.setattr(r03_mail, "postroom", partial(real, hasty=True))
    monkeypatch.setattr(r01_say, "crash_points", lambda *_: iter([("mail.inbox.stored", 2)]))
    report = r03_mail.run("sqlite", "", count=1, seed=3)
    assert report.lost > 0, report.line()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_process_that_acknowledges_before_it_has_stored_is_found_out(kind: str, server: str) -> None:
    report = r01_say.run(kind, server, count=6, seed=3, hire=hasty)
    assert report.lost > 0, report.line()


def test_crash_points_go_on_until_every_place_has_run_out() -> None:
    exhausted: set[str] = set()
    points = crash_points({"a": 2, "b": 1}, exhausted, random.Random(1))
    assert set(itertools.islice(points, 3)) == {("a", 1), ("a", 2), ("b", 1)}
    assert list(itertools.islice(points, 2)) == [("a", 3), ("b", 2)]
    exhausted.add("a")
    assert next(points) == ("b", 3)
    exhausted.add("b")
    assert set(itertools.islice(points, 3)) == {("a", 1), ("a", 2), ("b", 1)}, "all over again"


def hasty(url: str) -> Work:
    """The real process with one mistake: every acknowledgement goes out before the word is stored."""
    database = Database(url)

    def work(scripts: list[Script], tell: Tell) -> None:
        for script in scripts:
            visitor = r01_say.visitor(script.visitor)
            opened = database.write(
                service.open_contact, actor=visitor, channel="chat", language="ja", client_key="opening-key"
            )
            actor = ASSISTANT if script.by_assistant else visitor
            for place in range(script.start, len(script.words)):
                text = script.words[place]
                tell((script.visitor, script.by_assistant, Said(opened.id, 0, text)))
                database.write(service.say, opened.id, actor=actor, text=text, client_key=f"key-{place:04d}")

    return work
