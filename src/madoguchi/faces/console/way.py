"""One way to reach us, changed: on or off and why, for whom and for what, words on answer and cost; and their order (CH-001)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.cases.ways import keeping
from madoguchi.counter.cases.ways.channels import NAMES_OF_WAYS, channels, serving
from madoguchi.counter.cases.ways.keeping import ORDER, Version, WayRule
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.sections import WayName
from madoguchi.faces.console.doors import door
from madoguchi.faces.console.ways import HOME, subject_name, subjects_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import NAMES

router = APIRouter(prefix=HOME)
Managing = Annotated[Visit, Depends(door("ways.manage", HOME))]
STATES = {"": None, "on": True, "off": False}
_CHOSEN = {choice: state for state, choice in STATES.items()}


@dataclass(frozen=True)
class VersionView:
    """`what`: on, off or as in the file, in words."""

    number: int
    what: str
    by: str
    at: datetime | None


@router.get("/order")
def order_page(visit: Managing) -> Response:
    return _order(visit)


@router.post("/order")
def arrange(visit: Managing) -> Response:
    form = visit.form
    order: list[WayName] = []
    if form.value("as_file") != "yes":
        order = sorted(NAMES_OF_WAYS, key=lambda name: form.number(f"place_{name}", 1, len(NAMES_OF_WAYS)))
        if len({form.value(f"place_{name}") for name in NAMES_OF_WAYS}) < len(NAMES_OF_WAYS):
            form.wrong("order", "Give each way a place of its own")
    if not form.is_fine:
        return _order(visit, 422)
    try:
        visit.house.database.write(keeping.arrange, visit.actor, order, _number(visit, "seen"))
    except Problem as problem:
        tell(form, problem, "order")
        return _order(visit, problem.status)
    return visit.redirect(with_query(HOME, saved="yes"))


@router.get("/{way}")
def way_page(visit: Managing, way: str) -> Response:
    return _page(visit, _known(way))


@router.post("/{way}")
def save(visit: Managing, way: str) -> Response:
    name = _known(way)
    rule = _typed(visit, name)
    if not visit.form.is_fine:
        return _page(visit, name, 422)
    return _change(visit, name, rule)


@router.post("/{way}/back")
def go_back(visit: Managing, way: str) -> Response:
    """To an earlier version, 0 for the settings file; by the same rules as any other change."""
    name, wanted = _known(way), _number(visit, "to")
    kept = visit.house.database.read(keeping.history, name)
    found = next((each for each in kept if each.version == wanted), None)
    if found is None and wanted != 0:
        raise NotFound("not_found")
    return _change(visit, name, WayRule.of(found.rule) if found else WayRule(), returns=True)


def _change(visit: Visit, way: WayName, rule: WayRule, *, returns: bool = False) -> Response:
    seen, sure = _number(visit, "seen"), visit.form.value("sure") == "yes"
    try:
        visit.house.database.write(
            lambda tx: keeping.change(tx, visit.actor, way, rule, seen, visit.settings, sure=sure)
        )
    except Problem as problem:
        tell(visit.form, problem, "form")
        if returns:
            visit.form.clear()
        return _page(visit, way, problem.status)
    return visit.redirect(with_query(HOME, saved="yes"))


def _page(visit: Visit, way: WayName, status: int = 200) -> Response:
    language, settings = visit.language, visit.settings_now

    def read(tx: Transaction) -> tuple[list[Version], Mapping[str, str]]:
        kept = keeping.history(tx, way)
        return kept, {each.changed_by: _name(tx, each.changed_by) for each in kept}

    kept, names = visit.house.database.read(read)
    rule = WayRule.of(kept[0].rule) if kept else WayRule()
    until = rule.until.astimezone(visit.zone).strftime("%Y-%m-%dT%H:%M") if rule.until else ""
    visit.form.start_with(
        until=until,
        only_for=", ".join(settings.ways.only_for.get(way, [])),
        **{
            f"{what}_{each}": words
            for what in ("reason", "answer", "cost")
            for each, words in getattr(rule, what).items()
        },
    )
    subjects = subjects_of(settings)
    return visit.page(
        "console/way.html",
        status,
        way=way,
        name=channels()[way].text("name", language),
        seen=kept[0].version if kept else 0,
        chosen=_CHOSEN[rule.on],
        states=[
            ("", visit.t("As in the settings file")),
            ("on", visit.t("On")),
            ("off", visit.t("Off, for a reason that customers read")),
        ],
        languages={each: NAMES[each] for each in NAMES if each in visit.settings.shop.languages},
        subjects=[(each, subject_name(each, language), way in serving(settings, each)) for each in subjects],
        versions=[_version(visit, each, names) for each in kept],
        longest=keeping.LONGEST,
    )


def _typed(visit: Visit, way: WayName) -> WayRule:
    """What the form says beside what the file says: a box that was not touched lays nothing over it."""
    form = visit.form
    state = form.one_of("on", STATES)
    until = form.value("until").strip() if state == "off" else ""
    segments = tuple(
        filter(None, (each.strip() for each in form.value("only_for").replace("、", ",").split(",")))
    )
    served, file = set(form.values("serves")), visit.settings
    return WayRule(
        on=STATES[state],
        until=_moment(visit, until),
        reason=_words(visit, "reason") if state == "off" else {},
        only_for=None if list(segments) == file.ways.only_for.get(way, []) else segments,
        serves={
            each: each in served
            for each in subjects_of(visit.settings_now)
            if (each in served) != (way in serving(file, each))
        },
        answer=_words(visit, "answer"),
        cost=_words(visit, "cost"),
    )


def _words(visit: Visit, what: str) -> dict[str, str]:
    found = {each: visit.form.text(f"{what}_{each}", longest=keeping.LONGEST) for each in NAMES}
    return {language: words for language, words in found.items() if words}


def _moment(visit: Visit, typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=visit.zone)
    except ValueError:
        visit.form.wrong("until", "Choose a time that is still to come")
        return None


def _order(visit: Visit, status: int = 200) -> Response:
    kept = visit.house.database.read(keeping.newest)
    order = visit.settings_now.ways.order or list(NAMES_OF_WAYS)
    listed = [*order, *(name for name in NAMES_OF_WAYS if name not in order)]
    return visit.page(
        "console/way_order.html",
        status,
        ways=[
            (name, channels()[name].text("name", visit.language), str(place))
            for place, name in enumerate(listed, 1)
        ],
        places=[(str(place), str(place)) for place in range(1, len(listed) + 1)],
        own=bool(visit.settings_now.ways.order),
        seen=kept[ORDER].version if ORDER in kept else 0,
    )


def _version(visit: Visit, version: Version, names: Mapping[str, str]) -> VersionView:
    rule = WayRule.of(version.rule)
    words = {None: visit.t("as in the settings file"), True: visit.t("on"), False: visit.t("off")}
    reason = rule.reason.get(visit.language) or next(iter(rule.reason.values()), "")
    what = f"{words[rule.on]} ({reason})" if reason else words[rule.on]
    return VersionView(version.version, what, names[version.changed_by], version.changed_at)


def _name(tx: Transaction, agent_id: str) -> str:
    found = team.find(tx, agent_id)
    return found.name if found else agent_id


def _known(way: str) -> WayName:
    for name in NAMES_OF_WAYS:
        if name == way:
            return name
    raise NotFound("not_found")


def _number(visit: Visit, name: str) -> int:
    value = visit.form.value(name)
    return int(value) if value.isdecimal() and len(value) < 9 else -1
