"""Orders and proposals in words. A proposal is shown from itself: what is read is what is done."""

from __future__ import annotations

from typing import Any

from madoguchi.counter.orders.cards import order_view, refund_text, shipped_rules
from madoguchi.counter.orders.model import Order, Proposal, Reason
from madoguchi.counter.orders.phrases import (
    action_label,
    address_text,
    day_text,
    effect_text,
    money,
    proposal_state_label,
    reason_text,
    return_reason_label,
    stage_text,
    tender_label,
    tender_with_label,
)
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.texts import tr, trn
from madoguchi.kit.languages import comma

__all__ = [
    "action_label",
    "address_text",
    "day_text",
    "effect_text",
    "order_view",
    "proposal_view",
    "reason_text",
    "refund_text",
    "return_reason_label",
    "stage_text",
    "tender_label",
]


def proposal_view(
    proposal: Proposal, order: Order | None, language: str, rules: Rules | None = None
) -> dict[str, Any]:
    """The card of a proposal; the keys are those of the interface paper. `order` None: without the order's names."""
    rules = rules or shipped_rules()
    decision = proposal.decision
    currency = order.currency if order else "JPY"
    return {
        "id": proposal.id,
        "state": proposal.state,
        "state_label": proposal_state_label(proposal.state, language),
        "action": proposal.action,
        "order_number": proposal.order_number,
        "title": action_label(proposal.action, language),
        "rows": _rows(proposal, order, language, rules),
        "effects": [effect_text(effect, language) for effect in decision.effects],
        "reasons": [reason_text(reason, language) for reason in decision.reasons],
        "alternatives": [
            {"action": name, "label": action_label(name, language)} for name in decision.alternatives
        ],
        "confirm_label": confirm_label(proposal, currency, language),
        "expires_at": proposal.expires_at.isoformat(),
        "amount": decision.refund,
        "amount_text": money(decision.refund, currency, language) if decision.refund else "",
        "charge": decision.charge,
        "receipt": _receipt(proposal, language, currency, rules),
        "needs_approval": decision.verdict == "needs_approval",
        "offers_person": decision.offers_person,
        "rung": decision.rung,
    }


def confirm_label(proposal: Proposal, currency: str, language: str) -> str:
    """What the button does, named by the deed."""
    label = _deed(proposal, currency, language)
    if proposal.decision.verdict == "needs_approval":
        return tr(language, "{label} (after a person has checked)", label=label)
    return label


def _deed(proposal: Proposal, currency: str, language: str) -> str:
    decision, request, name = proposal.decision, proposal.request, proposal.action
    amount = money(decision.refund, currency, language)
    if name == "cancel" and not any(effect.code == "cancel_lines" for effect in decision.effects):
        return tr(language, "Cancel the whole order")
    if name == "cancel":
        return trn(language, "Cancel {n} item", "Cancel {n} items", _pieces(request))
    if name == "change_address":
        return tr(language, "Deliver to this address")
    if name == "change_lines" and decision.charge:
        more = money(decision.charge, currency, language)
        return tr(language, "Change and pay {amount} more", amount=more)
    if name == "change_lines":
        return tr(language, "Change the order")
    if name == "change_payment":
        return tr(language, "Pay by {tender}", tender=tender_label(request["tender"], language))
    if name == "return":
        return trn(language, "Return {n} item", "Return {n} items", _pieces(request))
    if name == "exchange":
        return trn(language, "Exchange {n} item", "Exchange {n} items", int(request.get("quantity", 1)))
    if name == "reship":
        return tr(language, "Send it again")
    if name in ("hold", "release"):
        return action_label(name, language)
    return tr(language, "Refund {amount}", amount=amount)


def _pieces(request: dict[str, Any]) -> int:
    return sum(int(choice["quantity"]) for choice in request.get("lines", []))


def _rows(proposal: Proposal, order: Order | None, language: str, rules: Rules) -> list[dict[str, str]]:
    decision, request = proposal.decision, proposal.request
    currency = order.currency if order else "JPY"
    rows = [(tr(language, "Order number"), proposal.order_number)]
    rows += [(tr(language, "Item"), text) for text in _items(request, order, language)]
    if "reason" in request and proposal.action in ("return", "exchange"):
        rows.append((tr(language, "Reason"), return_reason_label(request["reason"], language)))
    if proposal.action == "change_address":
        rows.append((tr(language, "Deliver to"), address_text(request["address"], language)))
    if decision.refund:
        rows.append((tr(language, "Refund"), money(decision.refund, currency, language)))
    for part in decision.refund_parts if len(decision.refund_parts) > 1 else []:
        name = tender_with_label(part["tender"], part.get("label", ""), language)
        rows.append((name, money(int(part["amount"]), currency, language)))
    if decision.refund_parts:
        rows.append((tr(language, "Refund to"), _refund_to(proposal, language)))
    if decision.charge:
        rows.append((tr(language, "To pay in addition"), money(decision.charge, currency, language)))
    return [{"label": label, "value": value} for label, value in rows]


def _items(request: dict[str, Any], order: Order | None, language: str) -> list[str]:
    if order is None:
        return []
    pieces = [(choice["line_id"], choice.get("quantity")) for choice in request.get("lines", [])]
    pieces += [(change["line_id"], change.get("quantity")) for change in request.get("changes", [])]
    if "line_id" in request:
        pieces.append((request["line_id"], request.get("quantity")))
    found = [(order.line(line_id), count) for line_id, count in pieces]
    return [
        f"{line.label(language)} × {count}" if count else line.label(language)
        for line, count in found
        if line
    ]


def _refund_to(proposal: Proposal, language: str) -> str:
    names = [tender_label(part["tender"], language) for part in proposal.decision.refund_parts]
    return comma(language).join(dict.fromkeys(names))


def _receipt(proposal: Proposal, language: str, currency: str, rules: Rules) -> dict[str, Any] | None:
    """What came of it: the reference to keep, or why nothing was changed."""
    if proposal.receipt is None:
        return None
    if proposal.state == "failed":
        reasons = [Reason.model_validate(reason) for reason in proposal.receipt.get("reasons", [])]
        texts = [reason_text(reason, language) for reason in reasons]
        return {
            "title": tr(language, "Nothing was changed"),
            "reference": "",
            "rows": [],
            "text": "\n".join(texts),
        }
    decision = proposal.decision
    reference = str(proposal.receipt.get("reference", ""))
    rows = [(tr(language, "Receipt number"), reference)] if reference else []
    rows.append((tr(language, "Order number"), proposal.order_number))
    rows += [(tr(language, "Return number"), str(item["id"])) for item in proposal.receipt.get("returns", [])]
    if decision.refund:
        rows.append((tr(language, "Refund"), money(decision.refund, currency, language)))
    if proposal.finished_at:
        day = proposal.finished_at.astimezone(rules.zone).date()
        rows.append((tr(language, "Date"), day_text(day, language)))
    return {
        "title": tr(language, "Done: {action}", action=action_label(proposal.action, language)),
        "reference": reference,
        "rows": [{"label": label, "value": value} for label, value in rows],
        "text": "\n".join(effect_text(effect, language) for effect in decision.effects),
    }
