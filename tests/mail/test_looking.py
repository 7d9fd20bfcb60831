"""What staff see of a mail, and what was kept apart: safe in any browser, noted, for those who may."""

from __future__ import annotations

import base64
import io
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from madoguchi.channels.mail.model import received_mail
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.trust import service as trust
from madoguchi.engine.audit import audit
from madoguchi.faces.mails import FRAME_POLICY, raw_head
from madoguchi.faces.principal import CUSTOMER_COOKIE, STAFF_COOKIE
from tests.faces.api.people import Caller
from tests.mail.conftest import MailCounter
from tests.mail.letters import mail
from tests.security.hostile import PAYLOADS
from tests.security.test_pages import Inline


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return out.getvalue()


def laid_out(body: str, image: bytes = b"", subject: str = "件名") -> bytes:
    told = MIMEMultipart("related")
    told["From"], told["Subject"] = "花子 <hanako@example.jp>", subject
    told.attach(MIMEText(body, "html", "utf-8"))
    if image:
        part = MIMEImage(image, "png")
        part["Content-ID"] = "<logo@x>"
        told.attach(part)
    return told.as_bytes()


def page(
    caller: Caller, path: str, cookie: str = STAFF_COOKIE, method: str = "GET", **form: str
) -> tuple[int, str, dict[str, str]]:
    """A page as a browser with this caller's session gets it."""
    client = caller.counter.client
    client.cookies.clear()
    headers = {
        "cookie": f"{cookie}={caller.token}",
        "accept-language": caller.language,
        "sec-fetch-site": "same-origin",
    }
    answer = client.request(method, path, headers=headers, data=form or None, follow_redirects=False)
    return answer.status_code, answer.text, dict(answer.headers)


def test_html_is_shown_in_a_frame_without_scripts_and_without_anything_from_elsewhere(
    counter: MailCounter,
) -> None:
    body = "<p>荷物が<b>届きません</b></p><img src=cid:logo@x><img src=https://track.example/p.gif><script>alert(1)</script>"
    filed = counter.takes(laid_out(body, picture()))
    ito = counter.agent("ito")
    status, text, headers = page(ito, f"/desk/mails/{filed.id}?view=html")
    assert status == 200
    frame = LexborHTMLParser(text).css_first("iframe")
    assert frame.attributes["sandbox"] in ("", None)
    assert "frame-src 'self'" in headers["content-security-policy"]
    assert "https://track.example" not in text
    answer = ito.send("GET", f"/mails/{filed.id}/html")
    assert answer.headers["content-security-policy"] == FRAME_POLICY
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "<script" not in answer.text
    assert "track.example" not in answer.text
    sources = [each.attributes.get("src") or "" for each in LexborHTMLParser(answer.text).css("img")]
    assert sources[0].startswith("data:image/png;base64,")
    assert base64.b64decode(sources[0].partition(",")[2])
    assert all(each.startswith("data:") or not each for each in sources)


def test_words_first_and_what_they_answer_folded_with_what_is_known_of_the_origin(
    counter: MailCounter,
) -> None:
    text = "まだ届きません。\n\n2026年11月20日 みどり <support@shop.example>:\n> 前のご連絡です"
    filed = counter.takes(mail(text).as_bytes())
    status, shown, _ = page(counter.agent("ito"), f"/desk/mails/{filed.id}")
    assert status == 200
    found = LexborHTMLParser(shown)
    assert "まだ届きません。" in found.css_first("section.card p").text()
    assert "前のご連絡です" in found.css_first("details").text()
    assert "まだ分かりません" in shown  # nobody has asked for its origin yet
    assert "hanako@example.jp" in shown


def _without_our_frame(shown: str) -> str:
    """The page without its one frame; a second one would be somebody else's."""
    found = LexborHTMLParser(shown)
    frames = found.css("iframe")
    if frames:
        frames[0].decompose()
    return found.html or ""


@pytest.mark.parametrize("number", range(4))
def test_no_mail_is_taken_for_markup(counter: MailCounter, number: int) -> None:
    attack = " ".join(PAYLOADS[number::4])
    raw = mail(attack, Subject=" ".join(attack.split())[:300]).as_bytes()
    for sent in (raw, laid_out(attack, subject="x")):
        filed = counter.takes(sent)
        ito = counter.agent("ito")
        for path in ("", "?view=html", "/original"):
            _, shown, _ = page(ito, f"/desk/mails/{filed.id}{path}")
            Inline(path).feed(_without_our_frame(shown) if "html" in path else shown)
        frame = LexborHTMLParser(ito.send("GET", f"/mails/{filed.id}/html").text)
        assert not frame.css("script, iframe, object, embed, form, link, base, svg, math, style")
        for node in frame.css("*"):
            assert not [name for name in node.attributes if name.startswith("on") or name == "srcdoc"]


@pytest.mark.req("PRIV-002")
def test_the_original_is_a_file_only_and_every_look_is_noted(counter: MailCounter) -> None:
    raw = mail("届きません").as_bytes()
    filed = counter.takes(raw)
    ito = counter.agent("ito")
    answer = ito.send("GET", f"/mails/{filed.id}/original")
    assert answer.content == raw
    assert answer.headers["content-disposition"] == f'attachment; filename="{filed.id}.eml"'
    assert answer.headers["content-type"] == "application/octet-stream"
    _, shown, _ = page(ito, f"/desk/mails/{filed.id}/original")
    assert "From: " in shown
    ito.get(f"/mails/{filed.id}")
    rows = counter.house.database.read(
        lambda tx: tx.all(select(audit.c.action, audit.c.actor_id).where(audit.c.object_id == filed.id))
    )
    assert [(row.action, row.actor_id) for row in rows] == [
        ("mail.original", ito.id),
        ("mail.original", ito.id),
        ("mail.read", ito.id),
    ]


def test_the_api_tells_what_was_read(counter: MailCounter) -> None:
    filed = counter.takes(mail("届きません", Cc="b@example.jp").as_bytes())
    ito = counter.agent("ito")
    told = ito.get(f"/mails/{filed.id}")
    assert (told["sender"], told["subject"], told["text"]) == ("hanako@example.jp", "荷物の件", "届きません")
    assert (told["copied"], told["has_html"], told["authentication"]) == (["b@example.jp"], False, None)
    [line] = ito.get(f"/contacts/{filed.contact_id}/mails")["mails"]
    assert line["id"] == filed.id


def test_the_head_is_shown_as_it_stands_whatever_is_in_it() -> None:
    assert raw_head(b"Subject: \xff\x1b[31m<b>\r\n\r\nwords") == "Subject: \\xff\\x1b[31m<b>"
    assert len(raw_head(b"x" * 100_000)) == 64_000


# ── kept apart ────────────────────────────────────────────────────────────────────────────────────


def kept(counter: MailCounter, text: str = "今週のお得情報", **headers: str) -> str:
    return counter.takes(mail(text, **(headers or {"List_Id": "<x.example>"})).as_bytes()).id


def press(caller: Caller, path: str) -> int:
    """A button of a page, with the word that only our pages know."""
    _, shown, _ = page(caller, "/console/mails")
    csrf = LexborHTMLParser(shown).css_first("input[name=csrf]").attributes["value"]
    return page(caller, path, method="POST", csrf=str(csrf))[0]


def test_supervisors_see_what_was_kept_apart_and_why_and_let_it_in_once(counter: MailCounter) -> None:
    mail_id = kept(counter, "配送の件です。返事をください。")
    kept(counter, "広告", Precedence="bulk", Subject="SALE")
    mori = counter.agent("mori")
    status, shown, _ = page(mori, "/console/mails")
    assert status == 200
    for words in ("メーリングリスト", "一斉送信", "SALE", "hanako@example.jp"):
        assert words in shown
    assert page(mori, f"/desk/mails/{mail_id}")[0] == 200
    assert page(counter.agent("ito"), f"/desk/mails/{mail_id}")[0] == 404
    assert page(counter.agent("ito"), "/console/mails")[0] == 403
    for _ in range(2):
        assert press(mori, f"/console/mails/{mail_id}/release") == 303
    counter.deliver()
    row = counter.house.database.read(
        lambda tx: tx.first(select(received_mail).where(received_mail.c.id == mail_id))
    )
    assert row is not None
    assert row.state == "filed"
    assert counter.words(row.contact_id) == ["配送の件です。返事をください。"]
    assert counter.mails() == []  # nobody is answered for it


def test_what_is_deleted_is_gone_with_its_bytes(counter: MailCounter) -> None:
    mail_id = kept(counter)
    mori = counter.agent("mori")
    before = counter.house.database.read(
        lambda tx: tx.scalar(select(received_mail.c.storage_key).where(received_mail.c.id == mail_id))
    )
    assert counter.house.files.get(before)
    assert press(mori, f"/console/mails/{mail_id}/delete") == 303
    counter.deliver()
    with pytest.raises(FileNotFoundError):
        counter.house.files.get(before)
    assert mori.refused("GET", f"/mails/{mail_id}") == (404, "not_found")
    _, shown, _ = page(mori, "/console/mails")
    assert "hanako@example.jp" not in shown


# ── the message centre ────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("CH-054")
def test_every_mail_to_a_customer_stands_in_the_message_centre_with_time_and_sender(
    counter: MailCounter,
) -> None:
    """A code, an answer by mail, a transcript: whatever has left."""
    visitor = counter.visitor()
    visitor.post("/sessions/mail-code", {"email": cast.MISAKI_EMAIL}, status=202)
    filed = counter.takes(mail("届きません", From=f"美咲 <{cast.MISAKI_EMAIL}>").as_bytes())
    contact = counter.contact(filed)
    ito = counter.agent("ito")
    held = ito.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    ito.say(contact.id, "お調べします", owner_version=held["owner"]["version"])
    sent = [each for each in counter.mails() if each["To"].addresses[0].addr_spec == cast.MISAKI_EMAIL]
    assert len(sent) == 3  # code, acknowledgement, answer
    misaki = counter.customer(cast.MISAKI)
    status, shown, _ = page(misaki, "/help/messages", CUSTOMER_COOKIE)
    assert status == 200
    rows = LexborHTMLParser(shown).css("table.sheet tbody tr")
    assert len(rows) == 3
    for each in sent:
        [row] = [row for row in rows if str(each["Subject"]) in row.text()]
        assert each["From"].addresses[0].addr_spec in row.text()
        assert "11月20日" in row.text() or "今日" in row.text()
    assert "迷惑メール" in shown


@pytest.mark.req("CH-054")
def test_the_message_centre_is_for_its_owner_only(counter: MailCounter) -> None:
    counter.house.database.write(
        trust.note_sent,
        counter.house.keys,
        message_id="errand-1",
        to=cast.MISAKI_EMAIL,
        subject="美咲さんだけの件名",
        sender="support@shop.example",
    )
    _, shown, _ = page(counter.customer(cast.JOHN), "/help/messages", CUSTOMER_COOKIE)
    assert "美咲さんだけの件名" not in shown
    status, _, headers = page(counter.visitor(), "/help/messages", CUSTOMER_COOKIE)
    assert status == 303
    assert headers["location"].startswith("/sign-in")
    _, security, _ = page(counter.visitor(), "/help/security", CUSTOMER_COOKIE)
    assert 'href="/help/messages"' in security
    assert "美咲さんだけの件名" in page(counter.customer(cast.MISAKI), "/help/messages", CUSTOMER_COOKIE)[1]
