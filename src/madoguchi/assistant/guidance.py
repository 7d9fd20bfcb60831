"""What helps an agent with a contact, without a model: the next steps, articles, and replies to start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from madoguchi.assistant.next_steps import Standing, Step, next_steps
from madoguchi.assistant.steps.policies import last_days
from madoguchi.assistant.wording import spoken, words
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.knowledge.library import Library, Told
from madoguchi.counter.knowledge.model import Asker
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import NotFound

_MOST_ARTICLES = 3
_LAST_WORDS = 3
_REACHED = "support_service.connect_to_agent"  # whoever reads this is the person that was asked for


@dataclass(frozen=True)
class Source:
    """What a suggestion rests on: an article with its page, or an order."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Reply:
    """Words in the customer's language to start from; never sent as they are."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Guidance:
    steps: tuple[Step, ...]
    articles: tuple[Told, ...]  # in the agent's language where there is a text in it
    replies: tuple[Reply, ...]


def standing(desk: OrderDesk, actor: Actor, number: str, now: datetime) -> Standing | None:
    """What the policy says of an order, for somebody who acts in the customer's name; None where there is none to see."""
    if not number:
        return None
    try:
        order = desk.order(actor, number)
        possible = desk.possible(actor, number)
        by_line = desk.possible_by_line(actor, number)
    except NotFound:
        return None
    last = last_days(desk, actor, order, now)
    open_days = [
        last[line] for line, decisions in by_line.items() if decisions["return"].verdict == "allowed"
    ]
    return Standing(possible, min(open_days, default=None))


def guide(
    contact: Contact,
    entries: Sequence[Entry],
    order_number: str,
    order: Standing | None,
    library: Library,
    language: str,
) -> Guidance:
    """Everything at once. `entries`: the contact's public words; `language`: the agent's."""
    theirs = spoken(contact.language)
    steps = next_steps(contact.topic, order, language, theirs)
    found = articles_for(contact.topic, last_words(entries), library, theirs)
    opening = words(theirs, "guidance.opening")
    about = Source(order_number) if order is not None else None
    replies = [Reply(f"{opening}\n{step.say}", (about,) if about else ()) for step in steps if step.say][:1]
    replies += [
        Reply(f"{opening}\n{each.short}", (Source(each.title, each.path),)) for each in found if each.short
    ]
    return Guidance(tuple(steps), tuple(_for_agent(found, library, language)), tuple(replies))


def last_words(entries: Sequence[Entry]) -> str:
    """What the customer wrote last, a few messages of it."""
    said = [
        str(entry.body.get("text", ""))
        for entry in entries
        if entry.kind == events.MESSAGE and entry.author_kind == "customer" and not entry.body.get("choice")
    ]
    return "\n".join(said[-_LAST_WORDS:])


def articles_for(kind: str, said: str, library: Library, language: str) -> list[Told]:
    """The article about the kind first, then those nearest to the customer's words; what everybody may read."""
    asker = Asker(language)
    about = library.about(kind, asker) if kind else None
    near = library.search(said, asker, limit=_MOST_ARTICLES + 1) if said else []
    fits = [each for each in ([about] if about else []) + near if _REACHED not in each.article.kinds]
    found = {each.id: each for each in fits}
    return list(found.values())[:_MOST_ARTICLES]


def _for_agent(found: Sequence[Told], library: Library, language: str) -> list[Told]:
    return [library.read(each.id, Asker.agent(language), fallback=True) for each in found]
