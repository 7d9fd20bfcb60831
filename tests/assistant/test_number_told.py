"""The number that a customer hears is the one under which the enquiry stands (CASE-006)."""

from __future__ import annotations

import pytest

from madoguchi.assistant.case_of_turn import settles_in
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases import service
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries
from madoguchi.faces.house import House
from madoguchi.work import AssistantLoop
from tests.conftest import StillClock

KIND, ORDER = "return_exchange_cancel.defective_item", "503-0001004-0000001"


@pytest.mark.parametrize(
    ("category", "order", "told"),
    [
        (KIND, ORDER, "first"),
        (KIND, "503-0001004-0000002", "second"),
        (KIND, "", "second"),
        ("order_delivery.delivery_delay", ORDER, "second"),
    ],
)
@pytest.mark.req("CASE-003", "CASE-006")
def test_only_the_same_problem_with_the_same_order_has_the_older_number(
    house: House, category: str, order: str, told: str
) -> None:
    def opened() -> Case:
        return house.database.write(service.open_case, None, "vis_x", KIND, ORDER)

    numbers = {"first": opened(), "second": opened()}
    found = settles_in(numbers["second"], numbers.values(), category, order)
    assert found == numbers[told]


@pytest.mark.req("CASE-006")
def test_at_night_the_second_conversation_hears_the_number_of_the_first(
    house: House, clock: StillClock
) -> None:
    clock.now = clock.now.replace(hour=16)  # 1:00 in Tokyo
    actor = Actor(
        kind="customer", id="cus_c1004", customer_id="cus_c1004", rung=Rung.SIGNED_IN, language="ja"
    )
    loop = AssistantLoop(house.database, house.assistant, workers=1)
    for n in range(2):
        contact_id = house.chat.open(
            actor,
            client_key=f"key-{n}",
            language="ja",
            text="ケトルが動きません",
            order_number=ORDER,
            want_person=True,
        ).id
        for owed in house.database.read(queries.owed_turns):
            loop.turn(owed)
        contact = house.database.read(queries.get, contact_id)
        assert contact.case_id
        case = house.database.read(cases.get, contact.case_id)
        said = " ".join(
            str(entry.body.get("text"))
            for entry in house.database.read(queries.entries, contact_id, limit=100)
            if entry.author_kind == "assistant"
        )
        assert "C-" in said and case.label in said
    assert len(house.database.read(queries.of_case, case.id)) == 2
