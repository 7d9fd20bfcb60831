"""How replies look: HTML and text that say the same, in the shop's clothes, and nothing in them that anybody smuggled in."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from madoguchi.channels.mail.authenticity.names import AskedNames
from madoguchi.channels.mail.letterhead import Further, Letterhead, Reply, TemplateBroken, plain
from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.cli import mail_health
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.outbox import Errand, GiveUp
from tests.conftest import StillClock
from tests.faces.api.people import settings_for
from tests.mail.conftest import MAIL, SUPPORT, MailCounter
from tests.mail.letters import mail, page_of, words_of
from tests.mail.nameserver import NameServer
from tests.security.hostile import PAYLOADS

Make = Callable[..., MailCounter]
OURS = Ours(frozenset({"shop.example"}), frozenset(), frozenset(), frozenset())


@pytest.fixture
def make(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[Make]:
    """Counters with further settings of mail."""
    made: list[MailCounter] = []

    def build(trust: dict[str, Any] | None = None, **more: Any) -> MailCounter:
        folder = tmp_path / f"data{len(made)}"
        shutil.copytree(filled, folder)
        counter = MailCounter(folder, clock, mail={**MAIL, **more}, trust=trust or {})
        counter.client.__enter__()
        made.append(counter)
        return counter

    yield build
    for counter in made:
        counter.client.__exit__(None, None, None)
        counter.close()


def replied(
    counter: MailCounter, text: str, asked: str = "注文した荷物が届きません", **headers: str
) -> EmailMessage:
    contact = counter.contact(counter.takes(mail(asked, **headers).as_bytes(), headers.get("To", SUPPORT)))
    ito = counter.agent("ito")
    taken = ito.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    file = ito.upload(f"/contacts/{contact.id}/attachments", "案内.pdf", b"%PDF-1.4\n%%EOF")
    ito.say(contact.id, text, owner_version=taken["owner"]["version"], attachments=[file["id"]])
    return counter.mails()[-1]


@pytest.mark.req("CH-046")
def test_a_reply_is_html_and_text_with_pages_about_the_matter_and_can_be_answered(make: Make) -> None:
    counter = make()
    sent = replied(counter, "お調べします。\n一行あけます。\n\n明日ご連絡します。")
    assert sent.get_content_type() == "multipart/mixed"
    page, words = LexborHTMLParser(page_of(sent)), words_of(sent)
    assert page.css_first("html").attributes["lang"] == "ja"
    links = [each.attributes["href"] for each in page.css("li a")]
    assert links
    assert all(str(link).startswith("http://127.0.0.1:8310/help/articles/") for link in links)
    body = page.body.text() if page.body else ""
    for said in ("お調べします。", "明日ご連絡します。", "伊藤", "みどり商店", "## Midori Store ##"):
        assert said in body
        assert said in words
    assert all(str(link) in words for link in links)
    assert [each.get_filename() for each in sent.iter_attachments()] == ["案内.pdf"]
    assert "+t." in sent["Reply-To"]
    assert not page.css("script, style, link, img, iframe, form")


def test_the_customers_words_are_quoted_only_where_the_shop_wants_it_and_cannot_be_pressed(
    make: Make,
) -> None:
    asked = "届きません http://evil.example/login を見た"
    assert "evil" not in page_of(replied(make(), "はい", asked))
    sent = replied(make(quote_last=True), "はい", asked)
    quote = LexborHTMLParser(page_of(sent)).css_first("blockquote")
    assert "届きません" in quote.text()
    assert "http://evil" not in page_of(sent) + words_of(sent)
    assert "> 届きません" in words_of(sent)


def test_the_signature_is_in_the_contacts_language(make: Make) -> None:
    counter = make(signature={"ja": "みどり商店 お客様窓口", "en": "Midori Store, customer desk"})
    english = replied(counter, "We are looking into it.", "My parcel has not arrived", From="a@x.example")
    assert "Midori Store, customer desk" in words_of(english)
    assert LexborHTMLParser(page_of(english)).css_first("html").attributes["lang"] == "en"
    assert "みどり商店 お客様窓口" in words_of(replied(counter, "はい", From="b@x.example"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_word_of_anybody_becomes_markup(payload: str) -> None:
    reply = Reply(
        language="ja",
        subject=payload,
        shop=payload,
        marker=payload,
        text=f"{payload}\n\nhttps://shop.example/{payload}",
        agent=payload,
        signature=[payload],
        further=[Further(payload, "https://shop.example/help", payload)],
        quoted=payload,
    )
    page = LexborHTMLParser(Letterhead(OURS, "#0f5a4c").html(reply))
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "p",
        "strong",
        "a",
        "br",
        "ul",
        "li",
        "blockquote",
    }
    for node in page.css("*"):
        assert node.tag in allowed
        assert not [name for name in node.attributes if name.startswith("on")]
    for link in page.css("a"):
        assert str(link.attributes["href"]).startswith("https://shop.example/")
    assert "".join(payload.split()) in "".join((page.body.text() if page.body else "").split())


def test_only_links_to_ours_can_be_pressed() -> None:
    said = "https://shop.example/a?b=1&c=2。と https://shop.example.evil.test/x と https://help.shop.example です"
    page = LexborHTMLParser(Letterhead(OURS, "#0f5a4c").html(_reply(said)))
    assert [each.attributes["href"] for each in page.css("a")] == [
        "https://shop.example/a?b=1&c=2",
        "https://help.shop.example",
    ]


def _reply(text: str) -> Reply:
    return Reply(language="ja", subject="件名", shop="店", marker="## 店 ##", text=text)


def test_the_shops_own_template_is_used(make: Make, tmp_path: Path) -> None:
    own = tmp_path / "own.html"
    own.write_text(
        "<html lang={{ language }}><p>{{ marker }} {{ above }}</p><h1>OWN</h1>"
        "{% for p in paragraphs %}<p>{% for x in p %}{{ x.text }}{% endfor %}</p>{% endfor %}</html>"
    )
    Letterhead(OURS, "#0f5a4c", own).check()
    assert "<h1>OWN</h1>" in page_of(replied(make(template=own), "はい"))


@pytest.mark.parametrize(
    "template",
    [
        "{{ paragraphs",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}{{ marker }}",
        "{{ marker }}{% for p in paragraphs %}{% for x in p %}{{ x.text|safe }}{% endfor %}{% endfor %}",
        "{{ marker }} no words",
        "{% for p in paragraphs %}{% for x in p %}{{ x.text }}{% endfor %}{% endfor %}",
        "{{ settings.mail.smtp_password }}{{ marker }}",
        "{% include '/etc/passwd' %}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for n in range(10 ** 9) %}{{ n }}{% endfor %}",
    ],
)
def test_a_template_that_is_broken_or_wicked_is_told_and_never_keeps_a_mail_back(
    make: Make, tmp_path: Path, template: str
) -> None:
    own = tmp_path / "own.html"
    own.write_text(template)
    with pytest.raises(TemplateBroken):
        Letterhead(OURS, "#0f5a4c", own).check()


def test_with_a_broken_template_the_mail_goes_out_in_ours(make: Make, tmp_path: Path) -> None:
    own = tmp_path / "own.html"
    own.write_text("{{ nothing.of.the.kind }}")
    assert "お調べします" in page_of(replied(make(template=own), "お調べします"))
    own.unlink()
    assert "お調べします" in page_of(replied(make(template=own), "お調べします"))


def test_html_and_text_say_the_same() -> None:
    reply = _reply("一\n\n二 & 三")
    page = LexborHTMLParser(Letterhead(OURS, "#0f5a4c").html(reply))
    for line in ("一", "二 & 三"):
        assert line in plain(reply)
        assert line in html.unescape(page.body.text() if page.body else "")


# ── mailboxes ─────────────────────────────────────────────────────────────────────────────────────

SALES = {
    "address": "sales@shop.example",
    "sender": "sales@mail.shop.example",
    "name": "みどり商店 法人窓口",
    "queue": "business",
    "language": "ja",
    "signature": {"ja": "法人窓口"},
}


def test_a_mailbox_has_its_own_sender_name_signature_and_queue(make: Make) -> None:
    counter = make(trust={"domains": ["mail.shop.example"]}, boxes=[SALES])
    taken = counter.inbox_take(
        mail("見積もりをください", To="sales@shop.example").as_bytes(), "sales@shop.example"
    )
    contact = counter.contact(taken)
    assert counter.queue_of(contact.id) == "business"
    ito = counter.agent("ito")
    held = ito.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    ito.say(contact.id, "お見積もりします", owner_version=held["owner"]["version"])
    sent = counter.mails()[-1]
    assert sent["From"].addresses[0].addr_spec == "sales@mail.shop.example"
    assert sent["From"].addresses[0].display_name == "みどり商店 法人窓口"
    assert sent["Reply-To"].startswith("sales+t.")
    assert "法人窓口" in words_of(sent)


@pytest.mark.req("CH-045")
def test_doctor_looks_up_what_the_senders_domains_publish(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path, mail={"sender": SUPPORT, "smtp_host": "127.0.0.1", "dkim_selector": "mail"}
    )
    records = {
        ("shop.example", "TXT"): ["v=spf1 -all"],
        ("mail._domainkey.shop.example", "TXT"): ["v=DKIM1; p=abc"],
        ("_dmarc.shop.example", "TXT"): ["v=DMARC1; p=reject"],
    }
    said = {("shop.example", "TXT"): "no SPF", ("_dmarc.shop.example", "TXT"): "no DMARC"}
    said[("mail._domainkey.shop.example", "TXT")] = "no DKIM key under mail"
    with NameServer(records) as names:
        assert mail_health.records(settings, lambda _: AskedNames(names.address)).fine
        for name, words in said.items():
            kept = names.records.pop(name)
            found = mail_health.records(settings, lambda _: AskedNames(names.address))
            assert not found.fine
            assert words in found.detail
            names.records[name] = kept
        names.records[("_dmarc.shop.example", "TXT")] = ["v=DMARC1; p=none"]
        assert "asks for nothing" in mail_health.records(settings, lambda _: AskedNames(names.address)).detail
        names.silent.add("shop.example")
        silent = mail_health.records(settings, lambda _: AskedNames(names.address, seconds=0.3))
        assert "no answer" in silent.detail


@pytest.mark.req("CH-045")
def test_nothing_leaves_from_a_domain_that_is_not_ours(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        mail={"sender": SUPPORT, "boxes": [{"address": "x@shop.example", "sender": "ceo@gmail.test"}]},
    )
    postman = Postman(settings)
    told = Outgoing("a@x.example", "", "件名", "本文", "ja", "<1@shop.example>", SUPPORT, "x@shop.example")
    with pytest.raises(GiveUp, match=r"gmail\.test is none"):
        postman.post(Errand(1, "x", {}, 1, None), told)
    assert not list(tmp_path.rglob("*.eml"))
    assert postman.check(settings.mail.boxes[0]) == "gmail.test is none of our domains (trust.domains)"
    assert postman.check() is None
