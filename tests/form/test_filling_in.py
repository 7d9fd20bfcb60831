"""The form is filled in page by page without scripts: what each kind needs, errors beside the field, nothing lost."""

from __future__ import annotations

import html
import re

import pytest

from madoguchi.channels.form.needs import COMPLAINTS
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.cases.at_hand import label, needed_for
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.routing.model import queue_place
from tests.form.conftest import BROKEN, FormCounter, SignsIn, Writer

NOT_CAME = "order_delivery.item_not_received"
QUOTE = "business.quote"


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input id="f-{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'<textarea id="f-{name}"[^>]*>(.*?)</textarea>', page, re.S
    )
    assert found, name
    return html.unescape(found[1])


@pytest.mark.req("CH-042")
def test_the_kinds_offered_are_those_of_the_group(writer: Writer) -> None:
    writer.get("/help/form")
    assert writer.path == "/help/form/about"
    writer.send("/help/form/about", group="payment_refund")
    offered = set(re.findall(r'name="kind" value="([^"]+)"', writer.text))
    own = {each.id for each in categories().values() if each.group == "payment_refund"}
    assert offered == own | {"general.out_of_scope"}


@pytest.mark.req("CH-041", "CH-042")
def test_nothing_is_sent_without_a_category_or_words(counter: FormCounter, writer: Writer) -> None:
    writer.get("/help/form/about")
    writer.send("/help/form/about")
    assert writer.answer.status_code == 422
    assert writer.errors == ["何についてのお問い合わせかをお選びください"]
    writer.send("/help/form/about", group="order_delivery")
    writer.send("/help/form/kind", kind=BROKEN)  # of another group
    assert writer.answer.status_code == 422
    writer.send("/help/form/kind", kind=NOT_CAME)
    writer.send("/help/form/order", order_choice="none")
    writer.send("/help/form/write", problem="  ", go="next", **{"need-carrier": "佐川急便"})
    assert writer.answer.status_code == 422
    assert 'href="#f-problem"' in writer.text
    assert 'id="e-problem"' in writer.text
    assert re.search(
        r'<textarea id="f-problem"[^>]*aria-describedby="h-problem e-problem"[^>]*aria-invalid', writer.text
    )
    assert value_of(writer.text, "need-carrier") == "佐川急便"  # nothing typed is lost
    assert writer.get("/help/form/review") and writer.path == "/help/form/write"
    answer = writer.client.post(
        "/help/form/send", data={"draft": "form_x", "token": "x", "email": "a@example.jp"}
    )
    assert "/help/form/sent/" not in str(answer.url)
    assert counter.waiting() == []


@pytest.mark.req("CASE-018")
@pytest.mark.parametrize("kind", sorted(COMPLAINTS))
def test_a_complaint_names_its_order_or_says_that_there_is_none(
    counter: FormCounter, writer: Writer, kind: str
) -> None:
    writer.get(f"/help/form?topic={kind}")
    assert writer.path.startswith("/help/form/order")
    writer.send("/help/form/order")
    assert writer.answer.status_code == 422
    assert writer.errors == ["注文を選ぶか、注文がないことをお選びください"]
    writer.get("/help/form/write")
    assert not writer.path.startswith("/help/form/write")
    writer.get(f"/help/form?topic={kind}")
    writer.send("/help/form/order", order_choice="none")
    assert writer.path == "/help/form/write"
    writer.send("/help/form/write", problem="困っています", go="next")
    assert "注文なし" in writer.text


@pytest.mark.req("ADV-002", "HLP-010")
@pytest.mark.parametrize(
    "typed",
    [
        "503-0001001-0000001",
        "５０３ー０００１００１ー００００００１",
        "50300010010000001",
        "503 0001001 0000001",
    ],
)
def test_an_order_number_is_read_however_it_is_typed(writer: Writer, typed: str) -> None:
    writer.get(f"/help/form?topic={BROKEN}")
    writer.send("/help/form/order", order_choice="typed", order_number="12-34")
    assert writer.answer.status_code == 422
    assert "123-4567890-1234567" in writer.errors[0]
    assert value_of(writer.text, "order_number") == "12-34"
    writer.send("/help/form/order", order_choice="typed", order_number=typed)
    assert writer.path == "/help/form/write", writer.errors
    assert "503-0001001-0000001" in writer.text


@pytest.mark.req("ADV-009", "ADV-016")
def test_facts_of_the_account_stand_before_the_words_and_can_be_changed(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    misaki = signed_in(cast.MISAKI)
    page = misaki.get(f"/help/form?topic={NOT_CAME}")
    assert misaki.path.startswith("/help/form/order")
    assert cast.MISAKI_LATE in page and "ご注文" in page  # their orders with dates and states
    misaki.send("/help/form/order", order_choice=cast.MISAKI_LATE)
    page = misaki.text
    assert page.index('class="strip"') < page.index('id="f-problem"')
    assert value_of(page, "need-registered_email") == "misaki.sato@example.jp"
    assert value_of(page, "need-phone_number")
    assert value_of(page, "need-order_date")
    assert value_of(page, "need-delivery_status")
    misaki.send("/help/form/write", problem="届きません", go="next", **{"need-phone_number": "090-1111-2222"})
    assert "090-1111-2222" in misaki.text
    misaki.sends()
    assert "090-1111-2222" in counter.words(counter.contacts()[0].id)[0]


@pytest.mark.req("ADV-010")
@pytest.mark.parametrize(
    ("typed", "read"), [("2個", "2"), ("３台", "3"), ("12", "12"), ("たくさん", "たくさん")]
)
def test_a_quantity_is_read_with_its_counter(writer: Writer, typed: str, read: str) -> None:
    writer.get(f"/help/form?topic={QUOTE}")
    assert writer.path.startswith("/help/form/write")
    writer.send("/help/form/write", problem="見積もりをお願いします", go="next", **{"need-quantity": typed})
    assert value_of(writer.get("/help/form/write"), "need-quantity") == read


@pytest.mark.req("ADV-011")
@pytest.mark.parametrize("carrier", ["ヤマト", "佐川", "日本郵便"])
def test_carrier_and_number_are_read_from_fields_and_from_the_words(writer: Writer, carrier: str) -> None:
    writer.get(f"/help/form?topic={NOT_CAME}")
    writer.send("/help/form/order", order_choice="none")
    writer.send(
        "/help/form/write",
        problem=f"{carrier}の追跡番号4412-3456-7890の荷物が届きません。2個頼みました",
        go="next",
    )
    page = writer.get("/help/form/write")
    assert carrier in value_of(page, "need-carrier")
    assert value_of(page, "need-tracking_number").replace("-", "") == "441234567890"


@pytest.mark.req("ADV-001")
@pytest.mark.parametrize("kind", ["payment_refund.duplicate_charge", "payment_refund.receipt", QUOTE])
def test_each_kind_has_the_fields_that_it_needs(writer: Writer, kind: str) -> None:
    writer.get(f"/help/form?topic={kind}")
    if writer.path.startswith("/help/form/order"):
        writer.send("/help/form/order", order_choice="none")
    for slot in needed_for(kind):
        if slot not in ("order_id", "photo"):
            assert f'name="need-{slot}"' in writer.text
            assert label(slot, "ja") in writer.text


@pytest.mark.req("CH-049")
def test_the_score_names_what_is_missing_before_it_is_sent(writer: Writer) -> None:
    writer.get(f"/help/form?topic={BROKEN}")
    writer.send("/help/form/order", order_choice="none")
    assert "結論から、短くはっきりと" in writer.text
    writer.send("/help/form/write", problem="皿が割れていました。箱もつぶれています", go="next")
    poor = int(re.search(r"充実度 (\d+)%", writer.text)[1])  # type: ignore[index]
    assert "写真やスクリーンショット（" in writer.text
    assert "ご希望（" in writer.text
    writer.get("/help/form/write")
    writer.send(
        "/help/form/write", wish="exchange", problem="皿が割れていました。箱もつぶれています", go="next"
    )
    better = int(re.search(r"充実度 (\d+)%", writer.text)[1])  # type: ignore[index]
    assert poor < better < 100
    assert "ご希望（" not in writer.text


@pytest.mark.req("ADV-014")
def test_strong_words_get_a_calm_hint_and_are_sent_as_they_are(counter: FormCounter, writer: Writer) -> None:
    words = "ふざけるな！訴えてやる。最悪の店だ"
    writer.fills(problem=words)
    assert "落ち着いた言葉で" in writer.text
    assert writer.sends("angry@example.jp").number
    assert words in counter.waiting()[0].data["text"]
    calm = counter.writer("198.51.100.3").fills(problem="皿が割れていました")
    assert "落ち着いた言葉で" not in calm.text


@pytest.mark.req("CH-042", "CH-003")
def test_back_keeps_everything_and_so_does_closing_the_page(counter: FormCounter, writer: Writer) -> None:
    writer.fills(
        kind=NOT_CAME, problem="届きません", course="11月1日 注文", wish="reship", wish_words="急ぎません"
    )
    cookie = writer.client.cookies.get("madoguchi_customer")
    counter.clock.forward(days=6)
    later = counter.writer()
    later.client.cookies.set("madoguchi_customer", str(cookie))
    page = later.get("/help/form/write")
    assert value_of(page, "problem") == "届きません"
    assert value_of(page, "course") == "11月1日 注文"
    assert value_of(page, "wish_words") == "急ぎません"
    assert 'value="reship" selected' in page
    assert f'value="{NOT_CAME}" checked' in later.get("/help/form/kind")
    assert 'value="none" checked' in later.get("/help/form/order")
    stranger = counter.writer("198.51.100.4")
    assert "届きません" not in stranger.get("/help/form/review")
    assert stranger.path == "/help/form/about"


@pytest.mark.req("CH-003")
def test_signing_in_midway_keeps_the_form(counter: FormCounter, writer: Writer) -> None:
    writer.fills(problem="皿が割れていました")
    writer.get("/demo/sign-in-as")
    writer.send("/demo/sign-in-as", customer_id=customer_id(cast.MISAKI))
    page = writer.get("/help/form/review")
    assert "皿が割れていました" in page
    writer.sends()
    assert counter.case_of(counter.contacts()[0]).customer_id


@pytest.mark.req("CH-003")
def test_category_order_and_words_go_along_to_the_chat_and_back(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.fills(order=cast.MISAKI_LATE, problem="皿が割れていました")
    misaki.get("/help/form/write")
    target, fields = misaki.form("/help/form/write")
    misaki.answer = misaki.client.post(
        target, data={**fields, "problem": "皿が二枚割れていました", "go": "chat"}
    )
    assert misaki.path.startswith("/contacts/")
    assert "皿が二枚割れていました" in misaki.text
    assert "皿が二枚割れていました" in misaki.get("/help/form/write")
    talk = misaki.client.get("/history").text
    found = re.search(r"/contacts/(con_\w+)", talk)
    assert found
    misaki.get(f"/contacts/{found[1]}")
    assert 'formaction="/help/form/from-chat"' in misaki.text
    _, fields = misaki.form("/say")
    misaki.answer = misaki.client.post(
        "/help/form/from-chat", data={**fields, "text": "チャットで書きかけた言葉"}
    )
    assert misaki.path == "/help/form/write"
    assert value_of(misaki.text, "problem") == "チャットで書きかけた言葉"
    assert cast.MISAKI_LATE in misaki.text


@pytest.mark.req("CH-003")
def test_a_form_that_was_begun_anew_is_empty(writer: Writer) -> None:
    writer.fills(problem="古い言葉")
    writer.get("/help/form/about")
    writer.send("/help/form/new")
    writer.get("/help/form/write")
    assert writer.path == "/help/form/about"
    assert "古い言葉" not in writer.get("/help/form/about")


@pytest.mark.req("CH-060")
def test_what_fits_no_category_is_numbered_all_the_same(counter: FormCounter, signed_in: SignsIn) -> None:
    misaki = signed_in(cast.MISAKI)
    misaki.get("/help/form/about")
    misaki.send("/help/form/about", group="order_delivery")
    misaki.send("/help/form/kind", kind="general.out_of_scope")
    misaki.send("/help/form/write", problem="ほげほげ ふがふが についての相談です", go="next")
    misaki.sends()
    assert misaki.number.startswith("C-")
    [seen] = counter.contacts()
    assert (counter.case_of(seen).category, seen.owner_id) == ("general.out_of_scope", "general")


@pytest.mark.req("HLP-003")
def test_an_article_that_solves_it_is_counted_and_shown_to_those_who_lead(
    counter: FormCounter, writer: Writer
) -> None:
    writer.fills(problem="皿が割れていました")
    assert "届いた商品が壊れていたとき" in writer.text
    writer.send("/help/form/solved")
    assert "送信していません" in writer.text
    for _ in range(3):  # pressed often, it counts once
        writer.client.post("/help/form/solved", data={"article": "damaged-item"})
    counter.writer("198.51.100.5").fills().sends("a@example.jp")
    mori = counter.agent("mori")
    page = mori.send(
        "GET",
        "//console/deflection",
        headers={"cookie": f"madoguchi_staff={mori.token}", "authorization": ""},
    )
    assert page.status_code == 200
    text = html.unescape(page.text)
    assert "50.0 %" in text
    assert "届いた商品が壊れていたとき" in text
    ito = counter.agent("ito")
    refused = ito.send(
        "GET", "//console/deflection", headers={"cookie": f"madoguchi_staff={ito.token}", "authorization": ""}
    )
    assert refused.status_code == 403


@pytest.mark.req("HLP-003")
def test_the_small_script_keeps_what_is_typed_and_hears_of_articles(
    counter: FormCounter, writer: Writer
) -> None:
    writer.get(f"/help/form?topic={BROKEN}")
    writer.send("/help/form/order", order_choice="none")
    _, fields = writer.form("/help/form/write")
    heard = writer.client.post(
        "/help/form/keep", data={**fields, "problem": "届いた皿が割れていた。最悪だ、訴える"}
    )
    assert heard.status_code == 200
    body = heard.json()
    assert "届いた商品が壊れていたとき" in [each["title"] for each in body["articles"]]
    assert body["calm"] is True
    assert "最悪だ、訴える" in writer.get("/help/form/write")
    assert writer.get("/help/form.js").startswith("//")


@pytest.mark.req("CH-041")
def test_a_machine_is_asked_once_more_and_nothing_is_dropped(counter: FormCounter, writer: Writer) -> None:
    writer.fills()
    page = writer.text
    assert 'aria-hidden="true"><label for="f-website"' in page  # nobody sees it, nobody tabs to it
    writer.sends("a@example.jp", website="http://spam.example")
    assert writer.answer.status_code == 422
    assert "もう一度送信してください" in writer.errors[0]
    assert value_of(writer.text, "email") == "a@example.jp"
    writer.sends(token="forged")
    assert writer.answer.status_code == 422
    assert writer.sends().number


@pytest.mark.req("CH-041")
def test_a_form_that_nobody_can_have_written_so_soon_is_sent_at_the_second_press(
    filled: object, counter: FormCounter, writer: Writer
) -> None:
    object.__setattr__(counter.house.settings.form, "min_seconds", 4)
    writer.fills().sends("a@example.jp")
    assert writer.answer.status_code == 422
    assert "とても早かった" in writer.errors[0]
    counter.clock.forward(seconds=5)
    assert writer.sends().number


@pytest.mark.req("CH-041")
def test_an_advertisement_waits_behind_people_and_is_not_lost(
    counter: FormCounter, signed_in: SignsIn
) -> None:
    sakura = signed_in(cast.CHARGED_TWICE)
    sakura.fills(problem="SEO backlink offer http://a.example http://b.example http://c.example").sends()
    sakura.fills(
        kind="order_delivery.delivery_delay", order=cast.CHARGED_TWICE_ORDER, problem="まだ届きません"
    ).sends()
    places = counter.agent("mori").get("/queues")
    assert sum(each["waiting"] for each in places) == 2
    classes = counter.house.database.read(
        lambda tx: {row.contact_id: row.priority for row in tx.all(queue_place.select())}
    )
    by_topic = {each.topic: classes[each.id] for each in counter.contacts()}
    person = by_topic.pop("order_delivery.delivery_delay")
    (advert,) = by_topic.values()
    assert person < advert
