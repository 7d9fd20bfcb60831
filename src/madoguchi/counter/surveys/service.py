"""The verbs of a survey: begin it when a case is solved, ask by mail, take the answer, leave people alone (QLT-002).

There is one survey for each case, however often the case is opened again. Who is asked in the chat or on the page is
asked there at once; a mail asks later, and only somebody who has not answered, wants surveys, and was not asked by
mail lately.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, insert, or_, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.customers import preferences
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.problems import Invalid
from madoguchi.counter.surveys import queries
from madoguchi.counter.surveys.model import Answer, Survey, Way, survey, survey_of
from madoguchi.counter.surveys.questions import ASPECTS, following
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id

ASK = "mail.survey"
_LATE = timedelta(days=7)  # a case that was solved longer ago is not asked about
_AT_ONCE = 200


@dataclass(frozen=True)
class Rules:
    """When a mail asks after the solution, how long the answer counts, how long one person is left alone."""

    mail_after: timedelta
    open_for: timedelta
    pause: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        wanted = settings.surveys
        return cls(
            timedelta(hours=wanted.mail_after_hours),
            timedelta(days=wanted.open_days),
            timedelta(days=wanted.pause_days),
        )


def begin_due(tx: Transaction, rules: Rules) -> list[Survey]:
    """A survey for every case that was solved and has none yet."""
    solved_at = func.coalesce(case_file.c.resolved_at, case_file.c.closed_at)
    rows = tx.all(
        select(case_file)
        .where(
            case_file.c.state.in_(("resolved", "closed")),
            case_file.c.merged_into == "",
            solved_at > tx.now - _LATE,
            ~exists().where(survey.c.case_id == case_file.c.id),
        )
        .order_by(solved_at)
        .limit(_AT_ONCE)
    )
    return [begin(tx, Case(**row._mapping), rules) for row in rows]


def begin(tx: Transaction, case: Case, rules: Rules) -> Survey:
    """The survey of a solved case; the same one if it has begun already, here or in a case that was merged into it."""
    tx.lock("survey", case.id)
    known = queries.of_case(tx, case.id) or _brought(tx, case)
    if known is not None:
        return known
    last = max(contacts.of_case(tx, case.id), key=lambda each: each.updated_at, default=None)
    solved_at = case.resolved_at or case.closed_at or tx.now
    survey_id = new_id("srv")
    tx.execute(
        insert(survey).values(
            id=survey_id,
            case_id=case.id,
            contact_id=last.id if last else "",
            customer_id=case.customer_id,
            visitor_id=case.visitor_id,
            language=last.language if last else "",
            channel=last.channel if last else case.channel,
            category=case.category,
            agent_id=_spoke_last(tx, last) if last else "",
            state="open",
            aspects={},
            comment="",
            answered_by="",
            solved_at=solved_at,
            begun_at=tx.now,
            mail_due_at=solved_at + rules.mail_after,
        )
    )
    return queries.get(tx, survey_id)


def ask_by_mail(tx: Transaction, rules: Rules) -> int:
    """Put out the mails that have become due, each once; returns how many. The others are not asked any more."""
    due = tx.all(
        select(survey)
        .where(survey.c.mail_due_at <= tx.now, survey.c.state == "open")
        .order_by(survey.c.mail_due_at)
        .limit(_AT_ONCE)
    )
    return sum(_ask_when_solved(tx, survey_of(row), rules) for row in due)


def _ask_when_solved(tx: Transaction, found: Survey, rules: Rules) -> bool:
    """A case that was opened again is asked about when it is solved again; one that goes on in another, not at all."""
    about = case_queries.find(tx, found.case_id)
    if about is not None and is_live(about.state):
        _set(tx, found.id, mail_due_at=tx.now + rules.mail_after)
        return False
    ask = about is not None and not about.merged_into and _may_ask(tx, found, rules)
    _set(tx, found.id, mail_due_at=None, mailed_at=tx.now if ask else None)
    if ask and about is not None:
        _set(tx, found.id, solved_at=about.resolved_at or about.closed_at or found.solved_at)
        outbox.put(tx, ASK, {"survey_id": found.id}, key=f"{ASK}/{found.id}")
    return ask


def _brought(tx: Transaction, case: Case) -> Survey | None:
    """The survey of a case that was merged into this one becomes this one's: nobody is asked twice about one problem."""
    merged = case_queries.family(tx, case.id)[1:]
    found = tx.first(
        select(survey)
        .where(survey.c.case_id.in_(merged))
        .order_by(survey.c.state != "answered", survey.c.begun_at)
    )
    if found is None:
        return None
    _set(tx, found.id, case_id=case.id)
    return queries.get(tx, found.id)


def _set(tx: Transaction, survey_id: str, **values: object) -> None:
    tx.execute(update(survey).where(survey.c.id == survey_id).values(**values))


def answer(tx: Transaction, case: Case, rules: Rules, given: Answer, *, way: Way, by: Actor) -> Survey:
    """Keep what was answered so far; a later answer adds to it, and may change it as long as the case can be rated.

    Raises Invalid for a mark out of range, an aspect that was not asked, or nothing at all; Conflict when the time for
    answers is over.
    """
    if any(not 1 <= mark <= 5 for mark in given.aspects.values()):
        raise Invalid("score_out_of_range", field="aspects")
    if set(given.aspects) - set(ASPECTS):
        raise Invalid("unknown_question", field="aspects")
    if given.is_empty:
        raise Invalid("nothing_rated", field="score")
    case = case_queries.going_on(tx, case)
    before = begin(tx, case, rules)
    words = redact(given.comment).strip() or before.comment
    mark = before.score if given.score is None else given.score
    cases.rate(tx, case.id, score=mark, solved=given.solved, comment=words, by=by)
    values = {
        "score": mark,
        "aspects": {**before.aspects, **given.aspects},
        "comment": words,
        "state": "answered",
        "answered_by": before.answered_by or way,
        "answered_at": before.answered_at or tx.now,
        "mail_due_at": None,
    }
    tx.execute(update(survey).where(survey.c.id == before.id).values(values))
    events.note(
        tx,
        case.id,
        "survey.answered",
        {"score": mark, "way": way, "comment": redact(given.comment).strip(), "aspects": given.aspects},
        by,
    )
    return queries.get(tx, before.id)


def decline(tx: Transaction, survey_id: str, *, never_again: bool, by: Actor) -> Survey:
    """No answer; `never_again`: no survey reaches this person any more until they choose otherwise."""
    found = queries.get(tx, survey_id)
    if found.state == "open":
        tx.execute(update(survey).where(survey.c.id == survey_id).values(state="declined", mail_due_at=None))
    if never_again and found.owner_id:
        preferences.choose(tx, found.owner_id, "surveys", False, by)
    return queries.get(tx, survey_id)


def left_to_ask(found: Survey) -> list[str]:
    """The aspects that may still be asked: none before the first question is answered."""
    if found.score is None:
        return []
    asked = following(found.case_id, found.category, has_account=bool(found.customer_id))
    return [aspect for aspect in asked if aspect not in found.aspects]


def is_open(found: Survey, rules: Rules, now: datetime) -> bool:
    return now - found.solved_at <= rules.open_for


def address_of(tx: Transaction, found: Survey) -> str:
    """Where a mail reaches whoever is asked; empty if nowhere that we know for sure."""
    if found.customer_id:
        known = customers.find(tx, found.customer_id)
        return known.email if known else ""
    contact = contacts.find(tx, found.contact_id) if found.contact_id else None
    return str(contact.attributes.get("mail_from", "")) if contact else ""


def _may_ask(tx: Transaction, found: Survey, rules: Rules) -> bool:
    if not preferences.wants(tx, found.owner_id, "surveys") or not address_of(tx, found):
        return False
    same_person = or_(
        survey.c.visitor_id == found.visitor_id,
        survey.c.customer_id == found.customer_id if found.customer_id else survey.c.id == found.id,
    )
    lately = select(func.count()).where(same_person, survey.c.mailed_at > tx.now - rules.pause)
    return not tx.scalar(lately)


def _spoke_last(tx: Transaction, last: Contact) -> str:
    said = contacts.entries(tx, last.id, limit=5000, internal=False)
    people = [
        entry.author_id for entry in said if entry.kind == facts.MESSAGE and entry.author_kind == "agent"
    ]
    return people[-1] if people else ""
