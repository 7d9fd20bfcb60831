"""Articles at the console: the list, writing a draft beside what readers see, sending it to review (issue 4, HLP-001)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.cases.categories import categories
from madoguchi.counter.knowledge import drafts, markup, queries, signals
from madoguchi.counter.knowledge.draft_model import Draft
from madoguchi.counter.knowledge.files import about_problems, text_problems
from madoguchi.counter.knowledge.model import AUDIENCES, Article, ArticleText
from madoguchi.counter.knowledge.service import numbered
from madoguchi.counter.problems import Conflict, NotFound, SignInNeeded
from madoguchi.counter.team.policy import may
from madoguchi.faces.console.article_list import chosen_rows, list_filter
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need
from madoguchi.faces.rendering import with_query

router = APIRouter(prefix="/console/articles")
HOME = "/console/articles"
LONGEST_TITLE, LONGEST_BODY, LONGEST_ASKED = 200, 12_000, 12_000
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


async def editor(visit: Working) -> Visit:
    """Somebody who may write articles. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here if visit.request.method == "GET" else HOME)
    need(visit.principal, "articles.edit")
    return visit


Editing = Annotated[Visit, Depends(editor)]


@dataclass(frozen=True)
class Open:
    """An article on the editor's table: what readers see (none yet), the draft (none yet), the language in hand."""

    article_id: str
    live: Article | None
    draft: Draft | None
    language: str

    @property
    def shown(self) -> Article:
        """What the editor works on."""
        if self.draft is not None:
            return self.draft.article
        assert self.live is not None
        return self.live

    @property
    def as_live(self) -> Article:
        """What would be live if it went live now: which translations would be outdated."""
        version = self.live.version + 1 if self.live else 1
        return replace(self.shown, own=True, texts=numbered(self.shown.texts, self.live, version))

    @property
    def address(self) -> str:
        return with_query(f"{HOME}/{self.article_id}", **{"in": self.language})


@router.get("")
def listed(visit: Editing) -> Response:
    chosen = list_filter(visit)
    return visit.page(
        "console/articles.html", chosen=chosen, rows=chosen_rows(visit, chosen), **around(visit)
    )


@router.get("/new")
def new_page(visit: Editing) -> Response:
    asked = visit.request.query_params
    gap = visit.house.database.read(signals.gap, asked.get("gap", ""))
    if gap is not None:
        visit.form.start_with(title=gap.words, asked_as=gap.words, gap=gap.id, language=gap.language)
    return _new_page(visit)


@router.post("/new")
def create(visit: Editing) -> Response:
    """A draft of an article that is not there yet; from a search without a result, a community's answer, or nothing."""
    form, house = visit.form, visit.house
    article_id = form.text("id", needed="Enter a name for the address", longest=80)
    if not form.errors and not _ID.fullmatch(article_id):
        form.wrong("id", "A name has small letters, digits and hyphens")
    language = form.one_of("language", visit.settings.shop.languages, needed="Choose a language")
    title = form.text("title", needed="Enter a title", longest=LONGEST_TITLE)
    body = form.text("body", needed="Enter the answer", longest=LONGEST_BODY)
    origin = form.text("origin", longest=200)
    if article_id and any(each.id == article_id for each in house.library.articles()):
        form.wrong("id", "There is an article of this name already")
    if form.errors:
        return _new_page(visit, 422)
    asked_as = tuple(_lines(form.value("asked_as"))) or (title,)
    text = ArticleText(title, body, asked_as, house.database.clock().date())
    wanted = Article(article_id, (), {language: text}, own=True)
    house.database.write(drafts.begin, wanted, visit.actor, origin)
    if form.value("gap"):
        house.database.write(signals.settle_gap, form.value("gap"), article_id)
    return visit.redirect(with_query(f"{HOME}/{article_id}", **{"in": language}))


@router.get("/{article_id}")
def article_page(visit: Editing, article_id: str) -> Response:
    opened = find(visit, article_id)
    _fill_form(visit, opened)
    return edit_page(visit, opened)


@router.post("/{article_id}/save")
def save(visit: Editing, article_id: str) -> Response:
    """One language of the draft, and what holds for all. What somebody else saved meanwhile is shown beside."""
    opened = find(visit, article_id)
    wanted = _wanted(visit, opened)
    if visit.form.errors:
        return edit_page(visit, opened, 422)
    seen = visit.form.value("seen")
    try:
        if opened.draft is None and seen == "0":
            base = visit.house.library.editable(article_id)
            begun = visit.house.database.write(drafts.begin, base, visit.actor)
            seen = str(begun.revision) if begun.content == base.content() else seen
        visit.house.database.write(drafts.save, wanted, int(seen) if seen.isdecimal() else 0, visit.actor)
    except Conflict as conflict:
        return edit_page(visit, find(visit, article_id), 409, conflict=conflict)
    return visit.redirect(with_query(opened.address, saved="1") + "#preview")


@router.post("/{article_id}/send")
def send(visit: Editing, article_id: str) -> Response:
    """To review, unless something in it cannot be told to a reader."""
    opened = find(visit, article_id)
    problems = all_problems(visit, opened.shown)
    if problems:
        _fill_form(visit, opened, again=True)
        return edit_page(visit, opened, 422, refused=problems)
    return moved(
        visit, opened, lambda seen: visit.house.database.write(drafts.send, article_id, seen, visit.actor)
    )


@router.post("/{article_id}/take-back")
def take_back(visit: Editing, article_id: str) -> Response:
    opened = find(visit, article_id)
    return moved(
        visit,
        opened,
        lambda seen: visit.house.database.write(drafts.take_back, article_id, seen, visit.actor),
    )


@router.post("/{article_id}/discard")
def discard(visit: Editing, article_id: str) -> Response:
    opened = find(visit, article_id)
    moved(visit, opened, lambda seen: visit.house.database.write(drafts.discard, article_id, seen))
    return visit.redirect(HOME)


@router.post("/{article_id}/newest")
def go_on_from_newest(visit: Editing, article_id: str) -> Response:
    opened = find(visit, article_id)
    return moved(
        visit,
        opened,
        lambda seen: visit.house.database.write(drafts.go_on_from_newest, article_id, seen, visit.actor),
    )


# ── shared with the pages of review and history ───────────────────────────────────────────────────


def find(visit: Visit, article_id: str) -> Open:
    """Raises NotFound where there is neither an article nor a draft of it."""
    draft = visit.house.database.read(drafts.find, article_id)
    live = None
    try:
        live = visit.house.library.editable(article_id)
    except NotFound:
        if draft is None:
            raise
    wished = visit.form.value("in") or visit.request.query_params.get("in", "")
    offered = list(visit.settings.shop.languages)
    return Open(article_id, live, draft, wished if wished in offered else offered[0])


def moved(visit: Visit, opened: Open, move: Any) -> Response:
    """Make a move of the draft that the page showed; told what is in the way, the editor sees it as it is now."""
    seen = visit.form.value("seen")
    try:
        move(int(seen) if seen.isdecimal() else 0)
    except (Conflict, NotFound) as problem:
        again = find(visit, opened.article_id)
        _fill_form(visit, again, again=True)
        conflict = problem if isinstance(problem, Conflict) else Conflict("draft_elsewhere")
        return edit_page(visit, again, 409, conflict=conflict)
    return visit.redirect(opened.address)


def all_problems(visit: Visit, article: Article) -> list[str]:
    """What is wrong with every language of it, and with what holds for all."""
    known = {each.id for each in visit.house.library.articles()} | {article.id}
    found = about_problems(article, categories(), visit.language)
    for language, text in article.texts.items():
        places = visit.house.library.places
        found += [f"{language}: {words}" for words in text_problems(text, places, 1, visit.language)]
        found += [
            f"{language}: {visit.t('no such article: {url}', url=url)}"
            for url in markup.links(text.body)
            if url.startswith("/help/articles/")
            and re.split("[?#]", url.removeprefix("/help/articles/"))[0] not in known
        ]
    if not article.texts:
        found.append(visit.t("There is no text in any language."))
    return found


def preview_of(
    visit: Visit, article: Article, language: str, *, signed_in: bool = False
) -> dict[str, Any] | None:
    """Title and blocks as the reader sees them, with the shop's facts."""
    text = article.texts.get(language)
    if text is None:
        return None
    places = visit.house.library.places
    return {
        "title": places.fill(text.title, language, signed_in=signed_in),
        "blocks": markup.blocks(places.fill(text.body, language, signed_in=signed_in)),
        "updated": text.updated,
    }


def edit_page(
    visit: Visit,
    opened: Open,
    status: int = 200,
    *,
    conflict: Conflict | None = None,
    refused: list[str] | None = None,
) -> Response:
    article, language = opened.shown, opened.language
    text = article.texts.get(language)
    original = article.texts.get(text.translated_from) if text and text.translated_from else None
    return visit.page(
        "console/article_edit.html",
        status,
        opened=opened,
        article=article,
        text=text,
        original=original,
        preview=preview_of(visit, article, language),
        problems=all_problems(visit, article) if refused is None else refused,
        refused=refused is not None,
        conflict=conflict,
        outdated=[each for each in article.texts if opened.as_live.outdated(each)],
        has_moved=opened.draft is not None
        and (opened.live.version if opened.live else 0) != opened.draft.base_version,
        four_eyes=visit.settings.knowledge.four_eyes
        and opened.draft is not None
        and visit.actor.id in opened.draft.writers,
        votes=visit.house.database.read(queries.votes).get((opened.article_id, language)),
        feedback=visit.house.database.read(signals.feedback, opened.article_id, 10),
        audiences=AUDIENCES,
        kinds=sorted(categories()),
        longest={"title": LONGEST_TITLE, "body": LONGEST_BODY, "asked_as": LONGEST_ASKED},
        saved=bool(visit.request.query_params.get("saved")),
        **around(visit),
    )


def around(visit: Visit) -> dict[str, Any]:
    """What every page of articles shows: how much waits for a review, and whether the reader may decide it."""
    waiting = [draft for draft in visit.house.database.read(drafts.every) if draft.state == "review"]
    return {"waiting": len(waiting), "approver": may(visit.actor, "articles.approve")}


def _fill_form(visit: Visit, opened: Open, *, again: bool = False) -> None:
    text = opened.shown.texts.get(opened.language)
    if again:
        visit.form.clear()
    visit.form.start_with(
        title=text.title if text else "",
        body=text.body if text else "",
        asked_as="\n".join(text.asked_as) if text else "",
        translated_from=text.translated_from if text else "",
        follows="" if text is None or opened.as_live.outdated(opened.language) else "yes",
        kinds=", ".join(opened.shown.kinds),
    )


def _wanted(visit: Visit, opened: Open) -> Article:
    """The article with what was typed; an emptied text is taken out."""
    form, language, base = visit.form, opened.language, opened.shown
    title = form.text("title", longest=LONGEST_TITLE)
    body = form.text("body", longest=LONGEST_BODY).replace("\r\n", "\n")
    form.text("asked_as", longest=LONGEST_ASKED)
    texts = {each: text for each, text in base.texts.items() if each != language}
    if body and not title:
        form.wrong("title", "Enter a title")
    if title and not body:
        form.wrong("body", "Enter the answer")
    if title or body:
        texts[language] = _text(visit, base.texts.get(language), title, body)
    audience = tuple(each for each in AUDIENCES if each in form.values("audience")) or base.audience
    kinds = (
        tuple(dict.fromkeys(re.split(r"[\s,、]+", form.value("kinds").strip())))
        if form.value("kinds")
        else ()
    )
    return replace(
        base, texts=dict(sorted(texts.items())), audience=audience, kinds=kinds, own=True, state="published"
    )


def _text(visit: Visit, before: ArticleText | None, title: str, body: str) -> ArticleText:
    form = visit.form
    source = form.one_of("translated_from", visit.settings.shop.languages)
    follows = form.value("follows") == "yes"
    same_source = before is not None and before.translated_from == source
    number = None if follows else (before.translated_number if before and same_source else None)
    is_new = before is None or (before.title, before.body) != (title, body)
    return ArticleText(
        title,
        body,
        tuple(_lines(form.value("asked_as"))),
        visit.house.database.clock().date() if is_new or before is None else before.updated,
        before.number if before else 0,
        source,
        (-1 if number is None and not follows else number) if source else None,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _new_page(visit: Visit, status: int = 200) -> Response:
    return visit.page("console/article_new.html", status, **around(visit))
