"""Which ways are open for a matter, a person and a moment, and which of them is recommended, with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.ways import wording
from madoguchi.counter.cases.ways.advice import advise, in_order, profile_of
from madoguchi.counter.cases.ways.channels import (
    NAMES_OF_WAYS,
    channels,
    check_subjects,
    serving,
    switched_on,
)
from madoguchi.counter.cases.ways.open_ways import Asking, People, Way, open_ways
from madoguchi.engine.settings import Settings, SettingsError
from madoguchi.kit.languages import NAMES

DAY = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)  # 14:00 in Tokyo, a Thursday
NIGHT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # 02:00
OPENS = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
THERE = People(there=True, low_s=180, high_s=300)
AWAY = People(there=False, opens_at=OPENS)


def shop(**sections: dict[str, Any]) -> Settings:
    base = {"shop": {"phone": "0120-000-000", "mail_address": "help@shop.example"}}
    return Settings.load(
        None, **{**base, **{name: {**base.get(name, {}), **keys} for name, keys in sections.items()}}
    )


def asking(kind: str = "", at: datetime = DAY, **who: Any) -> Asking:
    return Asking(at, who.pop("language", "ja"), kind, known=who.pop("known", True), **who)


def found(settings: Settings, who: Asking, people: People | None = None) -> dict[str, Way]:
    people = people or (THERE if who.now == DAY else AWAY)
    return {way.channel.id: way for way in open_ways(settings, people, who)}


def recommended(
    who: Asking, settings: Settings | None = None, people: People | None = None
) -> tuple[str, str]:
    """The way and the sentence that says why."""
    ways = list(found(settings or shop(), who, people).values())
    advice = advise(ways, profile_of(who.kind), who)
    assert advice is not None
    assert in_order(ways, profile_of(who.kind), who)[0].open or advice.way.channel.id == "person"
    return advice.way.channel.id, wording.reason_text(advice, who)


@pytest.mark.req("CH-001")
def test_six_ways_each_on_its_own_switch() -> None:
    assert list(found(shop(), asking())) == ["assistant", "person", "phone", "callback", "form", "mail"]
    for name in NAMES_OF_WAYS:
        assert name not in found(shop(ways={"off": [name]}), asking())
    bare = shop(shop={"phone": "", "mail_address": ""}, assistant={"enabled": False})
    assert switched_on(bare) == ["person", "callback", "form"]
    with pytest.raises(SettingsError, match=r"ways\.off"):
        shop(ways={"off": ["fax"]})


@pytest.mark.req("CH-002")
def test_hours_in_the_table_are_those_of_the_settings() -> None:
    assert wording.hours_text(found(shop(), asking())["phone"], "ja") == "毎日 9:00–21:00"
    always = shop(hours={"phone": "00:00-24:00"})
    assert wording.hours_text(found(always, asking())["phone"], "ja") == "24時間・年中無休"
    assert found(always, asking(at=NIGHT))["phone"].open
    for channel in channels().values():
        for language in NAMES:
            for which in ("name", "feature", "merit", "demerit", "good_for"):
                assert channel.text(which, language)
            assert wording.cost_text(channel, shop(), language)


@pytest.mark.req("CH-002")
def test_the_wait_is_a_range_and_honest_where_nobody_can_tell() -> None:
    def answer(people: People, at: datetime = DAY) -> str:
        who = asking(at=at, language="en")
        return wording.answer_text(found(shop(), who, people)["person"], people, shop(), who)

    assert answer(THERE) == "Wait for a person: about 3 minutes to 5 minutes"
    assert answer(People(there=True)) == "The wait for a person is not known yet"
    assert "tomorrow" in answer(AWAY, DAY) or "9:00" in answer(AWAY, DAY)
    assert answer(People(there=False)) == "As soon as somebody is free; your place is kept"


# Kind, moment, who asks → the way that fits. The documents' words are in CH-004 to CH-007.
PROFILES: list[tuple[str, datetime, dict[str, Any], str]] = [
    ("account_security.card_fraud", DAY, {}, "phone"),
    ("account_security.account_takeover", DAY, {}, "phone"),
    ("payment_refund.unrecognized_charge", DAY, {}, "phone"),
    ("order_delivery.misdelivery", DAY, {}, "phone"),
    ("order_delivery.carrier_issue", DAY, {}, "phone"),
    ("phishing_impersonation.fraud_victim", DAY, {}, "phone"),
    ("account_security.card_fraud", NIGHT, {}, "assistant"),
    ("order_delivery.misdelivery", NIGHT, {}, "assistant"),
    ("order_delivery.track_order", DAY, {}, "assistant"),
    ("order_delivery.track_order", NIGHT, {}, "assistant"),
    ("return_exchange_cancel.return_policy", NIGHT, {}, "assistant"),
    ("payment_refund.receipt", DAY, {}, "assistant"),
    ("return_exchange_cancel.cancel_order", DAY, {}, "assistant"),
    ("order_delivery.change_delivery_address", DAY, {}, "assistant"),
    ("return_exchange_cancel.damaged_item", DAY, {}, "form"),
    ("return_exchange_cancel.wrong_item", NIGHT, {}, "form"),
    ("business.tax", DAY, {}, "form"),
    ("order_delivery.delivery_estimate", DAY, {}, "form"),
    ("general.legal", DAY, {}, "form"),
    ("business.quote", DAY, {"segments": ("business",)}, "form"),
    ("payment_refund.duplicate_charge", DAY, {}, "person"),
    ("marketplace.seller_inventory_settlement", DAY, {}, "person"),
    ("membership_digital_device.membership_fee_dispute", DAY, {}, "person"),
    ("order_delivery.track_order", DAY, {"segments": ("senior",)}, "phone"),
    ("order_delivery.track_order", NIGHT, {"segments": ("senior",)}, "assistant"),
    ("account_security.card_fraud", DAY, {"calls": False}, "person"),
    ("order_delivery.track_order", DAY, {"segments": ("senior",), "calls": False}, "person"),
]


@pytest.mark.req("CH-004", "CH-005", "CH-006", "CH-007", "CH-037")
@pytest.mark.parametrize(("kind", "at", "who", "way"), PROFILES)
def test_what_fits_an_enquiry_and_one_sentence_why(
    kind: str, at: datetime, who: dict[str, Any], way: str
) -> None:
    assert kind in categories()
    for language in NAMES:
        name, reason = recommended(asking(kind, at, language=language, **who))
        assert name == way
        ends = "。" if language in ("ja", "zh-Hans", "zh-Hant") else "."
        assert reason.endswith(ends)
        assert reason.count(ends) == 1


@pytest.mark.req("CH-037", "CH-006")
def test_by_night_the_reason_is_that_the_telephone_is_closed_and_when_it_opens() -> None:
    name, reason = recommended(asking("account_security.card_fraud", NIGHT, language="en"))
    assert name == "assistant"
    assert reason.startswith("Telephone is closed now and opens today at 9:00")


@pytest.mark.req("CH-057", "CH-037")
def test_a_long_queue_is_named_and_gone_around() -> None:
    crowded = People(there=True, low_s=1800, high_s=3600, crowded=True)
    who = asking("payment_refund.duplicate_charge", language="en")
    name, reason = recommended(who, people=crowded)
    assert name == "phone"
    assert "many are waiting" in reason
    person = found(shop(), who, crowded)["person"]
    assert person.open
    assert person.usable
    assert wording.why_text(person, who) == "Many are waiting now."


@pytest.mark.req("CH-059")
def test_the_matrix_is_data_and_a_switch_in_it_changes_who_is_served_where() -> None:
    usual = shop()
    assert serving(usual, "order_delivery.track_order") == NAMES_OF_WAYS
    assert "mail" not in serving(usual, "return_exchange_cancel.return_request")
    assert {"phone", "person"} <= set(serving(usual, "membership_digital_device.subscription"))
    assert "mail" not in serving(usual, "membership_digital_device.subscription")
    assert "person" not in serving(usual, "business.contract_payment_terms")
    assert "assistant" in serving(usual, "account_security.account_takeover")
    own = shop(
        ways={"serves": {"account_security": ["phone", "mail"], "account_security.login_failure": ["form"]}}
    )
    assert serving(own, "account_security.account_takeover") == ("phone", "mail")
    assert serving(own, "account_security.login_failure") == ("form",)
    who = asking("account_security.account_takeover", language="en")
    chat = found(own, who)["assistant"]
    assert (chat.offered, chat.usable) == (False, False)
    assert wording.why_text(chat, who) == "This matter is not handled here."
    assert recommended(who, own)[0] == "phone"
    check_subjects(own)
    with pytest.raises(SettingsError, match="did you mean `account_security`"):
        check_subjects(shop(ways={"serves": {"acount_security": ["phone"]}}))


@pytest.mark.req("CH-003")
def test_a_way_for_certain_customers_is_shown_to_the_others_with_the_reason() -> None:
    settings = shop(ways={"only_for": {"callback": ["member"]}})
    stranger, member = asking(), asking(segments=("member",))
    assert found(settings, stranger)["callback"].why == "not_you"
    assert wording.why_text(found(settings, stranger)["callback"], stranger)
    assert found(settings, member)["callback"].usable


@pytest.mark.req("CH-014")
def test_the_telephone_is_for_whom_the_shop_shows_it() -> None:
    assert found(shop(), asking(known=False))["phone"].why == "sign_in"
    assert not found(shop(), asking(known=False))["phone"].usable
    assert found(shop(ways={"phone_visibility": "public"}), asking(known=False))["phone"].usable


@pytest.mark.req("LNG-003")
def test_who_is_not_spoken_to_there_is_sent_elsewhere() -> None:
    japanese = People(there=True, low_s=60, high_s=60, languages=frozenset({"ja"}))
    who = asking("account_security.card_fraud", language="ko")
    ways = found(shop(), who, japanese)
    assert not ways["phone"].speaks
    assert ways["assistant"].speaks
    assert recommended(who, people=japanese)[0] == "assistant"


@pytest.mark.req("CH-003", "CH-053")
@given(
    kind=st.sampled_from(["", *categories()]),
    hour=st.integers(0, 23),
    there=st.booleans(),
    crowded=st.booleans(),
    known=st.booleans(),
    calls=st.booleans(),
    off=st.sets(st.sampled_from(["assistant", "person", "phone", "callback", "mail"])),
    segments=st.sets(st.sampled_from(["member", "business", "senior"])),
)
def test_nobody_is_left_without_a_way_and_nothing_closed_is_without_its_reason(
    kind: str,
    hour: int,
    there: bool,
    crowded: bool,
    known: bool,
    calls: bool,
    off: set[str],
    segments: set[str],
) -> None:
    settings = shop(ways={"off": sorted(off), "serves": {"membership_digital_device": ["phone", "form"]}})
    people = People(there=there, crowded=there and crowded, opens_at=None if there else OPENS)
    who = Asking(
        DAY.replace(hour=hour), "en", kind, segments=tuple(sorted(segments)), known=known, calls=calls
    )
    ways = list(found(settings, who, people).values())
    assert {way.channel.id for way in ways} == set(NAMES_OF_WAYS) - off
    for way in ways:
        assert way.usable or wording.why_text(way, who)
    listed = in_order(ways, profile_of(kind), who)
    assert sorted(way.channel.id for way in listed) == sorted(way.channel.id for way in ways)
    advice = advise(ways, profile_of(kind), who)
    assert advice is not None
    assert advice.way.offered
    assert advice.way.open or advice.way.usable
    assert calls or not advice.way.channel.voice
