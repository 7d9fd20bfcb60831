"""`madoguchi dev catalogue`: missing words, unused words, and the islands' files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from madoguchi.cli.dev.catalogue import ISLANDS, Checkout, examine, script_words
from madoguchi.engine.texts import catalogue

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    package, web = tmp_path / "src" / "madoguchi", tmp_path / "web"
    for folder in (package / "locale" / "ja", web / "core", web / "widget", web / "desk"):
        folder.mkdir(parents=True)
    (package / "rooms.py").write_text('TABLE = {"a": "In a table"}\nx = tr(language, "From Python")\n')
    (package / "page.html").write_text('<h1>{{ t("From a page") }}</h1>')
    (web / "core" / "a.ts").write_text('export const a = tn("{n} new", "{n} new ones", 2);\n')
    (web / "widget" / "b.tsx").write_text(
        'export const B = () => <p title={t("From the widget")}>{`${t("Nested")}`}</p>;\n'
    )
    (web / "desk" / "c.tsx").write_text('export const C = () => <p>{t("From the desk")}</p>;\n')
    return Checkout(package, web)


def translate(checkout: Checkout, *entries: str) -> None:
    (checkout.package / "locale" / "ja" / "words.po").write_text(PO + "\n\n".join(entries), "utf-8")


def complete(checkout: Checkout) -> None:
    keys = ("From Python", "From a page", "From the widget", "Nested", "From the desk")
    translate(
        checkout,
        *(f'msgid "{key}"\nmsgstr "訳 {key}"' for key in keys),
        'msgid "{n} new"\nmsgid_plural "{n} new ones"\nmsgstr[0] "新着 {n} 件"',
    )


def test_words_without_translation_are_named_with_their_place(checkout: Checkout) -> None:
    translate(checkout, 'msgid "From Python"\nmsgstr "訳"', 'msgid "From a page"\nmsgstr ""')
    missing = "\n".join(examine(checkout, write=False).missing)
    for key in ("From a page", "From the widget", "Nested", "From the desk", "{n} new"):
        assert repr(key) in missing
    assert "From Python" not in missing
    assert "page.html:1" in missing


def test_translations_that_nobody_says_are_named_but_those_of_tables_are_not(checkout: Checkout) -> None:
    translate(checkout, 'msgid "In a table"\nmsgstr "表"', 'msgid "Forgotten"\nmsgstr "忘"')
    assert examine(checkout, write=False).unused == ["ja: 'Forgotten'"]


def test_each_island_carries_only_its_own_words(checkout: Checkout) -> None:
    complete(checkout)
    assert examine(checkout, write=True).missing == []
    folder = checkout.package / "static" / "i18n"
    assert json.loads((folder / "widget.ja.json").read_text("utf-8")) == {
        "From the widget": "訳 From the widget",
        "Nested": "訳 Nested",
        "{n} new": ["新着 {n} 件"],
    }
    assert set(json.loads((folder / "desk.ja.json").read_text("utf-8"))) == {"From the desk", "{n} new"}


def test_a_check_writes_nothing_and_finds_stale_files(checkout: Checkout) -> None:
    complete(checkout)
    report = examine(checkout, write=False)
    assert report.stale == ["widget.ja.json", "desk.ja.json"]
    assert not (checkout.package / "static").exists()
    examine(checkout, write=True)
    assert examine(checkout, write=False).good


def test_two_translations_of_one_word_are_said(checkout: Checkout) -> None:
    complete(checkout)
    (checkout.package / "locale" / "ja" / "zz.po").write_text(PO + 'msgid "Nested"\nmsgstr "別"', "utf-8")
    assert any("Nested" in line for line in examine(checkout, write=False).twice)


def test_a_language_owes_the_parts_that_it_has_whole_and_no_others(checkout: Checkout) -> None:
    complete(checkout)
    ja = checkout.package / "locale" / "ja"
    (ja / "desk.po").write_text(PO + 'msgid "From the desk"\nmsgstr "机"', "utf-8")
    (ja / "widget.po").write_text(
        PO + 'msgid "From the widget"\nmsgstr "窓"\n\nmsgid "Nested"\nmsgstr "内"', "utf-8"
    )
    for path in ja.glob("*.po"):
        text = path.read_text("utf-8").replace('msgid "From the desk"\nmsgstr "訳 From the desk"', "")
        path.write_text(text, "utf-8")
    other = checkout.package / "locale" / "zh_Hant"
    other.mkdir()
    (other / "widget.po").write_text(PO + 'msgid "From the widget"\nmsgstr "視窗"', "utf-8")
    report = examine(checkout, write=True)
    assert [line.split(" (")[0] for line in report.missing] == ["zh-Hant: 'Nested'"]
    made = {path.name for path in (checkout.package / "static" / "i18n").iterdir()}
    assert made == {"widget.ja.json", "desk.ja.json", "widget.zh-Hant.json"}


SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "zh-Hans": re.compile(r"[\u4e00-\u9fff]"),
    "zh-Hant": re.compile(r"[\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
}


@pytest.mark.req("LNG-001")
@pytest.mark.parametrize("language", list(SCRIPTS))
def test_every_word_of_the_widget_is_in_every_language(language: str) -> None:
    checkout = Checkout.here()
    words = script_words(checkout.web, ISLANDS["widget"])
    kept = json.loads(
        (checkout.package / "static" / "i18n" / f"widget.{language}.json").read_text("utf-8")
    )
    assert sorted(set(words) - set(kept)) == []
    latin = [key for key, text in kept.items() if not SCRIPTS[language].search(str(text))]
    assert latin == ["{name}: {text}"]


@pytest.mark.req("LNG-001")
@pytest.mark.parametrize("language", list(SCRIPTS))
def test_translations_keep_their_places_and_their_own_script(language: str) -> None:
    folder = Checkout.here().package / "locale" / language.replace("-", "_")
    foreign = {
        "ja": r"[\uac00-\ud7a3]",
        "ko": r"[\u3040-\u30fa\u4e00-\u9fff]",
    }.get(language, r"[\u3040-\u30fa\uac00-\ud7a3]")
    for key, text in catalogue(language).items():
        for form in [text] if isinstance(text, str) else text:
            assert not re.search(foreign, form), (folder.name, key, form)
            extra = set(re.findall(r"\{(\w+)\}", form)) - set(re.findall(r"\{(\w+)\}", key)) - {"n"}
            assert not extra, (folder.name, key, form)
            if language == "zh-Hans":
                re.sub(r"[^\u4e00-\u9fff]", "", form).encode("gb2312")
            if language == "zh-Hant":
                re.sub(r"[^\u4e00-\u9fff]", "", form).encode("big5")


def test_nothing_that_a_plain_search_finds_escapes_the_extraction() -> None:
    """The lexer reads TSX; where it lost its way, a word would silently stay English."""
    web = Checkout.here().web
    for folders in ISLANDS.values():
        paths = [path for folder in folders for path in (web / folder).rglob("*.ts*")]
        said = {key for path in paths for key in re.findall(r'\btn?\(\s*"([^"]+)"', path.read_text("utf-8"))}
        assert said - set(script_words(web, folders)) == set()
