"""How well the search finds is computed right, and said by language; files that cannot be read say where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli.knowledge import app
from madoguchi.counter.knowledge.evaluating import Answer, Question, quality, read_questions
from madoguchi.counter.knowledge.files import ArticleError

QUESTIONS = Path(__file__).parent / "questions"


def answer(rank: int, language: str = "ja", ms: float = 1.0, *, sure: bool = True) -> Answer:
    return Answer(Question(lang=language, query="?", relevant=["a"]), ("a",), sure, rank, ms)  # type: ignore[arg-type]


@pytest.mark.req("HLP-002")
def test_recall_and_mean_reciprocal_rank_are_what_the_words_mean() -> None:
    answers = [answer(1), answer(2), answer(4, sure=False), answer(0, sure=False), answer(1, "en", ms=100)]
    found = quality(answers)
    assert list(found) == ["ja", "en", "all"]
    japanese = found["ja"]
    assert (japanese.questions, japanese.answered) == (4, 0.5)
    assert (japanese.recall_at_1, japanese.recall_at_3) == (0.25, 0.5)
    assert japanese.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)
    assert found["en"].p99_ms == 100 and found["all"].recall_at_1 == 0.4


def test_every_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    good = '{"lang":"ja","query":"返金","relevant":["refund-times"]}'
    file.write_text(
        f'{good}\n\n{{"lang":"xx","query":"a","relevant":["b"]}}\nnot json\n{{"lang":"ja","query":"a"}}\n',
        "utf-8",
    )
    with pytest.raises(ArticleError) as told:
        read_questions(file)
    assert [problem.split(":")[1] for problem in told.value.problems] == ["3", "4", "5"]


@pytest.mark.req("HLP-002")
def test_the_command_prints_recall_and_mrr_by_language_and_the_misses(tmp_path: Path) -> None:
    file = tmp_path / "few.jsonl"
    lines = (QUESTIONS / "short.jsonl").read_text("utf-8").splitlines()[:12]
    file.write_text(
        "\n".join([*lines, '{"lang":"en","query":"refund","relevant":["no-such-article"]}']), "utf-8"
    )
    runner = CliRunner()
    done = runner.invoke(app, ["evaluate", str(file), "--json", "--data", str(tmp_path / "data")])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert printed["ja"]["recall_at_3"] >= 0.9 and printed["en"]["recall_at_3"] == 0
    assert [miss["query"] for miss in printed["misses"]][-1] == "refund"
    shown = runner.invoke(app, ["evaluate", str(file), "--misses", "--data", str(tmp_path / "data")])
    for words in ("recall@1", "recall@3", "MRR", "p99", "(right: no-such-article)"):
        assert words in shown.stdout
