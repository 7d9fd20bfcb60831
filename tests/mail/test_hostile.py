"""Whatever comes in by mail, reading it ends, in bounded time and memory, and the next mail is read."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.channels.mail.reading import Mail, read
from madoguchi.channels.mail.reading.safely import SafeReader, Unreadable
from tests.mail.letters import mail, raw

_PIECES = [
    b"From: a@example.jp\r\n",
    b"From: =?utf-8?b?44\r\n",
    b"Subject: =?iso-2022-jp?B?GyRC?= =?x?q?=?=\r\n",
    b"Subject: \xff\xfe\x00\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b'Content-Type: multipart/alternative; boundary="b"\r\n',
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
    b"Content-Type: message/delivery-status\r\n",
    b"Content-Type: application/ms-tnef; name*0*=utf-8''%; name*1=winmail.dat\r\n",
    b"Content-Type: text/html; charset=utf-7\r\n",
    b"Content-Type: text/plain; charset*=x'y'z; format=flowed\r\n",
    b"Content-Type: text/calendar\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: x-uuencode\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b'Content-Disposition: attachment; filename="../../etc/passwd\x00.png"\r\n',
    b"Date: Thu, 99 Nov 99999 25:61:61 +9999\r\n",
    b"References: <a@b> <<>> <" + b"x" * 50 + b">\r\n",
    b"Return-Path: <>\r\n",
    b"\r\n",
    b"\r\n--b\r\n",
    b"\r\n--b--\r\n",
    b"x=E3=8\r\n",
    b"begin 644 x\r\n",
    b"\x1b$B$\x1b(I\xff\r\n",
    b"<div><blockquote type=cite><!--<script>&#0;&#x110000;\r\n",
    b"\xed\xa0\x80\xef\xbb\xbf\x00\r\n",
    b"x\x9f\x3e\x22\x01\x00",
]


@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=40)), max_size=40))
@settings(max_examples=int(os.environ.get("MADOGUCHI_MAIL_MUTANTS", "400")), deadline=None)
def test_reading_never_raises_and_everything_read_can_be_stored(pieces: list[bytes]) -> None:
    told = read(b"".join(pieces))
    for text in (
        told.subject,
        told.text,
        told.quoted,
        told.html,
        told.sender.name,
        *(f.name for f in told.files),
    ):
        text.encode("utf-8")
        assert "\x00" not in text


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_good_mail_with_bytes_changed_is_still_read(data: st.DataObject) -> None:
    whole = mail(html="<p>届きません。</p>")
    whole.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="領収書.pdf")
    broken = bytearray(whole.as_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(broken))


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    with SafeReader() as made:
        yield made


def _deep(kind: str, levels: int) -> bytes:
    if kind == "message":
        return b"Content-Type: message/rfc822\n\n" * levels + b"x"
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(levels))


def _bombs() -> dict[str, bytes]:
    zeros = zlib.compress(bytes(10_000_000))
    return {
        "nothing": b"",
        "parts in parts": _deep("multipart", 2_000),
        "mails in mails": _deep("message", 2_000),
        "ten thousand parts": raw(
            "Content-Type: multipart/mixed; boundary=b", "", *["--b\r\n\r\nx"] * 10_000
        ),
        "a thousand recipients": raw("To: " + ", ".join(f"u{n}@example.jp" for n in range(1_000)), "", "hi"),
        "encoded words without end": raw("Subject: " + "=?utf-8?q?a?= " * 60_000, "", "hi"),
        "headers without end": b"X: y\r\n" * 50_000 + b"\r\nhi",
        "one line": b"Subject: x\r\n\r\n" + b"a" * 5_000_000,
        "elements in elements": raw("Content-Type: text/html", "", "<div>" * 200_000),
        "attributes": raw("Content-Type: text/html", "", "<a " + "x=y " * 200_000 + ">"),
        "marks on one letter": raw("Content-Type: text/plain; charset=utf-8", "", "e" + "\u0301" * 300_000),
        "a compressed bomb": raw(
            "Content-Type: application/ms-tnef", "", b"\x78\x9f\x3e\x22\x01\x00" + zeros
        ),
        "short lines of base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==\r\n" * 3_000_000,
    }


@pytest.mark.parametrize("name", list(_bombs()))
def test_a_bomb_costs_only_its_own_reading(name: str, reader: SafeReader) -> None:
    """R-13, R-14: bounded, and the mail behind it is read as if nothing had been."""
    told = reader.read(_bombs()[name])
    assert isinstance(told, Mail) or told.reason in ("too_long", "broken")
    after = reader.read(mail("次のメール").as_bytes())
    assert isinstance(after, Mail)
    assert after.text == "次のメール"


def test_a_mail_that_takes_too_long_is_given_up_and_said_to_be_so() -> None:
    with SafeReader(seconds=0.2) as reader:
        endless = b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==\r\n" * 3_000_000
        assert reader.read(endless) == Unreadable("too_long")
        assert isinstance(reader.read(mail().as_bytes()), Mail)


def test_a_reader_without_memory_gives_up_one_mail() -> None:
    with SafeReader(megabytes=260) as reader:
        big = EmailMessage()
        big.set_content("大きい")
        big.add_attachment(bytes(40_000_000), maintype="application", subtype="pdf", filename="a.pdf")
        assert isinstance(reader.read(big.as_bytes()), Unreadable)
        assert isinstance(reader.read(mail().as_bytes()), Mail)


@pytest.mark.req("CH-043")
def test_twenty_five_megabytes_are_read_within_the_limits(reader: SafeReader) -> None:
    big = mail("写真です")
    content = os.urandom(18_000_000)
    big.add_attachment(content, maintype="application", subtype="pdf", filename="証拠.pdf")
    told = reader.read(big.as_bytes())
    assert isinstance(told, Mail)
    assert (told.text, told.files[0].name) == ("写真です", "証拠.pdf")
    assert told.files[0].content == content


def test_a_mail_comes_out_of_the_process_as_it_was_read_in_it(reader: SafeReader) -> None:
    whole = mail(html="<p>x</p>", Date="Thu, 26 Nov 2026 10:00:00 +0900", References="<a@b> <c@d>")
    whole.add_attachment(b"\x00\xff", maintype="image", subtype="png", filename="絵.png")
    assert reader.read(whole.as_bytes()) == read(whole.as_bytes())
