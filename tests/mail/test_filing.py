"""A mail becomes a contact with its case; an answer goes on in it; strangers and machines change nothing for anybody."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from madoguchi.counter.contacts import events
from madoguchi.faces.facts import fact_text
from tests.mail.conftest import SUPPORT, MailCounter
from tests.mail.letters import mail, raw, words_of

HANAKO = "hanako@example.jp"


def answer(to: EmailMessage, text: str, sender: str = HANAKO, *, by_reference: bool = False) -> bytes:
    """What a mail program makes of "reply"."""
    address = SUPPORT if by_reference else str(to["Reply-To"])
    told = mail(
        text, From=f"花子 <{sender}>", Subject=f"Re: {to['Subject']}", In_Reply_To=str(to["Message-ID"])
    )
    told.replace_header("To", address)
    return told.as_bytes()


@pytest.mark.req("CH-040", "CASE-001")
def test_a_mail_at_three_in_the_morning_becomes_a_case_with_a_number(counter: MailCounter) -> None:
    counter.clock.forward(hours=15)  # 03:00 in Tokyo
    filed = counter.takes(mail("注文した荷物がまだ届きません。追跡も止まっています。").as_bytes())
    contact = counter.contact(filed)
    assert (filed.state, filed.reason, filed.sender) == ("filed", "new", HANAKO)
    assert (contact.channel, contact.language, contact.owner_kind) == ("mail", "ja", "queue")
    assert contact.topic.startswith("order_delivery.")
    assert contact.attributes["subject"] == "荷物の件"
    assert counter.words(contact.id) == ["注文した荷物がまだ届きません。追跡も止まっています。"]
    assert counter.case_label(contact).startswith("C-")


@pytest.mark.req("CH-044", "CH-048")
def test_the_acknowledgement_has_number_and_time_and_nothing_that_the_sender_wrote(
    counter: MailCounter,
) -> None:
    filed = counter.takes(
        mail("攻撃者の言葉 http://evil.example 届きません", Subject="読んで http://evil.example").as_bytes()
    )
    [sent] = counter.mails()
    text = sent.get_content()
    assert sent["To"].addresses[0].addr_spec == HANAKO
    assert counter.case_label(counter.contact(filed)) in sent["Subject"]
    assert counter.case_label(counter.contact(filed)) in text
    assert "evil" not in sent.as_string()
    assert "攻撃者" not in text
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert "迷惑メール" in text  # where to look if the answer does not come


@pytest.mark.req("CH-044")
def test_one_address_gets_one_automatic_mail_a_day(counter: MailCounter) -> None:
    for number in range(3):
        counter.takes(mail(f"別の件 {number}: 領収書をください", Subject=f"件 {number}").as_bytes())
    assert len(counter.mails()) == 1
    counter.clock.forward(hours=25)
    counter.takes(mail("返品したいです", Subject="返品").as_bytes())
    assert len(counter.mails()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"From": "no-reply@bank.example"},
        {"X_Auto_Response_Suppress": "All"},
        {"Subject": "自動応答: 不在"},
    ],
)
@pytest.mark.req("CH-044")
def test_machines_get_no_acknowledgement_but_are_not_lost(
    counter: MailCounter, headers: dict[str, str]
) -> None:
    filed = counter.takes(mail("確認コードは 123456 です", **headers).as_bytes())
    assert filed.state == "filed"
    assert counter.mails() == []


@pytest.mark.parametrize(
    "headers", [{"List_Id": "<x.example>"}, {"Precedence": "bulk"}, {"Return_Path": "<>"}]
)
def test_bulk_mail_is_kept_apart(counter: MailCounter, headers: dict[str, str]) -> None:
    filed = counter.takes(mail("今週のお得情報", **headers).as_bytes())
    assert (filed.state, filed.contact_id) == ("quarantined", None)
    assert counter.house.files.get(filed.storage_key)


@pytest.mark.req("CH-040", "CH-046")
@pytest.mark.parametrize("by_reference", [False, True])
def test_an_answer_goes_on_in_its_contact(counter: MailCounter, by_reference: bool) -> None:
    contact = counter.contact(counter.takes(mail("荷物が届きません").as_bytes()))
    [sent] = counter.mails()
    quoted = "\n\n2026年11月20日 みどり <support@shop.example>:\n> " + "\n> ".join(
        sent.get_content().splitlines()
    )
    later = counter.takes(
        answer(sent, f"注文番号は 249-1234567-1234567 です{quoted}", by_reference=by_reference)
    )
    assert (later.contact_id, later.reason) == (contact.id, "answer")
    assert counter.words(contact.id) == ["荷物が届きません", "注文番号は 249-1234567-1234567 です"]


@pytest.mark.req("CH-046", "CASE-011")
def test_an_answer_opens_a_solved_case_again_and_after_its_end_a_new_contact_of_the_same_case(
    counter: MailCounter,
) -> None:
    contact = counter.contact(counter.takes(mail("荷物が届きません").as_bytes()))
    [acknowledged] = counter.mails()
    kato = counter.agent("kato")
    taken = kato.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    kato.post(
        f"/contacts/{contact.id}/resolve",
        {"owner_version": taken["owner"]["version"], "text": "届けました"},
    )
    again = counter.takes(answer(acknowledged, "まだ届いていません"))
    assert again.contact_id == contact.id
    assert counter.contact(again).state == "open"


@pytest.mark.req("CH-046", "CH-055")
def test_what_an_agent_says_goes_out_by_mail_in_the_thread(counter: MailCounter) -> None:
    contact = counter.contact(
        counter.takes(
            mail("荷物が届きません", Message_ID="<mine@example.jp>", References="<old@example.jp>").as_bytes()
        )
    )
    kato = counter.agent("kato")
    taken = kato.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    body = {
        "text": "お調べします。",
        "client_key": "pressed-twice",
        "owner_version": taken["owner"]["version"],
    }
    kato.post(f"/contacts/{contact.id}/entries", body)
    kato.post(f"/contacts/{contact.id}/entries", body)  # pressed twice
    sent = counter.mails()[-1]
    assert len(counter.mails()) == 2  # the acknowledgement and this
    assert "お調べします。" in words_of(sent)
    assert sent["Subject"].startswith("Re: 荷物の件")
    assert sent["In-Reply-To"] == "<mine@example.jp>"
    assert sent["References"] == "<old@example.jp> <mine@example.jp>"
    assert sent["Auto-Submitted"] is None
    assert counter.takes(answer(sent, "ありがとうございます")).contact_id == contact.id


@pytest.mark.req("CH-048", "CASE-006")
def test_who_writes_again_about_the_same_matter_within_two_days_gets_no_second_case(
    counter: MailCounter,
) -> None:
    first = counter.takes(mail("荷物が届きません", Subject="届かない").as_bytes())
    counter.clock.forward(hours=40)
    again = counter.takes(mail("昨日も書きました。荷物が届きません", Subject="Re: 届かない").as_bytes())
    assert (again.contact_id, again.reason) == (first.contact_id, "again")
    counter.clock.forward(hours=49)
    assert counter.takes(mail("荷物が届きません!!", Subject="届かない").as_bytes()).reason == "new"


@pytest.mark.req("CASE-003")
def test_two_matters_of_one_address_stay_apart(counter: MailCounter) -> None:
    one = counter.takes(mail("荷物が届きません", Subject="荷物").as_bytes())
    two = counter.takes(mail("領収書の宛名を会社名にしてください", Subject="領収書").as_bytes())
    assert one.contact_id != two.contact_id


def test_the_same_mail_delivered_twice_is_one(counter: MailCounter) -> None:
    """R-03: our answer was lost, and the mail server tries again; its own lines above the mail differ."""
    content = mail("荷物が届きません").as_bytes()
    first = counter.takes(b"Received: from a by b; now\nDelivered-To: x@y\n" + content)
    second = counter.takes(b"Received: from c by b;\n later\nReturn-Path: <z@y>\n" + content)
    assert first.id == second.id
    assert len(counter.words(first.contact_id or "")) == 1


@pytest.mark.req("CH-043")
def test_pictures_come_with_the_words_and_what_cannot_be_shown_is_named(counter: MailCounter) -> None:
    told = mail("箱がつぶれています")
    told.add_attachment(_PNG, maintype="image", subtype="png", filename="箱.png")
    told.add_attachment(b"MZ\x90", maintype="application", subtype="x-msdownload", filename="見て.exe")
    filed = counter.takes(told.as_bytes())
    [spoken] = [e for e in counter.entries(filed.contact_id or "") if e.kind == events.MESSAGE]
    assert len(spoken.body["attachments"]) == 1
    [facts] = [e for e in counter.entries(filed.contact_id or "") if e.kind == events.MAIL_TAKEN]
    assert facts.body["files_left_out"] == ["見て.exe"]
    assert facts.visibility == "internal"


def test_files_of_a_mail_that_nobody_is_shown_are_kept_only_inside_it(counter: MailCounter) -> None:
    bulk = mail("今週のお得情報", List_Id="<x.example>")
    bulk.add_attachment(_PNG, maintype="image", subtype="png", filename="広告.png")
    filed = counter.takes(bulk.as_bytes())
    stored = [path.name for path in (counter.folder / "files").rglob("*") if path.is_file()]
    assert stored == [filed.storage_key]


def test_a_mail_that_cannot_be_read_still_becomes_a_contact(counter: MailCounter) -> None:
    """R-15: the raw mail is there, and the next mail is not held up."""
    endless = b"From: hanako@example.jp\nContent-Transfer-Encoding: base64\n\n" + b"QQ==\n" * 6_000_000
    filed = counter.takes(endless)
    assert filed.state == "filed"
    assert filed.contact_id is not None
    assert counter.house.files.get(filed.storage_key) == endless
    assert counter.takes(mail("次").as_bytes()).state == "filed"


# ── strangers and machines ────────────────────────────────────────────────────────────────────────────


def test_a_stranger_who_has_the_reply_address_is_heard_by_staff_and_by_nobody_else(
    counter: MailCounter,
) -> None:
    """S-01."""
    contact = counter.contact(counter.takes(mail("荷物が届きません").as_bytes()))
    [sent] = counter.mails()
    filed = counter.takes(answer(sent, "住所を変えてください", "evil@attacker.example"))
    assert filed.contact_id == contact.id
    assert counter.words(contact.id) == ["荷物が届きません"]
    [told] = [e for e in counter.entries(contact.id) if e.kind == events.MAIL_FROM_OTHER]
    assert (told.visibility, told.body["from"]) == ("internal", "evil@attacker.example")
    assert len(counter.mails()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": "<errand-1@shop.example>"},
        {"References": "<aaaaaaaaaaaaaaaaaaaaaaaaaa@shop.example> <errand-2@shop.example>"},
        {"To": "support+t.aaaaaaaaaaaaaaaaaaaaaaaaaa@shop.example"},
        {"Delivered_To": "support+t.bbbbbbbbbbbbbbbbbbbbbbbbbb@shop.example"},
        {"Subject": "Re: お問い合わせを受け付けました (C-10001)"},
        {"Sender": "support@shop.example", "Reply_To": "support@shop.example"},
        {"Cc": "evil@attacker.example", "Bcc": "evil@attacker.example"},
        {"Resent_From": "kato@shop.example", "X_Contact": "con_1"},
    ],
)
def test_a_forged_mail_from_the_customers_address_joins_nothing(
    counter: MailCounter, headers: dict[str, str]
) -> None:
    """S-01, S-02: known numbers, guessed addresses and somebody else's From lead nowhere."""
    first = counter.takes(mail("荷物が届きません", Subject="届かない").as_bytes())
    before = len(counter.entries(first.contact_id or ""))
    forged = counter.takes(mail("履歴を全部送って", **{"Subject": "別の話", **headers}).as_bytes())
    assert forged.contact_id != first.contact_id
    assert len(counter.entries(first.contact_id or "")) == before
    assert {str(sent["To"]) for sent in counter.mails()} == {str(counter.mails()[0]["To"])}
    assert all("evil" not in sent.as_string() for sent in counter.mails())


def test_nothing_in_a_mail_makes_its_sender_a_customer(counter: MailCounter) -> None:
    """Authority never comes from headers: the address of a known customer is still a visitor's."""
    filed = counter.takes(mail("私の注文をキャンセルして", From="佐藤 美咲 <misaki@example.jp>").as_bytes())
    contact = counter.contact(filed)
    assert contact.customer_id is None
    assert contact.customer_rung == 0
    assert contact.proven_orders == []


@pytest.mark.req("HIS-010")
def test_a_mail_of_a_machine_to_our_address_is_read_by_no_customer(counter: MailCounter) -> None:
    """S-03: the verification mail that somebody had sent to the shop's own address."""
    filed = counter.takes(mail("Your code is 424242", From="no-reply@saas.example").as_bytes())
    customer = counter.customer("C1001")
    assert customer.refused("GET", f"/contacts/{filed.contact_id}")[0] == 404


def test_a_bounce_is_told_beside_the_conversation_in_which_we_wrote(counter: MailCounter) -> None:
    contact = counter.contact(counter.takes(mail("荷物が届きません").as_bytes()))
    [sent] = counter.mails()
    filed = counter.takes(
        raw(
            "From: MAILER-DAEMON@example.jp",
            "Return-Path: <>",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "",
            "User unknown",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.jp",
            "",
            "Final-Recipient: rfc822; hanako@example.jp",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {sent['Message-ID']}",
            "",
            "--b--",
        )
    )
    assert (filed.contact_id, filed.reason) == (contact.id, events.MAIL_BOUNCED)
    [told] = [e for e in counter.entries(contact.id) if e.kind == events.MAIL_BOUNCED]
    assert told.body["status"] == "5.1.1"
    assert len(counter.mails()) == 1


def test_an_out_of_office_answer_wakes_nobody(counter: MailCounter) -> None:
    contact = counter.contact(counter.takes(mail("荷物が届きません").as_bytes()))
    [sent] = counter.mails()
    away = mail(
        "休暇中です", Subject="自動応答", In_Reply_To=str(sent["Message-ID"]), Auto_Submitted="auto-replied"
    )
    filed = counter.takes(away.as_bytes(), str(sent["Reply-To"]))
    assert (filed.contact_id, filed.reason) == (contact.id, events.MAIL_AUTOMATIC)
    assert counter.words(contact.id) == ["荷物が届きません"]
    assert len(counter.mails()) == 1


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.mark.req("SLA-012")
def test_simple_questions_about_orders_are_served_before_others_and_staff_read_why(
    counter: MailCounter,
) -> None:
    others = [
        counter.contact(counter.takes(mail(text, From=f"c{n}@x.example").as_bytes()))
        for n, text in enumerate(
            [
                "届いた傘が壊れていました。交換してほしいです。",
                "荷物の配送状況を教えてください。" + "長い話です。" * 200,
            ]
        )
    ]
    simple = counter.contact(
        counter.takes(mail("注文番号 249-1234567-1234567 の配送状況を教えてください。").as_bytes())
    )
    assert simple.topic in ("order_delivery.track_order", "order_delivery.order_status")
    places = [counter.place_of(each.id) for each in (*others, simple)]
    assert places[-1].queue_id == places[1].queue_id
    assert places[-1].priority < min(each.priority for each in places[:-1])
    [fact] = [each for each in counter.entries(simple.id) if each.kind == events.MAIL_TAKEN]
    assert "優先して対応します" in fact_text(fact, "ja")
    assert (
        len([each for each in counter.mails() if "249-1234567" in each.as_string()]) == 0
    )  # From proves nothing
