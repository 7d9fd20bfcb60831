"""Proposals on accounts in words, as the same card as proposals on orders. What is read is what is done."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from babel.dates import format_date

from madoguchi.counter.customers.account_deeds import AccountDeedName
from madoguchi.counter.customers.account_model import AccountProposal
from madoguchi.counter.customers.identity import mask_email
from madoguchi.counter.customers.model import Customer
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import locale_of

_TITLES: dict[AccountDeedName, str] = {
    "lock_account": "Lock the account",
    "sign_out_everywhere": "Sign out on all devices",
    "reset_password": "Mail for a new password",
    "resend_code": "Send the code again",
    "change_default_address": "Change the usual address",
}
_CONFIRM: dict[AccountDeedName, str] = {
    "lock_account": "Lock it now",
    "sign_out_everywhere": "Sign out everywhere",
    "reset_password": "Send the mail",
    "resend_code": "Send the code",
    "change_default_address": "Use this address",
}
_EFFECTS: dict[AccountDeedName, tuple[str, ...]] = {
    "lock_account": (
        "Nobody can sign in to the account any more, and all devices are signed out.",
        "A person of the shop unlocks it after checking with you.",
    ),
    "sign_out_everywhere": ("All devices are signed out, except for this conversation.",),
    "reset_password": (
        "If the address is registered, a mail with a link arrives within a few minutes.",
        "The link works once, within 30 minutes.",
    ),
    "resend_code": (
        "If the address is registered, a mail with a new code arrives within a few minutes.",
        "Codes sent before are no longer valid.",
    ),
    "change_default_address": (
        "The next orders start from this address.",
        "Orders under way keep their address.",
    ),
}
_REASONS = {
    "on_account_page": "This is done on the account page of the shop.",
    "no_account_named": "We need a mail address, or a sign-in, to know the account.",
    "already_locked": "The account is locked already.",
    "account_locked": "The account is locked. A person of the shop can unlock it.",
    "too_many_codes": "Too many mails were asked for in a short time. Please try again in an hour.",
    "email_unusable": "This does not look like a mail address. Example: name@example.jp",
    "no_session": "The conversation is no longer open in a browser, so a code could not be used there.",
    "not_carried_out": "It was not carried out. Nothing was changed.",
}
_STATES = {
    "offered": "Not confirmed yet",
    "executing": "In progress",
    "done": "Done",
    "failed": "Not carried out",
    "unknown": "Being checked",
    "withdrawn": "Withdrawn",
    "expired": "Expired",
    "refused": "Not possible",
}


def account_deed_label(deed: AccountDeedName, language: str) -> str:
    """What a deed on the account is called."""
    return tr(language, _TITLES[deed])


def account_reason(code: str, language: str) -> str:
    return tr(language, _REASONS.get(code, "This is not possible at the moment. A person can look into it."))


def deed_title(deed: AccountDeedName, language: str) -> str:
    return tr(language, _TITLES[deed])


def account_view(
    proposal: AccountProposal, customer: Customer | None, language: str, zone: tzinfo
) -> dict[str, Any]:
    """The card of a proposal; the keys are those of proposals on orders."""
    return {
        "id": proposal.id,
        "state": proposal.state,
        "state_label": tr(language, _STATES[proposal.state]),
        "action": proposal.deed,
        "order_number": "",
        "title": deed_title(proposal.deed, language),
        "rows": _rows(proposal, customer, language),
        "effects": [tr(language, text) for text in _EFFECTS[proposal.deed]],
        "reasons": [account_reason(code, language) for code in proposal.reasons],
        "alternatives": [],
        "confirm_label": tr(language, _CONFIRM[proposal.deed]),
        "expires_at": proposal.expires_at.isoformat(),
        "amount": 0,
        "amount_text": "",
        "charge": 0,
        "receipt": _receipt(proposal, language, zone),
        "needs_approval": False,
        "offers_person": True,
        "rung": proposal.rung,
    }


def address_line(address: dict[str, str], language: str) -> str:
    """One line, in the order in which the reader's country writes it."""
    part = address.get
    if language == "ja":
        where = f"{part('region', '')}{part('city', '')}{part('line1', '')} {part('line2', '')}".strip()
        return f"〒{part('postal_code', '')} {where}"
    places = (part("line2"), part("line1"), part("city"), part("region"), part("postal_code"))
    return ", ".join(place for place in places if place)


def _rows(proposal: AccountProposal, customer: Customer | None, language: str) -> list[dict[str, str]]:
    """A visitor sees what they typed, never what is on file."""
    email = proposal.request.get("email") or (customer.email if customer else "")
    rows = [(tr(language, "Account"), mask_email(email))] if email else []
    if "address" in proposal.request:
        rows.append((tr(language, "New address"), address_line(proposal.request["address"], language)))
    return [{"label": label, "value": value} for label, value in rows]


def _receipt(proposal: AccountProposal, language: str, zone: tzinfo) -> dict[str, Any] | None:
    if proposal.receipt is None:
        return None
    if proposal.state == "failed":
        texts = [account_reason(code, language) for code in proposal.receipt.get("reasons", [])]
        return {
            "title": tr(language, "Nothing was changed"),
            "reference": "",
            "rows": [],
            "text": "\n".join(texts),
        }
    reference = str(proposal.receipt.get("reference", ""))
    rows = [(tr(language, "Receipt number"), reference)] if reference else []
    if proposal.finished_at:
        day = format_date(proposal.finished_at.astimezone(zone).date(), "long", locale=locale_of(language))
        rows.append((tr(language, "Date"), day))
    return {
        "title": tr(language, "Done: {action}", action=deed_title(proposal.deed, language)),
        "reference": reference,
        "rows": [{"label": label, "value": value} for label, value in rows],
        "text": "\n".join(tr(language, text) for text in _EFFECTS[proposal.deed]),
    }
