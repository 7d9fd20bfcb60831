"""What the model's words may hold, word by word."""

from __future__ import annotations

import re

import pytest

from madoguchi.assistant.model import Passage, checks
from madoguchi.assistant.model.answers import Draft, grounded
from madoguchi.assistant.model.checks import Unusable
from madoguchi.assistant.model.understanding import Reading, literal_slots
from madoguchi.assistant.model.wording import fits
from madoguchi.counter.trust.outgoing import asks_for_secrets
from tests.security.hostile import PAYLOADS

RETURNS = Passage(
    "returns",
    "返品について",
    "未開封の商品は30日以内に返品できます。手数料は1,000円です。",
    "https://help.example/returns",
)
HOURS = Passage("hours", "Opening hours", "The desk is open from 9:00 to 21:00.")
HOSTS = frozenset({"help.example"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("１，０００円", {"1000"}),
        ("503-0001001-0000003", {"503-0001001-0000003"}),
        ("①と②", {"1", "2"}),
        ("三十日以内", {"三十日"}),
        ("within thirty days", {"thirty"}),
        ("半額", set()),
        ("9:00", {"9:00"}),
    ],
)
def test_numbers_are_found_however_they_are_written(text: str, found: set[str]) -> None:
    assert set(checks.figures(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example", "evil.example", "ｅｖｉｌ．ｅｘａｍｐｌｅ", "//evil.example/x", "javascript:alert(1)", "a@evil.example",
        "ftp://evil.example", "data:text/html,x", "hxxps://evil.example",
    ],
)  # fmt: skip
def test_addresses_are_found_however_they_are_written(text: str) -> None:
    assert checks.links(f"Look at {text} now")


@pytest.mark.parametrize(
    "text", ["It is fine. Thank you.", "はい。承知しました。", "No.1 in Japan", "e.g. this"]
)
def test_sentences_are_no_addresses(text: str) -> None:
    assert checks.links(text) in ([], ["e.g"])


@pytest.mark.parametrize(
    "text",
    ["<b>x</b>", "< script >", "&lt;a&gt;", "![x](y)", "[x](y)", "[x]: y", "`x`", "＜script＞", "{{x}}"],
)
def test_mark_up_is_refused(text: str) -> None:
    with pytest.raises(Unusable):
        checks.text_of(text, 100)


def test_an_answer_from_its_articles_is_taken() -> None:
    draft = Draft(text="未開封でしたら30日以内に返品できます。手数料は1000円です。", cites=["returns"])
    text, cited = grounded(draft, [RETURNS, HOURS], HOSTS)
    assert text == draft.text and cited == (RETURNS,)


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("30日以内に返品できます。", []),
        ("30日以内に返品できます。", ["invented"]),
        ("30日以内に返品できます。", ["returns", "invented"]),
        ("60日以内に返品できます。", ["returns"]),
        ("30日以内に返品できます。", ["hours"]),
        ("手数料は無料です。", ["returns"]),
        ("全額返金します。", ["returns"]),
        ("https://evil.example をご覧ください。", ["returns"]),
        ("https://help.example/other をご覧ください。", ["returns"]),
        ("http://help.example/returns をご覧ください。", ["returns"]),
        ("<a href=x>30日</a>", ["returns"]),
        ("", ["returns"]),
        ("ご案内します。" * 200, ["returns"]),
    ],
)
def test_an_answer_that_its_articles_do_not_hold_is_thrown_away(text: str, cites: list[str]) -> None:
    with pytest.raises(Unusable):
        grounded(Draft(text=text, cites=cites), [RETURNS, HOURS], HOSTS)


def test_only_slots_that_stand_in_the_message_are_taken() -> None:
    reading = Reading(
        slots={"order_number": "503-0001002-0000004", "product": "イヤホン", "sql": "x", "date": ["x"]}
    )
    assert literal_slots(reading, "いやほんが届かない") == {"product": "イヤホン"}


@pytest.mark.parametrize(
    ("old", "new", "fine"),
    [
        ("どのご注文でしょうか。", "恐れ入りますが、どのご注文でしょうか。", True),
        ("Which order is it?", "Could you tell me which order it is?", True),
        ("どのご注文でしょうか。", "返金いたします。", False),
        ("どのご注文でしょうか。", "どのご注文。", False),
        ("You are welcome.", "You are welcome. It is free.", False),
        ("You are welcome.", "You are most welcome!", True),
        ("You are welcome.", "You are welcome. " * 20, False),
        ("You are welcome.", "Welcome\nback", False),
    ],
)
def test_a_phrase_may_become_kinder_and_nothing_else(old: str, new: str, fine: bool) -> None:
    assert fits(old, new) is fine


@pytest.mark.parametrize("attack", PAYLOADS)
def test_an_attack_on_renderers_never_passes_as_a_phrase_and_keeps_no_tag_in_a_draft(attack: str) -> None:
    """S-31: the model echoes every attack."""
    assert not fits("どのご注文でしょうか。", attack)
    try:
        text = checks.text_of(attack, 10_000)
    except Unusable:
        return
    assert "<" not in text and not re.search(r"javascript:.*\]|!\[", text)


@pytest.mark.parametrize(
    "text",
    [
        "パスワードを教えてください。",
        "カード番号をご入力ください",
        "認証コードをお知らせください",
        "Please tell me your password.",
        "Reply with the one-time code we sent.",
        "请告诉我您的密码",
        "請提供您的驗證碼",
        "비밀번호를 알려 주세요",
    ],
)
def test_nobody_is_asked_for_a_secret(text: str) -> None:
    assert asks_for_secrets(text)
    password = Passage("reset", "Password パスワード", f"{text} 認証コード code 密码 驗證碼 비밀번호")
    with pytest.raises(Unusable, match="secret"):
        grounded(Draft(text=text, cites=["reset"]), [password], HOSTS)


@pytest.mark.parametrize(
    "text",
    [
        "パスワードを変更してください。",
        "You can reset your password.",
        "密码可以重设。",
        "비밀번호를 재설정할 수 있습니다.",
    ],
)
def test_speaking_of_a_secret_is_not_asking_for_it(text: str) -> None:
    assert not asks_for_secrets(text)


def test_a_sentence_that_no_article_supports_is_thrown_away() -> None:
    supported = "未開封の商品は30日以内に返品できます。"
    checks.only_words_of(supported, [RETURNS.text])
    with pytest.raises(Unusable, match="supports"):
        checks.only_words_of(f"{supported}お隣の田中さんはよく返品する人です。", [RETURNS.text])
