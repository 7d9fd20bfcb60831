"""Long preambles, and the carriers and numbers that people name: the matter and its slots are found all the same."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.assistant.understanding import Understander
from madoguchi.assistant.understanding.names import carrier

TODAY = date(2026, 11, 21)
RAMBLE = {
    "return_exchange_cancel.damaged_item": """いつもお世話になっております。先月から母の誕生日に何を贈ろうかと家族でずっと相談していまして、姉はお花がいいと言うのですが、母は花粉症なので食器にしようということになり、あちこちのお店を見て回ったすえに、こちらのお店の評判がよかったのでお願いすることにしました。ちょうど連休で天気もよく、配達の方もとても感じのよい方で、玄関先で少し世間話をしたくらいです。母も楽しみにしていて、夕食のあとにみんなで箱を開けることにしました。ところが、届いたお皿が割れていました。細かい破片が箱の底に散らばっていました。母はがっかりしていましたが、まあ仕方がないねと笑っておりました。私としてはせっかくの贈り物ですので、このままでは申し訳なく、どうしたらよいものかと考えております。梱包材は十分に入っていたように思いますので、途中で何かあったのかもしれません。注文番号は503-0001001-0000003です。急いではおりませんが、来週また母に会いますので、それまでに何か分かるとうれしいです。できれば交換をお願いしたいと思っております。お忙しいところ恐れ入りますが、どうぞよろしくお願いいたします。寒い日が続きますので、皆さまもご自愛ください。追伸、箱の写真は撮ってあります。家族一同、またこちらで買い物をするのを楽しみにしております。本当にいつもありがとうございます。""",
    "order_delivery.item_not_received": """Hello there, I hope you are all well and that the weather is treating you kindly; here it has been raining for what feels like three weeks without a single break, and the dog refuses to go outside. Anyway, my daughter starts at her new school soon and we thought we would surprise her, because she has worked so hard this year and her teachers only ever say nice things about her. My husband said I should have gone to a shop in town, but parking is dreadful and my knee has been playing up again since the summer. So I used your site, which I must say was very pleasant to use. My parcel has never arrived and I am quite sure that it is lost, the order is 503-0001002-0000001. I have asked the neighbours on both sides and nobody has seen a thing. I would rather have it sent again than get money back, if that is at all possible. Thank you ever so much for reading all of this.""",
}


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


@pytest.mark.req("ADV-008")
@pytest.mark.parametrize(("kind", "text"), RAMBLE.items())
def test_the_matter_and_its_slots_are_found_in_six_hundred_characters(
    understander: Understander, kind: str, text: str
) -> None:
    assert len(text) >= 500
    read = understander.understand(text, today=TODAY, language_hint="ja")
    assert read.intent is not None
    assert read.intent.kind == kind
    slots = read.slots()
    assert str(slots["order_id"]).startswith("503-000100")
    assert slots["desired_resolution"] == ("exchange" if "交換" in text else "reship")


@pytest.mark.req("ADV-011")
@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("ヤマト運輸の伝票番号4412-3456-7890で届きません", "ヤマト運輸", "441234567890"),
        ("クロネコで送られてきました。追跡番号 ４４１２－３４５６－７８９０", "クロネコ", "441234567890"),
        ("佐川急便です。伝票番号は 123456789012", "佐川急便", "123456789012"),
        ("日本郵便のゆうパック 1234-5678-9012 の件", "日本郵便", "123456789012"),
        ("The tracking number is 4412 3456 7890, sent by Yamato", "Yamato", "441234567890"),
    ],
)
def test_carriers_and_their_numbers_are_recognised(
    understander: Understander, text: str, name: str, number: str
) -> None:
    read = understander.understand(text, today=TODAY, language_hint="ja")
    found = [each.replace("-", "").replace(" ", "") for each in read.entities.tracking_numbers]
    assert found == [number]
    assert carrier(text) == name
    assert read.slots()["carrier"] == name
