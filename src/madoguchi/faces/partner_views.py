"""View models of threads with sellers and of an organisation: nobody's address, and the reader's own language."""

from __future__ import annotations

from typing import Any

from madoguchi.counter.business.model import Document, Member, Organisation
from madoguchi.counter.business.policy import total
from madoguchi.counter.contacts import events
from madoguchi.counter.sellers.model import Said, Thread
from madoguchi.counter.sellers.workflow import SellersView
from madoguchi.engine.texts import tr
from madoguchi.kit.money import Money

_STATES = {
    "waiting": "Waiting for the seller",
    "answered": "Answered",
    "escalated": "With the shop's disputes desk",
    "closed": "Closed",
}
_WHO = {"buyer": "Buyer", "seller": "Seller", "shop": "The shop"}
_SAYS = {
    events.SELLER_ACCEPTED: "The seller agrees",
    events.SELLER_OBJECTED: "The seller does not agree",
    events.SELLER_ESCALATED: "The shop's disputes desk has taken this up",
    events.GUARANTEE_CLAIMED: "Claim under the guarantee",
    events.SELLER_EVIDENCE: "Evidence for the shop",
    events.GUARANTEE_DECIDED: "Decision on the claim",
    events.GUARANTEE_PAID: "The guarantee has paid",
}
ROLES = {"owner": "Owner", "approver": "Approver", "buyer": "Buyer (role)", "viewer": "Viewer"}


def thread_view(thread: Thread, language: str) -> dict[str, Any]:
    """For buyer, seller and staff alike: who the buyer is stands nowhere in it."""
    claim = thread.claim or {}
    return {
        "id": thread.id,
        "order_number": thread.order_number,
        "seller_id": thread.seller_id,
        "state": thread.state,
        "state_label": tr(language, _STATES[thread.state]),
        "answer_by": thread.answer_by,
        "asked_at": thread.asked_at,
        "answered_at": thread.answered_at,
        "escalated_at": thread.escalated_at,
        "claim": {
            key: claim[key] for key in ("amount", "currency", "state", "granted", "payment") if key in claim
        }
        or None,
    }


def said_view(said: Said, language: str) -> dict[str, Any]:
    fact = tr(language, _SAYS[said.fact]) if said.fact in _SAYS else ""
    return {
        "who": said.who,
        "who_label": tr(language, _WHO[said.who]),
        "fact": fact,
        "text": said.text,
        "at": said.at,
        "wish": said.wish,
    }


def sellers_view(view: SellersView, language: str) -> dict[str, Any]:
    """A thread for the seller: their own lines and the words."""
    return {
        **thread_view(view.thread, language),
        "placed_at": view.placed_at,
        "lines": [
            {"label": line.label(language), "sku": line.sku, "quantity": line.quantity} for line in view.lines
        ],
        "said": [
            {
                **said_view(one, language),
                "files": [_file(view.thread, view.files[item]) for item in one.attachments],
            }
            for one in view.said
        ],
    }


def _file(thread: Thread, row: Any) -> dict[str, Any]:
    url = f"/api/v1/seller/threads/{thread.id}/evidence/{row.id}"
    return {"name": row.name, "media_type": row.media_type, "size": row.size, "url": url}


def document_view(document: Document, language: str) -> dict[str, Any]:
    amount = Money(minor=total(document.items), currency=document.body["currency"])
    return {
        "id": document.id,
        "kind": document.kind,
        "number": document.number,
        "order_number": document.order_number,
        "issued_at": document.issued_at,
        "valid_until": document.valid_until,
        "total": amount.minor,
        "total_text": amount.text(language),
        "url": f"/api/v1/business/documents/{document.id}",
    }


def company_view(
    organisation: Organisation, me: Member, members: list[Member], documents: list[Document], language: str
) -> dict[str, Any]:
    return {
        "name": organisation.name,
        "registration_number": organisation.registration_number,
        "country": organisation.country,
        "role": me.role,
        "members": [
            {
                "customer_id": one.customer_id,
                "name": one.name,
                "role": one.role,
                "label": tr(language, ROLES[one.role]),
            }
            for one in members
        ],
        "documents": [document_view(document, language) for document in documents],
    }
