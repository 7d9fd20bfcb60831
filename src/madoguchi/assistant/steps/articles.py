"""Answers from articles: the short answer in the customer's language, with its title and page as the source."""

from __future__ import annotations

from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.talk import Scene, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.knowledge.library import Told
from madoguchi.counter.knowledge.model import Asker


def find_article(scene: Scene, kind_or_query: str) -> Told | None:
    """The article about a kind of enquiry, or the best one for the customer's words; None where none fits."""
    if scene.library is None or not kind_or_query.strip():
        return None
    asker = _asker(scene)
    if kind_or_query in kinds():
        return scene.library.about(kind_or_query, asker)
    found = scene.library.search(kind_or_query, asker, limit=1)
    return found[0] if found else None


def tell_article(talk: Talk, kind_or_query: str) -> bool:
    """Say the article's short answer and show where it stands. False: nothing fits, and nothing was said (BOT-002)."""
    found = find_article(talk.scene, kind_or_query)
    if found is None:
        return False
    talk.tell(found.short)
    talk.show(
        {"kind": "article", "id": found.id, "title": found.title, "url": found.path, "excerpt": found.short}
    )
    talk.has_tried("article", title=found.title)
    return True


def _asker(scene: Scene) -> Asker:
    customer = scene.customer
    signed_in = scene.contact.rung >= Rung.SIGNED_IN
    return Asker.of_segments(scene.language, customer.segments if customer else (), signed_in=signed_in)
