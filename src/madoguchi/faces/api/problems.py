"""Refusals as RFC 9457 problems, in the caller's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from madoguchi.engine.texts import tr
from madoguchi.faces.refusals import WORDS as SETTING_UP
from madoguchi.faces.rendering import LANGUAGE_COOKIE
from madoguchi.kit.languages import nearest

TITLES: dict[str, str] = {
    **SETTING_UP,
    "invalid": "The request cannot be used as it is",
    "not_found": "There is no such thing here",
    "not_allowed": "You may not do this",
    "sign_in_needed": "Please sign in first",
    "link_over": "That link has been used or is too old; please ask for a new one",
    "session_needed": "Please start or renew your session",
    "conflict": "Something has changed in the meantime",
    "too_many": "Too many tries; please wait {retry_after} seconds",
    "too_many_messages": "Too many messages in a short time; please wait {retry_after} seconds",
    "too_many_chats": "Many chats were begun in a short time. A new one can begin in {minutes} min.; each further try makes it longer. Open enquiries go on as before, and our form works meanwhile",
    "chat_unavailable": "The chat is not available now. Our form works meanwhile; open enquiries go on as before",
    "not_with_person": "No person has this enquiry now; please choose “Talk to a person”",
    "unknown_line": "There is no such line",
    "not_waiting": "This enquiry does not wait for a person any more",
    "unknown_part": "There is no such part",
    "cause_missing": "Say what is wrong, in one language at least",
    "text_too_long": "At most {longest} characters",
    "percent_out_of_range": "Choose a number from {lowest} to {highest}",
    "declaration_not_found": "This does not exist",
    "unavailable": "This does not work at the moment",
    "nobody": "Choose at least one recipient",
    "all_kept": "There are as many as can be kept; remove one first",
    "not_a_range": "The first time is longer than the second, or one of them is missing",
    "source_missing": "Name the shop and where the figure is from",
    "unknown_channel": "There is no such channel",
    "unknown_family": "There is no such report",
    "unknown_figure": "There is no such figure",
    "unknown_report": "There is no such report",
    "unknown_sheet": "There is no such table",
    "unknown_shop": "There is no such shop",
    "too_many_contacts": "Too many new enquiries in a short time; please wait {retry_after} seconds. Open enquiries go on as before",
    "too_many_attachments": "No more files can be added to this enquiry at the moment",
    "too_many_transcripts": "The transcript was sent several times already; please wait {retry_after} seconds",
    "too_many_sessions": "Too many new sessions from this network; please wait {retry_after} seconds",
    "too_many_sign_ins": "Too many sign-ins from this network; please wait {retry_after} seconds",
    "too_many_form_posts": "Many forms came from your network within a minute; please wait {retry_after} seconds. What you wrote is kept",
    "too_many_forms_network": "Today many forms from your network wait for a confirmation of their mail address. What you wrote is kept: please confirm one by the link in our mail, sign in, or go on by chat, which is open to you at once",
    "too_many_forms_address": "Several enquiries with this mail address wait for their confirmation already. Please open the link in the mail that we sent there, sign in, or go on by chat. What you wrote is kept",
    "too_many_codes": "Too many codes were asked for; please wait {retry_after} seconds",
    "sign_in_too_often": "Too many failed tries; please wait {retry_after} seconds",
    "contact_not_found": "This enquiry does not exist, or belongs to another account",
    "contact_ended": "This enquiry has ended; please open a new one. Everything said so far is kept",
    "client_key_reused": "The same key was used with other content",
    "owner_changed": "Somebody else has taken this contact over in the meantime",
    "owner_version_missing": "Name the owner version that you saw",
    "not_owner": "Take the contact first, then answer",
    "owned_by_colleague": "A colleague has this contact; only a supervisor can take it over",
    "not_open": "This contact is not open any more",
    "offer_gone": "This offer has ended; the contact went to somebody else or back to the queue",
    "at_capacity": "You have as many contacts in hand as you can hold ({capacity}); finish or pass one on first",
    "invitation_gone": "This invitation does not stand any more",
    "not_invited": "Somebody else was asked to join this conversation",
    "already_takes_part": "This colleague takes part already, or has been asked to",
    "participant_not_found": "Nobody of this kind takes part in this conversation",
    "not_whispering": "Choose to whisper in this conversation first",
    "another_agent_wished": "The customer has asked for another person, and somebody else is on duty",
    "agent_not_free": "This colleague is not there or has no room; choose somebody else or a queue",
    "unknown_kind": "These facts do not exist or are not public: {kinds}",
    "unknown_queue": "This queue does not exist",
    "unknown_agent": "This agent does not exist or is switched off",
    "agent_not_found": "This agent does not exist",
    "unknown_status": "This status does not exist",
    "callback_not_found": "This call-back does not exist, or belongs to another account",
    "callback_off": "We do not call back at the moment. Please choose another way to reach us",
    "no_calls_wanted": "The customer wants no calls: please write instead",
    "callback_exists": "A call-back is booked already; you can change or cancel it",
    "callback_closed": "Nobody calls at this hour. Please choose a time from the list",
    "callback_state": "This is not possible any more: the call-back has moved on in the meantime",
    "callback_too_early": "The agreed time has not come yet",
    "callback_code_wrong": "The code is wrong. Please look into the mail once more",
    "slot_full": "This time is full by now. Please choose another one",
    "phone_closed": "Customers are called within the telephone's hours only",
    "phone_unreadable": "This is no telephone number. Please write it like 090-1234-5678",
    "phone_incomplete": "This number cannot be right: a digit is missing or too many. Please write it like 090-1234-5678",
    "phone_not_called": "We cannot call this kind of number. Please give a landline or mobile number of this country",
    "phone_not_on_file": "We call only the number that is registered with your account",
    "unknown_outcome": "This outcome does not exist",
    "too_many_callbacks": "Several call-backs were asked for within a day already. Please write to us, or try again later",
    "no_abuse": "There are no abusive words in this conversation",
    "not_warned": "Answer once with the warning; if it goes on after that, you can end the conversation",
    "lending_time": "Between one minute and 24 hours",
    "threshold": "Between {low} and {high}",
    "criterion_id": "Small Latin letters, digits and _ only, beginning with a letter",
    "criterion_name": "Please enter a name",
    "marks_missing": "Every criterion needs a mark from 1 to 5",
    "nothing_to_review": "This person has not spoken in the conversation",
    "own_work": "Nobody reviews their own work",
    "turn_taken": "This was answered in the meantime",
    "form_kind_missing": "Please choose what it is about",
    "form_elsewhere": "We do not handle this by form. Please choose one of the other ways to reach us",
    "form_order_missing": "Please choose the order, or say that there is none",
    "form_token": "This page was out of date. Nothing is lost: please look over it and send it once more",
    "form_too_fast": "That was very quick, so we ask once more, because machines are quick too. Nothing is lost: please look over it and send it again",
    "draft_not_found": "This form is not kept any more",
    "empty_message": "Please write something",
    "message_too_long": "The message is too long (limit {limit} characters)",
    "asks_for_secrets": "We never ask customers for passwords, codes or card numbers. Please word it differently, or send them to the page for it",
    "foreign_link": "The link leads to {shown}, which is not ours. Messages may lead to our own sites only",
    "case_of_other_customer": "These cases belong to two different customers and are kept apart",
    "same_case": "This is one and the same case",
    "case_merged": "This case goes on in {number}; look there",
    "case_moved": "Somebody has changed the state of this case in the meantime; look again",
    "not_merged": "This case was not merged into another",
    "open_tasks": "This case has open tasks ({left}). Finish or drop them, or solve it anyway",
    "split_needs_some": "Choose some of the case's contacts, and not all of them",
    "link_circle": "Then the cases would follow each other in a circle",
    "task_not_found": "This task does not exist",
    "task_state": "Somebody has changed this task in the meantime; look again",
    "task_title": "A task needs a title of at most {longest} characters",
    "task_result": "Say in a few words what came of it",
    "unknown_template": "There is no such template",
    "reason_missing": "Say why; only staff read it",
    "memo_text": "Write what happened, in at most {longest} characters",
    "in_the_future": "This has not happened yet",
    "too_many_memos": "There are too many notes here already",
    "too_many_tasks": "There are too many tasks here already",
    "too_many_orders": "There are too many orders here already",
    "unknown_attachment": "One of the files does not belong to this enquiry",
    "attachment_empty": "The file is empty",
    "attachment_too_large": "The file is too large (limit {megabytes} MB)",
    "attachment_type": "Only pictures (JPEG, PNG, WebP, GIF) and PDF files can be sent",
    "attachment_broken": "The file cannot be read; it may be damaged",
    "attachment_too_many_pixels": "The picture has too many pixels",
    "transcript_needs_sign_in": "Please sign in, so that we can mail the transcript to the address on file",
    "nothing_rated": "Please choose a rating or write a comment",
    "case_not_found": "There is no case with this number in this account",
    "case_state": "The case has moved on; this is not possible now",
    "rating_closed": "The rating can no longer be changed",
    "held": "The shop has to keep these records for now; they cannot be erased",
    "request_over": "This request has begun, is done or has lapsed",
    "not_a_message": "Only messages of this conversation can be erased one by one",
    "nobody_named": "Say whose records are meant",
    "hold_reason_needed": "Say why it has to be kept",
    "hold_of_one_thing": "Name either a customer or a case",
    "hold_in_the_past": "The day is in the past",
    "view_not_found": "This view does not exist any more",
    "view_name": "A view needs a name of at most {longest} characters",
    "no_case": "This contact belongs to no case, so there is none to follow",
    "mail_address": "This does not look like a mail address",
    "too_many_views": "You have {most} views already; remove one first",
    "note_not_found": "This note does not exist any more",
    "note_text": "A note has 1 to {longest} characters",
    "too_many_notes": "There are {most} notes already; remove one first",
    "not_author": "Only its author changes a note",
    "saved_reply_not_found": "This saved reply does not exist any more",
    "unknown_place": "There is no {place}. Known are: {known}",
    "place_unclosed": "A curly bracket is left alone; take the places from the list",
    "place_left": "Fill in {places} first, then send",
    "shortcut_taken": "Another saved reply has this short name already",
    "too_many_saved_replies": "You have {most} saved replies already; switch one off first",
    "deeds_exclude": "Choose one of hold, transfer and resolve",
    "main_text_missing": "Write the Japanese text first; the others are translated from it",
    "label_text": "A label has 1 to {longest} characters",
    "too_many_labels": "There are too many labels here already",
    "unusable_key": "This key cannot be used",
    "key_taken": "One key would do two things",
    "bulk_not_found": "There is nothing to undo",
    "undo_over": "It is too late to undo this",
    "answered_already": "An answer has been given already",
    "changed_since": "It has been changed since; nothing was undone",
    "unknown_preference": "There is no such setting",
    "score_out_of_range": "A rating is a number from 1 to 5",
    "comment_too_long": "The comment is too long (limit {longest} characters)",
    "learning_turn_not_found": "This message does not exist, or was removed with its enquiry",
    "turn_decided": "Somebody has decided about this message in the meantime",
    "shop_word_not_found": "This word does not exist, or was taken back",
    "word_decided": "Somebody has decided about this word in the meantime",
    "words_needed": "Say what the word means: a product's name or a part of it",
    "one_or_two_kinds": "Choose one subject, or two wishes",
    "unknown_category": "This kind of enquiry is not known",
    "unknown_wish": "This wish is not known",
    "thread_not_found": "There is no such exchange with a seller in this account",
    "not_a_seller": "This order holds nothing of this seller",
    "seller_has_time": "The seller still has time to answer",
    "claim_open": "A claim was made for this already",
    "no_claim": "There is no claim to decide on",
    "not_covered": "The guarantee does not cover this amount",
    "sellers_only": "This is for sellers",
    "unknown_answer": "An answer is one of: reply, accept, object",
    "seller_unbound": "A seller's account has the role seller alone and belongs to one seller",
    "organisation_not_found": "This organisation does not exist",
    "member_not_found": "This person does not belong to your organisation",
    "document_not_found": "This document does not exist, or belongs to another organisation",
    "business_only": "This is for business accounts",
    "last_owner": "Somebody must remain owner of the organisation",
    "registration_number": "A registration number is T and 13 digits; please check it",
    "nothing_to_print": "There is nothing to put into this document",
    "unknown_product": "This product is not in the catalogue",
    "unknown_quantity": "This quantity cannot be quoted",
    "quote_by_person": "For this amount a consultant makes the quotation",
    "not_held": "The order is not held.",
    "no_manager": "Your company has no consultant of its own yet",
    "slot_taken": "This time is taken",
    "not_a_slot": "Choose a full slot of {minutes} minutes in the future",
    "survey_not_found": "This survey does not exist",
    "unknown_question": "There is no such question",
    "feedback_taken": "Somebody else looks after this already",
    "https_needed": "This address takes nothing over a line that is not encrypted; please use https",
    "article_moved": "The live article was changed after this draft was begun; please look at both",
    "draft_changed": "Somebody else has changed this draft meanwhile; your words are still here",
    "draft_elsewhere": "This draft is not in a state in which that can be done",
    "dialogue_unready": "First mend what is marked as an error.",
    "draft_there": "Somebody is writing a draft of this dialogue already",
    "step_name_taken": "Another step has this name too",
    "step_name_unusable": "Use small letters, digits and underscores, beginning with a letter",
    "too_many_steps": "A dialogue has {most} steps at most",
    "four_eyes": "Somebody who has not written in this draft has to approve it",
    "feedback_not_found": "This feedback does not exist",
    "desk_closed": "The desk is closed at this time",
    "terms_decided": "These terms have been decided already",
    "own_request": "Somebody else has to decide on what you asked for",
    "terms_not_found": "There are no such terms",
    "unknown_terms": "The policy has no terms of this kind: {kinds}",
    "unknown_language": "This language is not known",
    "unknown_timezone": "This time zone is not known",
    "period": "The first day is after the last",
    "order_not_found": "This order does not exist, or belongs to another account",
    "order_busy": "Another change to this order is being made; please try again in a moment",
    "no_label": "There is no label for this return: it is not accepted yet, or it has arrived",
    "not_paid_yet": "Nothing has been paid for this order yet, so there is no receipt",
    "proposal_not_found": "This proposal does not exist, or belongs to another account",
    "proposal_outdated": "The order or the time has moved on; nothing was changed. Please check the new proposal",
    "rules_changed": "The shop's rules have changed; nothing was done. Please look at a new proposal",
    "rule_version_not_found": "There is no such version of the rules",
    "rules_moved_on": "Other rules are in force than those that this was drafted on (now version {number}). It has to be brought onto that version first.",
    "rules_need_another": "Somebody else than who drafted the rules has to put them in force",
    "rules_not_yours": "Only who began this draft can go on with it",
    "rules_unusable": "These rules cannot be used: {why}",
    "why_missing": "Say why in up to {longest} characters",
    "proposal_not_open": "This proposal is no longer open; nothing was changed",
    "proposal_not_confirmed": "The customer has not confirmed this yet",
    "approval_needs_supervisor": "This amount needs the approval of a supervisor",
    "key_reused": "The same key was used for another proposal",
    "customer_not_found": "This customer does not exist",
    "in_the_past": "Choose a moment in the future",
    "too_late": "Choose a moment within 60 days",
    "only_by_mail": "Only replies by mail can be sent later",
    "mail_has_left": "The mail has left already",
    "reply_changed": "Somebody else has changed this reply in the meantime",
    "csrf": "The page is too old; please reload it",
    "customers_only": "This is for customers",
    "staff_only": "This is for the shop's staff",
    "role_missing": "Your role does not allow this",
    "scope_missing": "The API key lacks the scope {scope}",
    "demo_only": "This exists in the demonstration only",
    "wrong_code": "The code is wrong or has expired",
    "email_unusable": "This does not look like a mail address",
    "sign_in_refused": "The name, password or code is wrong",
    "totp_wrong": "The one-time code is wrong; check the clock of your telephone",
    "login_taken": "This sign-in name is taken",
    "login_unusable": "A sign-in name has 2 to 119 letters, digits or . _ @ + -",
    "password_short": "The password is too short (at least {shortest} characters)",
    "password_long": "The password is too long (at most {longest} characters)",
    "password_common": "This password is too easy to guess",
    "unknown_role": "Roles are: {roles}",
    "unknown_scope": "Scopes are: {scopes}",
    "capacity_out_of_range": "Choose a number from {lowest} to {highest}",
    "api_key_not_found": "This key does not exist or was revoked before",
    "webhook_address": "This address cannot be called; name a public http(s) address",
    "account_locked": "This account is locked; please talk to a person",
    "shop_token_refused": "The shop's sign-in has expired; please sign in at the shop again",
    "shop_token_off": "This counter takes no sign-in from a shop",
    "flow_stopped_without_question": "Something went wrong on our side. What you had sent before is kept; please try again",
    "too_slow": "The request did not arrive in time",
    "too_large": "The request is too large",
    "internal": "Something went wrong on our side. What you had sent before is kept; please try again",
    "method_not_allowed": "This address does not take that method",
}

# Refusals of a new chat, and where one gets on meanwhile (QUE-010, QUE-011).
INSTEAD_OF_CHAT = frozenset({"too_many_chats", "chat_unavailable"})
ALTERNATIVES = {"/help/form": "Fill in the form", "/help/contact": "How to contact us"}

# What is wrong with a field, by the kind of pydantic's finding; its own sentences are English and for programmers.
FIELDS: dict[str, str] = {
    "missing": "This is needed",
    "extra_forbidden": "There is no such field",
    "string_too_long": "At most {max_length} characters",
    "string_too_short": "At least {min_length} characters",
    "too_long": "At most {max_length} entries",
    "too_short": "At least {min_length} entries",
    "greater_than_equal": "At least {ge}",
    "less_than_equal": "At most {le}",
    "literal_error": "One of: {expected}",
    "string_type": "This must be a text",
    "string_pattern_mismatch": "This has another shape than it should",
    "int_type": "This must be a whole number",
    "int_parsing": "This must be a whole number",
    "int_from_float": "This must be a whole number",
    "bool_type": "This must be true or false",
    "bool_parsing": "This must be true or false",
    "list_type": "This must be a list",
    "dict_type": "This must be an object",
    "model_attributes_type": "This must be an object",
    "json_invalid": "This is not valid JSON",
    "union_tag_invalid": "One of: {expected_tags}",
    "union_tag_not_found": "This is needed",
    "datetime_type": "This must be a moment such as 2026-11-20T12:00:00+09:00",
    "datetime_parsing": "This must be a moment such as 2026-11-20T12:00:00+09:00",
    "datetime_from_date_parsing": "This must be a moment such as 2026-11-20T12:00:00+09:00",
    "timezone_aware": "This must be a moment such as 2026-11-20T12:00:00+09:00",
}


def problem_body(language: str, status: int, code: str, params: dict[str, Any]) -> dict[str, Any]:
    """The problem document: `type`, `title`, `status`, `code`, and what the refusal names."""
    general = {
        400: "invalid",
        401: "sign_in_needed",
        403: "not_allowed",
        404: "not_found",
        405: "method_not_allowed",
    }
    general |= {409: "conflict", 422: "invalid", 429: "too_many"}
    known = code if code in TITLES else general.get(status, "invalid")
    places = (
        {"minutes": -(-int(params["retry_after"]) // 60), **params} if "retry_after" in params else params
    )
    try:
        title = tr(language, TITLES[known], **places)
    except (KeyError, IndexError):
        title = tr(language, TITLES[known])
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": params.get("detail") or title,
        "code": code,
    }
    if "errors" in params:
        body["errors"] = params["errors"]
    elif "field" in params:
        body["errors"] = [{"field": params["field"], "detail": title}]
    if code in INSTEAD_OF_CHAT:
        body["alternatives"] = [
            {"title": tr(language, words), "url": address} for address, words in ALTERNATIVES.items()
        ]
    for name in ("retry_after", "rung", "verdict", "reasons", "proposal_id"):
        if name in params:
            body[name] = params[name]
    return body


def field_errors(language: str, found: Iterable[Mapping[str, Any]], skip: int = 1) -> list[dict[str, str]]:
    """Validation findings in words: `field` is the path into the request without its first `skip` parts."""
    return [
        {
            "field": ".".join(str(part) for part in error["loc"][skip:]),
            "detail": _field_words(language, error),
        }
        for error in found
    ]


def _field_words(language: str, error: Mapping[str, Any]) -> str:
    msgid = FIELDS.get(error["type"], TITLES["invalid"])
    return tr(language, msgid, **{name: str(value) for name, value in error.get("ctx", {}).items()})


def problem_response(request: Request, status: int, code: str, params: dict[str, Any]) -> Response:
    body = problem_body(language_of(request), status, code, params)
    headers = {"Retry-After": str(params["retry_after"])} if "retry_after" in params else None
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def language_of(connection: HTTPConnection) -> str:
    """The caller's language: `?lang=`, what our page found out, the chosen one, Accept-Language, the session's, the shop's first."""
    offered: list[str] = list(connection.app.state.house.settings.shop.languages)
    state = connection.scope.get("state", {})
    wished = [
        connection.query_params.get("lang", ""),
        state.get("language", ""),
        connection.cookies.get(LANGUAGE_COOKIE, ""),
    ]
    wished += [
        part.split(";")[0].strip() for part in connection.headers.get("accept-language", "").split(",")
    ]
    wished.append(state.get("session_language", ""))
    return next(filter(None, (nearest(wish, offered) for wish in wished)), offered[0])


def invalid_response(request: Request, error: RequestValidationError) -> Response:
    """422 with every field that cannot be used."""
    return problem_response(
        request, 422, "invalid", {"errors": field_errors(language_of(request), error.errors())}
    )


def http_response(request: Request, error: HTTPException) -> Response:
    """What the framework itself refuses: unknown address or method, a body that cannot be read."""
    return problem_response(request, error.status_code, _CODES.get(error.status_code, "invalid"), {})


_CODES = {401: "sign_in_needed", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed"}
