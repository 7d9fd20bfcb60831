"""Alerts in words: what each kind is called, what its threshold counts, and what one says. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.counter.supervision.model import Alert, AlertKind
from madoguchi.engine.texts import tr

_NAMES: Mapping[AlertKind, str] = {
    "wait_over": "Longest wait in a queue",
    "nobody_there": "Nobody on duty in an open queue",
    "level_under": "Service level of today",
    "promises_near": "Promises about to break",
    "callbacks_late": "Call-backs that are late",
    "offers_passed": "Contacts that an agent let pass",
    "upset": "Abusive contacts",
    "channel_down": "Channel or connector that does not work",
    "goal_missed": "Goals of the reports",
    "mail_unfetched": "Mail that is not fetched",
    "webhook_refused": "Listener that takes no webhooks",
    "model_failing": "Language model that does not answer",
    "chat_silent": "Chat without a sign of life",
    "calls_failed": "Calls that the telephone did not place",
    "step_failing": "Regular work of the house that fails",
}
_UNITS: Mapping[AlertKind, str] = {
    "wait_over": "% of the queue's target or more",
    "nobody_there": "people waiting or more",
    "level_under": "% within the target, less than",
    "promises_near": "promises due within 15 minutes or more",
    "callbacks_late": "call-backs or more",
    "offers_passed": "contacts within an hour or more",
    "upset": "open contacts or more",
    "channel_down": "errands that failed three times or more",
    "goal_missed": "% off the goal or more",
    "mail_unfetched": "minutes since the last fetching or more",
    "webhook_refused": "facts not taken within an hour or more",
    "model_failing": "failed calls in a row or more",
    "chat_silent": "minutes without a sign of life or more",
    "calls_failed": "calls within an hour or more",
    "step_failing": "minutes or more",
}
_TEXTS: Mapping[AlertKind, str] = {
    "wait_over": "{subject}: the longest wait has reached {value}% of its target",
    "nobody_there": "{subject}: nobody is on duty, and {value} people wait",
    "level_under": "{subject}: today {value}% were served within the target",
    "promises_near": "{value} promises break within 15 minutes",
    "callbacks_late": "{value} call-backs are late",
    "offers_passed": "{subject}: {value} offered contacts passed within an hour. Is everything all right there?",
    "upset": "{value} open contacts hold abusive words",
    "channel_down": "{subject}: {value} errands cannot be delivered",
    "goal_missed": "Goal missed by {value}%: {subject}",
    "mail_unfetched": "{subject}: no mail could be fetched for {value} minutes",
    "webhook_refused": "{subject}: {value} facts were not taken by this listener",
    "model_failing": "The language model has failed {value} times in a row; the assistant answers without it",
    "chat_silent": "No process that carries chats has given a sign of life for {value} minutes",
    "calls_failed": "{value} calls could not be placed within an hour",
    "step_failing": "Regular work fails for {value} minutes: {subject}",
}
_CHANNELS = {
    "mail": "Mail",
    "webhook": "Webhooks",
    "callback": "Telephone",
    "order": "Shop system",
    "account": "Shop system",
    "seller": "Shop system",
}
STEPS = {
    "order_deeds": "Settling deeds on orders whose answer was lost",
    "account_deeds": "Settling deeds on accounts whose answer was lost",
    "old_codes": "Forgetting old codes",
    "old_sign_ins": "Forgetting old sign-ins",
    "old_trust_rows": "Forgetting old rows of sent mails and reports",
    "old_form_drafts": "Forgetting old drafts of the form",
    "overdue_work": "Telling of overdue work",
    "report_mails": "Mailing reports",
    "surveys_begun": "Beginning surveys",
    "surveys_by_mail": "Asking surveys by mail",
    "investigations_told": "Telling customers of investigations",
    "stalled_cases_told": "Telling customers of cases that stand still",
    "old_numbers": "Forgetting telephone numbers",
    "news_mails": "Mailing news to people who are away",
    "forecasts": "Forecasting",
}


def kind_name(kind: AlertKind, language: str) -> str:
    return tr(language, _NAMES[kind])


def unit(kind: AlertKind, language: str) -> str:
    """What stands beside the threshold."""
    return tr(language, _UNITS[kind])


def alert_text(found: Alert, names: Mapping[str, str], language: str) -> str:
    """One sentence. `names`: of queues, agents and figures by id, of teams by `team/<id>`."""
    subject = names.get(found.subject, found.subject)
    if found.kind == "goal_missed":
        subject = _part_of_goal(found.subject, names, language)
    if found.kind == "channel_down" and found.subject in _CHANNELS:
        subject = tr(language, _CHANNELS[found.subject])
    if found.kind == "step_failing" and found.subject in STEPS:
        subject = tr(language, STEPS[found.subject])
    return tr(language, _TEXTS[found.kind], subject=subject, value=found.value)


def _part_of_goal(subject: str, names: Mapping[str, str], language: str) -> str:
    """`figure`, or `figure/queue/<id>` and `figure/team/<id>` for what is of a part of the house."""
    figure, _, part = subject.partition("/")
    name = names.get(figure, figure)
    if not part:
        return name
    kind, _, key = part.partition("/")
    where = names.get(part, key) if kind == "team" else names.get(key, key)
    return tr(language, "{figure} ({where})", figure=name, where=where)
