"""What was once understood stays understood: floors by language and category, checked with every release."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from madoguchi.assistant.evaluation.accuracy import (
    FloorsError,
    Share,
    accuracy,
    losses,
    read_floors,
    write_floors,
)
from madoguchi.assistant.evaluation.lines import Line
from madoguchi.assistant.understanding import Phrases
from madoguchi.assistant.understanding.training import train
from madoguchi.cli.assistant import app

HERE = Path(__file__).parent
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")


def line(text: str, subcategory: str = "return_exchange_cancel.return_request", lang: str = "ja") -> Line:
    return Line(
        id=text,
        lang=lang,
        text=text,
        category=subcategory.split(".")[0],
        subcategory=subcategory.split(".")[1],
    )  # type: ignore[arg-type]


@pytest.mark.req("TECH-007")
@pytest.mark.parametrize("which", ["second", "third"])
def test_no_language_and_no_category_is_understood_less_than_in_the_last_release(which: str) -> None:
    done = CliRunner().invoke(app, ["accuracy", str(HERE / which)])
    assert done.exit_code == 0, done.output
    assert all(language in done.output for language in LANGUAGES)
    assert "account_security" in done.output
    floors = read_floors((HERE / which / "reached.toml").read_text("utf-8"))
    assert {language for language, _ in floors} == set(LANGUAGES)
    assert len(floors) >= 5 * 8


@pytest.mark.req("TECH-007")
def test_a_release_that_understands_less_is_refused_and_the_place_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "lines"
    folder.mkdir()
    shutil.copy(HERE / "second" / "ja.jsonl", folder)
    runner = CliRunner()
    assert runner.invoke(app, ["accuracy", str(folder), "--write"]).exit_code == 0
    assert runner.invoke(app, ["accuracy", str(folder)]).exit_code == 0
    known = {
        "payment_refund.receipt": ["領収書", "領収書をください"],
        "order_delivery.redelivery": ["再配達", "再配達をお願い"],
    }
    poor, _ = train(Phrases.read(_phrases(tmp_path, {kind: texts * 3 for kind, texts in known.items()})))
    poor.save(tmp_path / "poor.npz")
    worse = runner.invoke(app, ["accuracy", str(folder), "--model", str(tmp_path / "poor.npz")])
    assert worse.exit_code == 1
    assert "worse: ja all, 202 →" in worse.output


def test_a_file_of_floors_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    shutil.copy(HERE / "second" / "ja.jsonl", tmp_path)
    (tmp_path / "reached.toml").write_text("[ja]\nall = 'many'\n")
    told = CliRunner().invoke(app, ["accuracy", str(tmp_path)])
    assert told.exit_code == 1
    assert "ja.all: a number of lines is expected" in told.output
    with pytest.raises(FloorsError):
        read_floors("[ja")


def test_of_a_language_not_one_line_may_be_lost_of_a_category_in_it_one() -> None:
    reached = {("ja", "all"): 10, ("ja", "account_security"): 5}
    now = {("ja", "all"): Share(10, 12), ("ja", "account_security"): Share(4, 6)}
    assert losses(now, reached, tolerance=1) == []
    assert [each.category for each in losses(now, reached)] == ["account_security"]
    fewer = {**now, ("ja", "all"): Share(9, 12)}
    assert [each.category for each in losses(fewer, reached, tolerance=1)] == ["all"]
    assert {each.category for each in losses({}, reached)} == {"all", "account_security"}


def test_each_line_counts_for_its_language_and_for_its_category() -> None:
    lines = [line("返品"), line("交換", "return_exchange_cancel.exchange_request"), line("return", lang="en")]
    found = accuracy(lines, lambda each: "return_exchange_cancel.return_request")
    assert found["ja", "all"] == Share(1, 2)
    assert found["ja", "return_exchange_cancel"] == Share(1, 2)
    assert found["en", "all"] == Share(1, 1)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(["all", "account_security", "selling"])),
        st.integers(1, 300).flatmap(lambda lines: st.builds(Share, st.integers(0, lines), st.just(lines))),
    )
)
def test_what_is_written_is_what_is_read(found: dict[tuple[str, str], Share]) -> None:
    assert read_floors(write_floors(found)) == {place: share.right for place, share in found.items()}


def _phrases(folder: Path, kinds: dict[str, list[str]]) -> Path:
    place = folder / "phrases" / "ja"
    place.mkdir(parents=True)
    for kind, texts in kinds.items():
        (place / f"{kind}.txt").write_text("\n".join(texts) + "\n", "utf-8")
    return folder / "phrases"
