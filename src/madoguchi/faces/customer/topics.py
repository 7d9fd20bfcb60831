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
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.hours import desk_hours
from madoguchi.counter.team import queries as team
from madoguchi.faces.customer.contact_ways import desk_now
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import NAMES

router = APIRouter(include_in_schema=False)
EMERGENCY = 1


@dataclass(frozen=True)
class Way:
    """One way to reach us. `languages`: those in which somebody answers there."""

    name: str
    hours: str
    languages: tuple[str, ...]


@router.get("/help/topics")
def topics(visit: Visiting) -> Response:
    reachable = ways_of(visit)
    groups, elsewhere = _groups(visit, [way.name for way in reachable])
    return visit.page(
        "customer/topics.html",
        groups=groups,
        elsewhere=elsewhere,
        ways=[[way.name, way.hours or "–", _spoken(way)] for way in reachable],
        missing=[_instead(visit, way, reachable) for way in reachable if visit.language not in way.languages],
        desk=desk_now(visit),
    )


def ways_of(visit: Visit) -> list[Way]:
    """Chat always; people, telephone and mail as they are set. People speak what the agents speak."""
    shop, hours = visit.settings.shop, visit.settings.hours
    staff = visit.house.database.read(lambda tx: team.agents(tx, active_only=True))
    spoken = {language for agent in staff if "agent" in agent.roles for language in agent.languages}
    people = tuple(language for language in NAMES if language in spoken)
    found = [
        Way(visit.t("Chat with the AI assistant"), visit.t("Day and night"), _known(visit, SPOKEN)),
        Way(visit.t("Chat with a person"), desk_hours(visit.settings).text(visit.language), people),
    ]
    if shop.phone:
        found.append(Way(visit.t("By telephone"), hours.phone, people))
    if shop.mail_address:
        found.append(Way(visit.t("By mail"), "", people))
    return found


def is_served(visit: Visit, kind: str) -> bool:
    """Whether the reader's country gets help with this group; whoever is not signed in is taken for a resident (LNG-008)."""
    abroad = visit.settings.shop.groups_abroad
    return not abroad or kind.partition(".")[0] in abroad or _country(visit) == visit.settings.shop.country


def _groups(visit: Visit, names: list[str]) -> tuple[list[list[Any]], list[str]]:
    """A row per group: its name, what belongs to it, how it is reached; and the groups that this country does not get."""
    rows: list[list[Any]] = []
    elsewhere = []
    for group, labels in group_labels().items():
        label = labels.get(visit.language) or labels["en"]
        if not is_served(visit, group):
            elsewhere.append(label)
            continue
        kinds = [each for each in categories().values() if each.group == group]
        rows.append(
            [
                label,
                [
                    {"text": each.label(visit.language), "url": with_query("/help/other", topic=each.id)}
                    for each in kinds
                ],
                [*names, *([visit.t("Urgent: first in line")] if _is_urgent(kinds) else [])],
            ]
        )
    return rows, elsewhere


def _is_urgent(kinds: list[Any]) -> bool:
    return any(each.priority == EMERGENCY for each in kinds)


def _instead(visit: Visit, way: Way, reachable: list[Way]) -> str:
    """What somebody does whose language a way does not speak: there is another, or an interpreter."""
    others = [other.name for other in reachable if visit.language in other.languages]
    if not others:
        return visit.t("{way}: not in your language. A person arranges an interpreter.", way=way.name)
    return visit.t("{way}: not in your language. Please use: {other}", way=way.name, other=others[0])


def _spoken(way: Way) -> list[str]:
    return [NAMES[language] for language in way.languages] or ["–"]


def _known(visit: Visit, languages: Any) -> tuple[str, ...]:
    return tuple(each for each in visit.settings.shop.languages if each in languages)


def _country(visit: Visit) -> str:
    known = visit.actor.customer_id if visit.signed_in else None
    found = visit.house.database.read(customers.find, known) if known else None
    return (found.country if found else "") or visit.settings.shop.country
