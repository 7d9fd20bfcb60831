"""The mails that the house sends: when and to whom, in which words, how each reads, and the shop's own words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from madoguchi.channels.mail.letters import done_text
from madoguchi.channels.mail.wordbook import keeping, trying
from madoguchi.channels.mail.wordbook.composing import Composed
from madoguchi.channels.mail.wordbook.keeping import Version
from madoguchi.channels.mail.wordbook.letters import GROUPS, letters
from madoguchi.channels.mail.wordbook.model import SUBJECT, Fact, LetterKind, Passage
from madoguchi.channels.mail.wordbook.place_words import PLACES
from madoguchi.counter.orders.wording import proposal_view
from madoguchi.counter.problems import NotFound, Problem, TooMany
from madoguchi.counter.team import mail_wishes
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.policy import may
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.mails import FRAME_POLICY
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import NAMES

HOME = "/console/letters"
router = APIRouter(prefix=HOME)
Editing = Annotated[Visit, Depends(door("letters.edit", HOME))]
READERS = {"customers": "Customers", "sellers": "Sellers", "staff": "Staff"}
_TRIALS, _WITHIN_S = 20, 3600


@dataclass(frozen=True)
class PassageView:
    """A passage as its field shows it. `ours`: what comes with Madoguchi; `own`: the shop says something else."""

    passage: Passage
    label: str
    ours: str
    own: bool
    rows: int


@dataclass(frozen=True)
class Preview:
    """How the letter reads in one language. `html`: the address of its HTML, where it has one."""

    language: str
    subject: str
    text: str
    own: bool
    html: str


@dataclass(frozen=True)
class VersionView:
    """`what`: in words, what became of the letter."""

    number: int
    what: str
    by: str
    at: datetime | None


@router.get("")
def listed(visit: Editing) -> Response:
    own = visit.house.database.read(keeping.own_words)
    rows = {
        group: [
            (kind, READERS[kind.readers], [NAMES[each] for each in NAMES if each in own.get(kind.id, ())])
            for kind in found
        ]
        for group, found in GROUPS.items()
    }
    return visit.page("console/letters.html", groups=rows)


@router.get("/{letter}")
def letter_page(visit: Editing, letter: str) -> Response:
    return _page(visit, _kind(letter))


@router.post("/{letter}")
def save(visit: Editing, letter: str) -> Response:
    kind, language = _kind(letter), _language(visit)
    form = visit.form
    wanted = {name: form.value(name) for name, passage in kind.passages.items() if not passage.fixed}
    try:
        visit.house.database.write(
            keeping.change,
            visit.actor,
            letter,
            language,
            wanted,
            _number(visit, "seen"),
            Ours.of(visit.settings),
        )
    except Problem as problem:
        tell(form, problem, "form")
        return _page(visit, kind, problem.status)
    return visit.redirect(_address(letter, language, saved="yes"))


@router.post("/{letter}/back")
def go_back(visit: Editing, letter: str) -> Response:
    kind, language = _kind(letter), _language(visit)
    try:
        visit.house.database.write(
            keeping.go_back,
            visit.actor,
            letter,
            language,
            _number(visit, "to"),
            _number(visit, "seen"),
            Ours.of(visit.settings),
        )
    except Problem as problem:
        tell(visit.form, problem, "form")
        visit.form.clear()
        return _page(visit, kind, problem.status)
    return visit.redirect(_address(letter, language, saved="yes"))


@router.post("/{letter}/trial")
def try_it(visit: Editing, letter: str) -> Response:
    """Mailed to the address that was typed, as the letter stands saved. Raises TooMany."""
    kind, language, form = _kind(letter), _language(visit), visit.form
    to = form.text("to", needed="Enter a mail address", longest=200)
    if to and ("@" not in to or parseaddr(to)[1] != to):
        form.wrong("to", "Enter a mail address")
    if not form.is_fine:
        typed = form.value("to")
        form.clear()
        return _page(visit, kind, 422, to=typed)
    wait = visit.house.limiter.check("letter-trials", visit.actor.id, _TRIALS, _WITHIN_S)
    if wait is not None:
        raise TooMany("too_many", retry_after=wait)
    visit.house.database.write(trying.ask, visit.actor, letter, language, to)
    return visit.redirect(_address(letter, language, sent="yes"))


@router.get("/{letter}/html")
def in_html(visit: Editing, letter: str) -> Response:
    """The HTML part of the example, for the sandboxed frame of the page."""
    kind = _kind(letter)
    if kind.id != trying.REPLY:
        raise NotFound("not_found")
    made = visit.house.database.read(trying.bare, visit.settings, kind, _language(visit))
    reply = trying.reply_of(visit.settings, _language(visit), made)
    return HTMLResponse(
        trying.dressed(visit.settings, reply), headers={"Content-Security-Policy": FRAME_POLICY}
    )


def _page(visit: Visit, kind: LetterKind, status: int = 200, *, to: str = "") -> Response:
    """`to`: where a trial was to go; else it goes to where the reader wants mails of one's own."""
    language, order = _language(visit), visit.request.query_params.get("order", "").strip()[:60]

    def read(tx: Transaction) -> tuple[list[Version], dict[str, str], set[str], str]:
        kept = keeping.history(tx, kind.id, language)
        names = {each.changed_by: _name(tx, each.changed_by) for each in kept}
        own = {each for each in NAMES if keeping.now(tx, kind.id, each).words}
        return kept, names, own, mail_wishes.of_agent(tx, visit.actor.id).address

    kept, names, own, mine = visit.house.database.read(read)
    now = kept[0] if kept else None
    words = now.words if now else {}
    visit.form.start_with(
        to=to or mine,
        **{name: words.get(name, _ours(passage, language)) for name, passage in kind.passages.items()},
    )
    facts, missed = _of_order(visit, kind, order) if order else ({}, "")
    return visit.page(
        "console/letter.html",
        status,
        kind=kind,
        to_whom=READERS[kind.readers],
        shown=language,
        languages=NAMES,
        blocks=_blocks(visit, kind, words, language),
        places=[(place, visit.t(PLACES[place])) for place in kind.places],
        seen=now.version if now else 0,
        previews=[_preview(visit, kind, each, facts.get(each), own) for each in NAMES],
        versions=[_version(visit, each, names) for each in kept],
        order=order,
        missed=missed,
        of_orders=kind.id == "order_done" and may(visit.actor, "orders.read"),
        saved=visit.request.query_params.get("saved", "") == "yes",
        sent=visit.request.query_params.get("sent", "") == "yes",
    )


def _in_order(kind: LetterKind) -> list[Passage | Fact]:
    subject = [kind.passages[SUBJECT]] if SUBJECT in kind.passages else []
    return [*subject, *kind.body, *kind.asides]


def _blocks(
    visit: Visit, kind: LetterKind, words: Mapping[str, str], language: str
) -> list[PassageView | str]:
    """In the order of the letter: facts in words, passages as fields, those without a name of their own counted."""
    found: list[PassageView | str] = []
    count = 0
    for block in _in_order(kind):
        if isinstance(block, Fact):
            found.append(visit.t(block.label))
            continue
        count += block.name not in _LABELS
        label = visit.t(_LABELS[block.name]) if block.name in _LABELS else f"{visit.t('Passage')} {count}"
        found.append(_passage(block, label, words, language))
    return found


def _passage(block: Passage, label: str, words: Mapping[str, str], language: str) -> PassageView:
    ours = _ours(block, language)
    said = words.get(block.name, ours)
    return PassageView(
        block,
        label,
        ours,
        block.name in words,
        max(2, min(8, len(said) // 40 + said.count("\n") + 1)),
    )


_LABELS = {
    SUBJECT: "Subject",
    "opening": "At the beginning, in your own words",
    "closing": "At the end, in your own words",
}


def _ours(passage: Passage, language: str) -> str:
    return tr(language, passage.text).strip() if passage.text else ""


def _preview(
    visit: Visit, kind: LetterKind, language: str, facts: dict[str, str] | None, own: set[str]
) -> Preview:
    made: Composed = visit.house.database.read(trying.seen, visit.settings, kind, language, facts)
    html = f"{HOME}/{kind.id}/html?language={language}" if kind.id == trying.REPLY else ""
    return Preview(language, made.subject, made.text, language in own, html)


def _of_order(visit: Visit, kind: LetterKind, number: str) -> tuple[dict[str, dict[str, str]], str]:
    """What was last done with a real order, as the letter about it says it, by language; or why it cannot be shown."""
    if kind.id != "order_done" or not may(visit.actor, "orders.read"):
        return {}, ""
    orders = visit.house.orders
    try:
        order = orders.order(visit.actor, number)
        done = [each for each in orders.proposals(visit.actor, number) if each.state == "done"]
    except NotFound:
        return {}, visit.t("There is no such order")
    if not done:
        return {}, visit.t("Nothing has been done with this order yet")
    found = {}
    for language in NAMES:
        view = proposal_view(done[0], order, language, orders.rules)
        found[language] = {"done": done_text(view), "title": view["title"], "number": number}
    return found, ""


def _version(visit: Visit, version: Version, names: dict[str, str]) -> VersionView:
    if version.back_to == 0:
        what = visit.t("back to our words")
    elif version.back_to > 0:
        what = visit.t("back to version {n}", n=version.back_to)
    else:
        what = visit.t("changed")
    return VersionView(version.version, what, names[version.changed_by], version.changed_at)


def _name(tx: Transaction, agent_id: str) -> str:
    found = team.find(tx, agent_id)
    return found.name if found else agent_id


def _kind(letter: str) -> LetterKind:
    kind = letters().get(letter)
    if kind is None:
        raise NotFound("not_found")
    return kind


def _language(visit: Visit) -> str:
    """The one that is edited: of the form or the address, else the shop's first."""
    wanted = visit.form.value("language") or visit.request.query_params.get("language", "")
    return wanted if wanted in NAMES else visit.settings.shop.languages[0]


def _number(visit: Visit, name: str) -> int:
    value = visit.form.value(name)
    return int(value) if value.isdecimal() and len(value) < 9 else -1


def _address(letter: str, language: str, **more: str) -> str:
    return with_query(f"{HOME}/{letter}", language=language, **more)
