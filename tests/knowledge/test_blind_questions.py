"""Questions of somebody who had seen titles of articles but never their texts find them (HLP-002); nobody tunes on these."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli.knowledge import app

BLIND = Path(__file__).parent / "questions" / "blind.jsonl"
GOAL = 0.95


@pytest.mark.req("HLP-002")
def test_the_right_article_is_among_the_first_three_in_every_language(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(BLIND), "--json", "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["all"]["questions"] >= 300
    assert {
        name: found[name]["recall_at_3"] >= GOAL for name in ("ja", "en", "zh-Hans", "zh-Hant", "ko")
    } == (dict.fromkeys(("ja", "en", "zh-Hans", "zh-Hant", "ko"), True))
    assert found["all"]["mrr"] >= GOAL
