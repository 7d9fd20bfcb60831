"""Articles as files that people edit: `articles.toml` and one text per language, `<language>/<id>.md`.

A text has a head between lines of `+++` (title, updated, asked_as with one phrasing per line, and translated_from where
it is a translation that follows the text of that language) and a body whose first
paragraph is the short answer. `synonyms/<language>.txt` has one group of words per line that mean the same.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from madoguchi.counter.knowledge import markup
from madoguchi.counter.knowledge.model import AUDIENCES, EVERYONE, Article, ArticleState, ArticleText
from madoguchi.counter.knowledge.places import Places
from madoguchi.engine.sections import Language
from madoguchi.engine.texts import tr

LANGUAGES: tuple[str, ...] = get_args(Language)
FEWEST_PHRASINGS = 10
ORIGINAL = "ja"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


class ArticleError(ValueError):
    """Files that cannot be used; one line per problem, each naming the file."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class _About(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kinds: list[str] = Field(default_factory=list)
    audience: list[str] = Field(default_factory=lambda: [EVERYONE])
    state: ArticleState = "published"


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    updated: date
    asked_as: str
    translated_from: Language | None = None


@dataclass
class Folder:
    """What a folder holds: articles by id, groups of synonyms by language, and what is wrong with it."""

    articles: dict[str, Article] = field(default_factory=dict)
    synonyms: dict[str, list[list[str]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_folder(folder: Path, *, own: bool, base: Collection[Article] = ()) -> Folder:
    """Read without raising; `base`: articles whose kinds, audience and state hold where the folder says nothing."""
    found = Folder()
    if not folder.is_dir():
        found.problems.append(f"{folder}: no such folder")
        return found
    texts = _texts(folder, found.problems)
    if not own:
        texts = {article_id: _translations(each) for article_id, each in texts.items()}
    abouts = {article.id: _about_of(article) for article in base} | _abouts(folder, found.problems)
    for article_id in sorted(texts):
        about = abouts.get(article_id)
        if about is None:
            near = difflib.get_close_matches(article_id, abouts, 1, 0.6)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            found.problems.append(f"articles.toml: nothing about `{article_id}`{hint}")
            continue
        found.articles[article_id] = Article(
            article_id,
            tuple(about.kinds),
            texts[article_id],
            tuple(about.audience),
            about.state,
            own=own,
        )
    for path in sorted((folder / "synonyms").glob("*.txt")):
        found.synonyms[path.stem] = _groups(path)
    return found


def _translations(texts: dict[str, ArticleText]) -> dict[str, ArticleText]:
    """What comes with Madoguchi was written in Japanese."""
    if ORIGINAL not in texts:
        return texts
    return {
        language: text if language == ORIGINAL else replace(text, translated_from=ORIGINAL)
        for language, text in texts.items()
    }


def problems_of(folder: Folder, places: Places, kinds: Collection[str]) -> list[str]:
    """Everything that makes the folder unusable: what could not be read, unknown kinds, readers, places, links."""
    found = list(folder.problems)
    for article in folder.articles.values():
        found += [f"{article.id}: {words}" for words in about_problems(article, kinds)]
        for language, text in article.texts.items():
            where = f"{language}/{article.id}.md"
            found += [f"{where}: {words}" for words in text_problems(text, places)]
    return found


def about_problems(article: Article, kinds: Collection[str], language: str = "en") -> list[str]:
    """Unknown kinds and readers, each with the nearest known name, in words of `language`."""
    found = []
    for each in article.kinds:
        if each not in kinds:
            found.append(tr(language, "unknown kind {name}", name=_named(each, kinds, language)))
    for each in article.audience:
        if each not in AUDIENCES:
            found.append(tr(language, "unknown audience {name}", name=_named(each, AUDIENCES, language)))
    if not article.audience:
        found.append(tr(language, "nobody may read it: audience is empty"))
    return found


def _named(given: str, known: Collection[str], language: str) -> str:
    near = difflib.get_close_matches(given, known, 1, 0.5)
    return f"`{given}`" + (tr(language, "; did you mean {name}?", name=f"`{near[0]}`") if near else "")


def text_problems(
    text: ArticleText, places: Places, fewest: int = FEWEST_PHRASINGS, language: str = "en"
) -> list[str]:
    """What is wrong with a text, in words of `language`. `fewest`: phrasings that are asked for."""
    found = places.problems(f"{text.title}\n{text.body}", language)
    if not markup.short_answer(text.body):
        found.append(tr(language, "no short answer: the first paragraph is missing"))
    found += [
        tr(language, "a link must lead to https:// or to a page of ours: {url}", url=url)
        for url in markup.links(text.body)
        if not url.startswith("{") and not markup.is_safe_link(url)
    ]
    if len(text.asked_as) < fewest:
        found.append(
            tr(
                language,
                "asked_as has {n} phrasings; {fewest} are needed to find it",
                n=len(text.asked_as),
                fewest=fewest,
            )
        )
    return found


def _texts(folder: Path, problems: list[str]) -> dict[str, dict[str, ArticleText]]:
    texts: dict[str, dict[str, ArticleText]] = {}
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*.md")):
            if not _ID.fullmatch(path.stem):
                problems.append(f"{language}/{path.name}: a name has small letters, digits and hyphens")
                continue
            try:
                texts.setdefault(path.stem, {})[language] = read_text(path.read_text("utf-8"))
            except (ValueError, tomllib.TOMLDecodeError) as error:
                problems.append(f"{language}/{path.name}: {_in_short(error)}")
    return texts


def read_text(source: str) -> ArticleText:
    """One text file. Raises ValueError saying what is missing."""
    found = _HEAD.fullmatch(source.replace("\r\n", "\n"))
    if found is None:
        raise ValueError("a text begins with a head between two lines of +++")
    head = _Head.model_validate(tomllib.loads(found[1]))
    phrasings = tuple(line.strip() for line in head.asked_as.splitlines() if line.strip())
    return ArticleText(
        head.title, found[2].strip(), phrasings, head.updated, translated_from=head.translated_from or ""
    )


def _abouts(folder: Path, problems: list[str]) -> dict[str, _About]:
    path = folder / "articles.toml"
    if not path.exists():
        return {}
    abouts = {}
    try:
        entries: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"articles.toml: {error}")
        return {}
    for article_id, entry in entries.items():
        try:
            abouts[article_id] = _About.model_validate(entry)
        except ValidationError as error:
            problems.append(f"articles.toml: `{article_id}`: {_in_short(error)}")
    return abouts


def _about_of(article: Article) -> _About:
    return _About(kinds=list(article.kinds), audience=list(article.audience), state=article.state)


def _groups(path: Path) -> list[list[str]]:
    lines = (line.partition("#")[0] for line in path.read_text("utf-8").splitlines())
    groups = ([word.strip() for word in line.split(",") if word.strip()] for line in lines)
    return [group for group in groups if len(group) > 1]


def _in_short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"`{'.'.join(map(str, first['loc']))}`: {first['msg']}"
    return str(error)
