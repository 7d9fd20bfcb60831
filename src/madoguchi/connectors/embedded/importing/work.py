"""The import itself: files in, a report out. What is wrong is reported, what is right is kept, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Literal

from madoguchi.connectors.embedded.importing import csv_files, json_files, shopify
from madoguchi.connectors.embedded.importing.judging import Document, Draft, judge, only_once
from madoguchi.connectors.embedded.importing.reading import Unreadable, decode, heading_of, rows
from madoguchi.connectors.embedded.importing.report import KINDS, Kind, Place, Problem, Report
from madoguchi.connectors.embedded.importing.storing import Kept, keep
from madoguchi.connectors.embedded.stages import SHOP_ZONE
from madoguchi.engine.database import Database, Transaction

Format = Literal["auto", "json", "csv", "shopify"]
Progress = Callable[[int, int], None]  # records done, records in all
Judged = tuple[Kind, Place, Document]

_BATCH = 200
_SUFFIXES = {".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt"}


def import_files(
    database: Database,
    paths: Sequence[Path],
    *,
    form: Format = "auto",
    atomic: bool = False,
    zone: tzinfo = SHOP_ZONE,
    language: str = "ja",
    progress: Progress | None = None,
) -> Report:
    """Read files and folders and keep what they hold.

    `atomic`: one problem, and nothing is kept. `zone`: for moments without one. `language`: of names that are given
    without one. Repeating an import changes nothing.
    """
    report = Report()
    judged = _judge_all(_read_all(_files(paths, report), form, report, language), zone, language, report)
    report.problems.sort(key=lambda problem: (problem.place.file, problem.place.line))
    if atomic and report.errors:
        report.rolled_back = True
        return report
    tell = progress or (lambda done, whole: None)
    if atomic:
        try:
            _note(report, judged, database.write(_keep_all, judged, tell))
        except _Undo as undone:
            report.problems.append(undone.problem)
            report.rolled_back = True
        return report
    for start in range(0, len(judged), _BATCH):
        batch = judged[start : start + _BATCH]
        _note(report, batch, database.write(_keep_all, batch))
        tell(start + len(batch), len(judged))
    return report


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


def _files(paths: Sequence[Path], report: Report) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES)
        elif path.is_file():
            yield path
        else:
            report.problems.append(Problem(Place(str(path)), "", "no_file"))


def _read_all(paths: Iterator[Path], form: Format, report: Report, language: str) -> Iterator[Draft]:
    tables = csv_files.Tables()
    for path in paths:
        try:
            text = decode(path.read_bytes(), path.name)
            if not text.strip():
                raise Unreadable(Problem(Place(path.name), "", "empty_file"))
            yield from _read(text, path, form, report, language, tables)
        except Unreadable as error:
            report.problems.append(error.problem)
    yield from tables.drafts()
    report.problems += tables.problems
    for kind, number in tables.broken.items():
        report.count(kind, "bad", number)


def _read(
    text: str, path: Path, form: Format, report: Report, language: str, tables: csv_files.Tables
) -> Iterator[Draft]:
    file = path.name
    begins = text.lstrip("\ufeff \t\r\n")[:1]
    if form == "json" or (form == "auto" and begins in ("{", "[")):
        yield from json_files.records(text, file, report.problems)
        return
    heading = heading_of(text)
    if form == "shopify" or (form == "auto" and shopify.is_shopify(heading)):
        missing = [name for name in shopify.NEEDED if name not in heading]
        if missing:
            raise Unreadable(Problem(Place(file, 1), "", "columns_missing", {"columns": ", ".join(missing)}))
        orders, bad = shopify.drafts(rows(text, file, report.problems), report.problems, language)
        report.count("order", "bad", bad)
        yield from orders
        return
    table = csv_files.table_of(file, heading)
    if table is None:
        raise Unreadable(Problem(Place(file), "", "unknown_file"))
    found = list(csv_files.check_heading(table, heading, Place(file, 1)))
    report.problems += found
    if not any(problem.code == "columns_missing" for problem in found):
        tables.rows[table] += rows(text, file, report.problems)


# ── judging ───────────────────────────────────────────────────────────────────────────────────────


def _judge_all(drafts: Iterable[Draft], zone: tzinfo, language: str, report: Report) -> list[Judged]:
    """Documents in the order in which they need each other: sellers, products, customers, orders."""
    single, doubles = only_once(drafts)
    report.problems += doubles
    judged = []
    for draft in sorted(single, key=lambda draft: KINDS.index(draft.kind)):
        document = judge(draft, zone, language)
        if isinstance(document, list):
            report.problems += document
            report.count(draft.kind, "bad")
        else:
            judged.append((draft.kind, draft.place, document))
    return judged


# ── keeping ───────────────────────────────────────────────────────────────────────────────────────


class _Undo(Exception):
    """Ends an atomic import without a trace."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def _keep_all(tx: Transaction, batch: Sequence[Judged], tell: Progress | None = None) -> list[Kept]:
    """What became of each record, in order. With `tell`, a record that cannot be kept ends it all."""
    results = []
    for done, (_, place, document) in enumerate(batch, 1):
        result = keep(tx, document)
        if tell:
            tell(done, len(batch))
            if result == "changed_here":
                raise _Undo(Problem(place, "", "changed_here"))
        results.append(result)
    return results


def _note(report: Report, batch: Sequence[Judged], results: Sequence[Kept]) -> None:
    for (kind, place, _), result in zip(batch, results, strict=True):
        if result == "changed_here":
            report.problems.append(Problem(place, "", "changed_here"))
            report.count(kind, "bad")
        else:
            report.count(kind, result)
