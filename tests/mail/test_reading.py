"""A mail becomes what a person would read of it: words, quotes apart, files with their names, and who sent it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from madoguchi.channels.mail.reading import Address, read
from tests.mail.letters import enclosed, mail, raw


def test_headers_are_read_as_a_person_would() -> None:
    told = read(
        raw(
            "From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <Hanako@Example.JP>",
            'To: "Support, Midori" <support@example.com>, =?utf-8?q?c=2Cd?= <z@example.com>',
            "Cc: other@example.com",
            "Subject: =?utf-8?B?" + base64.b64encode("お荷物が".encode()[:7]).decode().rstrip("=") + "?=",
            "  =?UTF-8?B?" + base64.b64encode("お荷物が".encode()[7:]).decode() + "?= (249-1)",
            "Message-ID: <one@example.jp>",
            "In-Reply-To: <zero@example.com>",
            "References: <a@example.com>",
            " <zero@example.com>",
            "Delivered-To: support+t.abc@example.com",
            "Date: Thu, 26 Nov 2026 10:00:00 +0900",
            "",
            "hello",
        )
    )
    assert told.sender == Address("山田", "hanako@example.jp")
    assert told.recipients == (
        Address("Support, Midori", "support@example.com"),
        Address("c,d", "z@example.com"),
    )
    assert told.copied == (Address("", "other@example.com"),)
    assert told.subject == "お荷物が (249-1)"
    assert told.message_id == "<one@example.jp>"
    assert told.in_reply_to == ("<zero@example.com>",)
    assert told.references == ("<a@example.com>", "<zero@example.com>")
    assert told.delivered_to == ("support+t.abc@example.com",)
    assert told.sent_at == datetime(2026, 11, 26, 1, tzinfo=UTC)
    assert told.text == "hello"


def test_bytes_without_any_label_are_read_in_headers_and_body() -> None:
    told = read(
        raw(
            b"From: a@example.jp", b"Subject: " + "注文の件".encode("cp932"), b"", "届かない".encode("euc_jp")
        )
    )
    assert (told.subject, told.text) == ("注文の件", "届かない")


def test_the_plain_text_is_taken_before_the_html_and_the_html_is_kept_safe() -> None:
    html = '<p onclick="x()">届きません。</p><script>alert(1)</script><img src="http://track.example/p.gif">'
    told = read(mail(html=html).as_bytes())
    assert told.text == "届きません。"
    assert "<p>届きません。</p>" in told.html
    for bad in ("script", "alert", "onclick", "track.example"):
        assert bad not in told.html


def test_of_html_alone_the_words_are_read_and_the_quote_is_told_apart() -> None:
    html = (
        "<html><head><style>p{color:red}</style><title>x</title></head><body><p>交換を<b>お願い</b>します。</p>"
        "<ul><li>サイズM</li><li>青</li></ul><div style='display:none'>hidden words</div>"
        '<div class="gmail_quote">2026年11月26日<blockquote>ご注文の件</blockquote></div></body></html>'
    )
    told = read(raw("From: a@example.jp", "Content-Type: text/html; charset=utf-8", "", html))
    assert told.text == "交換をお願いします。\n\n・サイズM\n・青"
    assert told.quoted == "2026年11月26日\n\nご注文の件"


def test_what_outlook_puts_beneath_its_line_is_quoted() -> None:
    html = '<div>Thanks.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Midori</div><div>old</div>'
    told = read(raw("From: a@example.jp", "Content-Type: text/html; charset=utf-8", "", html))
    assert told.text == "Thanks."
    assert told.quoted == "From: Midori\n\nold"


@pytest.mark.req("CH-043")
def test_files_keep_their_names_however_they_are_coded() -> None:
    encoded = "=?utf-8?B?" + base64.b64encode("写真.png".encode()).decode() + "?="
    told = read(
        raw(
            'Content-Type: multipart/mixed; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "見てください",
            "--b",
            f'Content-Type: image/png; name="{encoded}"',
            "Content-Transfer-Encoding: base64",
            "",
            base64.b64encode(b"\x89PNG").decode(),
            "--b",
            "Content-Type: application/pdf",
            "Content-Disposition: attachment; filename*=UTF-8''%E9%A0%98%E5%8F%8E%E6%9B%B8.pdf",
            "",
            "%PDF-",
            "--b",
            "Content-Type: image/jpeg",
            b"Content-Disposition: attachment; filename=" + "../../箱.jpg".encode("cp932"),
            "",
            "x",
            "--b--",
        )
    )
    assert told.text == "見てください"
    assert [file.name for file in told.files] == ["写真.png", "領収書.pdf", "../../箱.jpg"]
    assert told.files[0].content == b"\x89PNG"


def test_a_picture_inside_the_html_is_a_file_with_its_place() -> None:
    related = MIMEMultipart("related")
    related.attach(MIMEText('<p>これです</p><img src="cid:p1@x">', "html", "utf-8"))
    picture = enclosed(b"GIF89a", "image", "gif")
    picture["Content-ID"] = "<p1@x>"
    related.attach(picture)
    related["From"] = "a@example.jp"
    told = read(related.as_bytes())
    assert told.text == "これです"
    assert 'src="cid:p1@x"' in told.html
    assert [(file.content_id, file.content) for file in told.files] == [("p1@x", b"GIF89a")]


def test_a_mail_in_the_mail_is_a_file_and_never_what_its_sender_wrote() -> None:
    outer = mail("転送します")
    outer.add_attachment(mail("返金は完了しています", Subject="返金のお知らせ"))
    told = read(outer.as_bytes())
    assert told.text == "転送します"
    assert [(file.name, file.media_type) for file in told.files] == [("返金のお知らせ.eml", "message/rfc822")]
    assert "6L+U6YeR44Gv" in told.files[0].content.decode() or "返金は完了".encode() in told.files[0].content


def test_an_invitation_alone_is_read_as_its_words() -> None:
    calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:配送の\r\n 相談\r\nLOCATION:東京\\, 本社\r\nEND:VEVENT\r\nEND:VCALENDAR"
    told = read(
        raw("From: a@example.jp", "Content-Type: text/calendar; method=REQUEST; charset=utf-8", "", calendar)
    )
    assert told.text == "配送の相談\n東京, 本社"
    assert told.automatic == "calendar"
    assert [file.name for file in told.files] == ["invitation.ics"]


def test_lines_that_were_only_folded_flow_together_again() -> None:
    told = read(
        raw("From: a@example.jp", "Content-Type: text/plain; format=flowed", "", "one two ", "three", "four")
    )
    assert told.text == "one two three\nfour"


def test_winmail_that_cannot_be_opened_is_kept_as_a_file() -> None:
    outer = MIMEMultipart()
    outer["From"] = "a@example.jp"
    outer.attach(MIMEText("添付します", "plain", "utf-8"))
    outer.attach(enclosed(b"not tnef at all", "application", "ms-tnef", name="winmail.dat"))
    told = read(outer.as_bytes())
    assert told.text == "添付します"
    assert [file.name for file in told.files] == ["winmail.dat"]
    assert "winmail.dat cannot be read" in told.defects


def test_winmail_is_opened() -> None:
    outer = MIMEMultipart()
    outer["From"] = "a@example.jp"
    outer.attach(enclosed(_winmail("memo.txt", b"inside"), "application", "ms-tnef", name="winmail.dat"))
    told = read(outer.as_bytes())
    assert [(file.name, file.content) for file in told.files] == [("memo.txt", b"inside")]


def _winmail(name: str, content: bytes) -> bytes:
    """The smallest file of MS-OXTNEF with one attachment: rendering data, title, data."""

    def attribute(level: int, ident: int, value: bytes) -> bytes:
        return (
            bytes([level])
            + ident.to_bytes(4, "little")
            + len(value).to_bytes(4, "little")
            + value
            + (sum(value) & 0xFFFF).to_bytes(2, "little")
        )

    return (
        (0x223E9F78).to_bytes(4, "little")
        + (1).to_bytes(2, "little")
        + attribute(1, 0x00089006, (0x00010000).to_bytes(4, "little"))
        + attribute(2, 0x00069002, bytes(14))
        + attribute(2, 0x00018010, name.encode() + b"\0")
        + attribute(2, 0x0006800F, content)
    )


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, ""),
        ({"Auto-Submitted": "no"}, ""),
        ({"Auto-Submitted": "auto-replied"}, "auto_reply"),
        ({"Auto-Submitted": "auto-generated; x=y"}, "auto_reply"),
        ({"X-Autoreply": "yes"}, "auto_reply"),
        ({"Subject": "自動応答: 休暇中です"}, "auto_reply"),
        ({"Subject": "Out of Office: back on Monday"}, "auto_reply"),
        ({"Subject": "Automatic reply: your order"}, "auto_reply"),
        ({"Subject": "自動車のタイヤが届かない"}, ""),
        ({"List-Id": "<news.example.jp>"}, "list"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Return-Path": "<>"}, "bulk"),
        ({"From": "MAILER-DAEMON@example.jp", "Return-Path": "<>"}, "bounce"),
        ({"From": "no-reply@bank.example"}, "no_reply"),
        ({"From": "noreply@example.jp"}, "no_reply"),
        ({"From": "nora.reply@example.jp"}, ""),
    ],
)
@pytest.mark.req("CH-044")
def test_machines_are_told_from_people(headers: dict[str, str], kind: str) -> None:
    told = mail(**{name.replace("-", "_"): value for name, value in headers.items()})
    assert read(told.as_bytes()).automatic == kind


def test_a_bounce_names_the_address_the_reason_and_the_mail_that_came_back() -> None:
    told = read(
        raw(
            "From: MAILER-DAEMON@example.jp",
            "Return-Path: <>",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "",
            "Undelivered mail",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.jp",
            "",
            "Final-Recipient: rfc822; Gone@Example.JP",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            "From: support@example.com",
            "Message-ID: <errand-7@example.com>",
            "",
            "--b--",
        )
    )
    assert told.automatic == "bounce"
    assert told.bounce is not None
    assert told.bounce.recipient == "gone@example.jp"
    assert (told.bounce.status, told.bounce.final) == ("5.1.1", True)
    assert told.bounce.message_id == "<errand-7@example.com>"
