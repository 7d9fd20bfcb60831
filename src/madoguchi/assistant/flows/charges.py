"""Charges that are not understood, payments that fail, gift cards and points (PAY)."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.flows.support_service import tell_hours
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.charges import charge_text, charges, tell_breakdown, unexplained
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.identity import prove, prove_to_see
from madoguchi.assistant.steps.orders import choose_order
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import money_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.orders.model import Method, Order, Payment
from madoguchi.counter.orders.wording import tender_label

_SHOWN = 5
_LOOKED_AT = timedelta(days=90)
_NONE = "none"
_CAUSES = {name: said(f"cause.{name}") for name in ("expired", "balance", "three_d", "data", "charged")}


@flow("payment_refund.incorrect_charge")
async def incorrect_charge(talk: Talk) -> Outcome:
    """Every part of the price, summing exactly, against what was taken; what stays unexplained goes to a person (PAY-004)."""
    order = await choose_order(talk)
    tell_breakdown(talk, order)
    more = talk.noted("unexplained", lambda: unexplained(order))
    if more:
        talk.say("bill.more", amount=money_text(more, order.currency, talk.language))
        talk.fact("unexplained", money_text(more, order.currency, talk.language))
        twice = Option("topic payment_refund.duplicate_charge", talk.words("instead.duplicate_charge"))
        return await ways_out(talk, [twice], "more", "what_next")
    if await talk.yes_no("explained", "bill.explained", "explained", "still_differs"):
        return talk.answered("answer")
    _tell_deadline(talk)
    amount = await talk.own_words("statement", "bill.statement")
    if amount != "skip":
        talk.fact("amount", amount)
    return talk.hand_over("unexplained_charge", queue="payments")


@flow("payment_refund.unrecognized_charge", queue="security")
async def unrecognized_charge(talk: Talk) -> Outcome:
    """Telephone first; then every charge of the own account, so that only what is truly unknown stays (PAY-016)."""
    talk.say("unknown_charge.first")
    _telephone(talk)
    await prove_to_see(talk)
    since = talk.scene.now - _LOOKED_AT
    recent = [(order, payment) for order, payment in charges(talk.scene.orders()) if payment.at >= since]
    amounts = {amount.minor for heard in talk.said for amount in heard.understanding.entities.amounts}
    same = [pair for pair in recent if max(pair[1].captured, pair[1].authorised) in amounts]
    shown = (same or recent)[:_SHOWN]
    if shown:
        talk.say("unknown_charge.ours")
        known = await talk.choose("known", "unknown_charge.which", _charge_options(talk, shown), early=False)
        talk.has_tried("payments_shown")
        if known != _NONE:
            number = known.partition(" ")[0]
            talk.order_number = number
            talk.say("unknown_charge.is_order", number=number)
            return talk.answered("answer")
    else:
        talk.say("unknown_charge.nothing")
    talk.fact("charges", talk.words("unknown_charge.unknown"))
    if amounts:
        currency = talk.scene.settings.shop.currency
        talk.fact("amount", ", ".join(money_text(each, currency, talk.language) for each in sorted(amounts)))
    talk.say("unknown_charge.protect")
    _tell_deadline(talk)
    return talk.hand_over("unrecognized_charge", queue="security", priority=2)


@flow("payment_refund.payment_failure", slots=tuple(_CAUSES.values()))
async def payment_failure(talk: Talk) -> Outcome:
    """What the message means, then: again, another way, or a person; charged in spite of it is for a person (PAY-006)."""
    causes = [
        Option(name, talk.words(f"button.cause_{name}"), named_by=pattern)
        for name, pattern in _CAUSES.items()
    ]
    cause = await talk.choose(
        "cause", "failure.cause", [*causes, Option("unknown", talk.words("button.cause_unknown"))]
    )
    talk.fact("error_message", talk.words(f"button.cause_{cause}"))
    if cause == "charged":
        order = await choose_order(talk)
        tell_breakdown(talk, order)
        return talk.hand_over("charged_though_failed", queue="payments", priority=3)
    talk.say(f"failure.{cause}")
    talk.say("payment.never_here")
    talk.has_tried("failure_advice")
    options = [Option("topic payment_refund.payment_method_update", talk.words("instead.payment_method"))]
    url = talk.scene.settings.shop.account_url
    if url:
        talk.show({"kind": "link", "title": talk.words("payment.link"), "url": url})
        worked = await talk.choose(
            "retried",
            "failure.retried",
            [
                Option(
                    "yes",
                    talk.words("button.payment_worked"),
                    named_by=said("retried.yes"),
                ),
                Option(
                    "no",
                    talk.words("button.payment_failed_again"),
                    named_by=said("retried.no"),
                ),
                Option("other", talk.words("instead.payment_method")),
            ],
            early=False,
        )
        if worked == "yes":
            return Outcome("action", "payment_retry", ask_solved=True)
        if worked == "other":
            return Outcome("other_flow", "payment_refund.payment_method_update")
        tell_hours(talk)
        return talk.hand_over("payment_failed", queue="payments")
    return await ways_out(talk, options, "failure", "what_next")


@flow("payment_refund.gift_card_points", queue="payments")
async def gift_card_points(talk: Talk) -> Outcome:
    """Balance and expiry from the shop; registering explained; a code that does not work is for a person (PAY-017)."""
    if is_told(talk, "gift.used"):
        talk.given.setdefault("what", "problem")
    what = await talk.choose(
        "what",
        "gift.what",
        [
            Option(
                "balance",
                talk.words("button.gift_balance"),
                named_by=said("gift.balance"),
            ),
            Option(
                "register",
                talk.words("button.gift_register"),
                named_by=said("gift.register"),
            ),
            Option(
                "problem",
                talk.words("button.gift_problem"),
                named_by=said("gift.problem"),
            ),
        ],
    )
    if what == "problem":
        talk.say("gift.no_code")
        detail = await talk.own_words("detail", "gift.detail")
        if detail != "skip":
            talk.fact("detail", detail)
        return talk.hand_over("gift_card", queue="payments")
    if what == "register":
        talk.say("gift.register")
        tell_article(talk, talk.kind)
        return talk.answered()
    await prove(talk, Rung.SIGNED_IN)
    wallet = talk.scene.desk.wallet(talk.scene.actor)
    held = [method for method in wallet.methods if method.balance is not None] if wallet else []
    if wallet is None or not held:
        talk.say("gift.nothing")
        return await ways_out(talk, [], "no_wallet", "what_next")
    for method in held:
        _tell_balance(talk, method, wallet.currency)
    talk.has_tried("balance")
    return talk.answered()


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _charge_options(talk: Talk, shown: list[tuple[Order, Payment]]) -> list[Option]:
    options = [
        Option(
            f"{order.number} {payment.id}",
            charge_text(talk, order, payment),
            order.lines[0].label(talk.language),
        )
        for order, payment in shown
    ]
    none = Option(
        _NONE,
        talk.words("button.none_of_these"),
        named_by=said("charge.none"),
    )
    return [*options, none]


def _tell_deadline(talk: Talk) -> None:
    """Until when a charge should be reported (PAY-008)."""
    talk.say("bill.report_soon", days=talk.scene.desk.rules.duplicate.report_days)


def _telephone(talk: Talk) -> None:
    shop = talk.scene.settings.shop
    if shop.phone and talk.scene.contact.customer_id:
        talk.say("security.phone", phone=shop.phone, hours=talk.scene.phone_hours())


def _tell_balance(talk: Talk, method: Method, currency: str) -> None:
    label = method.label or tender_label(method.tender, talk.language)
    amount = money_text(method.balance or 0, currency, talk.language)
    if method.expires_on is None:
        talk.say("gift.balance", label=label, amount=amount)
        return
    day = f"{method.expires_on.year}/{method.expires_on.month}/{method.expires_on.day}"
    gone = method.expires_on < talk.scene.today
    if gone:
        talk.say("gift.expired", label=label, day=day)
    else:
        talk.say("gift.balance_until", label=label, amount=amount, day=day)
