"""What stands beside an agent's inbox: what others changed, what one is asked to join, where one takes part."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events as case_events
from madoguchi.counter.cases import followers as case_followers
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.followers import CaseNews
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import events, followers
from madoguchi.counter.contacts import participants as rows
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.followers import News
from madoguchi.counter.contacts.participants import Participant
from madoguchi.counter.orders.phrases import moment_text
from madoguchi.counter.routing import participants, queues
from madoguchi.counter.routing.wording import status_label
from madoguchi.counter.team import notices
from madoguchi.counter.team.notices import Notice
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr, trn
from madoguchi.faces.api.participant_schemas import ParticipantOut
from madoguchi.faces.api.schemas import Out
from madoguchi.faces.desk.taking_part import participant_out
from madoguchi.faces.views import title_of


class NoticeOut(Out):
    """`link`: a page of ours to read more on, `contact_id`: a contact to look at; "" for none.

    One of kind `followed` is read by following its contact again, one of kind `followed_case` its case.
    """

    id: str
    kind: str
    text: str
    at: datetime
    link: str = ""
    contact_id: str = ""
    case_number: str = ""


class BesideOut(Out):
    """A conversation that is not one's own: asked to join it (`joined_at` empty), or taking part."""

    title: str
    participant: ParticipantOut


class AsideOut(Out):
    notices: list[NoticeOut]
    beside: list[BesideOut]


def aside_of(tx: Transaction, actor: Actor, settings: Settings) -> AsideOut:
    """The oldest notices first; invitations before what one has joined."""
    zone = ZoneInfo(settings.shop.timezone)
    asked = participants.invitations(tx, actor.id)
    joined = [each for each in rows.everywhere(tx, actor.id) if each.takes_part]
    return AsideOut(
        notices=[
            *(_notice(tx, each, actor.language, zone) for each in notices.unseen(tx, actor.id)),
            *(_news(tx, each, actor.language) for each in followers.news(tx, actor.id)),
            *(_case_news(tx, each, actor.language) for each in case_followers.news(tx, actor.id)),
        ],
        beside=[_beside(tx, each, actor) for each in (*asked, *joined)],
    )


def _beside(tx: Transaction, each: Participant, actor: Actor) -> BesideOut:
    title = title_of(contacts.get(tx, each.contact_id), actor.language) or tr(actor.language, "Enquiry")
    return BesideOut(title=title, participant=participant_out(tx, each, actor))


def _notice(tx: Transaction, each: Notice, language: str, zone: ZoneInfo) -> NoticeOut:
    link = "/console/reviews/mine" if each.kind == "reviewed" else ""
    return NoticeOut(
        id=each.id,
        kind=each.kind,
        text=_text(tx, each, language, zone),
        at=each.at,
        link=link,
        contact_id=str(each.detail.get("contact_id", "")),
    )


_NEWS = {
    events.NOTE: "a note was added",
    events.HAND_OVER: "it waits for a person",
    events.TRANSFERRED: "it was passed on",
    events.RETURNED_TO_ASSISTANT: "the assistant has it again",
    events.RESOLVED: "it was resolved",
    events.RESOLUTION_DENIED: "the customer says that it is not solved",
    events.REOPENED: "it was opened again",
    events.ENDED: "it has ended",
}


_CASE_NEWS = {
    case_events.MOVED: "its state has changed",
    "case.merged": "it goes on in another case",
    "case.joined": "another case was merged into it",
    "case.split": "some of it was split off",
    "case.parted": "some of it was split off",
    "case.unmerged": "it is a case of its own again",
    "owner.changed": "somebody else has it now",
    "escalation.reason": "it was escalated",
    "follow_up.due": "it is time to look at it again",
    "memo.added": "it was noted what happened when",
    "order.added": "it is about another order too",
    "order.removed": "it is not about one of the orders any more",
}


def _news(tx: Transaction, each: News, language: str) -> NoticeOut:
    title = title_of(contacts.get(tx, each.contact_id), language)
    text = _told(title, each, language)
    name = f"follow/{each.contact_id}/{each.seq}"
    return NoticeOut(id=name, kind="followed", text=text, at=each.at, contact_id=each.contact_id)


def _case_news(tx: Transaction, each: CaseNews, language: str) -> NoticeOut:
    case = cases.get(tx, each.case_id)
    title = tr(language, "case {number}", number=case.label)
    if case.category:
        title = f"{title} ({category_label(case.category, language)})"
    return NoticeOut(
        id=f"follow/{each.case_id}/{each.at.timestamp()}",
        kind="followed_case",
        text=_told(title, each, language),
        at=each.at,
        case_number=case.label,
    )


def _told(title: str, each: News | CaseNews, language: str) -> str:
    said = "the customer has written" if each.author_kind == "customer" else "an answer was written"
    if each.kind.startswith("task."):
        said = "a task has moved"
    what = tr(language, {**_NEWS, **_CASE_NEWS}.get(each.kind, said))
    text = tr(language, "You follow {title}: {what}", title=title, what=what)
    if each.count > 1:
        text = trn(language, "{text} ({n} change)", "{text} ({n} changes)", each.count, text=text)
    return text


def _text(tx: Transaction, each: Notice, language: str, zone: ZoneInfo) -> str:
    name, detail = each.by_name, each.detail
    match each.kind:
        case "status_set":
            status = status_label(detail["status"], language)
            return tr(language, "{name} has set your status to: {status}", name=name, status=status)
        case "contacts_moved":
            count = int(detail["count"])
            one, many = (
                "{name} has given {n} contact of yours on",
                "{name} has given {n} contacts of yours on",
            )
            return trn(language, one, many, count, name=name)
        case "lent":
            queue = queues.queue_name(tx, detail["queue"], language)
            until = moment_text(datetime.fromisoformat(detail["until"]), zone, language)
            words = "{name} asks you to help out in {queue}, until {time}"
            return tr(language, words, name=name, queue=queue, time=until)
        case "mentioned":
            seen = contacts.find(tx, detail["contact_id"])
            title = title_of(seen, language) if seen else tr(language, "Enquiry")
            return tr(language, "{name} has named you in a note: {title}", name=name, title=title)
        case "reviewed":
            return tr(language, "{name} has reviewed a conversation of yours", name=name)
