"""Calendars: the most specific rule decides, exceptions and holidays close, and a change is seen at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.calendars import loading, queries, service
from madoguchi.counter.calendars.loading import Calendars, hours_of
from madoguchi.counter.calendars.model import DESK, PHONE, Calendar, CalendarDay, HoursRule
from madoguchi.counter.hours import Hours, closed_text, desk_hours, national_holidays, parse_spans
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings

OPERATOR = Actor(kind="agent", id="agt_ops", roles=frozenset({"operator"}))
TOKYO = ZoneInfo("Asia/Tokyo")
SETTINGS = Settings.load()
NINE_TO_FIVE = ["09:00-17:00"] * 5 + ["closed"] * 2


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


def calendar(**values: object) -> Calendar:
    return replace(Calendar("zh", "中国語", "Asia/Tokyo", NINE_TO_FIVE, "", 1), **values)  # type: ignore[arg-type]


def day(
    first: str, last: str = "", *, yearly: bool = False, spans: str = "closed", **reason: str
) -> CalendarDay:
    return CalendarDay(f"day_{first}", "zh", first, last or first, yearly, spans, reason)


def save(database: Database, calendar_id: str = "zh", version: int = 0, **values: object) -> Calendar:
    given = {"name": "中国語", "timezone": "Asia/Tokyo", "week": NINE_TO_FIVE, **values}
    return database.write(
        service.save,
        OPERATOR,
        calendar_id=calendar_id,
        version=version,
        **given,  # type: ignore[arg-type]
    )


def load(database: Database) -> Calendars:
    return database.read(loading.load, SETTINGS)


@pytest.mark.req("QUE-001")
def test_a_new_house_has_the_hours_of_its_settings_file(database: Database) -> None:
    found = load(database)
    assert found.hours_for() == desk_hours(SETTINGS)
    assert found.hours_for(channel="phone").week == (parse_spans(SETTINGS.hours.phone),) * 7
    assert found.hours_for("security", never_closes=True).always
    assert found.token == ""


@pytest.mark.req("QUE-002", "LNG-006")
def test_a_language_has_hours_of_its_own_and_one_number_never_closes(database: Database) -> None:
    save(database)
    save(database, "round", name="24時間", week=["00:00-24:00"] * 7)
    database.write(service.add_rule, OPERATOR, "zh", language="zh")
    database.write(service.add_rule, OPERATOR, "round", channel="phone", language="en")
    found = load(database)
    evening, night = tokyo("2026-11-20T19:00:00"), tokyo("2026-11-20T03:00:00")
    assert found.hours_for(channel="chat", language="ja").is_open(evening)
    assert not found.hours_for(channel="chat", language="zh-Hans").is_open(evening)
    assert not found.hours_for(channel="chat", language="zh-Hant").is_open(evening)
    assert found.hours_for(channel="phone", language="en").is_open(night)
    assert not found.hours_for(channel="phone", language="ja").is_open(night)


@pytest.mark.req("QUE-014")
def test_a_queue_in_london_opens_by_its_own_calendar_and_says_whose_time_it_is(database: Database) -> None:
    save(database, "london", name="ロンドン", timezone="Europe/London", country="GB")
    database.write(service.add_rule, OPERATOR, "london", queue="business")
    hours = load(database).hours_for("business", "chat", "en")
    assert hours.is_open(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    assert hours.is_open(datetime(2026, 7, 20, 8, 30, tzinfo=UTC))  # summer time
    assert not hours.is_open(datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 12, 25, 12, tzinfo=UTC))
    assert hours.text("ja") == "月〜金 9:00–17:00、土〜日 休み（ロンドン時間）"
    assert load(database).hours_for("orders", "chat", "en") == desk_hours(SETTINGS)


def test_a_queue_that_never_closes_listens_only_to_rules_that_name_it(database: Database) -> None:
    save(database)
    database.write(service.add_rule, OPERATOR, "zh", language="zh")
    night = tokyo("2026-11-20T03:00:00")
    assert load(database).hours_for("security", language="zh-Hans", never_closes=True).is_open(night)
    database.write(service.add_rule, OPERATOR, "zh", queue="security")
    assert not load(database).hours_for("security", language="ja", never_closes=True).is_open(night)


rules = st.lists(
    st.builds(
        lambda queue, channel, language, segment, to: HoursRule("", queue, channel, language, segment, to),
        st.sampled_from(["", "orders", "returns"]),
        st.sampled_from(["", "chat", "phone"]),
        st.sampled_from(["", "ja", "zh", "zh-Hans"]),
        st.sampled_from(["", "member"]),
        st.sampled_from(["a", "b", "c"]),
    ).filter(lambda rule: rule.weight[0] > 0),
    max_size=12,
    unique_by=lambda rule: (rule.queue, rule.channel, rule.language, rule.segment),
)


@pytest.mark.req("QUE-001")
@given(
    rules,
    st.sampled_from(["orders", "returns"]),
    st.sampled_from(["chat", "phone"]),
    st.sampled_from(["ja", "zh-Hans"]),
)
def test_no_rule_that_fits_says_more_than_the_one_that_decides(
    given_rules: list[HoursRule], queue: str, channel: str, language: str
) -> None:
    desk = Hours(TOKYO, (parse_spans("09:00-21:00"),) * 7)
    by_id = {name: replace(desk, country=name) for name in ("a", "b", "c")}
    ordered = tuple(sorted(given_rules, key=lambda rule: rule.weight, reverse=True))
    found = Calendars(desk, desk, by_id, ordered, "t").hours_for(queue, channel, language, ["member"])
    fitting = [
        rule
        for rule in given_rules
        if rule.queue in ("", queue)
        and rule.channel in ("", channel)
        and (not rule.language or language.startswith(rule.language))
    ]
    most = max((sum(map(bool, (r.queue, r.channel, r.language, r.segment))) for r in fitting), default=0)
    deciding = {
        r.calendar_id for r in fitting if sum(map(bool, (r.queue, r.channel, r.language, r.segment))) == most
    }
    assert found.country in (deciding or {""})


@pytest.mark.req("QUE-001", "QUE-008")
def test_exceptions_close_open_and_come_back_every_year() -> None:
    new_year = day("2025-12-31", "2026-01-03", yearly=True, ja="年末年始", en="New Year")
    sale = day("2026-11-29", spans="08:00-23:00", ja="セール")
    hours = hours_of(calendar(days=[new_year, sale]), TOKYO)
    assert not hours.is_open(tokyo("2028-01-03T12:00:00"))
    assert hours.is_open(tokyo("2028-01-04T12:00:00"))
    assert hours.is_open(tokyo("2026-11-29T22:30:00"))  # a Sunday
    night = tokyo("2027-12-31T02:00:00")
    assert hours.next_opening(night) == tokyo("2028-01-04T09:00:00")
    assert closed_text(hours.closed_for(night), "ja") == "年末年始のため休業しています。"
    assert closed_text(hours.closed_for(night), "ko")  # English stands in for what nobody has written
    assert hours.closed_for(tokyo("2026-11-25T20:00:00")) == {}  # a night like any other


@pytest.mark.req("QUE-001")
def test_a_public_holiday_closes_and_has_its_name_in_the_readers_language() -> None:
    hours = hours_of(calendar(country="JP"), TOKYO)
    culture_day = tokyo("2026-11-03T12:00:00")  # a Tuesday
    assert not hours.is_open(culture_day)
    assert closed_text(hours.closed_for(culture_day), "ja") == "文化の日のため休業しています。"
    assert "Culture Day" in closed_text(hours.closed_for(culture_day), "en")
    opened = hours_of(calendar(country="JP", days=[day("2026-11-03", spans="10:00-15:00")]), TOKYO)
    assert opened.is_open(culture_day)  # what the house says of a date goes before the holiday


moments = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
SPANS = ["closed", "09:00-21:00", "22:00-06:00", "00:00-24:00", "01:30-02:30", "09:00-12:00, 13:00-18:00"]
days = st.lists(
    st.builds(
        lambda first, length, yearly, spans: day(
            first.isoformat(),
            (first + timedelta(days=length)).isoformat(),
            yearly=yearly,
            spans=spans,
            en="why",
        ),
        st.dates(date(2025, 1, 1), date(2029, 12, 20)),
        st.integers(0, 9),
        st.booleans(),
        st.sampled_from(SPANS),
    ),
    max_size=6,
)


@pytest.mark.req("QUE-001", "QUE-014")
@given(
    st.sampled_from(["Asia/Tokyo", "Europe/London", "America/New_York", "Australia/Lord_Howe"]),
    st.sampled_from(["", "JP", "GB"]),
    st.lists(st.sampled_from(SPANS), min_size=7, max_size=7),
    days,
    moments,
)
def test_open_is_what_calendar_holidays_and_exceptions_say(
    zone: str, country: str, week: list[str], exceptions: list[CalendarDay], at: datetime
) -> None:
    """Against a second reading by wall clock, away from days on which the clocks change."""
    hours = hours_of(calendar(timezone=zone, country=country, week=week, days=exceptions), TOKYO)
    local = at.astimezone(hours.timezone)
    near = [(at + timedelta(days=shift)).astimezone(hours.timezone).utcoffset() for shift in (-2, 2)]
    opening = hours.next_opening(at)
    assert opening is None or (opening >= at and hours.is_open(opening))
    assert bool(hours.is_open(at)) == (opening == at)
    if near[0] != near[1]:
        return
    minute, today = local.hour * 60 + local.minute, local.date()
    expected = any(s.start <= minute < s.end for s in _spans(week, country, exceptions, today)) or any(
        s.start <= minute + 1440 < s.end for s in _spans(week, country, exceptions, today - timedelta(days=1))
    )
    assert hours.is_open(at) == expected


def _spans(week: list[str], country: str, exceptions: list[CalendarDay], on: date) -> tuple:  # type: ignore[type-arg]
    """Dated exceptions before yearly ones, the later before the earlier, all before holidays and the week."""
    for found in sorted(exceptions, key=lambda each: (not each.yearly, each.first, each.id), reverse=True):
        if _covers(found, on):
            return parse_spans(found.spans)
    if country and on in national_holidays(country):
        return ()
    return parse_spans(week[on.weekday()])


def _covers(found: CalendarDay, on: date) -> bool:
    first, last = date.fromisoformat(found.first), date.fromisoformat(found.last)
    if not found.yearly:
        return first <= on <= last
    for year in (on.year - 1, on.year):
        try:
            start = first.replace(year=year)
        except ValueError:
            continue
        if start <= on <= start + (last - first):
            return True
    return False


def test_a_change_is_seen_by_the_next_who_asks_and_is_in_the_audit_log(database: Database) -> None:
    first = save(database)
    database.write(service.add_rule, OPERATOR, "zh", language="zh")
    before = load(database)
    save(
        database,
        version=first.version,
        week=["10:00〜12:00", "休み", "", "closed", "closed", "closed", "closed"],
    )
    after = load(database)
    assert before.token != after.token
    assert after.hours_for(language="zh-Hans").week[0] == parse_spans("10:00-12:00")
    assert load(database) is after  # read once per change
    rows = database.read(lambda tx: tx.all(select(audit).where(audit.c.action == "calendar.saved")))
    assert rows[-1].detail["before"]["week"] == NINE_TO_FIVE
    assert rows[-1].detail["after"]["week"][0] == "10:00-12:00"


def test_who_has_not_seen_the_newest_version_changes_nothing(database: Database) -> None:
    save(database)
    save(database, version=1, name="二回目")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        save(database, version=1, name="三回目")
    assert database.read(queries.find, "zh").name == "二回目"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("id", {"calendar_id": "Ä b"}),
        ("name", {"name": " "}),
        ("timezone", {"timezone": "Asia/Atlantis"}),
        ("country", {"country": "XX"}),
        ("tuesday", {"week": ["closed", "9-5", *["closed"] * 5]}),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(
    sqlite_database: Database, field: str, values: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        save(sqlite_database, **values)
    assert refused.value.params["field"] == field
    assert load(sqlite_database).token == ""


def test_a_calendar_that_a_rule_names_stays(sqlite_database: Database) -> None:
    save(sqlite_database)
    rule = sqlite_database.write(service.add_rule, OPERATOR, "zh", language="zh")
    with pytest.raises(Conflict, match="calendar_in_use"):
        sqlite_database.write(service.remove, OPERATOR, "zh")
    sqlite_database.write(service.remove_rule, OPERATOR, rule.id)
    sqlite_database.write(service.remove, OPERATOR, "zh")
    assert load(sqlite_database).by_id.keys() == {DESK, PHONE}
    with pytest.raises(NotFound):
        sqlite_database.write(service.remove, OPERATOR, "zh")


def test_a_rule_for_the_same_is_replaced_and_one_for_nobody_refused(sqlite_database: Database) -> None:
    save(sqlite_database)
    for calendar_id in ("zh", PHONE):
        sqlite_database.write(service.add_rule, OPERATOR, calendar_id, language="zh")
    assert [rule.calendar_id for rule in sqlite_database.read(queries.rules)] == [PHONE]
    with pytest.raises(Invalid, match="rule_empty"):
        sqlite_database.write(service.add_rule, OPERATOR, PHONE)
    with pytest.raises(Invalid, match="unknown_calendar"):
        sqlite_database.write(service.add_rule, OPERATOR, "nowhere", language="ko")


def test_a_day_is_added_and_taken_away(sqlite_database: Database) -> None:
    save(sqlite_database)
    added = sqlite_database.write(
        service.add_day, OPERATOR, "zh", first="2026-11-26", reason={"ja": "棚卸し"}
    )
    noon = tokyo("2026-11-26T12:00:00")
    sqlite_database.write(service.add_rule, OPERATOR, "zh", language="zh")
    assert not load(sqlite_database).hours_for(language="zh").is_open(noon)
    sqlite_database.write(service.remove_day, OPERATOR, added.id)
    assert load(sqlite_database).hours_for(language="zh").is_open(noon)
    for field, wrong in (
        ("first", {"first": "26.11."}),
        ("last", {"first": "2026-11-26", "last": "2026-11-01"}),
    ):
        with pytest.raises(Invalid) as refused:
            sqlite_database.write(service.add_day, OPERATOR, "zh", **wrong)  # type: ignore[arg-type]
        assert refused.value.params["field"] == field
