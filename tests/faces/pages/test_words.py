"""Every word of the pages exists in Japanese; the styles are those of the design tokens."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from madoguchi.engine.texts import FOLDER, catalogue

ROOT = Path(__file__).parents[3]
FACES = ROOT / "src/madoguchi/faces"
PLACES = re.compile(r"\{\w+\}")
CALLS = {"t", "tr", "tn", "trn", "wrong", "Words"}
MODULES = [
    *sorted((FACES / "customer").glob("*.py")),
    *sorted((FACES / "demo").glob("*.py")),
    FACES / "desk/pages.py",
    FACES / "forms.py",
]


def of_templates() -> Iterator[str]:
    for path in sorted(FACES.glob("*/templates/*.html")):
        with path.open("rb") as file:
            options = {"trimmed": "false", "silent": "false"}
            for _, _, message, _ in babel_extract(file, ["t", "tn"], [], options):
                told = message if isinstance(message, str) or not message else message[0]
                if told:
                    yield told


def of_modules() -> Iterator[str]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = [*node.args] if name in CALLS else []
                given += [keyword.value for keyword in node.keywords if keyword.arg == "needed"]
                yield from (
                    one.value for one in given if isinstance(one, ast.Constant) and _is_sentence(one.value)
                )
            elif (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and _is_sentence(node.value.value)
            ):
                yield node.value.value


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and value[:1].isupper() and " " in value


WORDS = sorted({*of_templates(), *of_modules()})


@pytest.mark.req("LNG-001")
def test_every_text_of_the_pages_has_japanese_words_with_the_same_places() -> None:
    japanese = catalogue("ja")
    many = {
        words
        for words in WORDS
        if words.startswith(("{n}", "and {n}", "Please check {n} places", "It is valid"))
    }
    missing = [words for words in WORDS if words not in japanese and words not in many]
    assert not missing, "\n".join(missing)
    for words in WORDS:
        said = japanese.get(words)
        if isinstance(said, str):
            assert set(PLACES.findall(said)) == set(PLACES.findall(words)), words


def test_the_pages_use_the_design_tokens_as_they_are() -> None:
    shared, ours = ROOT / "web/ui/tokens.css", ROOT / "src/madoguchi/static/tokens.css"
    assert ours.read_bytes() == shared.read_bytes(), f"cp {shared.relative_to(ROOT)} {ours.relative_to(ROOT)}"


def test_templates_hold_neither_inline_script_nor_inline_style() -> None:
    for path in sorted(FACES.glob("*/templates/*.html")):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text), path.name
        scripts = [
            tag for tag in re.findall(r"<script[^>]*>", text) if "ld+json" not in tag
        ]  # data, never run
        assert all("src=" in tag for tag in scripts), path.name
        assert "|safe" not in text, path.name


if __name__ == "__main__":
    known = catalogue("ja")
    print("\n".join(words for words in WORDS if words not in known))
    print(FOLDER)
