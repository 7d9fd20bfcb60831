"""In an emergency one tap locks the account; a no is never a yes, in whatever words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.rehearsal.chat import Chat

Open = Callable[..., Chat]
DANGER = {
    "ja": "アカウントを乗っ取られました",
    "en": "My account was hacked",
    "zh-Hans": "我的账号被盗了",
    "zh-Hant": "我的帳號被盜了",
    "ko": "제 계정이 해킹당했어요",
}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "ロックしないで"),
        ("ja", "まだ停止はしません"),
        ("en", "don't lock it"),
        ("en", "not yet, no lock please"),
        ("zh-Hans", "先不锁定"),
        ("zh-Hans", "别锁"),
        ("zh-Hans", "不要冻结我的账号"),
        ("zh-Hant", "先不鎖定"),
        ("zh-Hant", "不用鎖"),
        ("ko", "잠그지 않을게요"),
        ("ko", "정지하지 마세요"),
        ("ko", "정지 안 할게요"),
    ],
)
def test_a_no_to_the_lock_locks_nothing(language: str, words: str, chat: Open) -> None:
    talk = chat("C1001", language=language)
    talk.say(DANGER[language])
    talk.say(words)
    assert talk.done() == []
    assert talk.contact.owner_id == "security"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "ロックしてください"),
        ("en", "yes, lock it"),
        ("zh-Hans", "马上锁定"),
        ("zh-Hant", "請鎖定我的帳號"),
        ("ko", "정지해 주세요"),
    ],
)
def test_a_yes_locks_at_once(language: str, words: str, chat: Open) -> None:
    talk = chat("C1001", language=language)
    talk.say(DANGER[language])
    talk.say(words)
    assert len(talk.done()) == 1
