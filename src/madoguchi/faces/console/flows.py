"""The assistant's dialogues at the console: what each is made of, how it is used, and who answers (HND-007)."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant import flows
from madoguchi.assistant.anatomy import anatomy
from madoguchi.assistant.flows import Flow
from madoguchi.assistant.labour import DEEDS, LABOURS, labour
from madoguchi.assistant.labour_keeping import AS_SHIPPED, divide
from madoguchi.assistant.own_flows.checking import PROTECTED
from madoguchi.assistant.own_flows.keeping import Version, in_force
from madoguchi.assistant.taking_back import take_back
from madoguchi.assistant.troubleshooting import ENDS, Tree, load
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.team import queries as team
from madoguchi.faces import flow_views as views
from madoguchi.faces.console.gates import Dividing
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import NAMES

router = APIRouter(prefix="/console/flows")
HOME = "/console/flows"
MATRIX = "/console/flows/labour"
_LONGEST = 500
_LIKELY = 3


@router.get("")
def listed(visit: Dividing) -> Response:
    now = _now(visit)
    asked = visit.request.query_params.get("said", "").strip()[:_LONGEST]
    groups = views.rows(now, visit.language)
    return visit.page(
        "console/flows.html",
        groups=groups,
        without=[row for rows in groups.values() for row in rows if not row.exit.queue],
        said=asked,
        heard=_heard(visit, asked, now) if asked else [],
        labours=views.LABOUR_WORDS,
        days=views.DAYS,
        longest=_LONGEST,
    )


@router.get("/kinds/{kind}")
def flow_page(visit: Dividing, kind: str) -> Response:
    flow = flows.load().get(kind)
    if flow is None:
        raise NotFound("not_found")
    return _flow(visit, flow)


@router.get("/labour")
def labour_page(visit: Dividing) -> Response:
    return _labour(visit)


@router.post("/labour")
def set_labour(visit: Dividing) -> Response:
    """One matter; back to where the form stood."""
    form = visit.form
    matter, seen = form.value("matter"), form.value("seen")
    flow = flows.load().get(matter)
    try:
        visit.house.database.write(
            divide,
            visit.actor,
            matter,
            form.value("labour"),
            int(seen) if seen.isdecimal() and len(seen) < 9 else -1,
            visit.settings,
        )
    except Problem as problem:
        tell(form, problem, "form")
        return _flow(visit, flow, problem.status) if flow else _labour(visit, problem.status)
    house = visit.house
    take_back(house.database, house.orders, house.accounts, house.settings)
    home = f"{HOME}/kinds/{matter}" if flow else MATRIX
    return visit.redirect(with_query(home, saved=matter))


def _flow(visit: Visit, flow: Flow, status: int = 200) -> Response:
    now, made = _now(visit), anatomy(flow)
    wanted = visit.request.query_params.get("words", "")
    shown = wanted if wanted in NAMES else visit.language
    return visit.page(
        "console/flow.html",
        status,
        row=views.row(flow, now, visit.language),
        group=views.group_name(flow.kind.partition(".")[0], visit.language),
        matters=[_matter(visit, now, matter) for matter in (flow.kind, *made.deeds)],
        asked=views.questions(flow, now, visit.language),
        leads=[
            (kind, categories()[kind].label(visit.language)) for kind in made.leads_to if kind != flow.kind
        ],
        own=views.said(made.words, shown),
        shared=views.said({key: None for key in made.shared if key not in made.words}, shown),
        trees=[_steps(tree, shown) for tree in _trees(visit)] if made.troubleshoots else [],
        shown=shown,
        phrase=views.asks_for_a_person(visit.language),
        own_id=flow.kind if any(each.id == flow.kind for each in _own(visit)) else "",
        may_own=flow.kind not in PROTECTED,
        **_choices(visit),
    )


def _own(visit: Visit) -> list[Version]:
    return visit.house.database.read(in_force)


def _labour(visit: Visit, status: int = 200) -> Response:
    now = _now(visit)
    own = [kind for kind in flows.load() if kind in now.table]
    return visit.page(
        "console/labour.html",
        status,
        deeds=[_matter(visit, now, deed) for deed in DEEDS],
        groups=[_matter(visit, now, group) for group in group_labels()],
        kinds=[_matter(visit, now, kind) for kind in own],
        **_choices(visit),
    )


def _choices(visit: Visit) -> dict[str, object]:
    saved = visit.request.query_params.get("saved", "")
    return {
        "labours": views.LABOUR_WORDS,
        "options": [(each, visit.t(views.LABOUR_WORDS[each])) for each in LABOURS],
        "as_shipped": AS_SHIPPED,
        "saved": views.matter_name(saved, visit.language) if saved else "",
        "days": views.DAYS,
    }


def _matter(visit: Visit, now: views.Now, matter: str) -> dict[str, object]:
    """One entry of the table, as its form shows it."""
    rule = now.rules.get(matter)
    others = {name: each for name, each in now.table.items() if name != matter}
    shipped = {name: each for name, each in visit.settings.assistant.labour.items() if name == matter}
    return {
        "id": matter,
        "name": views.matter_name(matter, visit.language),
        "now": labour(now.table, matter, matter),
        "shipped": labour({**others, **shipped}, matter, matter),
        "chosen": rule.labour if rule else AS_SHIPPED,
        "version": rule.version if rule else 0,
        "by": _name(visit, rule.changed_by) if rule else "",
        "at": rule.changed_at if rule else None,
    }


def _heard(visit: Visit, text: str, now: views.Now) -> list[views.Row]:
    """What the assistant takes these words to be about, the likeliest first; nothing is written."""
    scripts = flows.load()
    heard = visit.house.assistant.understand(text)
    danger = [heard.emergency] if heard.emergency else []
    likely = dict.fromkeys([*danger, *(each.kind for each in heard.intents[:_LIKELY])])
    return [views.row(scripts[kind], now, visit.language) for kind in likely if kind in scripts]


def _trees(visit: Visit) -> list[Tree]:
    return list(load(visit.settings.data.folder / "troubleshooting").values())


def _steps(tree: Tree, language: str) -> dict[str, object]:
    """A tree as a list: each step's words, and where each answer leads (a step by its place, or an end)."""
    places = {name: place for place, name in enumerate(tree.step, 1)}
    return {
        "name": _in(tree.name, language),
        "steps": [
            (
                places[name],
                _in(step.say, language),
                [
                    (_in(each.words, language), places.get(each.to, 0), each.to if each.to in ENDS else "")
                    for each in step.answers
                ],
            )
            for name, step in tree.step.items()
        ],
    }


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en", "")


def _now(visit: Visit) -> views.Now:
    today: date = visit.clock().astimezone(visit.zone).date()
    return visit.house.database.read(views.Now.of, visit.settings, today)


def _name(visit: Visit, agent_id: str) -> str:
    found = visit.house.database.read(team.find, agent_id)
    return found.name if found else agent_id
