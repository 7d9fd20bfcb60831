"""Staff, schedules and calendars as CSV files: what is written is read back without a change; faults name their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from madoguchi.cli import app
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.calendars import queries as calendars
from madoguchi.counter.calendars import service
from madoguchi.counter.routing import schedules
from madoguchi.counter.team import queries as team
from madoguchi.faces import setting_up
from madoguchi.faces.setting_up import Kind
from madoguchi.kit import sheets
from madoguchi.kit.sheets import Fault, Line, Unreadable
from tests.routing.conftest import Desk

ZONE = "Asia/Tokyo"


def faults(desk: Desk, text: str) -> list[tuple[int, str, str]]:
    found = setting_up.looked_at(desk.database, text, ZONE).faults
    return [(each.line, each.column, each.code) for each in found]


def do(desk: Desk, text: str) -> dict[str, str] | None:
    plan = setting_up.looked_at(desk.database, text, ZONE)
    assert plan.faults == []
    return setting_up.done(desk.database, SYSTEM, text, ZONE, plan.mark)


def full(desk: Desk) -> None:
    """A house with one of everything."""
    ito = desk.agent("ito", languages=("ja", "en"), queues=("orders", "returns"))
    desk.agent("kato")
    desk.database.write(
        schedules.save_week,
        SYSTEM,
        ito.id,
        timezone=ZONE,
        week=["09:00-12:00, 13:00-18:00"] * 7,
        breaks=["10:00-10:15"] * 7,
        version=0,
    )
    desk.database.write(
        schedules.add_day, SYSTEM, ito.id, first="2026-12-07", last="2026-12-08", note="有給, 午後"
    )
    desk.database.write(
        service.save,
        SYSTEM,
        calendar_id="zh",
        name="中国語、夜",
        timezone=ZONE,
        week=["22:00-06:00"] * 7,
        country="JP",
    )
    desk.database.write(
        service.add_day,
        SYSTEM,
        "zh",
        first="2026-12-31",
        last="2027-01-03",
        yearly=True,
        reason={"ja": "年末年始", "zh-Hans": "新年"},
    )


@pytest.mark.parametrize("kind", ["staff", "schedules", "calendars"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_is_written_is_read_back_without_a_change(quick_desk: Desk, kind: Kind, encoding: str) -> None:
    full(quick_desk)
    written = quick_desk.database.read(setting_up.written, kind)
    data = written.encode(encoding, errors="strict" if encoding != "cp932" else "replace")
    plan = setting_up.looked_at(quick_desk.database, sheets.decode(data), ZONE)
    assert (plan.kind, plan.faults, plan.changes) == (kind, [], [])


def test_an_empty_house_becomes_as_the_files_of_another_say(database_pair: tuple[Desk, Desk]) -> None:
    old, new = database_pair
    full(old)
    for kind in ("staff", "schedules", "calendars"):
        do(new, old.database.read(setting_up.written, kind))  # type: ignore[arg-type]
    for kind in ("staff", "schedules", "calendars"):
        texts = [each.database.read(setting_up.written, kind) for each in (old, new)]  # type: ignore[arg-type]
        assert texts[0] == texts[1]


@pytest.fixture
def database_pair(sqlite_database, tmp_path):  # type: ignore[no-untyped-def]
    from madoguchi.engine.database import Database
    from madoguchi.engine.migrations import migrate

    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    yield Desk(sqlite_database), Desk(other)
    other.close()


def test_a_fault_names_line_and_column_and_nothing_is_done(quick_desk: Desk) -> None:
    full(quick_desk)
    staff = "login,name,roles,languages,queues,capacity,profile,active\n"
    assert faults(quick_desk, staff + "new,,,,,,,\nito,,boss,,,,,\nkato,,,,,99,,maybe\n") == [
        (2, "name", "cell_missing"),
        (3, "roles", "unknown_role"),
        (4, "capacity", "out_of_range"),
    ]
    assert faults(quick_desk, staff + "a b,x,,,,,,\nito,,,xx,,,,\nito,,,,nowhere,,,\nkato,,,,,,no,\n") == [
        (2, "login", "login_unusable"),
        (3, "languages", "unknown_language"),
        (4, "queues", "unknown_queue"),
        (5, "profile", "unknown_profile"),
    ]
    assert faults(quick_desk, "login,day,shift,break\nnobody,monday,,\nito,someday,9-5,\n") == [
        (2, "login", "unknown_login"),
        (3, "shift", "spans_unreadable"),
        (3, "day", "day_unreadable"),
    ]
    found = faults(
        quick_desk, "calendar,name,timezone,country,day,hours\nzh,,Mars,ZZ,monday,nine\nzh,,,,31.12.,\n"
    )
    assert set(found) == {
        (2, "timezone", "unknown_timezone"),
        (2, "country", "unknown_country"),
        (2, "hours", "spans_unreadable"),
        (3, "day", "day_unreadable"),
    }
    assert quick_desk.database.read(team.by_login, "new") is None


def test_new_accounts_get_a_password_and_old_ones_only_what_the_file_says(quick_desk: Desk) -> None:
    full(quick_desk)
    made = do(quick_desk, "login,name,capacity,active\nsuzuki,鈴木,5,\nkato,,,no\n")
    assert made is not None and set(made) == {"suzuki"} and len(made["suzuki"]) >= 12
    kato = quick_desk.database.read(team.by_login, "kato")
    assert kato is not None and not kato.active and kato.queues == ["*"]


def test_what_was_not_looked_at_is_not_done(quick_desk: Desk) -> None:
    full(quick_desk)
    text = "login,capacity\nkato,9\n"
    mark = setting_up.looked_at(quick_desk.database, text, ZONE).mark
    do(quick_desk, "login,capacity\nkato,7\n")
    assert setting_up.done(quick_desk.database, SYSTEM, text, ZONE, mark) is None
    kato = quick_desk.database.read(team.by_login, "kato")
    assert kato is not None and kato.capacity == 7


def test_a_calendars_file_replaces_what_it_names_and_leaves_the_rest(quick_desk: Desk) -> None:
    full(quick_desk)
    do(
        quick_desk,
        "calendar,name,day,hours,reason_ja\nko,韓国語,monday,9:00〜17:00,\nko,,2026-12-25,休み,休業日\n",
    )
    found = {each.id: each for each in quick_desk.database.read(calendars.calendars)}
    assert set(found) == {"ko", "zh"}
    assert found["ko"].week == ["09:00-17:00", *["closed"] * 6]
    assert found["ko"].days[0].reason == {"ja": "休業日"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b"a,b\n1,2,3\n", "too_many_cells"),
        (b'a,b\n"1,2\n', "bad_csv"),
        (b"\x81\xff\x00,\xff\xfe\xfa", "bad_encoding"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable, match=code):
        sheets.read(sheets.decode(data))


cells = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)


@given(st.lists(st.tuples(cells, cells).filter(any), max_size=8))
def test_any_cells_survive_the_way_out_and_in(rows: list[tuple[str, str]]) -> None:
    """Also those that a spreadsheet would take for a formula: they leave with an apostrophe in front."""
    text = sheets.write(["a", "b"], rows)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in text.splitlines())
    _, lines = sheets.read(text)
    assert [(line["a"], line["b"]) for line in lines] == rows


def test_a_fault_is_said_in_the_readers_language() -> None:
    assert (
        setting_up.fault_text(Fault(3, "queues", "unknown_queue", {"queue": "x"}), "ja")
        == "3行目「queues」：xという窓口はありません"
    )
    assert Line(1, {"a": "b"})["c"] == ""


def test_the_command_line_reads_and_writes(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATA__FOLDER", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    runner = CliRunner()
    assert runner.invoke(app, ["migrate"]).exit_code == 0
    file = tmp_path / "staff.csv"
    file.write_bytes("login,name,languages\nsuzuki,鈴木,ja en:3\n".encode("cp932"))
    looked = runner.invoke(app, ["users", "import", str(file), "--dry-run"])
    assert looked.exit_code == 0 and "suzuki: new" in looked.output
    assert "suzuki" not in runner.invoke(app, ["users", "export"]).output
    done = runner.invoke(app, ["users", "import", str(file)])
    assert "password, shown only now" in done.output
    assert "suzuki,鈴木,鈴木,agent,ja:5 en:3" in runner.invoke(app, ["users", "export"]).output
    plan = tmp_path / "plan.csv"
    plan.write_text("login,day,shift,break\nsuzuki,monday,09:00-18:00,12:00-13:00\n", "utf-8")
    assert runner.invoke(app, ["hours", "import", str(plan)]).exit_code == 0
    assert (
        "suzuki,Asia/Tokyo,monday,09:00-18:00" in runner.invoke(app, ["hours", "export", "schedules"]).output
    )
    wrong = runner.invoke(app, ["users", "import", str(plan)])
    assert wrong.exit_code == 1 and "holds schedules" in wrong.output
    plan.write_text("login,day,shift\nsuzuki,monday,noon\n", "utf-8")
    faulty = runner.invoke(app, ["hours", "import", str(plan)])
    assert faulty.exit_code == 1 and "Line 2, column shift" in faulty.output
