"""Saved replies at the console: list, writing one in every language, and how it reads for a case."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.routing import queues
from madoguchi.counter.saved_replies import places, queries, service
from madoguchi.counter.saved_replies.model import MAIN, Deeds, SavedReply
from madoguchi.counter.saved_replies.places import Filled
from madoguchi.counter.saved_replies.service import Wish
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.console.gates import Answering
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.saved_replies import deed_words
from madoguchi.faces.refusals import tell
from madoguchi.faces.reply_facts import facts_of, known_of
from madoguchi.kit.languages import NAMES
from madoguchi.kit.text import fold

router = APIRouter(prefix="/console/replies")
HOME = "/console/replies"
AFTER = ("", "hold", "transfer", "resolve")


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    reply: SavedReply
    name: str
    folder: str
    deeds: list[str]
    uses: int
    outdated: list[str]


@router.get("")
def listed(visit: Answering) -> Response:
    wanted = visit.request.query_params.get("search", "").strip()[:60]
    rows = [row for row in visit.house.database.read(_rows, visit) if _matches(row, wanted)]
    return visit.page("console/replies.html", rows=rows, search=wanted)


@router.get("/reply")
def reply_page(visit: Answering) -> Response:
    wanted = visit.request.query_params.get("id", "")
    shown = visit.house.database.read(queries.get, visit.actor, wanted) if wanted else None
    return _page(visit, shown)


@router.post("/reply")
def save(visit: Answering) -> Response:
    form = visit.form
    reply_id = form.value("id")
    shown = visit.house.database.read(queries.get, visit.actor, reply_id) if reply_id else None
    hours = form.number("hold_hours", 1, service.LONGEST_HOLD_HOURS) if form.value("after") == "hold" else 0
    seen = form.value("version")
    if form.errors:
        return _page(visit, shown, 422)
    try:
        version = int(seen) if seen.isdecimal() else 0
        visit.house.database.write(
            service.save, visit.actor, _wish(visit, hours), reply_id=reply_id, version=version
        )
    except Problem as problem:
        tell(form, problem, "form")
        return _page(visit, shown, problem.status)
    return visit.redirect(HOME)


def _wish(visit: Visit, hold_hours: int) -> Wish:
    form = visit.form
    after = form.one_of("after", AFTER)
    return Wish(
        shortcut=form.text("shortcut", longest=40),
        names={each: form.text(f"name_{each}", longest=60) for each in ("ja", "en")},
        texts={each: form.text(f"text_{each}", longest=service.LONGEST_TEXT) for each in NAMES},
        folder=form.text("folder", longest=60),
        reading=form.text("reading", longest=60),
        deeds=Deeds(
            kind=form.value("kind"),
            label=form.text("label", longest=40),
            hold_hours=hold_hours,
            transfer=form.value("transfer") if after == "transfer" else "",
            resolve=after == "resolve",
        ),
        shared=form.value("shared") == "yes",
        active=form.value("active") == "yes" or not form.value("id"),
        confirmed=frozenset(form.values("confirmed")),
    )


def _page(visit: Visit, shown: SavedReply | None, status: int = 200) -> Response:
    language, deeds = visit.language, shown.deeds if shown else Deeds()
    visit.form.start_with(
        shortcut=shown.shortcut if shown else "",
        folder=tr(language, shown.folder) if shown and shown.folder else "",
        reading=shown.reading if shown else "",
        label=deeds.label,
        hold_hours=deeds.hold_hours or 24,
        **{f"name_{each}": text for each, text in (shown.names if shown else {}).items()},
        **{f"text_{each}": text for each, text in (shown.texts if shown else {}).items()},
    )
    number = visit.request.query_params.get("case", "").strip()[:40]
    preview, missed = _preview(visit, shown, number) if shown and number else ({}, "")
    return visit.page(
        "console/reply.html",
        status,
        shown=shown,
        name=shown.name(language) if shown else "",
        deeds=deeds,
        after=_after(deeds),
        places=places.PLACES,
        kinds=[(each, category_label(each, language)) for each in categories()],
        queues=[(each.id, each.label(language)) for each in visit.house.database.read(queues.queues)],
        languages=NAMES,
        main=MAIN,
        may_share=may(visit.actor, "replies.share"),
        may_change=shown is None or not shown.shared or may(visit.actor, "replies.share"),
        case=number,
        preview=preview,
        missed=missed,
    )


def _preview(visit: Visit, reply: SavedReply, number: str) -> tuple[dict[str, Filled], str]:
    """How it reads in the newest contact of this case, by language; or why it cannot be shown."""

    def newest(tx: Transaction) -> str:
        found = contacts.of_case(tx, cases.visible(tx, visit.actor, number).id)
        if not found:
            raise NotFound("case_not_found")
        return found[-1].id

    try:
        known = known_of(visit.house, visit.actor, visit.house.database.read(newest))
    except NotFound:
        return {}, visit.t("There is no such case")
    return {
        each: places.fill(text, facts_of(visit.house, visit.actor, known, each))
        for each, text in reply.texts.items()
    }, ""


def _rows(tx: Transaction, visit: Visit) -> list[Row]:
    used, language = queries.uses(tx), visit.language
    return [
        Row(
            reply=each,
            name=each.name(language),
            folder=tr(language, each.folder) if each.folder else "",
            deeds=deed_words(tx, each.deeds, language),
            uses=used.get(each.id, 0),
            outdated=[NAMES[tongue] for tongue in each.outdated],
        )
        for each in queries.visible(tx, visit.actor, active_only=False)
    ]


def _matches(row: Row, wanted: str) -> bool:
    reply = row.reply
    words = " ".join(
        (reply.shortcut, row.folder, reply.reading, *reply.names.values(), *reply.texts.values())
    )
    return fold(wanted) in fold(words)


def _after(deeds: Deeds) -> str:
    if deeds.hold_hours:
        return "hold"
    return "transfer" if deeds.transfer else "resolve" if deeds.resolve else ""
