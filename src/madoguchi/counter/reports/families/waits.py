"""Waiting for a person, by way: how long, who gave up, whether the promised wait was true (SLA-003, HND-009).

A chat and a call wait while somebody is there; a mail or a form waits for hours and nobody stands beside it. So they are
never in one number: the house's total is that of the live ways, and written ways have figures of their own.
"""

from __future__ import annotations

from madoguchi.counter.reports.definitions import (
    LETTERS,
    LIVE,
    Family,
    Figure,
    Goal,
    channel,
    count,
    letters,
    live,
    percentile,
    share,
)

_WAIT = "Chat and telephone together; mail, forms and call-backs left out: from entering a queue until a person joined, of contacts that a person took; the upper end of steps about 5 % wide."
_CHAT = "Chats: from entering a queue until a person joined, of contacts that a person took; the upper end of steps about 5 % wide."
_PHONE = "Calls: from entering a queue until a person joined, of contacts that a person took; the upper end of steps about 5 % wide."
_LETTER = "Mails and forms: from entering a queue until a person took it in hand, of contacts that a person took; the upper end of steps about 5 % wide."

FAMILY = Family(
    "waits",
    "Waits for a person",
    (
        Figure("waited", "Chats and calls that waited for a person",
               "Contacts by chat or telephone that entered a queue; mail and forms are counted apart.", "count", "QUE-004",
               count("entered", live), behind="entered_live", channels=LIVE),
        Figure("wait_p50", "Chat and telephone, wait: half within", _WAIT, "seconds", "QUE-004",
               percentile("wait", 0.5, live), better="lower", behind="taken_live", channels=LIVE),
        Figure("wait_p80", "Chat and telephone, wait: eight of ten within", _WAIT, "seconds", "QUE-004",
               percentile("wait", 0.8, live), better="lower", behind="taken_live", channels=LIVE),
        Figure("wait_p95", "Chat and telephone, wait: 95 % within", _WAIT, "seconds", "QUE-004",
               percentile("wait", 0.95, live), better="lower", behind="taken_live", channels=LIVE),
        Figure("chat_wait_p50", "Chat, wait: half within", _CHAT, "seconds", "QUE-004",
               percentile("wait", 0.5, channel("chat")), better="lower", behind="taken_chat", channels=("chat",)),
        Figure("chat_wait_p90", "Chat, wait: nine of ten within", _CHAT, "seconds", "QUE-004",
               percentile("wait", 0.9, channel("chat")), better="lower", behind="taken_chat", channels=("chat",)),
        Figure("phone_p50", "Telephone: half answered within", _PHONE, "seconds", "SLA-003",
               percentile("wait", 0.5, channel("phone")), better="lower", behind="taken_phone", channels=("phone",)),
        Figure("phone_p90", "Telephone: nine of ten answered within", _PHONE, "seconds", "SLA-003",
               percentile("wait", 0.9, channel("phone")), lambda goals: Goal(goals.phone_answer_seconds),
               better="lower", behind="taken_phone", channels=("phone",)),
        Figure("service_level", "Service level, chat and telephone", "Share of chats and calls that a person took within the target of their queue, of those that were taken or gave up; who left at once is not counted.",
               "share", "QUE-004", share("in_target", "waits", live),
               lambda goals: Goal(goals.service_level, at_least=True), better="higher", behind="late_live", channels=LIVE),
        Figure("abandoned", "Gave up waiting, chat and telephone",
               "Share of chats and calls whose wait ended without a person, of those that were taken or gave up; who left at once is not counted.",
               "share", "QUE-004", share("left", "waits", live), lambda goals: Goal(goals.abandoned), better="lower",
               behind="left_live", channels=LIVE),
        Figure("left_at_once", "Left at once, chat and telephone",
               "Chats and calls that left the queue within the seconds of the setting reports.short_abandon_seconds.",
               "count", "QUE-004", count("left_short", live), behind="left_short_live", channels=LIVE),
        Figure("in_promise", "Wait as it was told, chat and telephone",
               "Share of chats and calls that were taken no later than the customer was told first, of those that were told a range and were taken.",
               "share", "QUE-004", share("in_promise", "promised", live), lambda _: Goal(0.8, at_least=True), better="higher",
               behind="out_of_promise_live", channels=LIVE),
        Figure("letter_waited", "Mails and forms that waited for a person", "Contacts by mail or form that entered a queue.",
               "count", "QUE-004", count("entered", letters), behind="entered_letters", channels=LETTERS),
        Figure("letter_wait_p50", "Mail and forms, wait: half within", _LETTER, "hours", "SLA-004",
               percentile("wait", 0.5, letters, per=3600), better="lower", behind="taken_letters", channels=LETTERS),
        Figure("letter_wait_p95", "Mail and forms, wait: 95 % within", _LETTER, "hours", "SLA-004",
               percentile("wait", 0.95, letters, per=3600), better="lower", behind="taken_letters", channels=LETTERS),
        Figure("letter_level", "Service level, mail and forms", "Share of mails and forms that a person took within the target of their queue, of those that were taken or gave up; who left at once is not counted.", "share", "SLA-004",
               share("in_target", "waits", letters), better="higher", behind="late_letters", channels=LETTERS),
    ),
)  # fmt: skip
