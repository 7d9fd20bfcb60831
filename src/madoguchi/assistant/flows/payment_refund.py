"""Where a refund is, a charge that came twice, receipts, and another way to pay (PAY)."""

from __future__ import annotations

from madoguchi.assistant.answers import said, says
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.charges import tell_payment
from madoguchi.assistant.steps.deeds import settle, ways_out
from madoguchi.assistant.steps.identity import prove, prove_for
from madoguchi.assistant.steps.orders import choose_order, names_order
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import money_text
from madoguchi.counter.orders.actions import ChangePayment, RefundDuplicate
from madoguchi.counter.orders.model import Decision, Order, Payment
from madoguchi.counter.orders.phrases import TENDERS
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.orders.wording import (
    order_view,
    reason_text,
    refund_text,
    stage_text,
    tender_label,
)


def has_refund(order: Order) -> bool:
    return bool(order.refunds or order.returns)


@flow("payment_refund.refund_status")
async def refund_status(talk: Talk) -> Outcome:
    """Each refund with its stage and the clock of its tender; a late one goes to a person (PAY-002, PAY-005, PAY-009)."""
    order = await choose_order(talk, has_refund)
    rules = talk.scene.desk.rules
    await prove(talk, RUNGS[rules.identity.refund_status])
    statuses = talk.scene.desk.refund_status(talk.scene.actor, order.number)
    if not statuses:
        talk.say("refund.none")
        talk.has_tried("refund_shown")
        options = [
            Option("topic return_exchange_cancel.return_request", talk.words("instead.return")),
            Option("topic order_delivery.item_not_received", talk.words("instead.refund_missing")),
        ]
        return await ways_out(talk, options, "no_refund")
    for status in statuses:
        amount = money_text(status.amount, order.currency, talk.language)
        tender = tender_label(status.tender, talk.language) if status.tender else ""
        stage = stage_text(status.stage, talk.language)
        talk.say(
            "refund.line" if tender else "refund.line_no_tender", amount=amount, tender=tender, state=stage
        )
        talk.tell(refund_text(status, talk.language))
    talk.show({"kind": "refunds", **order_view(order, talk.language, talk.scene.now, rules)})
    talk.has_tried("refund_shown")
    if any(status.late or status.stage == "failed" for status in statuses):
        talk.say("refund.late")
        return talk.hand_over("refund_late", priority=3)
    return talk.answered("show_refund")


@flow("payment_refund.refund_request")
async def refund_request(talk: Talk) -> Outcome:
    """Which way money can come back for this order, and only those that the policy allows now (PAY-007)."""
    order = await choose_order(talk)
    possible = talk.scene.desk.possible(talk.scene.actor, order.number)
    open_ways = talk.noted("ways", lambda: [name for name in _WAYS_BACK if _may_ask(possible[name])])
    if not open_ways:
        for name in ("return", "cancel"):
            for reason in possible[name].reasons[:1]:
                talk.tell(reason_text(reason, talk.language))
        talk.has_tried("refused", deed=talk.topic)
        return await ways_out(talk, [], "no_way_back")
    told = [name for name in open_ways if _is_told(talk, name)]
    if len(told) == 1:
        return Outcome("other_flow", _WAYS_BACK[told[0]])
    options = [
        Option(
            f"topic {_WAYS_BACK[name]}", talk.words(f"refund_by.{name}"), named_by=said(f"refund_by.{name}")
        )
        for name in open_ways
    ]
    return await ways_out(talk, options, "way_back", "refund_by.which")


@flow("payment_refund.duplicate_charge")
async def duplicate_charge(talk: Talk) -> Outcome:
    """A hold is explained, a second capture is given back (PAY-003)."""
    is_told(talk, "charge.pending")
    order = await choose_order(talk)
    decision = talk.scene.desk.possible(talk.scene.actor, order.number)["refund_duplicate"]
    found = talk.noted("found", lambda: _what_was_charged(order, decision.allowed))
    for payment in order.payments:
        tell_payment(talk, order, payment)
    talk.has_tried("payments_shown")
    if found == "held":
        talk.say("charge.held")
        return await ways_out(talk, [], "held")
    if found == "refunded":
        talk.say("charge.refunded")
        return talk.answered("explained")
    if found == "once":
        talk.say("charge.once")
        return await ways_out(talk, [], "once")
    await prove_for(talk, "refund_duplicate")
    twice = talk.noted("payment", lambda: _second(order).id)
    return await settle(talk, order, RefundDuplicate(payment_id=twice))


@flow("payment_refund.receipt")
async def receipt(talk: Talk) -> Outcome:
    """The receipt as PDF, at once; another name on one that was issued is for a person (PAY-014)."""
    again = is_told(talk, "receipt.reissue")
    order = await choose_order(talk, lambda order: order.captured > order.refunded)
    await prove(talk, RUNGS[talk.scene.desk.rules.identity.receipt])
    if order.captured - order.refunded <= 0:
        talk.say("receipt.not_paid")
        return await ways_out(talk, [], "not_paid")
    if again:
        talk.say("receipt.other_name")
        return talk.hand_over("receipt_name", queue="payments")
    talk.say("receipt.here")
    talk.show(
        {
            "kind": "link",
            "title": talk.words("receipt.link", number=order.number),
            "url": f"/api/v1/orders/{order.number}/receipt.pdf",
        }
    )
    talk.has_tried("receipt")
    return talk.answered("show_receipt")


@flow("payment_refund.payment_method_update")
async def payment_method_update(talk: Talk) -> Outcome:
    """A card is entered at the shop, never here; an order not yet sent may be paid another way (PAY-013)."""
    if is_told(talk, "save.fails"):
        talk.say("payment.never_here")
        return talk.hand_over("cannot_save", queue="payments")
    if "what" not in talk.run.asked and names_order(talk, _unsent):
        talk.given.setdefault("what", "order")
    what = await talk.choose(
        "what",
        "payment.what",
        [
            Option(
                "registered",
                talk.words("button.registered_card"),
                named_by=said("payment.registered_card"),
            ),
            Option(
                "order",
                talk.words("button.pay_order"),
                named_by=said("payment.this_order"),
            ),
        ],
    )
    if what == "registered":
        return _at_the_shop(talk)
    order = await choose_order(talk, _unsent)
    await prove_for(talk, "change_payment")
    offered = talk.scene.desk.rules.payment.change_to
    tender = await talk.choose(
        "tender",
        "payment.which",
        [
            Option(
                name,
                tender_label(name, talk.language),
                named_by=said(f"payment.{name}") if name in TENDERS else "",
            )
            for name in offered
        ],
    )
    return await settle(talk, order, ChangePayment.model_validate({"tender": tender}), again_from="tender")


_WAYS_BACK = {
    "cancel": "return_exchange_cancel.cancel_order",
    "return": "return_exchange_cancel.return_request",
    "refund_missing": "order_delivery.item_not_received",
    "refund_duplicate": "payment_refund.duplicate_charge",
}


def _is_told(talk: Talk, way: str) -> bool:
    """The reason for the money stood in what was said already."""
    named = says(f"refund_by.{way}")
    return any(named.search(heard.folded) for heard in talk.said if not heard.key)


def _unsent(order: Order) -> bool:
    return order.state in ("awaiting_payment", "processing")


def _may_ask(decision: Decision) -> bool:
    """Allowed, or allowed once the customer has proved more."""
    return decision.allowed or any(reason.code == "identity" for reason in decision.reasons)


def _at_the_shop(talk: Talk) -> Outcome:
    talk.say("payment.never_here")
    url = talk.scene.settings.shop.account_url
    if not url:
        talk.say("payment.no_page")
        return talk.hand_over("cannot_solve")
    talk.show({"kind": "link", "title": talk.words("payment.link"), "url": url})
    talk.has_tried("linked", page=talk.words("payment.link"))
    return talk.answered("update_payment_link")


def _what_was_charged(order: Order, given_back_possible: bool) -> str:
    if given_back_possible or any(
        payment.duplicate_of and not payment.refunded for payment in order.payments
    ):
        return "twice"
    if any(payment.duplicate_of and payment.refunded for payment in order.payments):
        return "refunded"
    if any(payment.authorised > payment.captured for payment in order.payments):
        return "held"
    return "once"


def _second(order: Order) -> Payment:
    """Of two equal charges the one that the shop marked, else the later."""
    marked = [payment for payment in order.payments if payment.duplicate_of and not payment.refunded]
    return marked[0] if marked else max(order.payments, key=lambda payment: (payment.at, payment.id))
