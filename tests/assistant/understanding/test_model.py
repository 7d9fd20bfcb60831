"""The learnt model: the same phrases give the same bytes, the shipped one is that of the shipped phrases, and what a
shop adds is understood.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from madoguchi.assistant.learning.adopting import adopt
from madoguchi.assistant.understanding import Model, ModelFileError, PhraseFileError, Phrases, Understander
from madoguchi.assistant.understanding.late import OWN_MODEL, LateUnderstander
from madoguchi.assistant.understanding.model import SHIPPED
from madoguchi.assistant.understanding.references import DEFAULT_ORDER_NUMBER
from madoguchi.assistant.understanding.training import train
from madoguchi.cli import app

TODAY = date(2026, 11, 21)
REDELIVERY = "order_delivery.redelivery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small corpus of two kinds in three languages."""
    folder = tmp_path / "phrases"
    write(folder / "ja" / f"{REDELIVERY}.txt", "= 再配達", "", "再配達をお願いします", "不在票が入っていた")
    write(folder / "en" / f"{REDELIVERY}.txt", "redeliver my parcel please", "deliver it again tomorrow")
    write(folder / "ko" / f"{REDELIVERY}.txt", "재배달 부탁드려요", "다시 배달해 주세요")
    write(folder / "ja" / "general.out_of_scope.txt", "今日の天気", "お腹すいた")
    write(folder / "en" / "general.out_of_scope.txt", "how is the weather", "tell me a joke")
    write(folder / "ko" / "general.out_of_scope.txt", "오늘 날씨 어때", "배고파")
    return folder


def test_the_shipped_model_is_that_of_the_shipped_phrases() -> None:
    assert Model.load().digest == Phrases.shipped().digest, "run: madoguchi assistant train --shipped"


def test_the_shipped_model_is_small_and_holds_no_pickles() -> None:
    assert SHIPPED.stat().st_size <= 8_000_000
    with np.load(SHIPPED, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_the_same_phrases_give_the_same_file(folder: Path, tmp_path: Path) -> None:
    hashes = set()
    for name in ("one.npz", "two.npz"):
        model, _ = train(Phrases.read(folder))
        model.save(tmp_path / name)
        hashes.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_a_changed_phrase_changes_the_digest(folder: Path) -> None:
    before = Phrases.read(folder).digest
    write(folder / "en" / f"{REDELIVERY}.txt", "redeliver my parcel please", "deliver it again on Monday")
    assert Phrases.read(folder).digest != before


def test_scores_are_the_same_to_the_bit_after_saving_and_loading(folder: Path, tmp_path: Path) -> None:
    model, _ = train(Phrases.read(folder))
    model.save(tmp_path / "model.npz")
    loaded = Model.load(tmp_path / "model.npz")
    for text in ("再配達を頼みたい", "please deliver again", "재배달", "weather", ""):
        assert loaded.score(text, "ja").shares.tobytes() == model.score(text, "ja").shares.tobytes()
        assert loaded.score(text, "ja").alarms == model.score(text, "ja").alarms


def test_an_alarm_is_learnt_from_all_kinds_that_tell_of_it(tmp_path: Path) -> None:
    calm = ("where is my parcel", "the parcel is late", "track the parcel", "parcel please")
    write(tmp_path / "en" / "order_delivery.track_order.txt", *(f"{line} {n}" for line in calm for n in "ab"))
    for kind in ("account_security.account_takeover", "account_security.card_fraud"):
        name = kind.rpartition("_")[2]
        write(tmp_path / "en" / f"{kind}.txt", *(f"{line} stolen {name}" for line in calm))
    model, _ = train(Phrases.read(tmp_path))
    assert set(model.alarms) == {"danger"}
    loud, quiet = (model.score(text, "en").alarms["danger"] for text in ("stolen stolen", "track parcel"))
    assert loud > quiet


def test_a_small_corpus_is_learnt_in_every_language_it_has(folder: Path) -> None:
    model, _ = train(Phrases.read(folder))
    own = Understander(model)
    for text in ("再配達", "不在票があったので再配達を", "can you redeliver the parcel", "재배달 해주세요"):
        assert own.understand(text, today=TODAY).intents[0].kind == REDELIVERY, text


def test_a_language_not_learnt_is_named_and_left_without_a_kind(folder: Path) -> None:
    understood = Understander(train(Phrases.read(folder))[0]).understand(
        "我想申请退款，请问怎么办", today=TODAY
    )
    assert understood.language == "zh-Hans"
    assert understood.intents == ()


def test_what_is_learnt_in_one_chinese_script_holds_in_the_other(tmp_path: Path) -> None:
    write(tmp_path / "zh-Hans" / f"{REDELIVERY}.txt", "请重新派送我的包裹", "错过了快递，请再送一次")
    write(tmp_path / "zh-Hans" / "general.out_of_scope.txt", "今天天气怎么样", "给我讲个笑话")
    write(tmp_path / "zh-Hant" / "general.out_of_scope.txt", "今天天氣如何", "我肚子餓了")
    own = Understander(train(Phrases.read(tmp_path))[0])
    understood = own.understand("請重新派送我的包裹，錯過了", today=TODAY)
    assert understood.language == "zh-Hant"
    assert understood.intents[0].kind == REDELIVERY


def test_a_shops_own_phrases_are_learnt_beside_ours(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "own" / "en" / f"{REDELIVERY}.txt", "= wombat", "", "run the wombat procedure")
    joined = Phrases.read(folder) | Phrases.read(tmp_path / "own")
    assert "redeliver my parcel please" in joined.examples[REDELIVERY]["en"]
    assert "run the wombat procedure" in joined.examples[REDELIVERY]["en"]
    assert Understander(train(joined)[0]).understand("wombat", today=TODAY).intents[0].kind == REDELIVERY


def test_the_command_learns_and_the_counter_uses_what_it_has_learnt(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["assistant", "train", "--phrases", str(folder), "--data", str(tmp_path / "data")]
    )
    assert done.exit_code == 0, done.output
    assert "2 kinds" in done.output
    adopt(tmp_path / "data")
    late = LateUnderstander(DEFAULT_ORDER_NUMBER, tmp_path / "data")
    assert late.understand("再配達", today=TODAY).intents[0].kind == REDELIVERY


def test_an_own_model_of_another_version_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / OWN_MODEL).write_bytes(b"nothing of the kind")
    with pytest.raises(ModelFileError, match=r"understanding\.npz"):
        Model.load(tmp_path / OWN_MODEL)
    late = LateUnderstander(DEFAULT_ORDER_NUMBER, tmp_path)
    assert late.understand("返品", today=TODAY).intents[0].kind == "return_exchange_cancel.return_request"


def test_a_broken_phrase_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ja" / "payment_refund.receipt.txt"
    write(file, "領収書")
    file.write_bytes("領収書".encode("shift_jis"))
    with pytest.raises(PhraseFileError, match=r"payment_refund\.receipt\.txt"):
        Phrases.read(tmp_path)


def test_a_folder_without_phrases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhraseFileError, match="no phrases"):
        Phrases.read(tmp_path)
    assert CliRunner().invoke(app, ["assistant", "train", "--phrases", str(tmp_path)]).exit_code == 1


def write(file: Path, *lines: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
