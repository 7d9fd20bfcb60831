"""Answers from articles: the short answer in the customer's language, with its title and page as the source."""

from __future__ import annotations

from typing import Any

from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.talk import Scene, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.knowledge.library import Told
from madoguchi.counter.knowledge.model import Asker

_NEAR = 4


def find_article(scene: Scene, kind_or_query: str) -> Told | None:
    """The article about a kind of enquiry, or the best one for the customer's words; None where none fits."""
    if scene.library is None or not kind_or_query.strip():
        return None
    asker = asker_of(scene)
    if kind_or_query in kinds():
        return scene.library.about(kind_or_query, asker)
    found = scene.library.search(kind_or_query, asker, limit=1)
    return found[0] if found else None


def tell_article(talk: Talk, kind_or_query: str) -> bool:
    """Say what the articles answer and show where it stands. False: nothing fits, and nothing was said (BOT-002).

    The words are the article's own short answer; with a language model, its answer to the customer's very question
    where every figure and address in it stands in the articles that it cites.
    """
    found = find_article(talk.scene, kind_or_query)
    if found is None:
        return False
    question = _question(talk)
    cited = talk.noted("cited", lambda: _cited(talk.scene, found, question))
    shown = _sources(talk.scene, found, question, cited)
    talk.tell(cited["text"] if shown else found.short)
    for article in shown or [found]:
        talk.show(article_card(article))
        talk.has_tried("article", title=article.title)
    return True


def answer_words(scene: Scene, question: str) -> tuple[str, list[Told]]:
    """What the articles say to words that nothing else understood: the model's cited words or none, and the articles."""
    found = find_article(scene, question)
    if found is None:
        return "", []
    cited = _cited(scene, found, question)
    shown = _sources(scene, found, question, cited)
    return (cited["text"], shown) if shown else ("", [found])


def _cited(scene: Scene, found: Told, question: str) -> dict[str, Any]:
    if scene.cite is None or not question:
        return {}
    return scene.cite(question, _candidates(scene, found, question))


def _sources(scene: Scene, found: Told, question: str, cited: dict[str, Any]) -> list[Told]:
    """The articles that a cited answer rests on; nothing is searched where there is none."""
    if not cited:
        return []
    return [article for article in _candidates(scene, found, question) if article.id in cited["ids"]]


def _candidates(scene: Scene, found: Told, question: str) -> list[Told]:
    """The article about the subject first, then those nearest to the words."""
    near = scene.library.search(question, asker_of(scene), limit=_NEAR) if scene.library and question else []
    return [found, *(article for article in near if article.id != found.id)]


def _question(talk: Talk) -> str:
    """The customer's own words that began the run; none where a button did."""
    return next((heard.text for heard in talk.said if heard.text), "")


def article_card(found: Told) -> dict[str, str]:
    return {
        "kind": "article",
        "id": found.id,
        "title": found.title,
        "url": found.path,
        "excerpt": found.short,
    }


def asker_of(scene: Scene) -> Asker:
    customer = scene.customer
    signed_in = scene.contact.rung >= Rung.SIGNED_IN
    return Asker.of_segments(scene.language, customer.segments if customer else (), signed_in=signed_in)
