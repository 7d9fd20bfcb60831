"""Rules in words for those who lead: what each one is called and what it is set to (ux S2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.counter.orders import rule_rows
from madoguchi.counter.orders.model import Seller
from madoguchi.counter.orders.phrases import (
    ACTIONS,
    CLASSES,
    RETURN_REASONS,
    TENDERS,
    day_text,
    days_text,
    in_language,
    money,
)
from madoguchi.counter.orders.rules import Carrier, Pattern, Rules, SellerTerms, Span, TenderClock
from madoguchi.engine.texts import tr, trn
from madoguchi.kit.languages import comma

# Key → its name. `*` stands for the one part that `{name}` tells: an action, a product class, a tender, a seller.
LABELS = {
    "general.timezone": "Time zone in which days are counted",
    "general.proposal_minutes": "A proposal that nobody confirms ends after",
    "identity.show": "To see an order",
    "identity.refund_status": "To see how a refund stands",
    "identity.receipt": "To get a receipt",
    "identity.refund_to_other_tender": "Proof needed for money to another method of payment",
    "identity.actions.*": "Proof needed: {name}",
    "identity.account.*": "Proof needed: {name}",
    "approval.actions": "Held against the limits",
    "approval.assistant_limit": "Up to this without an agent",
    "approval.agent_limit": "Up to this without a supervisor",
    "approval.valid_hours": "A request that nobody approves ends after",
    "limits.once_per_order": "Only once per order",
    "cancel.within_hours": "Possible after ordering for",
    "cancel.reasons": "Reasons that are accepted",
    "cancel.not_for_classes": "Not for",
    "address.same_country": "Only within the same country",
    "change.rechargeable": "A higher price is charged by itself to",
    "change.max_quantity": "Most pieces of one line",
    "payment.offered": "Methods of payment",
    "payment.change_to": "May be changed to",
    "payment.paid_orders": "Orders that are paid already may be changed",
    "payment.most.*": "Most that can be paid: {name}",
    "settlement.price_difference": "Where a price difference goes",
    "settlement.tenders": "Methods that may be named for it",
    "returns.window_days": "Return period",
    "returns.base": "Counted from",
    "returns.marketplace_window_days": "Return period of marketplace sellers",
    "returns.reasons": "Reasons that are offered",
    "returns.shop_fault_reasons": "Reasons for which the shop pays",
    "returns.photo_needed_for": "A photo is needed for",
    "returns.opened": "Opened, not used",
    "returns.used": "Used",
    "returns.fault_after_window": "A fault after the return period",
    "returns.members_only": "Goods for members only",
    "returns.customer_fee": "Postage kept from the refund when the reason is the customer's",
    "returns.classes.*.returnable": "{name}: may be returned",
    "returns.classes.*.opened": "{name}: opened, not used",
    "returns.classes.*.used": "{name}: used",
    "returns.classes.*.window_days": "{name}: return period",
    "returns.sellers.*": "Agreed with the seller {name}",
    "exchange.same_variant": "The same article again",
    "missing.after_days": "Counts as lost after the promised date for",
    "missing.said_delivered": "The carrier says delivered, the customer says no",
    "missing.undeliverable": "Went back or could not be handed over",
    "missing.marketplace": "Sent by a marketplace seller",
    "duplicate.within_days": "Two equal charges within",
    "duplicate.report_days": "Wrong charges are to be reported within",
    "duplicate.decided_by": "Decided by",
    "refund.split": "Where several methods were used",
    "refund.shipping_fee_when_all_cancelled": "Shipping fee back when everything is cancelled",
    "refund.shipping_fee_when_shop_fault": "Shipping fee back when it was the shop's fault",
    "refund.after_arrival": "Refund is sent after the goods arrive within",
    "refund.after_arrival_marketplace": "The same for marketplace sellers",
    "refund.tenders.*": "Until the customer has the money: {name}",
    "delivery.low": "From the order to the door, at least",
    "delivery.high": "From the order to the door, at most",
    "delivery.regions.*": "More days to {name}",
    "delivery.bulk_from": "A person answers from so many pieces",
    "carriers.*": "Carrier {name}",
    "calendar.weekend": "Days of the week without business",
    "calendar.holidays": "Public holidays",
    "calendar.closed": "More days without business",
    "calendar.opened": "Days with business all the same",
    "tax.standard": "Tax included in prices",
    "tax.reduced": "Reduced tax",
    "tax.reduced_classes": "Reduced tax for",
    "sellers.answer_hours": "A seller has to answer within",
    "sellers.counts": "How the seller's time is counted",
    "sellers.remind_before_hours": "The seller is reminded before the end by",
    "sellers.when_silent": "When the seller says nothing",
    "guarantee.within_days": "Guarantee: claimed after the order within",
    "guarantee.limit": "Guarantee: most per order and seller",
    "business.quote_days": "A quotation holds for",
    "business.quote_limit": "Up to this without a consultant",
    "business.contract_kinds": "Terms that a company may ask for",
    "business.appointment_minutes": "An appointment takes",
    "unusual.look_back_hours": "Orders are looked at for",
    "unusual.patterns.*": "Held when: {name}",
}

_ACCOUNT_DEEDS = {
    "lock_account": "Lock the account",
    "sign_out_everywhere": "Sign out everywhere",
    "reset_password": "Set a new password",
    "resend_code": "Send the code again",
    "change_default_address": "Change the usual address",
}
_VALUES = {
    "yes": "Yes, without asking",
    "no": "Not allowed by the rules",
    "person": "A person decides",
    "visitor": "No proof",
    "order": "Order number and mailed code",
    "signed_in": "Signed in",
    "fresh": "Signed in and checked again just now",
    "policy": "By the rules",
    "may_name": "By the rules, or where the customer says",
    "must_name": "Where the customer says",
    "purchase_date": "The day of the order",
    "delivery_date": "The day of delivery",
    "for_fault": "Only where something was wrong",
    "never": "Not at all",
    "money_first": "Money first, then gift card, then points",
    "proportional": "Each method its share",
    "japan": "Of Japan",
    "none": "No holidays",
    "every_hour": "Every hour counts",
    "business_days": "Days without business do not count",
    "escalate": "The shop takes it over by itself",
    "offer": "The customer may ask the shop to take it over",
    "payment_terms": "Terms of payment",
    "prices": "Prices",
    "delivery": "Delivery",
    "other": "Something else",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ITEMS = {**CLASSES, **TENDERS, **RETURN_REASONS, **ACTIONS}
_NUMBERS_AS_THEY_ARE = ("change.max_quantity", "delivery.bulk_from")


@dataclass(frozen=True)
class RuleRow:
    """One rule as it holds. `shipped`: what it is in the rules it is compared with; empty where that is the same."""

    key: str
    label: str
    value: str
    shipped: str = ""


def rule_table(rules: Rules, language: str, before: Rules | None = None) -> dict[str, list[RuleRow]]:
    """Topic in words → its rules. `before`: what they are compared with, instead of those that come with Madoguchi."""
    ours, shipped = rule_rows.leaves(rules), rule_rows.leaves(before or Rules.load())

    def row(key: str) -> RuleRow:
        value = value_text(key, ours[key], language)
        if key in shipped and shipped[key] == ours[key]:
            return RuleRow(key, label_text(key, language), value)
        was = value_text(key, shipped[key], language) if key in shipped else "–"
        return RuleRow(key, label_text(key, language), value, was)

    topics = rule_rows.by_topic(rules)
    return {tr(language, topic): [row(key) for key in keys] for topic, keys in topics.items() if keys}


def looked_at(key: str, rules: Rules, sellers: Mapping[str, Seller], language: str) -> RuleRow:
    """A rule that a decision names, in words; what a seller's own record says has the key `seller.…`."""
    rule = rule_rows.rule_behind(key, rules)
    if rule:
        value = rule_rows.leaves(rules)[rule]
        return RuleRow(key, label_text(rule, language), value_text(rule, value, language))
    if key.startswith("seller."):
        return RuleRow(key, tr(language, "The seller's own terms"), _own_terms(sellers, language))
    general = f"returns.{key.rsplit('.', 1)[-1]}"
    name = label_text(key, language) if _pattern(key) in LABELS else label_text(general, language)
    return RuleRow(key, name, "–")


def label_text(key: str, language: str) -> str:
    """What the rule is called; its key where it has no name."""
    words = LABELS.get(_pattern(key))
    return tr(language, words, name=_part_name(key, language)) if words else key


def value_text(key: str, value: Any, language: str) -> str:
    """What the rule is set to, as people say it."""
    if rule_rows.is_amounts(key):
        return _list([money(amount, currency, language) for currency, amount in value.items()], language)
    if isinstance(value, bool):
        return tr(language, "Yes") if value else tr(language, "No")
    if isinstance(value, int):
        return _number(key, value, language)
    if isinstance(value, list):
        return _list([item_text(key, each, language) for each in value], language)
    if isinstance(value, Span):
        return _span(value, language)
    if isinstance(value, Carrier):
        about = (in_language(value.name, language), value.phone, value.hours)
        return _list([each for each in about if each], language)
    if isinstance(value, Pattern):
        return _conditions(value, language)
    if isinstance(value, SellerTerms):
        return _seller_terms(value, language)
    return tr(language, _VALUES.get(value, value))


def _pattern(key: str) -> str:
    """The key of LABELS behind a key: `payment.most.card` is `payment.most.*`."""
    if key in LABELS:
        return key
    parts = key.split(".")
    for place in (len(parts) - 1, 2):
        starred = ".".join([*parts[:place], "*", *parts[place + 1 :]])
        if starred in LABELS:
            return starred
    return key


def _part_name(key: str, language: str) -> str:
    """What `{name}` tells: the part of the key that `*` stands for, in words."""
    parts, pattern = key.split("."), _pattern(key).split(".")
    if "*" not in pattern:
        return ""
    part = parts[pattern.index("*")]
    if key.startswith("unusual.patterns."):
        return part.replace("_", " ")
    return tr(language, _ACCOUNT_DEEDS.get(part) or _ITEMS.get(part, part))


def _number(key: str, value: int, language: str) -> str:
    if key == "cancel.within_hours" and not value:
        return tr(language, "Until it is sent")
    if key.endswith("_hours"):
        return trn(language, "{n} hour", "{n} hours", value)
    if key.endswith("_minutes"):
        return trn(language, "{n} minute", "{n} minutes", value)
    if key.startswith("tax."):
        return f"{value}%"
    if key in _NUMBERS_AS_THEY_ARE:
        return str(value)
    return trn(language, "{n} day", "{n} days", value)


def item_text(key: str, value: Any, language: str) -> str:
    """One thing that a rule may be set to, or hold several of."""
    if isinstance(value, list):
        return " / ".join(item_text(key, each, language) for each in value)
    if isinstance(value, date):
        return day_text(value, language)
    if isinstance(value, int):
        return tr(language, _WEEKDAYS[value - 1])
    return tr(language, _ITEMS.get(value) or _VALUES.get(value, value))


def _span(value: Span, language: str) -> str:
    text = days_text(value.low, value.high, value.business_days, language)
    if isinstance(value, TenderClock) and value.statement_days is not None:
        shown = tr(language, "on the statement within {days} days", days=value.statement_days)
        return _list([text, shown], language)
    return text


def _conditions(value: Pattern, language: str) -> str:
    found = [
        tr(language, "from {amount}", amount=money(amount, currency, language))
        for currency, amount in value.amount_from.items()
    ]
    amounts = [" / ".join(found)] if found else []
    if value.pieces_from:
        amounts.append(tr(language, "from {n} pieces", n=value.pieces_from))
    if value.orders_from:
        words = "from {n} orders within {hours} hours"
        amounts.append(tr(language, words, n=value.orders_from, hours=value.within_hours))
    if value.first_order:
        amounts.append(tr(language, "first order"))
    if value.new_address:
        amounts.append(tr(language, "new address"))
    amounts += [tr(language, "to {country}", country=country) for country in value.countries]
    amounts += [tr(language, CLASSES[each]) for each in value.classes]
    return _list(amounts, language)


def _seller_terms(value: SellerTerms, language: str) -> str:
    found = []
    if value.window_days is not None:
        found.append(trn(language, "{n} day", "{n} days", value.window_days))
    if value.customer_pays_return is not None:
        paid = "The customer pays the way back" if value.customer_pays_return else "The way back is free"
        found.append(tr(language, paid))
    return _list(found, language)


def _own_terms(sellers: Mapping[str, Seller], language: str) -> str:
    terms = {
        seller.name: SellerTerms(
            window_days=seller.return_days, customer_pays_return=seller.customer_pays_return
        )
        for seller in sellers.values()
        if not seller.is_shop
    }
    return " / ".join(f"{name}: {_seller_terms(each, language)}" for name, each in terms.items()) or "–"


def _list(items: list[str], language: str) -> str:
    return comma(language).join(items) or "–"
