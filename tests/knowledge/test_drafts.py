"""Drafts: written while the live article stays, approved by somebody else, live at once or on a day, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge import drafts, queries, service
from madoguchi.counter.knowledge.draft_model import Draft
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.knowledge.model import Article, ArticleText, Asker
from madoguchi.counter.knowledge.reviewing import MOVES, after
from madoguchi.counter.problems import Conflict, NotAllowed, NotFound
from madoguchi.engine.database import Database
from madoguchi.engine.outbox import outbox
from tests.conftest import StillClock

WRITER = Actor(kind="agent", id="agt_writer", name="佐藤", roles=frozenset({"editor"}))
SECOND = Actor(kind="agent", id="agt_second", name="鈴木", roles=frozenset({"editor"}))
LEAD = Actor(kind="agent", id="agt_lead", name="森", roles=frozenset({"supervisor"}))


def text(body: str, **more: object) -> ArticleText:
    return ArticleText("返品の条件", body, ("返品",), date(2026, 11, 20), **more)  # type: ignore[arg-type]


def article(body: str = "30日以内です。", **texts: ArticleText) -> Article:
    return Article("house-rules", (), {"ja": text(body), **texts}, own=True)


def sent(database: Database, wanted: Article) -> Draft:
    draft = database.write(drafts.begin, wanted, WRITER)
    return database.write(drafts.send, wanted.id, draft.revision, WRITER)


def test_readers_see_the_live_article_until_the_draft_is_approved(
    database: Database, library: Library
) -> None:
    asker = Asker("ja")
    live = database.write(service.put, article("旧"), LEAD)
    draft = sent(database, replace(live, texts={"ja": text("新")}))
    assert library.read("house-rules", asker).body == "旧"
    put = database.write(drafts.approve, "house-rules", draft.revision, LEAD, four_eyes=True)
    assert put is not None and put.version == 2
    assert library.read("house-rules", asker).body == "新"
    assert database.read(drafts.find, "house-rules") is None
    assert database.read(queries.history, "house-rules")[-1].actor_name == "森"


def test_a_writer_does_not_approve_what_they_wrote(database: Database) -> None:
    both = replace(WRITER, roles=frozenset({"supervisor"}))
    draft = sent(database, article())
    with pytest.raises(NotAllowed, match="four_eyes"):
        database.write(drafts.approve, "house-rules", draft.revision, both, four_eyes=True)
    assert database.write(drafts.approve, "house-rules", draft.revision, both, four_eyes=False) is not None


def test_whoever_changed_a_word_of_it_is_a_writer_too(database: Database) -> None:
    draft = database.write(drafts.begin, article(), WRITER)
    draft = database.write(drafts.save, article("新"), draft.revision, LEAD)
    draft = database.write(drafts.send, "house-rules", draft.revision, WRITER)
    with pytest.raises(NotAllowed):
        database.write(drafts.approve, "house-rules", draft.revision, LEAD, four_eyes=True)


def test_sending_back_says_why_and_the_writer_goes_on(database: Database) -> None:
    draft = sent(database, article())
    with pytest.raises(Conflict, match="draft_elsewhere"):
        database.write(drafts.save, article("新"), draft.revision, WRITER)
    draft = database.write(
        drafts.send_back, "house-rules", draft.revision, LEAD, "日数の根拠を書いてください"
    )
    assert (draft.state, draft.word) == ("draft", "日数の根拠を書いてください")
    draft = database.write(drafts.save, article("新"), draft.revision, WRITER)
    assert database.write(drafts.send, "house-rules", draft.revision, WRITER).word == ""


def test_of_two_who_save_at_once_the_second_is_told_and_the_first_is_not_lost(database: Database) -> None:
    draft = database.write(drafts.begin, article("始め"), WRITER)
    database.write(drafts.save, article("先の人"), draft.revision, SECOND)
    with pytest.raises(Conflict, match="draft_changed") as told:
        database.write(drafts.save, article("後の人"), draft.revision, WRITER)
    assert told.value.params["by"] == "鈴木"
    kept = database.read(drafts.find, "house-rules")
    assert kept is not None and kept.article.texts["ja"].body == "先の人"


def test_a_second_who_begins_gets_the_draft_that_is_there(database: Database) -> None:
    database.write(drafts.begin, article("始め"), WRITER)
    assert database.write(drafts.begin, article("別"), SECOND).article.texts["ja"].body == "始め"


def test_a_draft_does_not_run_over_what_became_of_the_article_meanwhile(database: Database) -> None:
    live = database.write(service.put, article("旧"), LEAD)
    draft = sent(database, replace(live, texts={"ja": text("新")}))
    database.write(service.put, article("輸入"), LEAD)
    with pytest.raises(Conflict, match="article_moved"):
        database.write(drafts.approve, "house-rules", draft.revision, LEAD, four_eyes=True)
    seen = database.write(drafts.go_on_from_newest, "house-rules", draft.revision, LEAD)
    assert database.write(drafts.approve, "house-rules", seen.revision, LEAD, four_eyes=True) is not None
    assert [
        change.after["texts"]["ja"]["body"] for change in database.read(queries.history, "house-rules")
    ] == [
        "旧",
        "輸入",
        "新",
    ]


def test_an_approved_draft_goes_live_on_its_day(
    database: Database, clock: StillClock, library: Library
) -> None:
    draft = sent(database, article("新"))
    day = clock() + timedelta(days=3)
    assert database.write(drafts.approve, "house-rules", draft.revision, LEAD, four_eyes=True, at=day) is None
    errand = database.read(lambda tx: tx.all(outbox.select()))[0]
    assert (errand.topic, errand.due_at) == (drafts.LIVE, day)
    with pytest.raises(NotFound):
        library.read("house-rules", Asker("ja"))
    clock.forward(days=3)
    put = database.write(drafts.due, "house-rules", errand.payload["revision"])
    assert put is not None and library.read("house-rules", Asker("ja")).body == "新"
    assert database.read(queries.history, "house-rules")[-1].actor_name == "森"
    assert database.write(drafts.due, "house-rules", errand.payload["revision"]) is None


def test_a_day_that_was_taken_back_does_not_come(database: Database, clock: StillClock) -> None:
    draft = sent(database, article("新"))
    database.write(
        drafts.approve, "house-rules", draft.revision, LEAD, four_eyes=True, at=clock() + timedelta(days=1)
    )
    waiting = database.read(drafts.find, "house-rules")
    assert waiting is not None and waiting.state == "scheduled"
    database.write(drafts.take_back, "house-rules", waiting.revision, WRITER)
    assert database.write(drafts.due, "house-rules", waiting.revision) is None
    assert database.read(queries.find, "house-rules") is None


def test_a_day_comes_to_an_article_that_changed_meanwhile_as_a_review(
    database: Database, clock: StillClock
) -> None:
    draft = sent(database, article("新"))
    database.write(
        drafts.approve, "house-rules", draft.revision, LEAD, four_eyes=True, at=clock() + timedelta(days=1)
    )
    waiting = database.read(drafts.find, "house-rules")
    assert waiting is not None
    database.write(service.put, article("輸入"), LEAD)
    assert database.write(drafts.due, "house-rules", waiting.revision) is None
    kept = database.read(drafts.find, "house-rules")
    assert kept is not None and kept.state == "review" and kept.article.texts["ja"].body == "新"


def test_every_earlier_version_can_come_back(database: Database, library: Library) -> None:
    for body in ("一", "二", "三"):
        database.write(service.put, article(body), LEAD)
    back = database.write(drafts.roll_back, "house-rules", 1, LEAD)
    assert (back.version, library.read("house-rules", Asker("ja")).body) == (4, "一")
    with pytest.raises(NotFound):
        database.write(drafts.roll_back, "house-rules", 9, LEAD)


# ── translations ──────────────────────────────────────────────────────────────────────────────────


def test_a_translation_is_outdated_once_the_original_moves_on(database: Database) -> None:
    both = article("30日以内です。", en=text("Within 30 days.", translated_from="ja"))
    first = database.write(service.put, both, LEAD)
    assert not first.outdated("en")
    second = database.write(
        service.put, replace(first, texts={**first.texts, "ja": text("14日以内です。")}), LEAD
    )
    kept = database.read(queries.find, "house-rules")
    assert kept is not None and kept.outdated("en") and not kept.outdated("ja")
    renewed = text("Within 14 days.", translated_from="ja")
    third = database.write(service.put, replace(second, texts={**second.texts, "en": renewed}), LEAD)
    assert not third.outdated("en")


def test_of_a_shipped_article_only_the_original_changed_leaves_its_translations_behind(
    database: Database, library: Library
) -> None:
    shipped = library.read("receipt", Asker("ja")).article
    draft = database.write(drafts.begin, library.editable("receipt"), WRITER)
    changed = {**draft.article.texts, "ja": text("店頭でお渡しします。")}
    draft = database.write(drafts.save, replace(draft.article, texts=changed), draft.revision, WRITER)
    draft = database.write(drafts.send, "receipt", draft.revision, WRITER)
    put = database.write(
        drafts.approve, "receipt", draft.revision, LEAD, four_eyes=True, base=library.shipped("receipt")
    )
    assert put is not None and put.own and not shipped.own
    assert {language for language in put.texts if put.outdated(language)} == {
        "en",
        "zh-Hans",
        "zh-Hant",
        "ko",
    }


def test_of_a_shipped_article_a_changed_translation_leaves_the_others_in_order(
    database: Database, library: Library
) -> None:
    draft = database.write(drafts.begin, library.editable("receipt"), WRITER)
    changed = {**draft.article.texts, "en": text("At the counter.", translated_from="ja")}
    draft = database.write(drafts.save, replace(draft.article, texts=changed), draft.revision, WRITER)
    draft = database.write(drafts.send, "receipt", draft.revision, WRITER)
    put = database.write(
        drafts.approve, "receipt", draft.revision, LEAD, four_eyes=True, base=library.shipped("receipt")
    )
    assert put is not None
    assert [language for language in put.texts if put.outdated(language)] == []


# ── the course, whatever people do ────────────────────────────────────────────────────────────────

Step = tuple[str, int, bool]
PEOPLE = (WRITER, SECOND, LEAD)
CALLS: dict[str, Callable[[Database, int, Actor, bool], object]] = {
    "save": lambda d, seen, who, _: d.write(drafts.save, article(f"{who.id}/{seen}"), seen, who),
    "send": lambda d, seen, who, _: d.write(drafts.send, "house-rules", seen, who),
    "send_back": lambda d, seen, who, _: d.write(drafts.send_back, "house-rules", seen, who, "?"),
    "take_back": lambda d, seen, who, _: d.write(drafts.take_back, "house-rules", seen, who),
    "approve": lambda d, seen, who, eyes: d.write(drafts.approve, "house-rules", seen, who, four_eyes=eyes),
    "schedule": lambda d, seen, who, eyes: d.write(
        drafts.approve, "house-rules", seen, who, four_eyes=eyes, at=d.clock() + timedelta(days=1)
    ),
    "discard": lambda d, seen, who, _: d.write(drafts.discard, "house-rules", seen),
    "due": lambda d, seen, who, _: d.write(drafts.due, "house-rules", seen),
}


@given(
    st.lists(st.tuples(st.sampled_from(sorted(CALLS)), st.integers(0, 2), st.booleans()), max_size=14),
    st.data(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_a_draft_keeps_to_its_course(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[Step], data: st.DataObject
) -> None:
    """Only moves of the table happen; a stale revision changes nothing; with four eyes no writer lets a draft go live."""
    place = tmp_path_factory.mktemp("course") / "course.db"
    place.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{place}", clock=StillClock())
    try:
        draft: Draft | None = database.write(drafts.begin, article(), WRITER)
        for move, person, four_eyes in steps:
            if draft is None:
                break
            stale = data.draw(st.booleans())
            seen, who = draft.revision - stale, PEOPLE[person]
            before, live = draft, database.read(queries.find, "house-rules")
            try:
                CALLS[move](database, seen, who, four_eyes)
            except (Conflict, NotAllowed):
                assert database.read(drafts.find, "house-rules") == before
                continue
            draft = database.read(drafts.find, "house-rules")
            target = after(before.state, move)  # type: ignore[arg-type]
            if stale or target is None:
                assert move == "due" and draft == before
            elif target in ("live", "gone"):
                assert draft is None
                now = database.read(queries.find, "house-rules")
                assert (now != live) == (target == "live")
                if move == "approve" and four_eyes:
                    assert who.id not in before.writers
            else:
                assert draft is not None and draft.state == target
    finally:
        database.close()


def test_every_move_ends_somewhere() -> None:
    assert set(MOVES.values()) == {"draft", "review", "scheduled", "live", "gone"}
