"""Mails about privacy: what is coming, what is done, and every new enquiry in the account's name (HIS-011, PRIV-005)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.customers import preferences
from madoguchi.counter.privacy import service
from madoguchi.counter.privacy.model import privacy_request
from madoguchi.engine import sessions
from madoguchi.faces import sign_in
from tests.conftest import StillClock
from tests.faces.api.conftest import filled as filled
from tests.faces.api.people import Counter

NEW = "新しいお問い合わせ"


@pytest.fixture
def counter(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[Counter]:
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    made = Counter(folder, clock)
    with made.client:
        yield made
    made.close()


def told(counter: Counter, words: str) -> list[str]:
    """Bodies of the mails to her in whose subject this stands."""
    hers = [mail for mail in counter.mails() if cast.MISAKI_EMAIL in str(mail["To"])]
    return [mail.get_content() for mail in hers if words in str(mail["Subject"])]


@pytest.mark.req("HIS-011")
def test_every_new_contact_in_the_accounts_name_is_told(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    misaki.open("荷物が届きません")
    (mail,) = told(counter, NEW)
    assert "/history" in mail and "/account/privacy" in mail and "荷物" not in mail
    misaki.open("別の件です")
    assert len(told(counter, NEW)) == 2


@pytest.mark.req("HIS-011")
def test_a_contact_that_becomes_hers_by_signing_in_is_told_too(counter: Counter) -> None:
    visitor = counter.visitor()
    visitor.open("匿名の件です")
    assert told(counter, NEW) == []
    before = counter.house.database.read(sessions.find, visitor.token)
    assert before is not None
    visitor.token = sign_in.demo_sign_in(counter.house, before, customer_id(cast.MISAKI))
    assert len(told(counter, NEW)) == 1


@pytest.mark.req("HIS-011", "PRIV-007")
def test_who_does_not_want_them_gets_none(counter: Counter) -> None:
    known = customer_id(cast.MISAKI)
    counter.house.database.write(preferences.choose, known, "new_contacts", False, SYSTEM)
    counter.customer(cast.MISAKI).open("荷物が届きません")
    assert told(counter, NEW) == []


@pytest.mark.req("PRIV-005")
def test_request_confirmation_and_a_notice_within_the_days(counter: Counter, clock: StillClock) -> None:
    misaki = counter.customer(cast.MISAKI)
    misaki.open("荷物が届きません")
    wish = misaki.post("/privacy/requests", {"kind": "history"}, status=201)
    assert told(counter, "消去") == []
    confirmed = misaki.post(f"/privacy/requests/{wish['id']}/confirm", {})
    (coming,) = told(counter, "履歴すべての消去")
    assert "30日以内" in coming and confirmed["state"] == "confirmed"
    counter.house.privacy.round()
    assert counter.house.database.read(service.get, wish["id"]).state == "confirmed"
    clock.forward(hours=24, minutes=1)
    counter.house.privacy.round()
    done = counter.house.database.read(service.get, wish["id"])
    assert done.state == "done" and done.done_at is not None
    assert (done.done_at - done.asked_at).days < counter.house.settings.privacy.answer_days
    (notice,) = [each for each in told(counter, "履歴すべての消去") if wish["id"] in each]
    assert "完了しました" in notice
    kept = counter.house.database.read(
        lambda tx: tx.first(select(privacy_request).where(privacy_request.c.id == wish["id"]))
    )
    assert kept is not None and cast.MISAKI_EMAIL not in repr(tuple(kept)), "the record holds no address"
