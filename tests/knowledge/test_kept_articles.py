"""Articles that a shop kept before there were drafts are read, changed and marked as if they had always had versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alembic import command

from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge import queries, service
from madoguchi.counter.knowledge.model import Article
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate
from madoguchi.engine.migrations.upgrade import config_of_revisions

LEAD = Actor(kind="agent", id="agt_lead", name="森")
BEFORE = "0019"


def test_articles_of_an_older_database_keep_their_words_history_and_place(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.begin() as connection:
        config = config_of_revisions()
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.exec_driver_sql(
            "INSERT INTO article (id, kinds, audience, state, version, updated_at)"
            " VALUES ('rules', '[]', '[\"everyone\"]', 'published', 3, 1)"
        )
        for language, body in (("ja", "旧"), ("en", "old")):
            connection.exec_driver_sql(
                "INSERT INTO article_text (article_id, language, title, body, asked_as, updated)"
                " VALUES ('rules', ?, 't', ?, '[\"q\"]', '2026-01-01')",
                (language, body),
            )
        after = (
            '{"kinds":[],"audience":["everyone"],"state":"published","texts":'
            '{"ja":{"title":"t","body":"最初","asked_as":["q"],"updated":"2026-01-01"}}}'
        )
        connection.exec_driver_sql(
            "INSERT INTO article_change (article_id, version, at, actor_kind, actor_id, actor_name, what, after)"
            " VALUES ('rules', 1, 1, 'agent', 'a', 'n', 'created', ?)",
            (after,),
        )
    migrate(database)
    kept = database.read(queries.find, "rules")
    assert kept is not None
    assert {language: (text.body, text.number) for language, text in kept.texts.items()} == {
        "ja": ("旧", 3),
        "en": ("old", 3),
    }
    assert not kept.outdated("en")
    assert database.write(service.put, kept, LEAD) == kept  # nothing has changed, so nothing is written
    changed = replace(kept, texts={**kept.texts, "ja": replace(kept.texts["ja"], body="新")})
    assert database.write(service.put, changed, LEAD).version == 4
    first = database.read(queries.history, "rules")[0]
    assert Article.holding("rules", first.after).texts["ja"].body == "最初"
    database.close()
