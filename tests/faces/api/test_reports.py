"""Reports for programs: the console's own figures, of any period, compared, filtered, as JSON and for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from madoguchi.building import follower_of
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.reports.families import FAMILIES
from madoguchi.faces.report_query import question
from madoguchi.faces.report_views import report_view
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="module")
def program(counter: Counter) -> Caller:
    """A key that opens figures and nothing else; yesterday somebody was helped."""
    desk = counter.agent("ito")
    for _ in range(3):
        seen = in_hand(counter, counter.visitor(), desk)
        desk.post(
            f"/contacts/{seen['id']}/entries",
            {
                "text": "確認します",
                "client_key": f"said-{seen['id']}",
                "owner_version": seen["owner"]["version"],
            },
        )
    counter.clock.forward(days=2)
    follower_of(counter.house).catch_up()
    return counter.key("reports")


@pytest.mark.req("QLT-001", "QLT-004")
@pytest.mark.parametrize("family", [each.id for each in FAMILIES])
def test_what_a_program_reads_is_what_the_console_shows(
    program: Caller, counter: Counter, family: str
) -> None:
    told = program.get(f"/reports/{family}", period="7", against="before")
    today = counter.clock().astimezone(TOKYO).date()
    asked = question({"period": "7", "against": "before"}, today)
    view = counter.house.database.read(
        report_view, asked, TOKYO, counter.house.settings.reports, program.language
    )
    shown = next(each for each in view.families if each.id == family).figures
    assert [(each["id"], each["value"], each["count"], each["met"]) for each in told["figures"]] == [
        (each.id, each.value, each.count, each.met) for each in shown
    ]
    assert told["period"] == {
        "first": str(today - timedelta(days=7)),
        "last": str(today - timedelta(days=1)),
    }
    assert told["against"] == {
        "first": str(today - timedelta(days=14)),
        "last": str(today - timedelta(days=8)),
    }
    assert told["whole"] is True


def test_filters_groups_own_dates_and_goals(program: Caller, counter: Counter) -> None:
    day = str((counter.clock().astimezone(TOKYO) - timedelta(days=2)).date())
    own = {"period": "own", "first": day, "last": day}
    everybody = program.get("/reports/volumes", **own, by="channel")
    contacts = {each["id"]: each["value"] for each in everybody["figures"]}["contacts"]
    assert contacts == 3
    (chat,) = everybody["groups"]
    assert (chat["key"], chat["values"]["contacts"], chat["values"]["wait_p80"]) == ("chat", 3, 0)
    mails = program.get("/reports/volumes", **own, channel="mail")
    assert mails["filters"] == {"channel": "mail"}
    assert {each["id"]: each["value"] for each in mails["figures"]}["contacts"] == 0
    waits = {each["id"]: each for each in program.get("/reports/waits", **own)["figures"]}
    assert waits["service_level"]["goal"] == {"value": 0.8, "at_least": True}
    assert waits["letter_wait_p50"]["value"] is None and waits["chat_wait_p50"]["value"] == 0
    assert waits["wait_p80"]["channels"] == ["chat", "phone"]


def test_for_a_spreadsheet(program: Caller) -> None:
    answer = program.send("GET", "/reports/waits", params={"format": "csv", "period": "7"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    told = program.get("/reports/waits", period="7")
    assert [row[0] for row in rows[1:]] == [each["id"] for each in told["figures"]]
    assert rows[0][:4] == ["figure", "name", "value", "unit"]


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("nonsense", (404, "unknown_family")),
        ("waits?period=own&first=2026-11-20&last=2026-11-01", (422, "period")),
        ("waits?period=own&first=2026-13-20&last=2026-11-01", (422, "period")),
        ("waits?period=own", (422, "period")),
        ("waits?against=own&first2=2026-11-20", (422, "period")),
        ("waits?period=own&first=2000-01-01&last=2026-11-01", (422, "period")),
        ("waits?period=yesteryear", (422, "invalid")),
        ("waits?first=20", (422, "invalid")),
        ("waits?format=pdf", (422, "invalid")),
    ],
)
def test_what_cannot_be_used_is_refused(program: Caller, query: str, refused: tuple[int, str]) -> None:
    assert program.refused("GET", f"/reports/{query}") == refused


def test_the_scope_opens_figures_and_nothing_else(program: Caller, counter: Counter) -> None:
    families = program.get("/reports")["families"]
    assert [each["id"] for each in families] == [each.id for each in FAMILIES]
    assert all(figure["definition"] for each in families for figure in each["figures"])
    for path in ("/desk/inbox", "/agents", "/contacts"):
        assert program.send("GET", path).status_code == 403, path
    assert counter.key("contacts").refused("GET", "/reports/waits") == (403, "scope_missing")
    assert counter.customer(cast.MISAKI).refused("GET", "/reports") == (403, "staff_only")
    assert counter.agent("ito").refused("GET", "/reports/waits") == (403, "role_missing")
    assert counter.agent("mori").get("/reports/waits")["family"] == "waits"
