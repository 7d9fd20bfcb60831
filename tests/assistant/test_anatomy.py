"""What is told of a flow is what it really does: asked and said in conversations that are held."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from madoguchi.assistant import flows
from madoguchi.assistant.anatomy import anatomy
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.wording import LANGUAGES, catalogue
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import events
from madoguchi.rehearsal.chat import Chat

OF_EVERY_TALK = ("understood", "solved.ask")


def known(kind: str, text: str, keys: tuple[str, ...] = ()) -> bool:
    """Whether a line is one of the flow's, whatever stands in its places."""
    made, lines = anatomy(flows.load()[kind]), catalogue("ja")
    for key in (*made.words, *made.shared, *made.questions.values(), *OF_EVERY_TALK, *keys):
        found = lines[key]
        for template in [found] if isinstance(found, str) else found:
            pattern = re.sub(r"\\\{\w+\\\}", ".*", re.escape(template))
            if re.fullmatch(pattern, text, re.S):
                return True
    return False


@pytest.mark.parametrize(
    ("ref", "said", "kind"),
    [
        (cast.MISAKI, "返品したい", "return_exchange_cancel.return_request"),
        (cast.MISAKI, "パスワードを忘れました", "account_security.password_reset"),
        (cast.MISAKI, "注文をキャンセルしたい", "return_exchange_cancel.cancel_order"),
        (cast.MISAKI, "再配達をお願いします", "order_delivery.redelivery"),
    ],
)
def test_the_question_that_is_asked_is_among_those_that_are_told(
    chat: Callable[..., Chat], ref: str, said: str, kind: str
) -> None:
    talk = chat(ref)
    talk.say(said)
    assert kind in [body["flow"] for body in talk.facts(events.FLOW_STARTED)]
    asked = [str(entry.body["text"]).splitlines()[-1] for entry in talk.answers if entry.body.get("choices")]
    assert asked, talk.text
    assert all(known(kind, line) for line in asked), asked


def test_every_flow_names_words_that_exist_in_every_language_and_kinds_that_exist() -> None:
    for kind, flow in flows.load().items():
        made = anatomy(flow)
        for language in LANGUAGES:
            missing = {*made.words, *made.shared, *made.questions.values()} - catalogue(language).keys()
            assert not missing, (kind, language)
        assert made.leads_to.keys() <= kinds().keys()
        assert made.questions or made.words or made.shared or made.persons, kind


@pytest.mark.parametrize(
    ("kind", "deeds"),
    [
        ("payment_refund.duplicate_charge", ["refund_duplicate"]),
        ("order_delivery.item_not_received", ["reship", "refund_missing"]),
        ("return_exchange_cancel.return_request", ["return"]),
        ("account_security.password_reset", ["reset_password"]),
        ("order_delivery.track_order", []),
    ],
)
def test_deeds_are_those_that_the_script_asks_for(kind: str, deeds: list[str]) -> None:
    assert list(anatomy(flows.load()[kind]).deeds) == deeds


def test_reasons_for_a_person_are_those_of_the_script() -> None:
    made = anatomy(flows.load()["payment_refund.refund_status"])
    assert "refund_late" in made.persons and made.offers_person
    assert not made.troubleshoots
    assert anatomy(flows.load()["membership_digital_device.device_issue"]).troubleshoots
