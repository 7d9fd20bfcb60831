"""Cut lines and a killed server: every reader ends with everything, once, in order."""

from __future__ import annotations

from madoguchi.cli.dev.torture import r06_cut


def test_readers_on_bad_lines_miss_nothing_and_read_nothing_twice() -> None:
    report = r06_cut.run("sqlite", "", count=25, seed=5)
    assert report.ok, report.line()
    assert report.crashes == 1
    assert report.extra["deliveries"] >= 3 * report.acknowledged
    assert report.extra["resume_p99_ms"] < 5_000
