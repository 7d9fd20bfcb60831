"""A pytest plugin: a `req` mark that names no requirement of the catalogue fails the collection of its file.

`madoguchi dev requirements` reads the same marks from the sources; this is the check on each test run.
"""

from collections.abc import Generator

import pytest

from madoguchi.requirements import load_catalogue


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turns the report of a file or class into a failure that names the marks to mend in it."""
    report = yield
    if report.passed:
        items = [found for found in report.result if isinstance(found, pytest.Item)]
        faults = [fault for item in items for fault in faults_of(item)]
        if faults:
            report.outcome = "failed"
            report.longrepr = "\n".join(dict.fromkeys(faults))
            report.result = []
    return report


def faults_of(item: pytest.Item) -> list[str]:
    """What is wrong with the `req` marks of one test, a line for each, naming file and line."""
    path, line, _ = item.location
    where = f"{path}:{(line or 0) + 1}: {item.name}"
    faults = []
    for mark in item.iter_markers("req"):
        if mark.kwargs or not mark.args or not all(isinstance(arg, str) for arg in mark.args):
            faults.append(f'{where}: a req mark takes ids as plain strings, such as "RET-005"')
            continue
        catalogue = load_catalogue()
        for unknown in [arg for arg in mark.args if arg not in catalogue.titles]:
            near = catalogue.nearest(unknown)
            faults.append(f"{where}: no requirement {unknown!r}; the nearest is {near}")
    return faults
