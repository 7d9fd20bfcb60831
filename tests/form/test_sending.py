"""A form is sent: a number at once, a case in its queue, one mail; strangers' addresses are asked first (issue 4, S-04)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from madoguchi.channels.form import drafts
from madoguchi.channels.form.waiting import link_token
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts.model import attachment, contact
from madoguchi.counter.customers import queries as customers
from madoguchi.engine.database import Transaction
from tests.form.conftest import BROKEN, HANAKO, FormCounter, SignsIn, Writer, link_in
from tests.mail.letters import mail


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


@pytest.mark.req("CH-041", "CH-042", "CASE-001")
def test_a_signed_in_customer_has_a_number_at_once_though_every_agent_is_offline(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE).sends()
    [seen] = counter.contacts()
    case = counter.case_of(seen)
    assert misaki.number == case.label
    assert (seen.channel, seen.owner_kind, seen.owner_id) == ("form", "queue", "returns")
    assert (case.category, case.order_number) == (BROKEN, cast.MISAKI_LATE)
    assert (
        seen.customer_id
        == case.customer_id
        == counter.house.database.read(customers.by_shop_ref, cast.MISAKI).id
    )  # type: ignore[union-attr]
    assert "届いた皿が割れていました" in counter.words(seen.id)[0]
    assert seen.id in misaki.get("/history")
    assert "届いた皿が割れていました" in misaki.get(f"/contacts/{seen.id}")


@pytest.mark.req("CH-044", "CH-048")
def test_the_acknowledgement_is_on_its_way_with_number_summary_and_time(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE).sends()
    assert "迷惑メール" in misaki.text
    [sent] = counter.mails()
    text = sent.get_content()
    assert misaki.number in text
    assert misaki.number in sent["Subject"]
    assert "届いた皿が割れていました" in text
    assert "1〜5日" in text  # the promise of this category
    assert "迷惑メール" in text
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert "+t." in sent["Reply-To"]


@pytest.mark.req("CH-044")
def test_words_with_a_link_to_elsewhere_are_not_mailed_even_to_their_writer(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE, problem="これを見て http://evil.example/x 割れています").sends()
    [sent] = counter.mails()
    assert "evil" not in sent.as_string()
    assert misaki.number in sent.get_content()


@pytest.mark.req("CH-044")
def test_an_unproved_address_is_asked_once_a_day_and_reads_no_word_of_what_was_written(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills(problem="攻撃者の言葉 http://evil.example 割れた").sends(HANAKO, name="偽の名前")
    number = writer.number
    assert "h•••@example.jp" in writer.text
    counter.writer("198.51.100.7").fills(problem="もう一度").sends(HANAKO.upper())
    counter.writer("198.51.100.8").fills(problem="さらに一度").sends("hanako+tag@example.jp")
    [sent] = counter.mails()
    assert sent["To"].addresses[0].addr_spec == HANAKO
    assert number in sent.get_content()
    for word in ("evil", "攻撃者", "偽の名前", "割れた"):
        assert word not in sent.as_string() + sent.get_content() + str(sent["To"])
    assert sent["Auto-Submitted"] == "auto-replied"


@pytest.mark.req("CH-041", "CH-042")
def test_what_waits_for_its_address_is_in_no_queue_and_becomes_the_case_of_its_number(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills().sends(HANAKO, name="花子")
    number = writer.number
    assert counter.contacts() == []
    mori = counter.agent("mori")
    assert number not in mori.send("GET", "/desk/inbox").text
    [sent] = counter.mails()
    page = writer.get(link_in(sent))
    assert number in page
    assert "割れていました" not in page
    assert counter.contacts() == []  # looking at the link changes nothing
    writer.send("/help/form/confirm", mine=counter.waiting()[0].id)
    assert number in writer.text
    [seen] = counter.contacts()
    assert counter.case_of(seen).label == number
    assert (seen.owner_kind, seen.attributes["mail_from"]) == ("queue", HANAKO)
    assert "割れていました" in counter.words(seen.id)[0]
    assert "割れていました" in writer.get(f"/contacts/{seen.id}")
    assert len(counter.mails()) == 1


@pytest.mark.req("CH-042")
def test_confirmed_from_another_browser_it_belongs_to_the_mailbox_and_not_to_the_session_that_wrote_it(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills().sends(HANAKO)
    phone = counter.writer("198.51.100.77")
    phone.get(link_in(counter.mails()[0]))
    phone.send("/help/form/confirm", mine=counter.waiting()[0].id)
    [seen] = counter.contacts()
    assert writer.get(f"/contacts/{seen.id}")
    assert "割れていました" not in writer.text
    assert writer.path.startswith("/sign-in")


@pytest.mark.req("CH-041")
def test_what_is_not_ours_is_thrown_away_unread_and_a_forged_link_opens_nothing(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills().sends(HANAKO)
    link = link_in(counter.mails()[0])
    forged = counter.writer().get(link[:-4] + "0000")
    assert "C-" not in forged
    victim = counter.writer("198.51.100.9")
    victim.get(link)
    victim.client.post("/help/form/confirm", data={"token": link.partition("=")[2], "none": "yes"})
    assert counter.waiting() == []
    [refused] = counter.waiting("refused")
    assert refused.data == {}
    assert counter.contacts() == []


@pytest.mark.req("CH-048", "CASE-006")
def test_the_same_problem_within_48_hours_joins_its_case_and_later_is_a_new_one(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    misaki = signed_in(cast.MISAKI)
    first = misaki.fills(order=cast.MISAKI_LATE).sends().number
    counter.clock.forward(hours=40)
    again = misaki.fills(order=cast.MISAKI_LATE, problem="返事がまだありません").sends()
    assert again.number == first
    assert "続き" in again.text
    other = misaki.fills(kind="payment_refund.receipt", order=cast.MISAKI_LATE).sends().number
    assert other != first
    counter.clock.forward(hours=60)
    late = misaki.fills(order=cast.MISAKI_LATE, problem="また割れていました").sends().number
    assert late not in (first, other)
    assert len(counter.contacts()) == 4


@pytest.mark.req("CH-048")
def test_sent_again_before_it_is_confirmed_it_keeps_its_number(counter: FormCounter, writer: Writer) -> None:
    first = writer.fills().sends(HANAKO).number
    again = writer.fills(problem="追記: 箱も破れていました").sends(HANAKO).number
    assert again == first
    writer.get(link_in(counter.mails()[0]))
    writer.client.post(
        "/help/form/confirm",
        data={
            "token": link_in(counter.mails()[0]).partition("=")[2],
            "mine": [each.id for each in counter.waiting()],
        },
    )
    assert {counter.case_of(each).label for each in counter.contacts()} == {first}
    assert len(counter.contacts()) == 2


@pytest.mark.req("CASE-006")
def test_a_number_given_out_for_a_matter_that_we_have_by_mail_leads_to_its_case(
    counter: FormCounter, writer: Writer
) -> None:
    filed = counter.takes(mail("届いた皿が割れていました。写真を送ります。").as_bytes())
    by_mail = counter.contact(filed)
    given = writer.fills(kind=by_mail.topic).sends(HANAKO)
    number = given.number
    waits = counter.waiting()[0]
    link = f"/help/form/confirm?token={_token(counter, waits.mailbox, waits.id)}"
    writer.get(link)
    writer.send("/help/form/confirm", mine=waits.id)
    [seen] = counter.contacts()
    assert counter.case_of(seen).label == counter.case_label(by_mail) != number

    def leads(tx: Transaction) -> str:
        found = cases.by_number(tx, number)
        assert found is not None
        return found.label

    assert counter.house.database.read(leads) == counter.case_label(by_mail)


def _token(counter: FormCounter, mailbox: str, draft_id: str) -> str:
    return link_token(counter.house.keys, mailbox, draft_id)


@pytest.mark.req("CH-041")
def test_sent_twice_it_is_one_enquiry(counter: FormCounter, signed_in: SignsIn) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE)
    target, fields = misaki.form("/help/form/send")
    for _ in range(3):
        misaki.answer = misaki.client.post(target, data=fields)
        assert misaki.number
    assert len(counter.contacts()) == 1


@pytest.mark.req("CH-043", "ADV-003")
def test_files_of_form_and_mail_and_chat_stand_in_one_store(counter: FormCounter, signed_in: SignsIn) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE)
    misaki.get("/help/form/write")
    target, fields = misaki.form("/help/form/write")
    files = [
        ("files", ("皿.png", png(), "image/png")),
        ("files", ("箱.png", png(), "image/png")),
        ("camera", ("IMG_0001.jpg", png(), "image/jpeg")),
    ]
    misaki.answer = misaki.client.post(
        target, data={**fields, "problem": "割れました", "go": "next"}, files=files
    )
    assert "皿.png" in misaki.text
    misaki.sends()
    [seen] = counter.contacts()
    rows = counter.house.database.read(
        lambda tx: tx.all(attachment.select().where(attachment.c.contact_id == seen.id))
    )
    assert {row.name for row in rows} == {"皿.png", "箱.png", "IMG_0001.png"}
    assert all(row.sha256 and row.said and row.author_kind == "customer" for row in rows)
    assert "皿.png" in misaki.get(f"/contacts/{seen.id}")


@pytest.mark.req("CH-043")
def test_a_mails_picture_and_a_forms_picture_are_evidence_of_one_case(
    counter: FormCounter, writer: Writer
) -> None:
    letter = mail("届いた皿が割れていました。写真を送ります。")
    letter.add_attachment(png(), maintype="image", subtype="png", filename="mail.png")
    by_mail = counter.contact(counter.takes(letter.as_bytes()))
    writer.fills(kind=by_mail.topic)
    writer.get("/help/form/write")
    target, fields = writer.form("/help/form/write")
    writer.answer = writer.client.post(
        target,
        data={**fields, "problem": "もう一枚あります", "go": "next"},
        files=[("files", ("form.png", png(), "image/png"))],
    )
    writer.sends(HANAKO)
    writer.get(link_in(counter.mails_to(HANAKO)[-1]))
    writer.send("/help/form/confirm", mine=counter.waiting()[0].id)
    query = attachment.select().join(contact, contact.c.id == attachment.c.contact_id)
    evidence = counter.house.database.read(
        lambda tx: tx.all(query.where(contact.c.case_id == by_mail.case_id).order_by(attachment.c.id))
    )
    assert [(row.name, row.author_kind, len(row.sha256)) for row in evidence] == [
        ("mail.png", "customer", 64),
        ("form.png", "customer", 64),
    ]


@pytest.mark.req("CH-046")
def test_an_agents_answer_goes_out_by_mail_and_the_customers_answer_to_it_comes_back(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills().sends(HANAKO)
    writer.get(link_in(counter.mails()[0]))
    writer.send("/help/form/confirm", mine=counter.waiting()[0].id)
    [seen] = counter.contacts()
    kato = counter.agent("kato")
    taken = kato.post(f"/contacts/{seen.id}/take", {"owner_version": seen.owner_version})
    body = {"text": "新しい皿をお送りします。", "client_key": "reply-0001"}
    kato.post(f"/contacts/{seen.id}/entries", {**body, "owner_version": taken["owner"]["version"]})
    counter.clock.forward(seconds=counter.house.settings.mail.undo_seconds + 1)
    told = counter.mails_to(HANAKO)[-1]
    words = told.get_body(("plain",))
    assert words is not None and "新しい皿をお送りします。" in words.get_content()
    assert "新しい皿をお送りします。" in writer.get(f"/contacts/{seen.id}")
    back = mail("ありがとうございます", From=HANAKO, Subject=f"Re: {told['Subject']}")
    back.replace_header("To", str(told["Reply-To"]))
    filed = counter.takes(back.as_bytes(), str(told["Reply-To"]))
    assert filed.contact_id == seen.id
    assert counter.words(seen.id)[-1] == "ありがとうございます"


@pytest.mark.req("CH-044")
def test_the_network_and_the_address_are_bounded_with_clear_words_and_nothing_is_lost(
    counter: FormCounter,
) -> None:
    for n in range(20):
        counter.writer("203.0.113.66").fills().sends(f"somebody{n}@example.jp")
    one_more = counter.writer("203.0.113.66").fills(problem="正直な利用者の言葉").sends("other@example.jp")
    assert one_more.answer.status_code == 429
    assert "チャット" in one_more.errors[0]
    assert "正直な利用者の言葉" in one_more.text
    assert counter.mails_to("other@example.jp") == []
    _, fields = one_more.form("/help/form/send")
    one_more.answer = one_more.client.post("/help/form/chat", data=fields)  # open at once
    assert one_more.path.startswith("/contacts/")
    for n in range(5):
        counter.writer(f"198.51.100.{n}").fills().sends("victim@example.jp")
    sixth = counter.writer("198.51.100.40").fills().sends("victim@example.jp")
    assert sixth.answer.status_code == 429
    assert len(counter.mails_to("victim@example.jp")) == 1
    counter.clock.forward(hours=25)
    assert counter.writer("203.0.113.66").fills().sends("other@example.jp").number


@pytest.mark.req("CH-042")
def test_what_nobody_confirms_is_removed_with_its_files_after_its_time(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills()
    writer.get("/help/form/write")
    target, fields = writer.form("/help/form/write")
    writer.answer = writer.client.post(
        target,
        data={**fields, "problem": "割れました", "go": "next"},
        files=[("files", ("皿.png", png(), "image/png"))],
    )
    writer.sends(HANAKO)
    folder = counter.folder / "files"
    assert [path for path in folder.rglob("file_*") if path.is_file()]
    counter.clock.forward(hours=71)
    counter.house.database.write(drafts.forget_old)
    counter.deliver()
    assert len(counter.waiting()) == 1
    counter.clock.forward(hours=2)
    counter.house.database.write(drafts.forget_old)
    counter.deliver()
    assert counter.waiting() == []
    assert [path for path in folder.rglob("file_*") if path.is_file()] == []
