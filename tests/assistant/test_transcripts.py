"""Whole conversations, as text files, against the demonstration shop with everything put together."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.faces.house import House
from madoguchi.rehearsal.script import ScriptError, play, read_script

_proves = (
    pytest.mark.req
)  # the ids stand in the transcripts, where `madoguchi dev requirements` reads them too
FOLDER = Path(__file__).parent / "transcripts"


def _files() -> list[object]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        script = read_script(path)
        marks = [_proves(*script.requirements)] if script.requirements else []
        found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


@pytest.mark.parametrize("path", _files())
def test_the_conversation_goes_as_written(path: Path, house: House) -> None:
    failure = play(read_script(path), house)
    assert failure is None, f"{path.name}: {failure}"


def test_a_line_that_nobody_says_is_named(tmp_path: Path) -> None:
    script = tmp_path / "odd.txt"
    script.write_text("who: C1001\n客: こんにちは\nだれか: はい\n", "utf-8")
    with pytest.raises(ScriptError, match=r"odd\.txt:3"):
        read_script(script)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("窓口: 存在しない言葉", "is missing"),
        ("客: [ない ボタン]", "no button"),
        ("結果: queue=payments", "queue is"),
        ("結果: mood=good", "there is no claim"),
    ],
)
def test_what_does_not_go_as_written_is_told(lines: str, why: str, tmp_path: Path, house: House) -> None:
    script = tmp_path / "wrong.txt"
    script.write_text(f"who: C1001\n客: 荷物はどこですか\n{lines}\n", "utf-8")
    failure = play(read_script(script), house)
    assert failure is not None
    assert failure.line.number == 3
    assert why in str(failure)
