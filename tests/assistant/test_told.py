"""What is told unasked: every language tells the same things, and what is only supposed or asked is not told."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib.resources import files

import pytest

from madoguchi.assistant.evaluation.outcomes import outcome_of_kind, outcome_of_run
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.steps.told import by_language, pattern, tells
from madoguchi.assistant.understanding import Understander
from madoguchi.kit.text import fold

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


def _heard(understander: Understander, words: str) -> Heard:
    return Heard(1, words, understander.understand(words, today=TODAY))


def test_every_language_tells_the_same_things() -> None:
    told = {
        language: {(matter, name) for matter, names in patterns.items() for name in names}
        for language, patterns in by_language().items()
    }
    assert set(told) == {"ja", "en", "zh", "ko"}
    assert all(names == told["ja"] for names in told.values())


def test_patterns_are_written_as_folded_text_reads() -> None:
    for language, matters in by_language().items():
        for matter, names in matters.items():
            for name, written in names.items():
                plain = re.sub(r"\\[a-z]", "", written)
                assert not re.search(r"[A-Zァ-ヶ]", plain), (language, matter, name)
                assert pattern(f"{matter}.{name}", language).search("") is None, (language, matter, name)


def test_an_unknown_language_is_read_in_all_of_them() -> None:
    assert pattern("customs.stuck", "fr").search(fold("税関で止まっています"))
    assert not pattern("customs.stuck", "en").search(fold("税関で止まっています"))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("customs.stuck", "荷物が税関で止まったままです"),
        ("customs.stuck", "they charged me import tax at the door"),
        ("customs.stuck", "包裹卡在海关一周了"),
        ("customs.stuck", "包裹被海關扣住了"),
        ("customs.stuck", "통관이 보류됐다고 연락이 왔어요"),
        ("failed.came_back", "保管期限が過ぎて返送されました"),
        ("failed.came_back", "tracking says it is on its way back to the sender"),
        ("failed.came_back", "快递被退回去了"),
        ("failed.came_back", "판매자에게 반송됐어요"),
        ("missing.said_delivered", "配達完了と表示されていますが届いていません"),
        ("missing.said_delivered", "It says delivered but there is nothing here"),
        ("missing.said_delivered", "显示已签收，可我没收到"),
        ("missing.said_delivered", "배송 완료로 뜨는데 못 받았어요"),
        ("privacy.erase", "これまでの履歴を全部消してください"),
        ("privacy.erase", "I want a copy of all my chat records"),
        ("privacy.erase", "请把我的聊天记录删掉"),
        ("privacy.erase", "제 상담 기록을 삭제해 주세요"),
        ("two_step.lost", "認証アプリの入ったスマホをなくしました"),
        ("two_step.lost", "my phone with the authenticator was stolen"),
        ("two_step.lost", "绑定的手机丢了"),
        ("two_step.lost", "인증 앱이 있던 폰을 분실했어요"),
        ("company.owner_left", "管理者が退職しました"),
        ("company.owner_left", "the only admin has left the company"),
        ("company.owner_left", "管理员离职了没人能管"),
        ("company.owner_left", "관리자가 퇴사했습니다"),
        ("trouble.tried_all", "再起動も初期化も全部試しました"),
        ("trouble.tried_all", "I have restarted it, reinstalled the app and reset the router"),
        ("trouble.tried_all", "重启重装都试过了还是不行"),
        ("trouble.tried_all", "재부팅도 초기화도 다 해봤어요"),
    ],
)
def test_what_is_told(understander: Understander, key: str, words: str) -> None:
    assert tells(_heard(understander, words), key)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("customs.stuck", "もし税関で止まったらどうなりますか"),
        ("customs.stuck", "what happens if it gets stuck in customs?"),
        ("customs.stuck", "如果被海关扣了怎么办"),
        ("customs.stuck", "만약 세관에 걸리면 어떻게 되나요"),
        ("customs.stuck", "関税はいくらかかりますか"),
        ("customs.stuck", "do you ship to Canada and who pays the duty?"),
        ("missing.said_delivered", "まだ届いていません"),
        ("missing.said_delivered", "nothing has come yet"),
        ("two_step.lost", "来週スマホを買い替えます。認証アプリはどう移しますか"),
        ("two_step.lost", "how do I turn on two-step verification?"),
        ("company.owner_left", "退職した社員を外したい"),
        ("company.owner_left", "please remove a colleague who left"),
        ("tax.advice", "登録番号はどこに書いてありますか"),
        ("tax.advice", "发票上的登记编号在哪里"),
    ],
)
def test_what_is_asked_or_supposed_is_not_told(understander: Understander, key: str, words: str) -> None:
    assert not tells(_heard(understander, words), key)


@pytest.mark.parametrize(
    "words",
    [
        "記録はいつ自動で削除されますか",
        "when do you delete the transcripts?",
        "聊天记录多久会自动删除",
        "상담 기록은 언제 자동으로 삭제되나요",
    ],
)
def test_when_it_is_deleted_is_no_wish_to_delete(understander: Understander, words: str) -> None:
    assert not tells(_heard(understander, words), "privacy.erase", "privacy.by_itself")


def test_where_flows_turn_is_a_way_that_flows_know() -> None:
    turns = tomllib.loads(files("madoguchi.assistant.evaluation").joinpath("turns.toml").read_text("utf-8"))
    known = {f"{matter}.{name}" for matter, names in by_language()["ja"].items() for name in names}
    for group, names in turns.items():
        for name, turn in names.items():
            assert f"{group}.{name}" in kinds()
            for key, led in turn.items():
                assert key in known or "=" in key, key
                assert led != list(outcome_of_kind(f"{group}.{name}")), key


def test_a_run_is_judged_by_what_it_was_told() -> None:
    kind = "order_delivery.cross_border_delivery"
    assert outcome_of_run(kind, {}) == ("answer", "answer")
    assert outcome_of_run(kind, {"in_words": True, "customs.stuck": True}) == ("handover", "orders")
    assert outcome_of_run(kind, {"order": "1", "customs": "held"}) == ("handover", "orders")
