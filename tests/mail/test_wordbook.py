"""The words of our mails: every letter is listed and reads in five languages; the shop's own words, their checks, their versions."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.channels.mail.wordbook import keeping, trying
from madoguchi.channels.mail.wordbook.checking import check, is_usable, places_of
from madoguchi.channels.mail.wordbook.composing import Filling, compose, lay_out
from madoguchi.channels.mail.wordbook.letters import GROUPS, letters
from madoguchi.channels.mail.wordbook.model import SHOP, Fact, LetterKind, Passage
from madoguchi.channels.mail.wordbook.place_words import PLACES
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import NAMES
from tests.mail.conftest import MailCounter
from tests.mail.letters import mail, words_of

SETTINGS = Settings.load(None, shop={"languages": list(NAMES)}, callback={"caller_id": "+81312345678"})
OURS = Ours.of(SETTINGS)
LEAD = Actor(kind="agent", id="agt_lead", roles=frozenset({"supervisor"}))
RECEIVED = letters()["mail_received"]
OWN = "ありがとうございます。番号は {number} です。"


def changed(
    database: Database,
    wanted: dict[str, str],
    seen: int = 0,
    letter: str = "mail_received",
    language: str = "ja",
) -> keeping.Version:
    return database.write(keeping.change, LEAD, letter, language, wanted, seen, OURS)


def refused(wanted: dict[str, str], letter: str = "mail_received") -> Invalid:
    kind = letters()[letter]
    with pytest.raises(Invalid) as refusal:
        for name, words in wanted.items():
            check(kind, kind.passages[name], words, OURS)
    return refusal.value


# ── every letter ──


@pytest.mark.parametrize("language", NAMES)
def test_every_letter_reads_in_five_languages(sqlite_database: Database, language: str) -> None:
    for kind in letters().values():
        made = sqlite_database.read(trying.seen, SETTINGS, kind, language)
        assert made.subject.strip() and made.text.strip(), kind.id
        assert "{" not in made.subject + made.text, kind.id
        assert SETTINGS.shop.name_in(language) in made.text or not kind.signed, kind.id


@pytest.mark.parametrize("language", [each for each in NAMES if each != "en"])
def test_every_passage_is_translated(language: str) -> None:
    for kind in letters().values():
        if kind.readers == "staff":
            continue
        for passage in kind.passages.values():
            if passage.text and passage.text != "{request}":
                told = tr(language, passage.text)
                assert told != passage.text, (kind.id, passage.name)
                assert set(places_of(told)) == set(passage.places), (kind.id, passage.name)


def test_what_the_console_says_of_letters_is_japanese() -> None:
    labels = {block.label for kind in letters().values() for block in kind.body if isinstance(block, Fact)}
    words = {*GROUPS, *PLACES.values(), *labels}
    words |= {text for kind in letters().values() for text in (kind.name, kind.when)}
    assert [each for each in words if tr("ja", each) == each] == []
    assert {place for kind in letters().values() for place in kind.places} <= PLACES.keys()


def test_a_letter_has_each_passage_once() -> None:
    for kind in letters().values():
        names = [each.name for each in (*kind.body, *kind.asides) if isinstance(each, Passage)]
        assert len(names) == len(set(names)), kind.id


# ── the shop's own words ──


def test_own_words_hold_from_the_next_mail_on_in_their_language_only(sqlite_database: Database) -> None:
    changed(sqlite_database, {"received": OWN, "opening": "{shop}です。"})
    told = {"number": "C-1", "hours": "9:00–18:00"}
    ja = sqlite_database.read(compose, SETTINGS, "mail_received", "ja", told)
    assert "ありがとうございます。番号は C-1 です。" in ja.text
    assert f"{SETTINGS.shop.name_in('ja')}です。" in ja.text
    en = sqlite_database.read(compose, SETTINGS, "mail_received", "en", told)
    assert "We have received your mail. Your enquiry has the number C-1." in en.text


def test_an_optional_passage_can_be_left_out_and_a_needed_one_cannot(sqlite_database: Database) -> None:
    ours = tr("ja", RECEIVED.passages["look_among"].text)
    changed(sqlite_database, {"look_among": ""})
    assert ours not in sqlite_database.read(compose, SETTINGS, "mail_received", "ja", {}).text
    assert refused({"received": "  "}).code == "letter_needed"


def test_who_we_are_and_how_to_say_no_stand_in_whatever_is_written(sqlite_database: Database) -> None:
    kind = letters()["survey"]
    with pytest.raises(Invalid, match="letter_fixed"):
        changed(sqlite_database, {"no_more": "…"}, letter="survey")
    own = {each.name: "" for each in kind.passages.values() if not each.needed}
    made = lay_out(SETTINGS, kind, "ja", Filling({}, {}), {**own, "question": "どうでしたか。"})
    assert tr("ja", kind.passages["no_more"].text) in made.text
    assert made.text.rstrip().endswith(SETTINGS.base_url)


@pytest.mark.parametrize("letter", letters())
def test_what_is_fixed_or_needed_always_stands_there(letter: str) -> None:
    kind = letters()[letter]
    for passage in kind.passages.values():
        if passage.fixed or passage.needed:
            with pytest.raises(Invalid):
                check(kind, passage, "", OURS)


def test_wrong_places_are_refused_with_the_nearest_name() -> None:
    unknown = refused({"received": "番号は {nummer} です"})
    assert unknown.code == "letter_place_unknown"
    assert (unknown.params["place"], unknown.params["near"]) == ("{nummer}", "{number}")
    missing = refused({"received": "ありがとうございます"})
    assert (missing.code, missing.params["place"]) == ("letter_place_missing", "{number}")
    assert refused({"opening": "{number.__class__}"}).code == "letter_place_form"
    assert refused({"opening": "{number!r}"}).code == "letter_place_form"
    assert refused({"opening": "{number:>10000000}"}).code == "letter_place_form"
    assert refused({"opening": "{0}"}).code == "letter_place_form"
    assert refused({"opening": "{number"}).code == "place_unclosed"


def test_html_links_to_elsewhere_and_requests_for_secrets_are_refused() -> None:
    assert refused({"opening": "<b>大事</b>"}).code == "letter_html"
    assert refused({"opening": "<img src=x onerror=y>"}).code == "letter_html"
    assert refused({"opening": "https://evil.example/x をご覧ください"}).code == "letter_foreign_link"
    assert refused({"opening": "パスワードを教えてください"}).code == "letter_asks_for_secrets"
    assert refused({"subject": f"{{number}} {'長' * 150}"}).code == "letter_too_long"
    assert refused({"subject": "一行目\n{number}"}).code == "letter_subject_lines"
    check(RECEIVED, RECEIVED.passages["opening"], "1 < 2 > 1", OURS)


_words = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
_braced = st.lists(
    st.one_of(_words, st.sampled_from(["{number}", "{shop}", "{hours}", "{", "}", "{{", "}}", "{x}"])),
    max_size=8,
).map("".join)


@given(
    words=_braced,
    kind=st.sampled_from(list(letters().values())),
    language=st.sampled_from(list(NAMES)),
)
def test_words_that_are_taken_can_be_laid_out_and_hold_their_places(
    words: str, kind: LetterKind, language: str
) -> None:
    """Whatever is typed: refused as Invalid, or it fills; what fills holds every value that ours holds."""
    values = {place: f"‹{place}›" for place in kind.places}
    for passage in kind.passages.values():
        if not is_usable(kind, passage, words, OURS):
            continue
        told = {passage.only} if passage.only else set()
        made = lay_out(SETTINGS, kind, language, Filling(values, {}, told), {passage.name: words})
        said = made.said[passage.name]
        if words.strip():
            assert all(f"‹{place}›" in said for place in passage.places if place != SHOP)


@given(name=st.text(string.ascii_letters + string.digits + "_.[]!:", min_size=1, max_size=12))
def test_only_names_of_the_letter_are_places(name: str) -> None:
    passage = RECEIVED.passages["opening"]
    words = f"{{{name}}}"
    assert is_usable(RECEIVED, passage, words, OURS) == (name in RECEIVED.places)


def test_kept_words_that_no_longer_fit_are_passed_over() -> None:
    made = lay_out(SETTINGS, RECEIVED, "en", Filling({"number": "C-1"}, {}), {"received": "gone {old}"})
    assert "We have received your mail. Your enquiry has the number C-1." in made.text


# ── versions ──


def test_versions_are_kept_and_one_can_go_back(database: Database) -> None:
    assert changed(database, {"received": OWN}).version == 1
    assert changed(database, {"received": f"{OWN}！"}, 1).version == 2
    back = database.write(keeping.go_back, LEAD, "mail_received", "ja", 1, 2, OURS)
    assert (back.version, back.back_to, back.words) == (3, 1, {"received": OWN})
    ours = database.write(keeping.go_back, LEAD, "mail_received", "ja", 0, 3, OURS)
    assert (ours.version, ours.words) == (4, {})
    kept = database.read(keeping.history, "mail_received", "ja")
    assert [each.version for each in kept] == [4, 3, 2, 1]
    assert database.read(keeping.own_words) == {}
    with pytest.raises(NotFound):
        database.write(keeping.go_back, LEAD, "mail_received", "ja", 9, 4, OURS)


def test_a_change_over_an_unseen_one_is_refused(database: Database) -> None:
    changed(database, {"received": OWN})
    with pytest.raises(Conflict, match="changed_meanwhile"):
        changed(database, {"received": f"{OWN}…"})
    assert database.read(keeping.own_words) == {"mail_received": ["ja"]}


def test_what_reads_as_ours_is_no_change(sqlite_database: Database) -> None:
    ours = {name: tr("ja", each.text) for name, each in RECEIVED.passages.items() if not each.fixed}
    assert changed(sqlite_database, ours).version == 0
    assert sqlite_database.read(keeping.history, "mail_received", "ja") == []


def test_every_change_is_audited_with_what_it_was_before(sqlite_database: Database) -> None:
    changed(sqlite_database, {"received": OWN})
    changed(sqlite_database, {"received": f"{OWN}。"}, 1)
    rows: list[Any] = sqlite_database.read(
        lambda tx: tx.all(select(audit).where(audit.c.action == "letter.changed").order_by(audit.c.seq))
    )
    assert [row.actor_id for row in rows] == [LEAD.id, LEAD.id]
    assert rows[1].detail["before"] == {"received": OWN}
    assert rows[1].detail["after"] == {"received": f"{OWN}。"}


@pytest.mark.req("CH-044")
def test_a_mail_really_sent_says_the_shops_words(counter: MailCounter) -> None:
    """By the errand of the acknowledgement, from the change on and not before."""
    counter.takes(mail("最初のメール").as_bytes())
    seen = counter.house.database.read(keeping.now, "mail_received", "ja").version
    counter.house.database.write(
        keeping.change, LEAD, "mail_received", "ja", {"received": OWN}, seen, Ours.of(counter.house.settings)
    )
    counter.takes(mail("次のメール", From="taro@example.jp").as_bytes())
    before, after = (words_of(each) for each in counter.mails())
    assert "ありがとうございます。番号は" not in before
    assert "ありがとうございます。番号は C-" in after
