"""What a return or exchange needs to know: why, and in which condition (BOT-021, RET-015)."""

from __future__ import annotations

from madoguchi.assistant.questions import Option
from madoguchi.assistant.talk import Talk
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order, ReturnRecord
from madoguchi.counter.orders.wording import return_reason_label

REASONS = {
    "does_not_fit": r"サイズ(?:が|は)?(?:合わ|違|大き|小さ)|さいずが?(?:合わ|大き|小さ)|きつ[いか]|ゆる[いか]|大きすぎ|小さすぎ|doesn'?t fit|too (?:small|big|large|tight|loose)|wrong size for me",
    "ordered_by_mistake": r"間違えて(?:注文|買|購入|頼)|注文(?:を)?(?:間違|みす)|誤って(?:注文|購入)|二重に注文|ordered by mistake|by accident|accidentally|wrong one by mistake",
    "not_as_imagined": r"いめーじ(?:と)?(?:が)?(?:違|ちが)|思って(?:い)?たのと|思った(?:の)?と(?:違|ちが)|期待(?:と|して)|色味が|質感|not (?:as|what) (?:i )?(?:imagined|expected|described)|different from the (?:photo|picture)",
    "defective": r"動かな|動作しな|壊れ(?:て|た)|故障|不良|電源が(?:入ら|つか)|充電(?:でき|されな)|音が(?:出な|しな|聞こえ)|defect|doesn'?t work|not working|faulty|broken|won'?t (?:turn on|charge)",
    "damaged": r"破損|割れ(?:て|た)|傷(?:が|つ)|へこ(?:ん|み)|凹|つぶれ|潰れ|damaged|cracked|smashed|dented|scratch",
    "wrong_item": r"違う(?:商品|もの|物|品|色|サイズ|さいず)が|別の(?:商品|もの|物)が|注文したのと違|wrong (?:item|product|colou?r|thing)|different (?:item|product)",
    "late": r"遅(?:すぎ|くて|かった|れて届)|間に合わな|too late|arrived late",
    "no_longer_wanted": r"いらな|要らな|不要|必要(?:が)?な(?:く|い)|気が変わ|使わな|やっぱり返|no longer (?:need|want)|don'?t (?:need|want)|changed my mind|not needed",
}
CONDITIONS = {
    "unopened": r"未開封|開けてな|開けてい(?:な|ませ)|開けてませ|あけてな|開封して(?:い)?(?:な|ませ)|封(?:を|は)?(?:切って|開けて)(?:い)?(?:な|ませ)|unopened|not opened|haven'?t opened|never opened|still sealed|didn'?t open",
    "opened_unused": r"開封済(?:み)?(?:で)?(?:、)?(?:だが|ですが)?未使用|開けた(?:だけ|けど|が)|開封した(?:だけ|けど|が)|(?:まだ)?使って(?:い)?(?:な|ませ)|未使用|試着(?:だけ|した)|opened but (?:not used|unused)|unused|haven'?t used|only opened|tried (?:it|them) on",
    "used": r"使(?:いました|った|用済|用した|用しま)|(?<!未)使用済|数回使|used (?:it|once|a few)|have been using|i used",
}
_NOT_OPENED_WINS = ("unopened", "opened_unused", "used")


async def ask_reason(talk: Talk, *, key: str = "reason") -> str:
    """Why it goes back: one of the reasons that the shop's policy offers."""
    offered = talk.scene.desk.rules.returns.reasons
    options = [
        Option(reason, return_reason_label(reason, talk.language), named_by=REASONS.get(reason, ""))
        for reason in offered
    ]
    reason = await talk.choose(key, "return.reason", options)
    talk.fact("return_reason", return_reason_label(reason, talk.language))
    return reason


async def ask_condition(talk: Talk, *, key: str = "condition") -> str:
    """Unopened, opened, or used."""
    options = [
        Option(name, talk.words(f"condition.{name}"), named_by=CONDITIONS[name]) for name in _NOT_OPENED_WINS
    ]
    condition = await talk.choose(key, "return.condition", options)
    talk.fact("item_condition", talk.words(f"condition.{condition}"))
    return condition


def tell_label(talk: Talk, order: Order, record: ReturnRecord) -> None:
    """The label as a link, how it goes back, who pays, and that the number is to be kept (RET-011, RET-012)."""
    if record.state not in pricing.HAS_LABEL:
        return
    talk.say("label.here")
    url = f"/api/v1/orders/{order.number}/returns/{record.id}/label.pdf"
    talk.show({"kind": "link", "title": talk.words("label.link", number=record.id), "url": url})
    talk.say(f"label.{record.way}")
    talk.say("label.you_pay" if record.customer_pays_shipping else "label.we_pay")
    talk.say("label.keep_number")
    talk.has_tried("label")
