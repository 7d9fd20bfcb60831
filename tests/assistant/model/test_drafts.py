"""Drafts for agents through the API, and what an operator's doctor says about the model."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.assistant.model.client import Client
from madoguchi.cli import app
from madoguchi.connectors.embedded.demo import cast
from tests.assistant.model import server
from tests.assistant.model.server import Character, InProcess
from tests.conftest import StillClock
from tests.faces.api.conftest import filled
from tests.faces.api.people import Counter
from tests.faces.api.test_contacts import in_hand

__all__ = ["filled"]
Draft = dict[str, object]
MODEL = {"base_url": "http://127.0.0.1:9/v1", "name": "double-1"}
NONE: Draft = {"text": "", "by": "", "sources": []}


@pytest.fixture
def counter(filled: Path, tmp_path: Path) -> Iterator[Counter]:
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock(), model=MODEL)
    with counter.client:
        yield counter
    counter.close()


@pytest.fixture
def play(counter: Counter) -> Callable[[Character], None]:
    def as_this(character: Character) -> None:
        counter.house.colleague.client = Client(counter.house.settings.model, InProcess(character))

    return as_this


def test_an_agent_gets_a_draft_and_a_translation_marked_with_the_model(
    counter: Counter, play: Callable[[Character], None]
) -> None:
    desk = counter.agent("ito")
    contact = in_hand(counter, counter.customer(cast.MISAKI), desk)
    play(server.says("お待たせして申し訳ありません。お調べします。"))
    draft = desk.post(f"/contacts/{contact['id']}/suggestion", {})
    assert (draft["text"], draft["by"]) == ("お待たせして申し訳ありません。お調べします。", "double-1")
    play(server.says("Where is parcel 12?"))
    wish = {"text": "荷物12はどこですか", "to": "en"}
    assert desk.post(f"/contacts/{contact['id']}/translation", wish)["text"] == "Where is parcel 12?"
    play(server.says("Where is parcel 13?"))
    assert desk.post(f"/contacts/{contact['id']}/translation", wish) == NONE


@pytest.mark.parametrize(
    "words", ["全額返金いたします。", "It arrives in 2 days.", "See https://evil.example", "<b>x</b>"]
)
def test_a_draft_that_goes_beyond_what_the_shop_said_is_not_shown(
    words: str, counter: Counter, play: Callable[[Character], None]
) -> None:
    desk = counter.agent("ito")
    contact = in_hand(counter, counter.customer(cast.MISAKI), desk)
    play(server.says(words))
    assert desk.post(f"/contacts/{contact['id']}/suggestion", {}) == NONE


def test_without_an_answer_of_the_model_the_agent_writes_without_it(
    counter: Counter, play: Callable[[Character], None]
) -> None:
    desk = counter.agent("ito")
    contact = in_hand(counter, counter.customer(cast.MISAKI), desk)
    play(server.refuses(500))
    assert desk.post(f"/contacts/{contact['id']}/suggestion", {}) == NONE


def test_drafts_are_for_staff_alone_and_not_without_end(
    counter: Counter, play: Callable[[Character], None]
) -> None:
    desk, customer = counter.agent("ito"), counter.customer(cast.MISAKI)
    contact = in_hand(counter, customer, desk)
    play(server.says("はい。"))
    where = f"/contacts/{contact['id']}/suggestion"
    assert customer.refused("POST", where, {})[0] in (401, 403)
    for _ in range(20):
        desk.post(where, {})
    assert desk.refused("POST", where, {}) == (429, "too_many")


@pytest.mark.parametrize(("character", "well"), [(server.says("ready"), True), (server.refuses(401), False)])
def test_the_doctor_asks_the_model_once_and_says_what_to_mend(
    character: Character, well: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["init"]).exit_code == 0
    with server.endpoint(character) as running:
        monkeypatch.setenv("MADOGUCHI_MODEL__BASE_URL", running.base_url)
        monkeypatch.setenv("MADOGUCHI_MODEL__NAME", "double-1")
        monkeypatch.setenv("MADOGUCHI_MODEL__API_KEY", "sk-very-secret")
        result = run(app, ["doctor"])
    assert (result.exit_code == 0) is well, result.output
    assert ("first word after" in result.output) is well and ("check [model]" in result.output) is not well
    assert "very-secret" not in result.output


def test_the_doctor_notices_a_budget_that_allows_no_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["init"]).exit_code == 0
    for key, value in (*MODEL.items(), ("price_in", "40"), ("budget_contact", "0.1")):
        monkeypatch.setenv(f"MADOGUCHI_MODEL__{key.upper()}", value)
    result = run(app, ["doctor"])
    assert result.exit_code == 1 and "model.budget_contact" in result.output
