"""Privacy in words: what each kind of record is called, why something stays, how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from madoguchi.counter.privacy.model import Kind
from madoguchi.engine.ownership import OfPerson, owner_of
from madoguchi.engine.schema import metadata
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

_LABELS = {
    "account_proposal": "Changes to your account",
    "after_contact_work": "Times of work after your conversations",
    "agent_call": "Which of our staff is on a call with you",
    "attachment": "Pictures and documents",
    "audit": "Record of who did what",
    "bulk_step": "What was done to many enquiries at once",
    "business_document": "Quotations and invoices",
    "call_preference": "How you want to be reached by telephone",
    "callback": "Call-backs that you asked for",
    "callback_call": "Calls that we made to you",
    "case_clock": "Times that run for your enquiries",
    "case_event": "Course of your enquiries",
    "case_file": "Enquiries with their numbers",
    "case_joining": "Enquiries that were joined",
    "case_link": "Connections between enquiries",
    "case_memo": "Your notes of what happened when",
    "case_order": "Orders that your enquiries are about",
    "case_promise": "What we promised you",
    "case_task": "Tasks for your enquiries",
    "contact": "Conversations and mails",
    "case_follower": "Which of our staff follow an enquiry",
    "case_follower_contact": "How far our staff have read in it",
    "contact_follower": "Which of our staff follow a conversation",
    "contact_label": "Labels on conversations",
    "customer": "Name, addresses and ways to reach you",
    "customer_note": "Notes of our staff about you",
    "customer_preference": "Your settings",
    "customer_presence": "When you last had an enquiry open",
    "feedback": "Praise, complaints, suggestions",
    "form_draft": "Forms that you have begun",
    "form_file": "Files in forms that you have begun",
    "form_waiting": "Forms that wait for your confirmation",
    "learning_turn": "Messages that the AI assistant did not understand",
    "ledger_entry": "Messages, and what happened in conversations",
    "legal_hold": "What has to be kept for now",
    "login_code": "Mailed codes",
    "measured_contact": "Figures of conversations",
    "model_call": "Calls to the language model",
    "organisation_appointment": "Appointments of your company",
    "organisation_member": "Your place in your company's account",
    "outbox": "Mails and tasks that are due",
    "participant": "Who joined your conversations",
    "privacy_request": "Your requests for erasure and copies",
    "proposal": "Changes to your orders",
    "queue_place": "Places in the queue",
    "received_mail": "Mails from you",
    "reply_address": "Addresses for your replies",
    "scorecard": "Reviews of how our staff answered you",
    "search_entry": "Index for the search in conversations",
    "search_progress": "How far the search index has read",
    "seller_thread": "Enquiries to sellers",
    "sent_mail": "Mails to you",
    "session": "Devices that are signed in",
    "shop_effect": "What was done to your orders",
    "shop_holding": "Memberships, subscriptions and services",
    "shop_order": "Orders",
    "shop_wallet": "Ways to pay",
    "sign_in": "Sign-ins",
    "strain": "Flags on strong words in conversations",
    "survey": "Answers to our surveys",
    "trust_report": "Suspicious messages that you reported",
    "wait_sample": "Waiting times",
    "waiting_reply": "Answers that are about to be sent",
    "word_sighting": "Words that were looked up",
}
_KINDS: dict[Kind, str] = {
    "export": "Copy of everything",
    "messages": "Erasure of messages",
    "contact": "Erasure of a conversation",
    "history": "Erasure of the whole history",
    "everything": "Erasure of everything",
}
_STATES = {
    "asked": "Not confirmed yet",
    "confirmed": "Confirmed, waiting",
    "working": "In progress",
    "done": "Done",
    "withdrawn": "Taken back",
}
CLASSES = {
    "contacts": "Conversations and mails",
    "cases": "Enquiries with their numbers",
    "raw_mails": "Originals of mails",
    "quarantined_mails": "Mails that were kept apart",
    "attachments": "Pictures and documents",
    "unsent_attachments": "Files that were never sent",
    "sessions": "Devices that are signed in",
    "errands": "Mails and tasks that are done",
    "model_calls": "Calls to the language model",
    "learning_turns": "Messages that the AI assistant did not understand",
    "exports": "Copies that were not fetched",
    "privacy_records": "Requests for erasure and copies",
    "holds": "Holds that were lifted",
    "retention_reports": "Reports of what was removed",
    "audit": "Record of who did what",
}


def label(table: str, language: str) -> str:
    """What people call the rows of a table."""
    return tr(language, _LABELS[table]) if table in _LABELS else table.replace("_", " ")


def kind_text(kind: Kind, language: str) -> str:
    return tr(language, _KINDS[kind])


def state_text(state: str, language: str) -> str:
    return tr(language, _STATES[state])


def class_text(name: str, language: str) -> str:
    return tr(language, CLASSES[name])


def reason(why: str, language: str) -> str:
    return tr(language, why) if why else ""


def stays(language: str) -> list[tuple[str, str]]:
    """What erasure leaves, and why: label and reason."""
    found = []
    for table in metadata.sorted_tables:
        rule = owner_of(table)
        if isinstance(rule, OfPerson) and rule.erase == "keep":
            found.append((label(table.name, language), reason(rule.why, language)))
    return found


def kept_for(settings: Settings, language: str) -> list[tuple[str, int]]:
    """What we keep and for how many days, from the settings; shown to customers."""
    privacy = settings.privacy
    days = {
        "Conversations and mails": settings.history.keep_days,
        "Pictures and documents": min(privacy.attachment_days, settings.history.keep_days),
        "Originals of mails": min(privacy.raw_mail_days, settings.history.keep_days),
        "Mails that were kept apart": privacy.quarantine_days,
        "Calls to the language model": privacy.model_call_days,
        "Record of who did what": privacy.audit_days,
        "Requests for erasure and copies": privacy.record_days,
    }
    return [(tr(language, name), each) for name, each in days.items()]


def readme(tables: Sequence[dict[str, Any]], language: str, settings: Settings) -> str:
    """The first thing to read in an export."""
    lines = [
        tr(
            language,
            "Everything that {shop} keeps about you at its customer service.",
            shop=settings.shop.name,
        ),
        tr(language, "Each file in `records` holds one kind of record, one a line (JSON). Times are in UTC."),
        "",
        *(f"records/{each['table']}.jsonl · {each['label']} · {each['rows']}" for each in tables),
    ]
    return "\n".join(lines) + "\n"
