"""What an editor is asked about: every word that seems to mean something, and is not decided or found already."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from madoguchi.assistant.learning.words import queries
from madoguchi.assistant.learning.words.candidates import Seen, candidates
from madoguchi.assistant.learning.words.catalogue import Names, of_catalogue
from madoguchi.assistant.learning.words.model import Candidate, ShopWord, Sighting
from madoguchi.assistant.learning.words.nouns import nouns
from madoguchi.assistant.steps.goods import kind_score
from madoguchi.assistant.steps.naming import name_score
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.knowledge.model import Article, Asker
from madoguchi.engine.database import Database, Transaction
from madoguchi.kit.text import fold


def suggestions(database: Database, library: Library, products: Sequence[Names]) -> list[Candidate]:
    """What customers showed before what the catalogue tells, what most of them showed first.

    `products`: the names of each product by language.
    """
    goods, articles, decided = database.read(_look)
    done = {(word.matter, word.language, word.word, word.suggested) for word in decided}
    found = [
        *candidates(_seen(goods), nouns, _finds_good),
        *_of_articles(articles, library),
        *of_catalogue(products, _finds_good),
    ]
    fresh = [each for each in found if (each.matter, each.language, each.word, each.means) not in done]
    return list({(each.matter, each.language, each.word): each for each in reversed(fresh)}.values())[::-1]


def _look(tx: Transaction) -> tuple[list[Sighting], list[Sighting], list[ShopWord]]:
    return queries.sightings(tx, "goods"), queries.sightings(tx, "articles"), queries.decided(tx)


def _seen(sightings: Sequence[Sighting]) -> Iterator[Seen]:
    for each in sightings:
        yield Seen(each.who, each.language, each.text, each.chosen)


def _finds_good(language: str, word: str, name: str) -> bool:
    said = fold(word)
    return bool(name_score((name,), said) or kind_score({language: name}, said))


def _of_articles(sightings: Sequence[Sighting], library: Library) -> Iterator[Candidate]:
    """A subject stands for the word by which its article is found."""

    def finds(language: str, word: str, kind: str) -> bool:
        wanted = library.about(kind, Asker(language))
        return wanted is None or any(told.id == wanted.id for told in library.search(word, Asker(language)))

    for each in candidates(_seen(sightings), nouns, finds, matter="articles", parts=False):
        told = library.about(each.means, Asker(each.language))
        if told is not None and (means := _telling(told.article, each.language, library.articles())):
            yield replace(each, means=means)


def _telling(article: Article, language: str, others: Sequence[Article]) -> str:
    """The word of the title that is said most in this article's questions and least in others'."""
    texts = {each.id: " ".join(each.texts[language].asked_as) for each in others if language in each.texts}
    own = texts.pop(article.id, "")

    def tells(word: str) -> float:
        elsewhere = sum(word in text for text in texts.values())
        return own.count(word) * math.log((1 + len(texts)) / (1 + elsewhere))

    words = sorted(nouns(article.texts[language].title, language), key=lambda word: (-tells(word), word))
    return words[0] if words else ""
