"""What we help with and how: every group of enquiries with its ways, and which languages each way speaks (HLP-013, LNG-003).

All of it comes from the list of categories, the settings and the people at the desk; nothing is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.wording import LANGUAGES as SPOKEN
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.ways.channels import serving, switched_on
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.team import queries as team
from madoguchi.engine.sections import WayName
from madoguchi.faces.customer.contact_ways import choices_now, desk_now
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.kit.languages import NAMES

router = APIRouter(include_in_schema=False)
EMERGENCY = 1


@dataclass(frozen=True)
class Spoken:
    """One way to reach us. `languages`: those in which somebody answers there."""

    id: WayName
    name: str
    hours: str
    languages: tuple[str, ...]


@router.get("/help/topics")
def topics(visit: Visiting) -> Response:
    reachable = ways_of(visit)
    groups, elsewhere = _groups(visit, reachable)
    return visit.page(
        "customer/topics.html",
        groups=groups,
        elsewhere=elsewhere,
        ways=[[way.name, way.hours, _names(way)] for way in reachable],
        missing=[
            _instead(visit, way, reachable)
            for way in reachable
            if way.languages and visit.language not in way.languages
        ],
        desk=desk_now(visit),
    )


def ways_of(visit: Visit) -> list[Spoken]:
    """Every way of this shop with the languages of whoever answers: the assistant's own, else those of the agents."""
    staff = visit.house.database.read(lambda tx: team.agents(tx, active_only=True))
    spoken = {language for agent in staff if "agent" in agent.roles for language in agent.languages}
    people = tuple(language for language in NAMES if language in spoken)
    found = choices_now(visit)
    return [
        Spoken(way.id, way.name, way.hours, _known(visit, SPOKEN) if way.id == "assistant" else people)
        for name in switched_on(visit.settings_now)
        if (way := found.of(name)) is not None
    ]


def is_served(visit: Visit, kind: str) -> bool:
    """Whether the reader's country gets help with this group; whoever is not signed in is taken for a resident (LNG-008)."""
    abroad = visit.settings.shop.groups_abroad
    return not abroad or kind.partition(".")[0] in abroad or _country(visit) == visit.settings.shop.country


def _groups(visit: Visit, reachable: list[Spoken]) -> tuple[list[list[Any]], list[str]]:
    """A row per group: its name, what belongs to it, the ways that serve it; and the groups that this country does not get."""
    rows: list[list[Any]] = []
    elsewhere = []
    for group, labels in group_labels().items():
        label = labels.get(visit.language) or labels["en"]
        if not is_served(visit, group):
            elsewhere.append(label)
            continue
        served = serving(visit.settings_now, group)
        names = [way.name for way in reachable if way.id in served]
        kinds = [each for each in categories().values() if each.group == group]
        rows.append(
            [
                label,
                [
                    {"text": each.label(visit.language), "url": f"/help/g/{each.id.replace('.', '/')}"}
                    for each in kinds
                ],
                [*names, *([visit.t("Urgent: first in line")] if _is_urgent(kinds) else [])],
            ]
        )
    return rows, elsewhere


def _is_urgent(kinds: list[Any]) -> bool:
    return any(each.priority == EMERGENCY for each in kinds)


def _instead(visit: Visit, way: Spoken, reachable: list[Spoken]) -> str:
    """What somebody does whose language a way does not speak: there is another, or an interpreter."""
    others = [other.name for other in reachable if visit.language in other.languages]
    if not others:
        return visit.t("{way}: not in your language. A person arranges an interpreter.", way=way.name)
    return visit.t("{way}: not in your language. Please use: {other}", way=way.name, other=others[0])


def _names(way: Spoken) -> list[str]:
    return [NAMES[language] for language in way.languages] or ["–"]


def _known(visit: Visit, languages: Any) -> tuple[str, ...]:
    return tuple(each for each in visit.settings.shop.languages if each in languages)


def _country(visit: Visit) -> str:
    known = visit.actor.customer_id if visit.signed_in else None
    found = visit.house.database.read(customers.find, known) if known else None
    return (found.country if found else "") or visit.settings.shop.country
