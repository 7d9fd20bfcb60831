"""The box that tries a dialogue at the console: a conversation in memory, nothing is written (decision 0037)."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.history import History
from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.trying import MOST_LINES, Line, made_up_contact, try_out
from madoguchi.assistant.talk import Scene
from madoguchi.counter.hours import desk_hours
from madoguchi.counter.problems import NotFound
from madoguchi.faces import own_flow_views as views
from madoguchi.faces.console.gates import Dividing
from madoguchi.faces.console.own_flows import HOME
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.house import House
from madoguchi.faces.report_reasons import reason_text
from madoguchi.kit.languages import NAMES

router = APIRouter(prefix=HOME)
_LONGEST = 500
_SIGN = "\u241f"  # between key and value of a pressed button in a field


@router.get("/try")
def begin(visit: Dividing) -> Response:
    asked = visit.request.query_params
    return _page(visit, asked.get("id", ""), asked.get("version", ""), asked.get("language", ""), [])


@router.post("/try")
def go_on(visit: Dividing) -> Response:
    """The whole conversation comes with the form, and is played from its beginning."""
    form = visit.form
    lines = form.values("line")[:MOST_LINES]
    said, pressed = form.text("said", longest=_LONGEST), form.value("press")
    if pressed or said:
        lines.append(f"press{_SIGN}{pressed}" if pressed else f"words{_SIGN}{said}")
    return _page(visit, form.value("id"), form.value("version"), form.value("language"), lines)


def _page(visit: Visit, dialogue_id: str, version: str, language: str, lines: list[str]) -> Response:
    number = int(version) if version.isdecimal() and len(version) < 9 else -1
    found = visit.house.database.read(keeping.find, dialogue_id, number)
    if found is None or not views.is_readable(found):
        raise NotFound("not_found")
    dialogue, spoken = found.dialogue, language if language in NAMES else visit.language
    ready = all(each.is_warning for each in views.checked(visit, dialogue))
    trial = None
    if ready:
        scene = scene_of(visit.house, spoken)
        trial = try_out(dialogue, _lines(lines), scene, visit.house.assistant.understand)
    return visit.page(
        "console/own_flow_try.html",
        id=dialogue_id,
        version=found,
        name=views.name_of(dialogue, visit.language),
        trial=trial,
        reason=reason_text(trial.hand_over.reason, visit.language) if trial and trial.hand_over else "",
        lines=lines,
        full=len(lines) >= MOST_LINES,
        spoken=spoken,
        languages=NAMES,
        longest=_LONGEST,
        sign=_SIGN,
    )


def _lines(typed: Iterable[str]) -> list[Line]:
    found = []
    for each in typed:
        how, _, rest = each.partition(_SIGN)
        key, _, value = rest.partition(_SIGN)
        found.append(Line(key=key[:200], value=value[:200]) if how == "press" else Line(text=rest[:_LONGEST]))
    return found


def scene_of(house: House, language: str) -> Scene:
    """Of nobody's contact; its desks are there and are not asked."""
    now = house.database.clock()
    return Scene(
        contact=made_up_contact(now, language),
        history=History(),
        desk=house.orders,
        sellers=house.sellers,
        business=house.business,
        accounts=house.accounts,
        trust=house.trust,
        calls=house.calls,
        settings=house.settings,
        hours=desk_hours(house.settings),
        now=now,
        language=language,
        library=house.library,
    )
