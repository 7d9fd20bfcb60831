"""`madoguchi dev load`: customers of a busy day at real servers; who was not served is told."""

from __future__ import annotations

import json
import socket

import pytest
from typer.testing import CliRunner

from madoguchi.cli import app
from madoguchi.cli.dev.load import _record
from madoguchi.rehearsal.arrivals import Plan, Tally, visit


@pytest.mark.req("QUE-013")
def test_customers_come_at_the_rate_of_the_settings_and_all_are_served(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = tmp_path_factory.mktemp("load") / "madoguchi.toml"
    settings.write_text("[capacity]\ncontacts_per_day = 17280\npeak = 5\n")
    done = CliRunner().invoke(app, ["dev", "load", "--seconds", "6", "--json", "--settings", str(settings)])
    told = json.loads(done.stdout)
    assert done.exit_code == 0, told
    assert told["target_per_second"] == 1.0
    assert told["served"] == told["came"] > 0
    assert told["words"] >= told["came"]
    assert told["unanswered"] == 0
    assert 0 < told["reply_p50_s"] <= told["reply_p95_s"] <= told["reply_p99_s"]
    assert told["machine"].keys() == {"processor", "cores", "memory_gib", "load", "python"}


def test_who_finds_nobody_is_counted() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        tally = visit(Plan(20.0, 0.5, [f"http://127.0.0.1:{taken.getsockname()[1]}"], seed=3))
    assert tally.came > 0
    assert tally.served == 0
    assert sum(tally.refused.values()) == tally.came
    assert not _record(tally, 20.0, 1, "sqlite", 1, 3)["ok"]


@pytest.mark.parametrize(
    ("tally", "good"),
    [
        (Tally(came=2, served=2, replies=[0.1, 0.2], opened=[0.1], seconds=1), True),
        (Tally(came=2, served=1, replies=[0.1], opened=[0.1], seconds=1), False),
        (Tally(came=2, served=2, replies=[0.1], unanswered=1, opened=[0.1], seconds=1), False),
        (Tally(came=2, served=2, replies=[0.1, 3.1], opened=[0.1], seconds=1), False),
    ],
    ids=["all served", "one refused", "a word unanswered", "too slow for one of twenty"],
)
def test_a_busy_day_is_stood_only_if_everybody_was_served_in_time(tally: Tally, good: bool) -> None:
    assert _record(tally, 1.0, 86_400, "sqlite", 1, 1)["ok"] is good
