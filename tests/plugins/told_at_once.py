"""A pytest plugin: what fails, or is told once more, is named with its reason at that moment, not only at the end.

A run that is cut off by a time limit thereby still says what went wrong in it.
"""

from __future__ import annotations

import pytest

MOST_SAID = 900
WORDS = {"failed": "FAILED", "rerun": "ONCE MORE"}


class ToldAtOnce:
    """Listens in the process that prints; with pytest-xdist the reports of all workers arrive there."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        word = WORDS.get(report.outcome)
        if word:
            self._terminal.ensure_newline()
            self._terminal.write_line(
                f"{word} {report.nodeid} ({report.when}, {report.duration:.0f} s): {reason(report)}"
            )


def reason(report: pytest.TestReport) -> str:
    """What was raised, in one line, and the lines of ours that led there."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else str(report.longrepr)
    said = " | ".join(line.strip() for line in text.splitlines() if line.strip())
    return f"{said[:MOST_SAID]} <- {', '.join(_way(report))}"


def _way(report: pytest.TestReport) -> list[str]:
    entries = getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", [])
    places = [each.reprfileloc for each in entries if getattr(each, "reprfileloc", None)]
    return [f"{each.path}:{each.lineno}" for each in places if "site-packages" not in each.path]


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(terminal), "told-at-once")
