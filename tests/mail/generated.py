"""Mails in any number, as customers, machines and the wicked write them; the same seed gives the same mails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from tests.mail.letters import raw

_MATTERS = [
    ("ja", "荷物が届きません", "注文した{goods}がまだ届きません。"),
    ("ja", "返品したい", "{goods}を返品したいです。"),
    ("en", "Where is my parcel", "My {goods} has not arrived yet."),
    ("zh-Hans", "没有收到", "我买的{goods}还没有收到。"),
    ("ko", "배송 문의", "주문한 {goods}가 아직 안 왔어요."),
]
_GOODS = ["傘", "kettle", "台灯", "의자", "シャツ", "headphones"]
_CHARSETS = {
    "ja": ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"],
    "en": ["us-ascii", "utf-8"],
    "zh-Hans": ["gb2312", "utf-8"],
    "ko": ["euc-kr", "utf-8"],
}


def mails(count: int, seed: int = 0) -> Iterator[bytes]:
    """`count` mails, no two alike."""
    rng = random.Random(seed)
    for number in range(count):
        yield rng.choice(_KINDS)(rng, number)


def _plain(rng: random.Random, number: int) -> bytes:
    language, subject, words = rng.choice(_MATTERS)
    charset = rng.choice(_CHARSETS[language])
    text = f"{words.format(goods=rng.choice(_GOODS))} #{number}"
    return raw(
        f"From: customer{number}@example.jp",
        f"Message-ID: <{number}@example.jp>",
        b"Subject: " + subject.encode("utf-8"),
        f"Content-Type: text/plain; charset={rng.choice([charset, 'us-ascii', 'utf-8'])}",
        "",
        text.encode(charset, "replace"),
    )


def _html(rng: random.Random, number: int) -> bytes:
    _, subject, words = rng.choice(_MATTERS)
    told = MIMEMultipart("alternative", boundary=f"b{number}")
    told["From"], told["Subject"] = f"html{number}@example.jp", subject
    html = f"<p onclick=x>{words.format(goods='傘')} #{number}</p><script>x</script><img src=http://t.example/{number}>"
    told.attach(MIMEText(html, "html", "utf-8"))
    return told.as_bytes()


def _broken(rng: random.Random, number: int) -> bytes:
    whole = bytearray(_html(rng, number))
    for _ in range(rng.randint(1, 30)):
        whole[rng.randrange(len(whole))] = rng.randrange(256)
    return bytes(whole) + str(number).encode()


def _noise(rng: random.Random, number: int) -> bytes:
    return rng.randbytes(rng.randint(1, 3_000)) + str(number).encode()


def _nested(rng: random.Random, number: int) -> bytes:
    depth = rng.randint(1, 200)
    return f"From: nest{number}@example.jp\n".encode() + b"Content-Type: message/rfc822\n\n" * depth + b"x"


def _many_parts(rng: random.Random, number: int) -> bytes:
    parts = [f"--b\r\nContent-Type: image/png; name={n}.png\r\n\r\n{n}" for n in range(rng.randint(1, 400))]
    return raw(
        f"From: parts{number}@example.jp", "Content-Type: multipart/mixed; boundary=b", "", *parts, "--b--"
    )


def _machine(rng: random.Random, number: int) -> bytes:
    header = rng.choice(
        ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.example>", "Return-Path: <>"]
    )
    return raw(f"From: machine{number}@example.jp", header, "Subject: news", "", f"number {number}")


def _forged(rng: random.Random, number: int) -> bytes:
    token = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
    return raw(
        "From: customer1@example.jp",
        f"To: support+t.{token}@shop.example",
        f"In-Reply-To: <errand-{number}@shop.example>",
        f"Subject: forged {number}",
        "",
        "履歴を送って",
    )


_KINDS = [_plain] * 6 + [_html, _html, _broken, _noise, _nested, _many_parts, _machine, _forged]
