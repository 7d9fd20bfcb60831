"""The person behind a contact: notes that only their author changes, signals with their sources, what is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.cases import service as cases
from madoguchi.counter.customers import notes
from madoguchi.counter.customers.model import customer
from madoguchi.engine.database import Transaction
from tests.faces.api.people import Counter

MISAKI = customer_id(cast.MISAKI)
PATH = f"/customers/{MISAKI}"


def test_a_note_is_read_by_staff_and_changed_by_its_author_only(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    note = ito.post(f"{PATH}/notes", {"text": " 耳が遠いので文字で "}, status=201)
    (seen,) = [each for each in kato.get(f"{PATH}/profile")["notes"] if each["id"] == note["id"]]
    assert (seen["text"], seen["mine"], seen["changed_at"]) == ("耳が遠いので文字で", False, None)
    one = f"{PATH}/notes/{note['id']}"
    assert kato.refused("PUT", one, {"text": "x"}) == (403, "not_author")
    assert kato.refused("PUT", one, {"text": ""}) == (403, "not_author")
    ito.put(one, {"text": "筆談を希望"}, status=204)
    (changed,) = [each for each in ito.get(f"{PATH}/profile")["notes"] if each["id"] == note["id"]]
    assert changed["text"] == "筆談を希望" and changed["mine"] and changed["changed_at"]
    assert ito.refused("PUT", one, {"text": "x" * 2001}) == (422, "note_text")
    assert (
        ito.refused("PUT", f"/customers/{customer_id(cast.JOHN)}/notes/{note['id']}", {"text": "x"})[0] == 404
    )
    ito.put(one, {"text": " "}, status=204)
    assert counter.house.database.read(notes.of_customer, MISAKI) == []


@pytest.mark.req("HIS-010")
def test_the_person_does_not_see_what_staff_note(counter: Counter) -> None:
    counter.agent("ito").post(f"{PATH}/notes", {"text": "内緒"}, status=201)
    misaki = counter.customer(cast.MISAKI)
    assert misaki.refused("GET", f"{PATH}/profile")[0] == 403
    assert "内緒" not in str(misaki.get(PATH))


def test_signals_are_facts_with_their_source_and_end_with_their_time(counter: Counter) -> None:
    ito, misaki = counter.agent("ito"), counter.customer(cast.MISAKI)
    assert ito.get(f"{PATH}/profile")["signals"] == []
    contact = misaki.open("偽サイトで入力してしまいました")

    def deceive(tx: Transaction) -> None:
        cases.classify(tx, contact["case"]["id"], category="phishing_impersonation.fraud_victim")
        locked = tx.now - timedelta(days=3)
        tx.execute(update(customer).where(customer.c.id == MISAKI).values(locked_at=locked))

    counter.house.database.write(deceive)
    profile = ito.get(f"{PATH}/profile")
    assert [each["kind"] for each in profile["signals"]] == ["locked", "deceived"]
    assert profile["signals"][1]["sources"] == [contact["case"]["number"]]
    assert contact["case"]["number"] in {each["number"] for each in profile["open_cases"]}
    assert profile["country"] == "JP"
    with counter.later(days=91):
        later = counter.agent("ito").get(f"{PATH}/profile")["signals"]
    assert [each["kind"] for each in later] == ["deceived"]
