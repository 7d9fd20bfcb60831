"""The facts of the ledger in words: what a reader sees between the messages."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

from madoguchi.counter.callbacks.wording import fact_text as callback_text
from madoguchi.counter.cases.promise_wording import late_text
from madoguchi.counter.cases.wording import state_label
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.orders.model import Reason
from madoguchi.counter.orders.phrases import moment_text, reason_text
from madoguchi.counter.routing.wording import participant_text
from madoguchi.engine.texts import tr, trn
from madoguchi.faces.mail_words import mail_check_text
from madoguchi.kit.money import Money

_PLAIN: dict[str, str] = {
    events.OPENED: "The enquiry was opened",
    events.IDENTIFIED: "Identity was confirmed",
    events.HAND_OVER: "Handed over to a person",
    events.SUMMARY_CORRECTED: "The customer corrected the summary",
    events.OTHER_WAYS: "It takes a while. You can choose another way; your place in the queue is kept",
    events.PROMISE_BROKEN: "Nobody has come by the time that we promised. We are sorry; your place in the queue is kept",
    events.MAIL_WISHED: "The answer is mailed as well; you may close this window",
    events.DELAYED: "Your message has arrived. The answer takes longer than it should, and we are sorry. You may close this window: the answer stays here",
    events.AWAY: "The customer has not come back; put aside until they write",
    events.OFFERED: "Offered to an agent",
    events.OFFER_EXPIRED: "The offer ran out",
    events.RETURNED_TO_ASSISTANT: "The AI assistant is answering again",
    events.WOKEN: "Back from hold",
    events.RESOLUTION_CONFIRMED: "Confirmed as solved",
    events.RESOLUTION_DENIED: "It is not solved yet",
    events.REOPENED: "The enquiry was opened again",
    events.ENDED: "The enquiry has ended",
    events.MESSAGE_ERASED: "Messages were erased",
    events.ERASED: "This conversation was erased",
    events.TRANSCRIPT_SENT: "The transcript was sent by mail",
    events.PROPOSED: "Please check what will be done",
    events.CONFIRMED: "Confirmed; it is being done",
    events.DONE: "It is done",
    events.FAILED: "It could not be done; nothing was changed",
    events.WITHDRAWN: "Not done; nothing was changed",
    events.APPROVAL_ASKED: "A supervisor has to approve this; we will tell you here",
    events.APPROVED: "Approved",
    events.SELLER_REMINDED: "The seller was reminded",
    events.MAIL_TAKEN_BACK: "The reply was taken back; it is not sent",
    events.MAIL_LEFT: "The reply has left by mail",
    events.TURN_FAILED: "The AI assistant could not answer",
}


_ESCALATIONS: dict[str, str] = {
    "again": "Explained once more by the customer",
    "other": "Another person is asked for",
    "senior": "A senior person is asked for",
    "demand": "A senior person is asked to act, with the whole history",
}


_SELLERS: dict[str, str] = {
    events.SELLER_ASKED: "Message to the seller",
    events.SELLER_ANSWERED: "Answer of the seller",
    events.SELLER_ACCEPTED: "The seller agrees",
    events.SELLER_OBJECTED: "The seller does not agree",
    events.SELLER_ESCALATED: "The shop's disputes desk has taken this up",
    events.SELLER_EVIDENCE: "Evidence from the seller",
    events.GUARANTEE_CLAIMED: "Claim under the guarantee",
}


_MAILS: dict[str, str] = {
    events.MAIL_FROM_OTHER: "Mail from {sender}, an address that we did not write to",
    events.MAIL_AUTOMATIC: "Automatic answer from {sender}",
    events.MAIL_BOUNCED: "Our mail did not arrive: {sender}",
}


_LABELS: dict[str, str] = {
    events.LABELLED: "Label “{label}” was put on",
    events.UNLABELLED: "Label “{label}” was taken off",
}


_REPLIES: dict[str, str] = {
    events.MAIL_WAITS: "Will be sent by mail",
    events.MAIL_CHANGED: "The reply that waits was changed",
}


def fact_text(entry: Entry, language: str, zone: tzinfo = UTC) -> str:
    """One line for a fact; internal machinery (flows, understanding) has none."""
    body = entry.body
    name = str(body.get("name", ""))
    if "erased" in body:
        return _erased(body["erased"], language, zone)
    if entry.kind == events.JOINED:
        return tr(language, "{name} will help you from here", name=name)
    if entry.kind == events.LEFT:
        return tr(language, "{name} has left the conversation", name=name)
    if entry.kind in (events.PARTICIPANT_INVITED, events.PARTICIPANT_JOINED, events.PARTICIPANT_LEFT):
        return participant_text(entry.kind, body, language)
    if entry.kind == events.TRANSFERRED:
        return (
            tr(language, "Passed on to {name}", name=name)
            if name
            else tr(language, "Passed on to another desk")
        )
    if entry.kind == events.RESOLVED and entry.author_kind == "assistant":
        return tr(language, "Resolved")
    if entry.kind == events.RESOLUTION_CONFIRMED and entry.author_kind == "assistant":
        return ""  # the customer has just said so to the assistant
    if entry.kind == events.RESOLVED:
        return tr(language, "Marked as solved. Is it solved for you?")
    if entry.kind == events.RATED:
        return rated_text(body, language)
    if entry.kind == events.POSITION:
        return _position(body, language)
    if entry.kind == events.ESCALATION:
        words = _ESCALATIONS.get(str(body.get("wish")), "")
        said = tr(language, words)
        return f"{said}\n{body['text']}" if body.get("text") else said
    if entry.kind == events.SAME_AGENT:
        return tr(
            language,
            "You asked for another person. Nobody else who can help with this is on duty now, so {name} goes on",
            name=name,
        )
    if entry.kind == events.CALLED:
        until = moment_text(datetime.fromisoformat(body["kept_until"]), zone, language)
        return tr(language, "A person is waiting for you. Your place is kept until {until}", until=until)
    if entry.kind == events.SNOOZED:
        return tr(language, "On hold until {until}", until=str(body.get("until", ""))[:16].replace("T", " "))
    if entry.kind == events.RESOLUTION_CONFIRMED and body.get("by") == "time":
        return tr(language, "Closed, since no further word came. Writing again opens it")
    if entry.kind == events.CALLBACK:
        return callback_text(body, language, zone)
    if entry.kind == events.CASE_TOLD:
        return _case_told(body, language)
    if entry.kind in _SELLERS:
        said = tr(language, _SELLERS[entry.kind])
        text = str(body.get("text", ""))
        return f"{said}: {text}" if text else said
    if entry.kind == events.MAIL_TAKEN:
        return _mail_taken(body, language)
    if entry.kind in _MAILS:
        said = tr(language, _MAILS[entry.kind], sender=str(body.get("from", "")))
        return f"{said}\n{body.get('text', '')}".strip()
    if entry.kind in (events.MAIL_WAITS, events.MAIL_CHANGED):
        said = tr(language, _REPLIES[entry.kind])
        return f"{said}\n{body.get('text', '')}".strip()
    if entry.kind == events.MAIL_CHECKED:
        return mail_check_text(body, language)
    if entry.kind == events.GUARANTEE_DECIDED:
        return _decided(body, language)
    if entry.kind == events.ORDER_HELD:
        return tr(language, "Order {order} is being checked before it is sent", order=body.get("order", ""))
    if entry.kind == events.GUARANTEE_PAID:
        return tr(language, "The guarantee has paid {amount}", amount=_amount(body, language))
    if entry.kind == events.GUARANTEE_UNPAID:
        told = [reason_text(Reason.model_validate(each), language) for each in body.get("reasons", [])]
        return " ".join([tr(language, "The guarantee could not be paid."), *told])
    if entry.kind in (events.LABELLED, events.UNLABELLED):
        return tr(language, _LABELS[entry.kind], label=str(body.get("label", "")))
    plain = _PLAIN.get(entry.kind)
    return tr(language, plain) if plain else ""


def _case_told(body: dict[str, Any], language: str) -> str:
    """The times in it are the shop's already."""
    match body.get("what"):
        case "moved":
            return tr(language, "State: {state}", state=state_label(body["state"], language))
        case "late":
            due, again = (datetime.fromisoformat(body[each]) for each in ("due", "again"))
            return late_text(body["kind"], due, again, language)
        case "investigating":
            return tr(language, "We are still investigating. You hear from us again as soon as we know more.")
        case _:
            return tr(
                language,
                "Nothing has happened for some days. We are sorry; our supervisors have been told, and you can write to us again at any time.",
            )


def _erased(by: dict[str, Any], language: str, zone: tzinfo) -> str:
    """The tombstone of a message: who erased it, and when (HIS-006)."""
    who = tr(language, "by the customer") if by.get("by") == "customer" else tr(language, "by the shop")
    at = moment_text(datetime.fromisoformat(by["at"]), zone, language)
    return tr(
        language, "This message was erased {who} ({at})", who=who, at=f"{at} UTC" if zone is UTC else at
    )


def _decided(body: dict[str, Any], language: str) -> str:
    amount = _amount(body, language)
    granted = body.get("state") == "granted"
    said = (
        tr(language, "The guarantee pays {amount}", amount=amount)
        if granted
        else tr(language, "The guarantee does not pay")
    )
    return f"{said}: {body.get('text', '')}"


def _amount(body: dict[str, Any], language: str) -> str:
    return Money(minor=int(body.get("amount", 0)), currency=str(body.get("currency", "JPY"))).text(language)


def rated_text(body: dict[str, Any], language: str) -> str:
    score = body.get("score")
    return tr(language, "Rating: {score} of 5", score=score) if score else tr(language, "Feedback was given")


def rating_text(body: dict[str, Any], language: str) -> str:
    """The rating with what was written beside it."""
    return "\n".join(filter(None, (rated_text(body, language), str(body.get("comment") or ""))))


def _position(body: dict[str, Any], language: str) -> str:
    ahead = int(body.get("ahead", 0))
    if ahead == 0:
        return tr(language, "You are next")
    return trn(language, "{n} person is ahead of you", "{n} people are ahead of you", ahead)


def _mail_taken(body: dict[str, Any], language: str) -> str:
    lines = [tr(language, "By mail: {subject}", subject=str(body.get("subject") or "–"))]
    if body.get("files_left_out"):
        names = ", ".join(str(name) for name in body["files_left_out"])
        lines.append(tr(language, "Files that cannot be shown: {names}", names=names))
    if body.get("simple"):
        lines.append(tr(language, "A simple question about an order: it is served before others."))
    if body.get("cut"):
        lines.append(tr(language, "The mail is longer than what is shown."))
    if "unreadable" in body.get("defects", []):
        lines.append(tr(language, "The mail could not be read; it is kept as it came."))
    return "\n".join(lines)
