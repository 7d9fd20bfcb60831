"""Too many beginnings of chats: refused with the time to wait, longer with each try, in every language (QUE-010)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.chat.starts import LONGEST, WINDOW, Starts
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.problems import TooMany
from madoguchi.engine.sections import Limits
from madoguchi.kit.languages import NAMES
from tests.conftest import StillClock
from tests.faces.api.people import Counter

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def strict(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[Counter]:
    """A counter that lets one person begin three chats, and one address five."""
    shutil.copytree(filled, tmp_path / "data")
    limits = {"contacts_per_hour": 3, "contacts_per_address": 5, "contacts_extra_seconds": 60}
    counter = Counter(tmp_path / "data", clock, limits=limits)
    with counter.client:
        yield counter
    counter.close()


def waited(starts: Starts, person: str = "p", address: str = "") -> int:
    try:
        starts.admit(person, address)
    except TooMany as refused:
        return int(refused.params["retry_after"])
    return 0


@pytest.mark.req("QUE-010")
def test_the_next_start_in_the_hour_is_refused_and_trying_on_makes_it_longer(strict: Counter) -> None:
    customer = strict.customer(cast.MISAKI)
    opened = [customer.open(str(number)) for number in range(3)]
    answer = customer.send("POST", "/contacts", json={"client_key": "one-too-many", "language": "ja"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_chats")
    first = int(answer.headers["retry-after"])
    assert first == answer.json()["retry_after"] == 3600
    assert [each["url"] for each in answer.json()["alternatives"]] == ["/help/form", "/help/contact"]
    again = customer.send("POST", "/contacts", json={"client_key": "one-too-many", "language": "ja"})
    assert int(again.headers["retry-after"]) == first + 60
    customer.say(opened[0]["id"], "続きです")  # what is said in an open chat is not limited
    known = strict.customer(cast.MISAKI)  # the same person with another session
    refused = known.send("POST", "/contacts", json={"client_key": "new-session", "language": "ja"})
    assert refused.status_code == 429
    strict.clock.forward(seconds=first + 60 + 60 + 1)
    customer.open("一時間後")


@pytest.mark.req("QUE-010")
def test_asking_for_the_same_chat_once_more_is_no_start(strict: Counter) -> None:
    visitor = strict.visitor()
    for _ in range(10):
        made = visitor.post("/contacts", {"client_key": "the-same-one", "language": "ja"}, status=201)
    assert visitor.get("/contacts")["contacts"][0]["id"] == made["contact"]["id"]


@pytest.mark.req("QUE-010")
def test_one_address_cannot_go_round_it_with_new_visitors(strict: Counter) -> None:
    for _ in range(5):
        strict.visitor().open("")
    answer = strict.visitor().send(
        "POST", "/contacts", json={"client_key": "sixth-visitor", "language": "ja"}
    )
    assert answer.status_code == 429


@pytest.mark.req("QUE-010", "LNG-001")
@pytest.mark.parametrize("language", NAMES)
def test_time_and_alternatives_are_told_in_the_readers_language(strict: Counter, language: str) -> None:
    visitor = strict.visitor(language)
    for number in range(3):
        visitor.open(str(number))
    body = visitor.send("POST", "/contacts", json={"client_key": "one-too-many", "language": language}).json()
    assert "60" in body["title"]
    assert "{" not in body["title"]
    english = strict.visitor("en").send("GET", "/contacts/con_none").json()  # only to have a session
    assert english["status"] == 404
    if language != "en":
        assert "Many chats" not in body["title"]
        assert body["alternatives"][0]["title"] != "Fill in the form"


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60), st.integers(1, 5), st.integers(0, 120))
def test_never_more_than_allowed_in_any_hour_and_a_wait_that_is_kept_lets_one_in(
    pauses: list[int], most: int, extra: int
) -> None:
    clock = StillClock(NOW)
    starts = Starts(Limits(contacts_per_hour=most, contacts_extra_seconds=extra), clock)
    begun: list[datetime] = []
    told = 0
    for pause in pauses:
        clock.forward(seconds=pause)
        told = waited(starts)
        assert told <= LONGEST.total_seconds() + WINDOW.total_seconds()
        if not told:
            begun.append(clock.now)
            recent = [moment for moment in begun if moment > clock.now - WINDOW]
            assert len(recent) <= most
    if told:
        clock.forward(seconds=told)
        assert waited(starts) == 0


def test_what_is_old_is_forgotten() -> None:
    clock = StillClock(NOW)
    starts = Starts(Limits(), clock)
    for number in range(10_002):
        starts.admit(f"p{number}")
    clock.now += WINDOW + timedelta(seconds=1)
    starts.admit("new")
    assert len(starts._records) == 1
