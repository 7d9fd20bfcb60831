"""The assistant books calls by itself, once, with a yes; it moves them and calls them off (CB-001 to CB-007, CB-010)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.steps.call_times import CallTime, kept_time, moment_of, span_of
from madoguchi.counter.actors import Rung
from madoguchi.counter.callbacks import booking, queries
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.model import Callback, CallPreference
from madoguchi.counter.contacts import events
from madoguchi.counter.team import service as team
from madoguchi.engine import failpoints
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.stage import Stage
from tests.callbacks.world import HOURS, TOKYO
from tests.conftest import StillClock

LANGUAGES = ["ja", "en", "zh-Hans", "zh-Hant", "ko"]
TOMORROW_AT_3 = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
ASKS = {
    "ja": "明日の午後3時に電話してください",
    "en": "Please call me tomorrow at 3pm",
    "zh-Hans": "请明天下午三点给我打电话",
    "zh-Hant": "請明天下午三點打電話給我",
    "ko": "내일 오후 3시에 전화해 주세요",
}
YES = {"ja": "はい", "en": "yes", "zh-Hans": "是的", "zh-Hant": "是的", "ko": "네"}
MOVES = {
    "ja": "電話の時間を明日の午後4時に変えたい",
    "en": "Please change the time of my call to 4pm tomorrow",
    "zh-Hans": "我想把回电的时间改到明天下午四点",
    "zh-Hant": "我想把回電時間改到明天下午四點",
    "ko": "전화 시간을 내일 오후 4시로 바꾸고 싶어요",
}
RATHER = {
    "ja": "やっぱり明日の午後5時にしてください",
    "en": "no, make it 5pm tomorrow",
    "zh-Hans": "不，改成明天下午五点吧",
    "zh-Hant": "不，改成明天下午五點吧",
    "ko": "아니요, 내일 오후 5시로 해 주세요",
}
CANCELS = {
    "ja": "折り返し電話の予約を取り消したい",
    "en": "Cancel my callback",
    "zh-Hans": "我想取消回电预约",
    "zh-Hant": "我想取消回電預約",
    "ko": "전화 예약을 취소하고 싶어요",
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("stage"), clock=StillClock(), callback={"caller_id": "0120-000-000"})


@pytest.fixture
def house(stage: Stage, tmp_path: Path, clock: StillClock) -> Iterator[House]:
    """A shop in which one person calls, who can make one booked call in each half-hour."""
    with stage.house(tmp_path, clock=clock) as house:
        house.database.write(_hire)
        yield house


def _hire(tx: Transaction) -> None:
    team.add_agent(
        tx,
        login="ito",
        password="kite-harbour-ito-77",
        name="ito",
        queues=["*"],
        languages=LANGUAGES,
        capacity=5,
        roles=["agent"],
    )


@dataclass
class Guest:
    """Somebody at the counter, and what became of their calls."""

    house: House
    chat: Chat

    def calls(self) -> list[Callback]:
        return self.house.database.read(queries.of_actor, self.chat.actor)

    def call(self) -> Callback:
        (found,) = self.calls()
        return found

    def says(self, *lines: str) -> str:
        for line in lines:
            self.chat.say(line)
        return self.chat.text


def signed_in(house: House, language: str = "ja", ref: str = "C1001") -> Guest:
    return Guest(house, Chat(house, ref, language=language))


def nobody_known(house: House, language: str = "ja") -> Guest:
    return Guest(house, Chat(house, "", rung=Rung.VISITOR, language=language))


@pytest.mark.req("CB-001", "CB-003", "CB-006", "CB-010")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_that_is_named_is_booked_after_a_yes(house: House, language: str) -> None:
    guest = signed_in(house, language)
    guest.says(ASKS[language])
    assert "090-••••-0001" in guest.chat.text
    guest.says(YES[language])
    (card,) = guest.chat.cards
    assert card["kind"] == "proposal"
    assert not guest.calls(), "nothing is booked before the yes"
    told = guest.says(YES[language])
    made = guest.call()
    assert (made.state, made.via, made.slot_at, made.language) == (
        "booked",
        "assistant",
        TOMORROW_AT_3,
        language,
    )
    assert made.phone == "+819000000001"
    assert "0120-000-000" in told
    assert made.case_id == guest.chat.contact.case_id
    assert {each["kind"] for each in guest.chat.cards} == {"receipt", "link"}
    assert any(made.id in str(each.get("url")) for each in guest.chat.cards)
    written = str([each.body for each in guest.chat.entries])
    assert "9000000001" not in written.replace("-", ""), "the number stands in the call-back only"


@pytest.mark.req("CB-001")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_booked_call_is_moved_and_called_off_in_the_talk(house: House, language: str) -> None:
    guest = signed_in(house, language)
    guest.says(ASKS[language], YES[language], YES[language])
    guest.says(MOVES[language])
    assert guest.call().slot_at == TOMORROW_AT_3
    guest.says(YES[language])
    assert guest.call().slot_at == TOMORROW_AT_3 + timedelta(hours=1)
    guest.says(CANCELS[language])
    assert guest.call().state == "booked", "a wish is no yes"
    guest.says(YES[language])
    assert (guest.call().state, guest.call().ended_by) == ("cancelled", "customer")


@pytest.mark.req("CB-001")
@pytest.mark.parametrize("language", LANGUAGES)
def test_another_time_instead_of_a_yes_is_read_back_and_booked_after_a_yes(
    house: House, language: str
) -> None:
    guest = signed_in(house, language)
    guest.says(ASKS[language], YES[language])
    before = guest.chat.cards[-1]
    guest.says(RATHER[language])
    (card,) = guest.chat.cards
    assert card["kind"] == "proposal" and card["id"] != before["id"]
    assert card["rows"] != before["rows"]
    assert not guest.calls(), "another time is no yes"
    guest.says(YES[language])
    assert (guest.call().state, guest.call().slot_at) == ("booked", TOMORROW_AT_3 + timedelta(hours=2))
    guest.says(MOVES[language], RATHER[language])
    assert guest.call().slot_at == TOMORROW_AT_3 + timedelta(hours=2)
    guest.says(YES[language])
    assert guest.call().slot_at == TOMORROW_AT_3 + timedelta(hours=2)


@pytest.mark.req("CB-001")
def test_a_yes_with_another_time_is_no_yes_yet(house: House) -> None:
    guest = signed_in(house)
    guest.says(ASKS["ja"], "はい")
    guest.says("はい、でも明日の午後5時に")
    assert not guest.calls()
    guest.says("はい")
    assert guest.call().slot_at == TOMORROW_AT_3 + timedelta(hours=2)


@pytest.mark.req("CB-001")
def test_no_books_nothing_and_cancels_nothing(house: House) -> None:
    guest = signed_in(house)
    guest.says(ASKS["ja"], "はい", "いいえ")
    assert not guest.calls()
    guest.says(ASKS["ja"], "はい", "はい", CANCELS["ja"], "いいえ")
    assert guest.call().state == "booked"


@pytest.mark.req("CB-002")
def test_at_once_is_offered_while_somebody_answers_the_telephone(house: House) -> None:
    guest = signed_in(house)
    guest.says("折り返し電話をください")
    assert any("今すぐ" in label for label in guest.chat.labels)
    guest.says("なるべく早くお願いします", "はい", "はい")
    made = guest.call()
    assert (made.kind, made.state) == ("now", "due")
    assert made.promised_at == house.database.clock() + timedelta(minutes=10)


@pytest.mark.req("CB-007")
def test_at_night_the_first_slot_after_opening_is_offered(house: House, clock: StillClock) -> None:
    clock.now = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)  # 22:30 in Tokyo
    guest = signed_in(house)
    guest.says("今すぐ電話してください")
    assert not any("今すぐ" in label for label in guest.chat.labels)
    assert "9:00" in guest.chat.labels[0]
    guest.chat.press(guest.chat.labels[0])
    guest.says("はい", "はい")
    assert guest.call().slot_at == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


@pytest.mark.req("CB-003")
def test_a_slot_that_was_taken_meanwhile_is_not_promised_twice(house: House) -> None:
    guest = signed_in(house)
    guest.says(ASKS["ja"], "はい")
    other = nobody_known(house)
    wish = Wish(phone="03-1234-5678", language="ja", client_key="other", slot_at=TOMORROW_AT_3, via="staff")
    house.calls.book(other.chat.actor, wish)
    told = guest.says("はい")
    assert "たった今" in told
    assert not guest.calls()
    guest.chat.press("13:00–13:30")
    guest.says("はい")
    assert guest.call().slot_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.req("CB-003")
def test_only_what_is_free_is_offered_near_a_time_that_is_full(house: House) -> None:
    other = nobody_known(house)
    wish = Wish(phone="03-1234-5678", language="ja", client_key="other", slot_at=TOMORROW_AT_3, via="staff")
    house.calls.book(other.chat.actor, wish)
    guest = signed_in(house)
    guest.says(ASKS["ja"])
    offered = guest.chat.labels[:-1]
    assert [each[-11:] for each in offered] == ["14:00–14:30", "14:30–15:00", "15:30–16:00"]


@pytest.mark.req("CB-005", "CB-001")
def test_a_visitor_is_called_only_after_the_mailed_code(house: House) -> None:
    guest = nobody_known(house)
    guest.says(ASKS["ja"])
    assert "読み取れ" in guest.says("0990-123-456")  # costs dearly
    guest.says("０９０－１２３４－５６７８", "guest@example.jp", "はい")
    made = guest.call()
    assert (made.state, made.contact_id, made.phone) == ("unconfirmed", "", "+819012345678")
    right = booking.code_of(house.keys, made.id)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert "違う" in guest.says(wrong)
    assert guest.call().state == "unconfirmed"
    told = guest.says(right)
    assert guest.call().state == "booked"
    assert "0120-000-000" in told


@pytest.mark.req("CB-001")
@pytest.mark.parametrize("at", ["yes", "code"])
def test_a_turn_that_breaks_off_after_the_deed_books_once(house: House, at: str) -> None:
    """The deed is done, and the words about it are lost: thinking again finds what was booked."""
    guest = signed_in(house) if at == "yes" else nobody_known(house)
    if at == "yes":
        guest.says(ASKS["ja"], "はい")
        last = "はい"
    else:
        guest.says(ASKS["ja"], "090-1234-5678", "guest@example.jp", "はい")
        last = booking.code_of(house.keys, guest.call().id)
    failpoints.arm("assistant.turn.before_write:1:raise")
    try:
        with pytest.raises(failpoints.FailpointReached):
            guest.chat.say(last)
    finally:
        failpoints.arm(None)
    guest.chat.turn()
    assert guest.call().state == "booked"
    assert "0120-000-000" in guest.chat.text
    guest.chat.turn()
    assert len(guest.calls()) == 1
    assert len(guest.chat.facts(events.FLOW_ENDED)) == 1


@pytest.mark.req("CB-001", "CB-005")
def test_another_number_after_the_booking_calls_the_first_one_off(house: House) -> None:
    guest = signed_in(house)
    guest.says(ASKS["ja"], "はい", "はい")
    guest.says("いいえ、やっぱり03-3456-7890にかけてください", "はい")
    alive = [each for each in guest.calls() if each.live]
    assert [each.phone for each in alive] in (["+81334567890"], ["+819000000001"])
    assert len(alive) == 1


def test_who_wants_no_calls_is_told_and_not_called(house: House) -> None:
    guest = signed_in(house)
    person = str(guest.chat.actor.customer_id)
    house.calls.prefer(guest.chat.actor, CallPreference(person, no_calls=True))
    assert "文字で" in guest.says(ASKS["ja"], "はい", "はい")
    assert not guest.calls()


@pytest.mark.req("HND-007")
def test_where_people_do_it_themselves_the_page_is_shown(
    stage: Stage, tmp_path: Path, clock: StillClock
) -> None:
    table = {"labour": {"support_service.callback_request": "bot"}}
    settings = {"callback": {"caller_id": "0120-000-000"}, "assistant": table}
    with Stage(tmp_path / "own", clock=clock, **settings).house(clock=clock) as house:
        guest = signed_in(house)
        guest.says(ASKS["ja"])
        (card,) = guest.chat.cards
        assert card["kind"] == "link"
        assert f"contact={guest.chat.id}" in card["url"]
        assert not guest.calls()


@pytest.mark.req("CB-004")
def test_the_chat_goes_on_in_the_call(house: House) -> None:
    guest = signed_in(house)
    guest.says(ASKS["ja"], "はい", "はい")
    made = guest.call()
    assert made.from_contact_id == guest.chat.id


# ── times in words ────────────────────────────────────────────────────────────────────────────────

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_times = st.builds(lambda h, m: f"{h:02d}:{m:02d}", st.integers(0, 23), st.integers(0, 59))
_days = st.none() | st.dates(date(2026, 11, 21), date(2026, 11, 27))
_spans = st.builds(lambda n, unit: f"PT{n}{unit}", st.integers(1, 59), st.sampled_from("HM"))


@pytest.mark.req("CB-001")
@given(_days, _times | _spans | st.sampled_from(["", "morning", "afternoon", "evening"]))
def test_a_wish_is_kept_as_words_and_read_back(day: date | None, told: str) -> None:
    assert kept_time(CallTime(day, told).kept) == CallTime(day, told)


@pytest.mark.req("CB-001")
@given(_days, _times)
def test_a_time_is_the_next_at_which_we_call(day: date | None, told: str) -> None:
    moment = moment_of(CallTime(day, told), NOON, TOKYO, HOURS.is_open)
    assert moment is not None
    local = moment.astimezone(TOKYO)
    hour, minute = map(int, told.split(":"))
    assert (local.hour % 12, local.minute) == (hour % 12, minute)
    assert hour < 12 or local.hour == hour, "15:00 is never 3 in the morning"
    assert day is None or local.date() == day
    if HOURS.is_open(moment):
        assert moment > NOON


@given(_days, st.sampled_from(["", "morning", "afternoon", "evening"]))
def test_a_part_of_a_day_is_one_that_is_not_over(day: date | None, part: str) -> None:
    begin, end = span_of(CallTime(day, part), NOON, TOKYO)
    assert begin < end
    assert end > NOON
    assert moment_of(CallTime(day, part), NOON, TOKYO, HOURS.is_open) is None
