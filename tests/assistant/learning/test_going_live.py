"""A model goes live only where it is no worse; the running counter takes it over and gives it back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from madoguchi.assistant.learning import comparing, phrase_files, queries, service
from madoguchi.assistant.learning.adopting import CANDIDATE, PREVIOUS, NothingThere, adopt, go_back
from madoguchi.assistant.learning.comparing import Example
from madoguchi.assistant.learning.model import LearningTurn, learning_turn
from madoguchi.assistant.understanding import Model, Phrases, Understander
from madoguchi.assistant.understanding.late import OWN_MODEL, LateUnderstander
from madoguchi.assistant.understanding.references import DEFAULT_ORDER_NUMBER
from madoguchi.assistant.understanding.training import train
from madoguchi.cli import app
from madoguchi.counter.actors import Actor
from madoguchi.engine.database import Database, Transaction

TODAY = date(2026, 11, 21)
EDITOR = Actor(kind="agent", id="agt_mori")
REDELIVERY, RECEIPT = "order_delivery.redelivery", "payment_refund.receipt"
NOTHING, TAKEOVER, PERSON = (
    "general.out_of_scope",
    "account_security.account_takeover",
    "support_service.connect_to_agent",
)
CORPUS = {
    REDELIVERY: ("再配達をお願いします", "不在票が入っていた", "もう一度届けてください"),
    RECEIPT: ("領収書をください", "領収書を発行して", "レシートが欲しい"),
    NOTHING: ("今日の天気", "お腹すいた", "歌を歌って"),
}


def learnt(folder: Path, file: Path, **more: str) -> Path:
    """A model of the small corpus and more lines, kinds by their last word."""
    shutil.rmtree(folder, ignore_errors=True)
    for kind, lines in CORPUS.items():
        extra = more.get(kind.rpartition(".")[2], "")
        place = folder / "ja" / f"{kind}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join([*lines, *filter(None, [extra])]) + "\n", encoding="utf-8")
    train(Phrases.read(folder))[0].save(file)
    return file


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder on which a small model of the shop's own serves."""
    folder = tmp_path / "data"
    folder.mkdir()
    learnt(tmp_path / "corpus", folder / OWN_MODEL)
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "lines.jsonl"
    lines = [("再配達を頼みたい", REDELIVERY), ("領収書を出して", RECEIPT), ("天気は", NOTHING)]
    rows = [
        {
            "id": text,
            "lang": "ja",
            "text": text,
            "category": kind.split(".")[0],
            "subcategory": kind.split(".")[1],
        }
        for text, kind in lines
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    yield file


def command(name: str, data: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["assistant", name, "--data", str(data), *more])


def kind_of(late: LateUnderstander, text: str) -> str:
    found = late.understand(text, today=TODAY).intents
    return found[0].kind if found else ""


def test_a_model_that_is_no_worse_is_adopted_and_the_running_counter_takes_it_over(
    tmp_path: Path, data: Path, files: Path
) -> None:
    running = LateUnderstander(DEFAULT_ORDER_NUMBER, data)
    assert kind_of(running, "ぴよぴよ") == ""
    learnt(tmp_path / "corpus", data / CANDIDATE, receipt="ぴよぴよ")
    done = command("adopt", data, str(files))
    assert done.exit_code == 0, done.output
    assert kind_of(running, "ぴよぴよ") == RECEIPT
    assert not (data / CANDIDATE).exists()
    assert command("adopt", data, "--back").exit_code == 0
    assert kind_of(running, "ぴよぴよ") == ""
    assert (data / CANDIDATE).exists()


@pytest.mark.req("TECH-009")
def test_what_was_understood_tells_by_which_model_across_adopting_and_going_back(
    tmp_path: Path, data: Path, files: Path
) -> None:
    running = LateUnderstander(DEFAULT_ORDER_NUMBER, data)
    before = running.understand("再配達", today=TODAY).by
    learnt(tmp_path / "corpus", data / CANDIDATE, receipt="ぴよぴよ")
    newer = Model.load(data / CANDIDATE).version
    assert command("adopt", data, str(files)).exit_code == 0
    assert running.understand("再配達", today=TODAY).by == newer != before
    assert command("adopt", data, "--back").exit_code == 0
    assert running.understand("再配達", today=TODAY).by == before


def test_a_model_that_hears_fewer_dangers_is_refused(tmp_path: Path) -> None:
    learnt(tmp_path / "corpus", tmp_path / CANDIDATE)
    refused = command("adopt", tmp_path)
    assert refused.exit_code == 1
    assert "worse: emergencies" in refused.output
    assert not (tmp_path / OWN_MODEL).exists()


def test_a_model_that_is_less_accurate_is_refused_and_the_lines_are_named(
    tmp_path: Path, data: Path, files: Path
) -> None:
    learnt(tmp_path / "corpus", data / CANDIDATE, out_of_scope="再配達を頼みたい")
    told = command("compare", data, str(files))
    assert told.exit_code == 1
    assert f"再配達を頼みたい: {REDELIVERY} → {NOTHING}" in told.output
    assert "worse: all, 3 → 2 of 3 lines" in told.output
    allowed = tmp_path / "madoguchi.toml"
    allowed.write_text("[assistant]\naccuracy_may_fall = 0.5\n")
    assert command("compare", data, str(files), "--settings", str(allowed)).exit_code == 0
    assert command("adopt", data, str(files), "--force").exit_code == 0
    assert not (data / CANDIDATE).exists()


def test_without_a_new_model_there_is_nothing_to_compare(tmp_path: Path) -> None:
    for name in ("compare", "adopt"):
        done = command(name, tmp_path)
        assert done.exit_code == 1
        assert "madoguchi assistant train" in done.output
    assert command("adopt", tmp_path, "--back").exit_code == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda _: b"",
        lambda _: b"nothing of the kind",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:200] + b"\0" * 400 + whole[600:],
    ],
    ids=["empty", "something else", "cut off", "damaged"],
)
def test_a_broken_model_is_never_taken_over(data: Path, harm: Callable[[bytes], bytes]) -> None:
    broken = harm((data / OWN_MODEL).read_bytes())
    running = LateUnderstander(DEFAULT_ORDER_NUMBER, data)
    assert kind_of(running, "再配達") == REDELIVERY
    (data / OWN_MODEL).write_bytes(broken)
    assert kind_of(running, "再配達をお願い") == REDELIVERY
    assert kind_of(LateUnderstander(DEFAULT_ORDER_NUMBER, data), "返品したい").startswith("return_exchange")
    (data / CANDIDATE).write_bytes(broken)
    assert command("adopt", data, "--force").exit_code == 1
    assert (data / OWN_MODEL).read_bytes() == broken


def test_a_model_of_another_version_is_refused(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.assistant.understanding.model.FORMAT", 99)
    learnt(tmp_path / "corpus", data / CANDIDATE)
    monkeypatch.undo()
    done = command("adopt", data, "--force")
    assert done.exit_code == 1
    assert "of another version" in done.output


def test_going_back_ends_at_the_model_that_comes_with_madoguchi(tmp_path: Path, data: Path) -> None:
    learnt(tmp_path / "corpus", data / CANDIDATE, receipt="ぴよぴよ")
    running = LateUnderstander(DEFAULT_ORDER_NUMBER, data)
    adopt(data)
    go_back(data)
    assert not (data / PREVIOUS).exists()
    go_back(data)
    assert not (data / OWN_MODEL).exists()
    assert kind_of(running, "返品したい") == "return_exchange_cancel.return_request"
    with pytest.raises(NothingThere):
        go_back(data)


@pytest.mark.req("BOT-014")
def test_what_an_editor_has_labelled_is_learnt_and_a_similar_sentence_is_understood(
    tmp_path: Path, sqlite_database: Database
) -> None:
    labels = [
        sqlite_database.write(label, f"{{name}}です。ぴよ券をなくした その{n}", RECEIPT, n) for n in range(12)
    ]
    held = [turn for turn in labels if phrase_files.is_held_out(turn)]
    assert held
    corpus = learnt(tmp_path / "corpus", tmp_path / "model.npz")
    assert Understander.load(file=corpus).understand("ぴよ券をなくしました", today=TODAY).intents == ()
    assert phrase_files.write_phrases(labels, tmp_path / "own") == len(labels) - len(held)
    text = (tmp_path / "own" / "ja" / f"{RECEIPT}.txt").read_text("utf-8")
    assert "name" not in text
    assert not any(comparing.bare(turn.text) in text.splitlines() for turn in held)
    model, _ = train(Phrases.read(tmp_path / "corpus") | Phrases.read(tmp_path / "own"))
    understood = Understander(model).understand("ぴよ券をなくしました", today=TODAY)
    assert understood.intents[0].kind == RECEIPT
    assert [each.text for each in comparing.of_labels(labels)] == [comparing.bare(turn.text) for turn in held]


def test_the_operators_own_lines_stay_when_labels_come_and_go(
    tmp_path: Path, sqlite_database: Database
) -> None:
    file = tmp_path / "ja" / f"{RECEIPT}.txt"
    file.parent.mkdir()
    file.write_text("= ぴよ券\nうちの領収書\n", encoding="utf-8")
    label_one = learnable(sqlite_database, "= ぴよ券をください", RECEIPT)
    phrase_files.write_phrases([label_one], tmp_path)
    assert file.read_text("utf-8") == "= ぴよ券\nうちの領収書\nぴよ券をください\n"
    moved = replace(label_one, kinds=[REDELIVERY])
    phrase_files.write_phrases([moved], tmp_path)
    assert file.read_text("utf-8") == "= ぴよ券\nうちの領収書\n"
    assert (tmp_path / "ja" / f"{REDELIVERY}.txt").read_text("utf-8") == "ぴよ券をください\n"
    phrase_files.write_phrases([], tmp_path)
    assert not (tmp_path / "ja" / f"{REDELIVERY}.txt").exists()
    assert file.read_text("utf-8") == "= ぴよ券\nうちの領収書\n"


def test_two_wishes_are_measured_with_and_either_is_right(tmp_path: Path, sqlite_database: Database) -> None:
    turn = replace(learnable(sqlite_database, "領収書と再配達", RECEIPT), kinds=[RECEIPT, REDELIVERY])
    assert phrase_files.write_phrases([turn], tmp_path) == 0
    (example,) = comparing.of_labels([turn])
    own = Understander.load(file=learnt(tmp_path / "corpus", tmp_path / "model.npz"))
    assert comparing.compare(own, own, [example], TODAY).accuracy[0].candidate == 1


def test_a_wish_for_a_person_less_is_an_objection_whatever_the_accuracy() -> None:
    shipped = Understander.load()
    deaf = Deaf()
    examples = [Example("担当者に代わってください", "ja", (PERSON,), guard=True)]
    compared = comparing.compare(shipped, deaf, examples, TODAY)  # type: ignore[arg-type]
    assert [share.name for share in compared.objections(1.0)] == ["wishes for a person"]
    assert comparing.compare(shipped, shipped, examples, TODAY).objections(0.0) == []


def test_guards_are_there_for_every_danger_and_for_persons() -> None:
    kinds = {example.kinds[0] for example in comparing.guards(Phrases.shipped())}
    assert {TAKEOVER, PERSON} < kinds
    assert {example.language for example in comparing.guards(Phrases.shipped())} == set(
        Phrases.shipped().languages
    )


class Deaf:
    """A model that takes everything for nothing."""

    def understand(self, text: str, **more: object) -> object:
        return replace(Understander.load().understand(text, today=TODAY), wants_person=False)


def learnable(database: Database, text: str, kind: str) -> LearningTurn:
    """A label that is on the side of learning."""
    return next(
        turn for n in range(100) if not phrase_files.is_held_out(turn := database.write(label, text, kind, n))
    )


def label(tx: Transaction, text: str, kind: str, n: int) -> LearningTurn:
    tx.execute(
        insert(learning_turn).values(
            id=f"ltn_{n:04d}",
            contact_id="con_1",
            seq=n,
            reason="missed",
            language="ja",
            understood="",
            suggested=[],
            text=text,
            said_at=datetime(2026, 11, 20, tzinfo=UTC),
            state="open",
            kinds=[],
            decided_by="",
        )
    )
    service.label(tx, f"ltn_{n:04d}", [kind], text, EDITOR)
    return queries.get(tx, f"ltn_{n:04d}")
