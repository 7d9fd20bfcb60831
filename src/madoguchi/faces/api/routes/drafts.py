"""What helps an agent with a contact: next steps, articles and replies by rule; drafts and translations by a model.

The agent reads it and decides; nothing here is said to the customer.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from madoguchi.assistant.best_way import best_way
from madoguchi.assistant.guidance import articles_for, guide, last_words, standing
from madoguchi.assistant.model import Passage, Written, suggestion, translation, visible_orders
from madoguchi.assistant.personal import named_orders, note_use, only_named
from madoguchi.assistant.wording import spoken
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers.preferences import wants
from madoguchi.counter.orders.wording import action_label
from madoguchi.counter.problems import TooMany
from madoguchi.counter.routing.queries import helped_last
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction
from madoguchi.engine.sections import Language
from madoguchi.faces.api.routes.orders import acting
from madoguchi.faces.api.schemas import In, Out
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import Principal, StaffCaller, need, note_view

router = APIRouter(tags=["desk"])
A_MINUTE = 20
LATELY = 100


class SuggestionIn(In):
    """Nothing is said: what is known about the contact is enough."""


class TranslationIn(In):
    text: str = Field(min_length=1, max_length=4000)
    to: Language


class SourceOut(Out):
    title: str
    url: str = Field("", description="The article's page; empty for an order.")


class DraftOut(Out):
    text: str = Field(description="The draft; empty where there is no model or nothing usable came back.")
    by: str = Field(description="The model that wrote it.")
    sources: list[SourceOut] = Field([], description="Articles it was given, and the orders it is about.")


class StepOut(Out):
    text: str
    why: str = Field("", description="What the policy says.")
    action: str = Field("", description="What may be proposed on the order.")
    label: str = ""


class ArticleHintOut(Out):
    id: str
    title: str
    url: str
    excerpt: str


class ReplyOut(Out):
    text: str
    sources: list[SourceOut]


class WayOut(Out):
    """Somebody came back with the same case: who helped last, and the telephone."""

    times: int
    agent_id: str
    agent: str
    phone: str


class GuidanceOut(Out):
    order_number: str
    steps: list[StepOut]
    articles: list[ArticleHintOut]
    replies: list[ReplyOut]
    way: WayOut | None = None
    drafts: bool = Field(description="Whether a language model drafts replies here.")
    translates: bool = Field(description="Whether a language model translates here.")


@router.get("/contacts/{contact_id}/guidance", summary="What to do next, what to read, replies to start from")
async def guidance(request: Request, caller: StaffCaller, contact_id: str) -> GuidanceOut:
    need(caller, "contacts.work")
    house = house_of(request)
    language = spoken(caller.actor.language)

    def read(tx: Transaction) -> tuple[Contact, list[Entry], Actor, str, WayOut | None]:
        contact, entries = _lately(tx, caller, contact_id)
        actor = acting(tx, caller.actor, contact_id, house.settings.identity.fresh_minutes)
        case = case_queries.find(tx, contact.case_id) if contact.case_id else None
        personal = wants(tx, contact.customer_id, "personal_answers")
        number = contact.order_number or (case.order_number if case and personal else "")
        way = _way(tx, contact, house.settings.shop.phone) if personal else None
        return contact, entries, actor, number, way

    contact, entries, actor, number, way = await house.database.aread(read)
    await note_view(house, caller, "contact", contact_id)

    def think() -> GuidanceOut:
        order = standing(house.orders, actor, number, house.database.clock())
        found = guide(contact, entries, number, order, house.library, language)
        return GuidanceOut(
            order_number=number if order is not None else "",
            steps=[
                StepOut(
                    text=step.text,
                    why=step.why,
                    action=step.action,
                    label=action_label(step.action, language) if step.action else "",
                )
                for step in found.steps
            ],
            articles=[
                ArticleHintOut(id=each.id, title=each.title, url=each.path, excerpt=each.short)
                for each in found.articles
            ],
            replies=[
                ReplyOut(
                    text=reply.text,
                    sources=[SourceOut(title=source.title, url=source.url) for source in reply.sources],
                )
                for reply in found.replies
            ],
            way=way,
            drafts=house.colleague.may("suggestions"),
            translates=house.colleague.may("translation"),
        )

    return await run_in_threadpool(think)


@router.post("/contacts/{contact_id}/suggestion", summary="A draft of the agent's next reply")
async def suggest(request: Request, caller: StaffCaller, contact_id: str, wish: SuggestionIn) -> DraftOut:
    house = house_of(request)
    contact, entries = await _seen(house, caller, contact_id)

    def draft() -> DraftOut:
        allowed = house.database.read(wants, contact.customer_id, "personal_answers")
        named = None if allowed else named_orders(contact, ())
        orders = only_named(visible_orders(house.orders, contact), named)
        house.database.write(note_use, contact, {"orders": len(orders)}, "suggestion")
        theirs = spoken(contact.language)
        found = articles_for(contact.topic, last_words(entries), house.library, theirs)
        read = [Passage(each.id, each.title, each.body, each.path) for each in found]
        written = suggestion(house.colleague.sit(contact_id), entries, orders, theirs, read)
        text = written.text if written else ""
        cited = [
            order.number for order in orders if order.number in text or order.number == contact.order_number
        ]
        sources = [SourceOut(title=number) for number in cited]
        sources += [SourceOut(title=each.title, url=each.path) for each in found]
        return _out(written, sources)

    return await run_in_threadpool(draft)


@router.post("/contacts/{contact_id}/translation", summary="A text of this contact in another language")
async def translate(request: Request, caller: StaffCaller, contact_id: str, wish: TranslationIn) -> DraftOut:
    house = house_of(request)
    await _seen(house, caller, contact_id)
    sitting = house.colleague.sit(contact_id)
    return _out(await run_in_threadpool(translation, sitting, wish.text, wish.to))


async def _seen(house: House, caller: Principal, contact_id: str) -> tuple[Contact, list[Entry]]:
    """The contact and its public words, for staff who may work on it. Raises NotAllowed, NotFound, TooMany."""
    need(caller, "contacts.work")

    found = await house.database.aread(_lately, caller, contact_id)
    wait = house.limiter.check("draft", caller.actor.id, A_MINUTE, 60)
    if wait is not None:
        raise TooMany("too_many", retry_after=wait)
    await note_view(house, caller, "contact", contact_id)
    return found


def _lately(tx: Transaction, caller: Principal, contact_id: str) -> tuple[Contact, list[Entry]]:
    contact = queries.visible(tx, caller.actor, contact_id)
    last = max(0, contact.last_seq - LATELY)
    return contact, queries.entries(tx, contact_id, after=last, limit=LATELY, internal=False)


def _way(tx: Transaction, contact: Contact, phone: str) -> WayOut | None:
    if not contact.case_id:
        return None
    helped = helped_last(tx, contact.case_id)
    found = best_way(contact, queries.of_case(tx, contact.case_id), helped, phone)
    if found is None:
        return None
    name = team_queries.display_name(tx, found.agent_id) if found.agent_id else ""
    return WayOut(times=found.times, agent_id=found.agent_id, agent=name, phone=found.phone)


def _out(written: Written | None, sources: list[SourceOut] | None = None) -> DraftOut:
    return (
        DraftOut(text=written.text, by=written.by, sources=sources or [])
        if written
        else DraftOut(text="", by="")
    )
