"""Articles for people who look at them: who is reading, and what a list, a result and a page show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.knowledge.library import Told
from madoguchi.counter.knowledge.model import Asker
from madoguchi.faces.house import House

LONGEST_QUESTION = 200
RESULTS = 8


def asker_of(house: House, actor: Actor | None, language: str) -> Asker:
    """Staff read everything, customers what is for everyone and for what they are; a program reads for everyone."""
    if actor is None:
        return Asker(language)
    if actor.is_staff:
        return Asker.agent(language)
    signed_in = actor.rung >= Rung.SIGNED_IN
    found = house.database.read(customers.find, actor.customer_id) if actor.customer_id else None
    return Asker.of_segments(language, found.segments if found else (), signed_in=signed_in)


@dataclass(frozen=True)
class Line:
    """An article in a list; `language` is named where it is not the reader's."""

    id: str
    title: str
    excerpt: str
    path: str
    language: str

    @classmethod
    def of(cls, told: Told) -> Line:
        return cls(told.id, told.title, told.short, told.path, told.language)


def group_of(told: Told) -> str:
    """The group of enquiries that an article belongs to: that of its first kind."""
    return told.article.kinds[0].partition(".")[0] if told.article.kinds else "general"


def article_out(told: Told) -> dict[str, Any]:
    """As the API shows it in lists and results."""
    return {
        "id": told.id,
        "title": told.title,
        "excerpt": told.short,
        "language": told.language,
        "kinds": list(told.article.kinds),
        "updated": told.article.texts[told.language].updated.isoformat(),
        "url": told.path,
    }
