"""The library: shipped articles with the shop's own laid over them, searched by anybody who asks.

One per process. Before every answer it looks whether the shop's articles have changed, also by another process, and
reads them again if so; indexes are built when their language is first asked for.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from madoguchi.counter.knowledge import markup, queries
from madoguchi.counter.knowledge.cutting import Synonyms, weight
from madoguchi.counter.knowledge.files import LANGUAGES, ArticleError, Folder, read_folder
from madoguchi.counter.knowledge.model import Article, Asker
from madoguchi.counter.knowledge.places import Places
from madoguchi.counter.knowledge.ports import KindGuesser
from madoguchi.counter.knowledge.search import Index
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Database

SHIPPED = Path(__file__).parents[2] / "articles"


@cache
def shipped_folder() -> Folder:
    """The articles that come with Madoguchi, read once in a process: they change only with the program."""
    return read_folder(SHIPPED, own=False)


@dataclass(frozen=True)
class Told:
    """An article as one reader sees it. `language` may be another than was asked for.

    Only in a search: `score`, and `sure`, which is False where the article does not answer but is near.
    """

    article: Article
    language: str
    title: str
    body: str
    short: str
    score: float = 1.0
    sure: bool = True

    @property
    def id(self) -> str:
        return self.article.id

    @property
    def path(self) -> str:
        """Its page, in its language."""
        return f"/help/articles/{self.id}?lang={self.language}"


@dataclass
class _Shelf:
    """Everything that was read at one moment."""

    stamp: tuple[int, int, int]
    articles: dict[str, Article]
    synonyms: Mapping[str, list[list[str]]]
    indexes: dict[str, Index] = field(default_factory=dict)


@dataclass(frozen=True)
class _Content:
    """What an index is built of; equal where every word of it is."""

    mark: bytes
    language: str = field(compare=False)
    articles: list[Article] = field(compare=False)
    synonyms: list[list[str]] = field(compare=False)

    @classmethod
    def of(cls, language: str, articles: list[Article], synonyms: list[list[str]]) -> _Content:
        mark = hashlib.sha256(repr((language, articles, synonyms)).encode()).digest()
        return cls(mark, language, articles, synonyms)


@lru_cache(maxsize=4 * len(LANGUAGES))
def _index_of(content: _Content) -> Index:
    """Built once for the same words: a draft, or a text in another language, makes no language's index anew."""
    cut = Synonyms(content.synonyms, content.language).cut
    return Index(content.articles, content.language, cut, weight)


class Library:
    """Safe to use from any thread."""

    def __init__(
        self,
        database: Database,
        places: Places,
        shipped: Folder | None = None,
        guesser: KindGuesser | None = None,
    ) -> None:
        """`guesser`: reads kinds of enquiry out of words; without one only words are compared."""
        self._database = database
        self._guesser = guesser
        self.places = places
        self._shipped = shipped if shipped is not None else shipped_folder()
        if self._shipped.problems:
            raise ArticleError(self._shipped.problems)
        self._lock = threading.Lock()
        self._shelf: _Shelf | None = None

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    def articles(self) -> list[Article]:
        """Every article in any state, the shop's own instead of shipped ones of the same id."""
        return list(self._current().articles.values())

    def published(self, asker: Asker, *, fallback: bool = False) -> list[Told]:
        """All that the asker may read, in the order of their ids."""
        told = (
            self._tell(each, asker, fallback=fallback) for each in self.articles() if _may_see(each, asker)
        )
        return [each for each in told if each is not None]

    def read(self, article_id: str, asker: Asker, *, fallback: bool = False) -> Told:
        """One article. Raises NotFound for what is not there, not published, or not for this reader."""
        found = self._current().articles.get(article_id)
        told = self._tell(found, asker, fallback=fallback) if found and _may_see(found, asker) else None
        if told is None:
            raise NotFound("not_found", id=article_id)
        return told

    def shipped(self, article_id: str) -> Article | None:
        """The one that comes with Madoguchi, whatever the shop has made of it."""
        return self._shipped.articles.get(article_id)

    def editable(self, article_id: str) -> Article:
        """The article as its next draft begins, in any state. Raises NotFound."""
        found = self._current().articles.get(article_id)
        if found is None:
            raise NotFound("not_found", id=article_id)
        if found.own:
            return found
        texts = {
            language: replace(
                text, translated_number=-int(found.outdated(language)) if text.translated_from else None
            )
            for language, text in found.texts.items()
        }
        return replace(found, texts=texts)

    def languages_of(self, article_id: str) -> list[str]:
        """The languages in which there is a text, in our usual order."""
        found = self._current().articles.get(article_id)
        return [language for language in LANGUAGES if found and language in found.texts]

    def about(self, kind: str, asker: Asker) -> Told | None:
        """The article that answers a kind of enquiry: one that names it first goes before one that names it too."""
        fits = [each for each in self.articles() if kind in each.kinds and _may_see(each, asker)]
        fits.sort(key=lambda each: (each.kinds.index(kind), not each.own, each.id))
        told = (self._tell(each, asker) for each in fits)
        return next((each for each in told if each is not None), None)

    # ── searching ─────────────────────────────────────────────────────────────────────────────────

    def search(
        self, words: str, asker: Asker, *, limit: int = 5, fallback: bool = False, near: bool = False
    ) -> list[Told]:
        """The best first; nothing rather than something wrong. `fallback`: other languages after the asker's own.

        `near`: where nothing answers, what may be of use all the same, marked as not sure.
        """
        shelf = self._current()
        found: list[Told] = []
        others = [each for each in LANGUAGES if each != asker.language] if fallback else []
        for language in (asker.language, *others):
            index = self._index(shelf, language)
            likely = self._likely(words, language)
            for scored in index.search(words, lambda each: _may_see(each, asker), limit, likely, near=near):
                article = shelf.articles[index.articles[scored.place].id]
                if all(article.id != each.id for each in found):
                    found.append(
                        replace(self._in(article, language, asker), score=scored.score, sure=scored.sure)
                    )
        return found[:limit]

    def _likely(self, words: str, language: str) -> Mapping[str, float]:
        return self._guesser.likely(words, language) if self._guesser is not None else {}

    def common_words(self, language: str) -> list[str]:
        """Words to search with: what the groups of synonyms are read as, each once."""
        groups = self._current().synonyms.get(language, [])
        return list(dict.fromkeys(group[0] for group in groups))

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _tell(self, article: Article, asker: Asker, *, fallback: bool = False) -> Told | None:
        wished = (asker.language, *LANGUAGES) if fallback else (asker.language,)
        language = next((each for each in wished if each in article.texts), None)
        return None if language is None else self._in(article, language, asker)

    def _in(self, article: Article, language: str, asker: Asker) -> Told:
        text = article.texts[language]
        title = self.places.fill(text.title, language, signed_in=asker.signed_in)
        body = self.places.fill(text.body, language, signed_in=asker.signed_in)
        return Told(article, language, title, body, markup.short_answer(body))

    def _index(self, shelf: _Shelf, language: str) -> Index:
        with self._lock:
            if language not in shelf.indexes:
                articles = [
                    self._filled(each, language) for each in shelf.articles.values() if _is_in(each, language)
                ]
                content = _Content.of(language, articles, shelf.synonyms.get(language, []))
                shelf.indexes[language] = _index_of(content)
            return shelf.indexes[language]

    def _filled(self, article: Article, language: str) -> Article:
        """What is read is what is found: the index holds the words that stand in the places."""
        text = article.texts[language]
        title, body = self.places.fill(text.title, language), self.places.fill(text.body, language)
        return replace(article, texts={language: replace(text, title=title, body=body)})

    def _current(self) -> _Shelf:
        stamp = self._database.read(queries.stamp)
        with self._lock:
            if self._shelf is None or self._shelf.stamp != stamp:
                self._shelf = self._read_again()
            return self._shelf

    def _read_again(self) -> _Shelf:
        stamp, own, synonyms = self._database.read(
            lambda tx: (queries.stamp(tx), queries.own_articles(tx), queries.own_synonyms(tx))
        )
        articles = self._shipped.articles | {each.id: each for each in own}
        ordered = {article_id: articles[article_id] for article_id in sorted(articles)}
        return _Shelf(stamp, ordered, _joined(self._shipped.synonyms, synonyms))


def _is_in(article: Article, language: str) -> bool:
    return article.state == "published" and language in article.texts


def _may_see(article: Article, asker: Asker) -> bool:
    return article.state == "published" and article.is_for(asker.audiences)


def _joined(*parts: Mapping[str, Iterable[list[str]]]) -> dict[str, list[list[str]]]:
    joined: dict[str, list[list[str]]] = {}
    for part in reversed(parts):  # the shop's own groups are read first and win
        for language, groups in part.items():
            joined.setdefault(language, []).extend(groups)
    return joined
