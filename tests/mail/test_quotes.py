"""What a customer wrote is told from what the mail program added, in the programs and languages that customers use."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.mail.reading.quotes import part

OLD = "> ご注文 249-1234567-1234567 について\n> ご確認ください"


@pytest.mark.req("CH-046")
@pytest.mark.parametrize(
    ("reply", "attribution"),
    [
        ("はい、お願いします。", "2026年11月26日(木) 10:00 みどり商店 <support@example.jp>:"),
        ("はい、お願いします。", "2026/11/26 10:00、みどり商店のメール:"),
        ("はい、お願いします。", "みどり商店さんは書きました:"),
        ("Yes, please.", "On Thu, Nov 26, 2026 at 10:00 AM Midori Shop <support@example.jp> wrote:"),
        ("Yes, please.", "On Thu, Nov 26, 2026 at 10:00 AM Midori Shop\n<support@example.jp> wrote:"),
        ("Yes, please.", "Midori Shop <support@example.jp> writes:"),
        ("好的，麻烦了。", "在 2026年11月26日，10:00，みどり商店 <support@example.jp> 写道："),
        ("好的，麻煩了。", "みどり商店 <support@example.jp> 於 2026年11月26日 週四 上午10:00寫道："),
        ("네, 부탁드립니다.", "2026년 11월 26일 (목) 오전 10:00, 미도리 <support@example.jp>님이 작성:"),
    ],
)
def test_a_reply_above_its_quote_is_all_that_was_written(reply: str, attribution: str) -> None:
    told = part(f"{reply}\n\n{attribution}\n{OLD}\n")
    assert told.written == reply
    assert OLD in told.quoted
    assert attribution.splitlines()[0] in told.quoted


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Midori",
        "-----元のメッセージ-----\nみどり商店",
        "----- 原始邮件 -----\n旧",
        "-----원본 메시지-----\n이전",
        "From: Midori <s@example.jp>\nSent: Thursday, 26 November 2026\nTo: me\nSubject: your order",
        "差出人: みどり商店 <s@example.jp>\n送信日時: 2026年11月26日\n宛先: 私\n件名: ご注文",
        "发件人: Midori <s@example.jp>\n发送时间: 2026年11月26日\n收件人: 我\n主题: 订单",
        "寄件者: Midori <s@example.jp>\n傳送時間: 2026年11月26日\n收件者: 我\n主旨: 訂單",
        "보낸 사람: Midori <s@example.jp>\n보낸 날짜: 2026년 11월 26일\n받는 사람: 나\n제목: 주문",
        "On Thu, Nov 26, 2026, Midori <s@example.jp> wrote:\n\nno marks at all here",
    ],
)
def test_a_block_as_outlook_and_others_write_it_cuts_everything_below(block: str) -> None:
    told = part(f"Exchange it, please.\n\n{block}\n\nolder text\nmore of it")
    assert told.written == "Exchange it, please."
    assert told.quoted.endswith("more of it")


def test_answers_between_the_quoted_lines_stay_in_their_order() -> None:
    told = part("> サイズは?\nMです\n> 色は?\n青です\n")
    assert told.written == "Mです\n青です"


@pytest.mark.parametrize(
    "ending",
    [
        "-- \n山田太郎\n090-0000-0000",
        "iPhoneから送信",
        "Sent from my iPhone",
        "发自我的iPhone",
        "나의 iPhone에서 보냄",
    ],
)
def test_a_signature_is_cut(ending: str) -> None:
    assert part(f"届きません。\n\n{ending}\n").written == "届きません。"


@pytest.mark.parametrize(
    "text",
    [
        "From: my wife says the parcel is lost\nPlease look.",
        "2026年11月26日に届く予定でした:\nまだ来ません",
        "電話は次の時間にお願いします:\n10時",
        'I was told:\n"it will come"\non Monday nothing came',
        "10 > 5 なのに\nおかしい",
        "件名: 何と書けばよいか分かりません",
    ],
)
def test_words_that_only_look_like_a_quote_are_kept(text: str) -> None:
    assert part(text) == (text, "")


def test_below_our_own_line_everything_is_quoted_whatever_it_looks_like() -> None:
    told = part("了解です\n\n## この線より上にご返信ください ##\n旧い文\nもっと", marker="## この線より上に")
    assert told.written == "了解です"


def test_a_mail_that_is_nothing_but_a_quote_is_read_whole() -> None:
    assert part("> これだけ\n> です").written == "> これだけ\n> です"


@given(st.lists(st.text(max_size=60), max_size=30))
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    told = part(text)
    before = sorted(
        each.rstrip() for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if each.strip()
    )
    after = sorted(line for each in told for line in each.split("\n") if line.strip())
    assert after == before


def test_hostile_texts_take_time_in_proportion_to_their_length() -> None:
    def seconds(piece: str, times: int) -> float:
        began = time.process_time()
        part(piece * times)
        return time.process_time() - began

    for piece in ("on x\n", "on ", ">\n", "2026年1月1日\n", "From: a\n", "a@b <", "在\n"):
        seconds(piece, 2_000)
        assert seconds(piece, 40_000) < max(40 * seconds(piece, 4_000), 0.5), piece
