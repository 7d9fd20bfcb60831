"""Verdicts and reasons in words. Places are written so that nobody can press them."""

from __future__ import annotations

from madoguchi.counter.trust.policy import Finding
from madoguchi.engine.texts import tr

_REASONS = {
    "in_send_log": "Our records show that we sent a mail with this subject to you.",
    "sender_ours": "The sender {shown} is one of ours. Senders can be forged, so this alone proves nothing.",
    "sender_unlisted": "The sender {shown} names our domain, but we do not send from this address.",
    "sender_partner": "The sender {shown} belongs to a company that works for us.",
    "sender_foreign": "The sender {shown} is not one of ours.",
    "sender_lookalike": "The sender {shown} imitates our name, but is not ours.",
    "link_ours": "The link leads to our own site {shown}.",
    "link_partner": "The link leads to {shown}, a company that works for us.",
    "link_foreign": "The link leads to {shown}, which is not ours.",
    "link_lookalike": "The link leads to {shown}. The name imitates ours, but is not ours.",
    "link_own_inside": "Our name stands in the link, but it leads to {shown}, which is not ours.",
    "link_hides": "The link hides where it leads: in truth to {shown}.",
    "link_number": "The link leads to a bare number {shown} instead of a name. We never do that.",
    "link_shortened": "The shortened link {shown} hides where it leads. We do not use such links.",
    "phone_ours": "The number {shown} is ours. The number on a display can be forged, so please hang up and call us back.",
    "in_call_log": "Our own record says that we have just called you.",
    "phone_foreign": "The number {shown} is not ours.",
    "order_yours": "The order number {shown} is among your orders.",
    "order_unknown": "The order number {shown} is not among your orders.",
    "asks_secrets": "It asks for a password, card number, code or personal data. We never do.",
    "asks_gift_cards": "It asks for payment by gift card or the like. We never do.",
    "asks_remote_control": "It asks for remote control of your device. We never do.",
    "scares": "It frightens with a suspended account, as fakes often do.",
    "hurries": "It presses for time, as fakes often do.",
    "odd_words": "It is worded in a way in which we do not write.",
}


def finding_text(finding: Finding, language: str) -> str:
    return tr(language, _REASONS[finding.code], shown=finding.shown)
