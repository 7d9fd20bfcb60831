"""How long the report's page takes over ten million contacts, and how soon a changed contact is in the sums.

The contacts are put straight into the tables: a stock of measured contacts is made by the room's own code and spread
over the days of two years with weights, so that rows and sums agree (checked at the end of the filling). Then the page's
queries run as the console asks them: view, charts and table, by period and filters.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

import madoguchi.building  # noqa: F401 - every table
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.reports import cells, drilling, rows
from madoguchi.counter.reports.cells import Changes
from madoguchi.counter.reports.model import Measured, measured_contact
from madoguchi.counter.reports.reckoning import Terms
from madoguchi.counter.reports.tally import Tally, tally_of
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations import migrate
from madoguchi.engine.settings import Settings
from madoguchi.faces.report_charts import drawn
from madoguchi.faces.report_query import question
from madoguchi.faces.report_views import report_view

TODAY = date(2026, 11, 26)
TOKYO = ZoneInfo("Asia/Tokyo")
STOCK = 3000
DAYS = 730
AGENTS = [f"agt_{number}" for number in range(300)]
REPORTS = {
    "yesterday": "period=yesterday",
    "30 days, compared with the 30 before": "period=30&against=before",
    "90 days": "period=90",
    "365 days": "period=365",
    "365 days, compared with the year before": "period=365&against=year",
    "365 days, chat": "period=365&channel=chat",
    "365 days, chat in Japanese, by kind": "period=365&channel=chat&language=ja&by=kind",
    "30 days of one agent": f"period=30&agent={AGENTS[0]}",
}


def stock(rng: random.Random, mark: str) -> list[Measured]:
    """Contacts as they come: most by chat and in Japanese, few kinds often and many seldom."""
    kinds = list(categories())
    weights = [1 / (place + 1) for place in range(len(kinds))]
    return [_one(rng, rng.choices(kinds, weights)[0], mark) for _ in range(STOCK)]


def _one(rng: random.Random, kind: str, mark: str) -> Measured:
    person = rng.random() < 0.45
    wait = int(rng.expovariate(1 / 70)) if person else None
    left = person and rng.random() < 0.06
    taken = person and not left
    channel = rng.choices(("chat", "mail", "form", "phone"), (70, 15, 5, 10))[0]
    first = int(rng.expovariate(1 / 4)) if channel == "chat" else int(rng.expovariate(1 / 9000))
    again = int(rng.expovariate(1 / 90_000)) if rng.random() < 0.12 else None
    return Measured(
        id=None, contact_id=None, case_id="", opened_at=datetime(2026, 1, 1, tzinfo=UTC), day="", hour=0, channel=channel,
        language=rng.choices(("ja", "en", "zh-Hans", "zh-Hant", "ko"), (86, 7, 3, 2, 2))[0],
        queue=kind.split(".")[0][:20] if person else "", last_queue="", kind=kind,
        segment=rng.choices(("other", "member", "business"), (75, 20, 5))[0],
        agent_id=rng.choice(AGENTS) if taken else "", agents=[], said_customer=rng.randint(1, 6),
        said_assistant=rng.randint(1, 6), said_agent=rng.randint(1, 5) if taken else 0,
        entered_at=datetime(2026, 1, 1, tzinfo=UTC) if person else None,
        wait_end="taken" if taken else "left" if left else "", wait_s=wait, waited_s=wait or 0,
        in_target=wait is not None and taken and wait < 60, promised_low_s=30 if taken else None,
        promised_high_s=180 if taken else None, served_s=wait if taken else None, first_assistant_s=first,
        first_person_s=first + (wait or 0) if taken else None, hand_over_s=wait if taken else None,
        in_24h=first <= 86_400, letter_late=False if channel in ("mail", "form") else None,
        replies={str(rng.randint(9, 20)): [2, 150]} if taken and channel == "chat" else {}, waiting_s=first * 2,
        handled_s=int(rng.expovariate(1 / 400)) if taken else None, reason=rng.choice(("asked", "policy", "cannot_solve")) if person else "",
        transferred=int(rng.random() < 0.08), escalated=rng.random() < 0.01, reopened=rng.random() < 0.04, alone=not person,
        again_s=again, again_kind_s=again if rng.random() < 0.5 else None, day_over=True, week_over=True,
        flows=[[kind.split(".")[-1], ["which", "when"], "", "answer"]], case_first=True, case_solved=True, contact_at=datetime(2026, 1, 1, tzinfo=UTC), terms=mark,
        counted=True,
    )  # fmt: skip


def fill(database: Database, contacts: int, settings: Settings) -> None:
    """Two years: seven kinds of day, one for each weekday, with their contacts; days of a kind differ only in their date."""
    rng = random.Random(7)
    known = stock(rng, Terms.of(settings).mark)
    days = [TODAY - timedelta(days=back) for back in range(DAYS, 0, -1)]
    sizes = _sizes(contacts, days)
    kinds = {
        weekday: [replace(rng.choice(known), hour=_hour(rng)) for _ in range(size)]
        for weekday, size in sizes.items()
    }
    rest = contacts - sum(sizes[day.weekday()] for day in days)
    sums = {weekday: _changes(found) for weekday, found in kinds.items()}
    for weekday, found in kinds.items():
        database.write(_lay_out, weekday, found)
    indexes = database.write(_without_indexes)
    for day in days:
        database.write(_write_day, day, sums[day.weekday()])
    database.write(_write_months, days, sums)
    for _ in range(rest):
        row = replace(rng.choice(known), day=days[-1].isoformat())
        database.write(_write_one, row)
    for index in indexes:
        database.write(_run, index)


def _sizes(contacts: int, days: list[date]) -> dict[int, int]:
    weights = {weekday: 1.0 if weekday < 5 else 0.6 for weekday in range(7)}
    whole = sum(weights[day.weekday()] for day in days)
    return {weekday: int(contacts * weight / whole) for weekday, weight in weights.items()}


def _hour(rng: random.Random) -> int:
    return rng.choices(range(24), [1] * 8 + [5] * 13 + [2] * 3)[0]


def _changes(rows: list[Measured]) -> dict[cells.CellKey, Tally]:
    """The sums of one day, without its date."""
    changes = Changes()
    for row in rows:
        dated = replace(row, day="2026-01-05")
        changes.count(dated, tally_of(dated), 1)
    return {key: tally for key, tally in changes.by_cell.items() if key[1] == "day"}


def _lay_out(tx: Transaction, weekday: int, rows: list[Measured]) -> None:
    """A table with the rows of this weekday, to be copied from."""
    columns = [column for column in measured_contact.c if column.name != "id"]
    for start in range(0, len(rows), 500):
        values = [{c.name: getattr(row, c.name) for c in columns} for row in rows[start : start + 500]]
        tx.execute(insert(measured_contact), values)
    names = ", ".join(column.name for column in columns)
    tx.driver(f"CREATE TABLE day_{weekday} AS SELECT {names} FROM measured_contact").close()
    tx.driver("DELETE FROM measured_contact").close()


def _without_indexes(tx: Transaction) -> list[str]:
    """Drop them for the filling. Returns the statements that make them again: once over everything is far sooner."""
    found = tx.driver(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'measured_contact' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        _run(tx, f"DROP INDEX {name}")
    return [str(sql) for _, sql in found]


def _run(tx: Transaction, statement: str) -> None:
    tx.driver(statement).close()


def _write_day(tx: Transaction, day: date, sums: dict[cells.CellKey, Tally]) -> None:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=TOKYO).timestamp() * 1e6)
    changed = {"day": f"'{day}'", "opened_at": f"{midnight} + hour * 3600000000", "contact_at": f"{midnight}"}
    columns = [column.name for column in measured_contact.c if column.name != "id"]
    picked = ", ".join(changed.get(name, name) for name in columns)
    tx.driver(
        f"INSERT INTO measured_contact ({', '.join(columns)}) SELECT {picked} FROM day_{day.weekday()}"
    ).close()
    _write_cells(
        tx, {(key[0], "day", day.isoformat(), *key[3:]): _on(day, tally) for key, tally in sums.items()}
    )


def _write_months(tx: Transaction, days: list[date], sums: dict[int, dict[cells.CellKey, Tally]]) -> None:
    months: dict[cells.CellKey, Tally] = {}
    for (month, weekday), times in Counter((day.isoformat()[:7], day.weekday()) for day in days).items():
        for key, tally in sums[weekday].items():
            name = (key[0], "month", f"{month}-01", *key[3:])
            months.setdefault(name, Tally()).add(_named(weekday, tally), times)
    _write_cells(tx, months)


def _on(day: date, tally: Tally) -> Tally:
    return _named(day.weekday(), tally)


def _named(weekday: int, tally: Tally) -> Tally:
    """The sums were made on a Monday: contacts are to begin on this weekday."""
    words = {name.replace("at:0-", f"at:{weekday}-"): count for name, count in tally.words.items()}
    return Tally(tally.numbers, Counter(words))


def _write_cells(tx: Transaction, found: dict[cells.CellKey, Tally]) -> None:
    for key, tally in found.items():
        tx.driver(cells._WRITE, (*key, cells.packed(tally), cells.said(tally))).close()


def _write_one(tx: Transaction, row: Measured) -> None:
    rows.put(tx, row, None)
    changes = Changes()
    changes.count(row, tally_of(row), 1)
    changes.write(tx)


def measure(database: Database, settings: Settings, rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for name, query in REPORTS.items():
        asked = question(dict(part.split("=") for part in query.split("&")), TODAY)

        def page(tx: Transaction, asked: object = asked) -> None:
            view = report_view(tx, asked, TOKYO, settings.reports, "ja")  # type: ignore[arg-type]
            [each.picture for each in drawn(tx, view, settings.reports, "ja")]

        found[name] = [_timed(lambda page=page: database.read(page)) for _ in range(rounds)]
    asked = question({"period": "30"}, TODAY)
    drill = lambda: database.read(drilling.contacts_behind, asked.asked, "left")  # noqa: E731
    found["contacts behind a figure of 30 days"] = [_timed(drill) for _ in range(rounds)]
    return found


def _timed(run: object) -> float:
    began = time.perf_counter()
    run()  # type: ignore[operator]
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="Where to keep the database; it is used again if it is there."
    )
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        there = (folder / "reports.db").exists()
        database = Database(f"sqlite:///{folder / 'reports.db'}", synchronous="OFF")
        settings = Settings.load(None, data={"folder": folder})
        if not there:
            migrate(database)
            began = time.perf_counter()
            fill(database, chosen.contacts, settings)
            print(f"filled in {time.perf_counter() - began:.0f} s")
        number = database.read(lambda tx: tx.scalar(select(func.count()).select_from(measured_contact)))
        span = cells.Span(TODAY - timedelta(days=800), TODAY)
        assert database.read(cells.read, span, {})[""]["contacts"] == number == chosen.contacts
        found = measure(database, settings, chosen.rounds)
        size = (folder / "reports.db").stat().st_size
        database.close()
    if chosen.json:
        print(json.dumps(found))
        return
    print(
        f"{number:,} contacts, {size / 2**30:.1f} GiB, {platform.machine()}, Python {platform.python_version()}"
    )
    for name, seconds in found.items():
        print(f"{name:45} best {min(seconds):6.2f} s   all {', '.join(f'{each:.2f}' for each in seconds)}")


if __name__ == "__main__":
    main()
