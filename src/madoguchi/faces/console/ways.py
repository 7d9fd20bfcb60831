"""The ways to reach us as they are now: on or off and why, open or not, whom and what each serves (CH-001, CH-059, QUE-016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.ways import keeping
from madoguchi.counter.cases.ways.channels import (
    NAMES_OF_WAYS,
    channels,
    serving,
    switched_on,
    usual,
)
from madoguchi.counter.cases.ways.desks import user_desks
from madoguchi.counter.team.policy import may
from madoguchi.engine.sections import WayName
from madoguchi.engine.settings import Settings
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.ways import Choice, choices

HOME = "/console/ways"
router = APIRouter(prefix=HOME)
Reading = Annotated[Visit, Depends(door("figures.read", HOME))]

NEEDS: dict[WayName, str] = {
    "assistant": "assistant.enabled",
    "phone": "shop.phone",
    "mail": "shop.mail_address",
}


@dataclass(frozen=True)
class WayRow:
    """One way in words. `setting`: the key that keeps it off; empty where it is on or was switched off here."""

    name: str
    id: WayName
    state: str
    setting: str
    hours: str
    cost: str
    answer: str
    for_whom: str


@router.get("")
def page(visit: Reading) -> Response:
    settings, language = visit.settings_now, visit.language
    kept = visit.house.database.read(keeping.newest)

    def now(kind: str) -> dict[str, Choice]:
        found = visit.house.database.read(choices, visit.settings, visit.actor, language, kind)
        return {each.id: each for each in found.all}

    names = {name: channel.text("name", language) for name, channel in channels().items()}
    return visit.page(
        "console/ways.html",
        ways=[_row(visit, name, now("").get(name)) for name in NAMES_OF_WAYS],
        names=[names[name] for name in NAMES_OF_WAYS],
        subjects=[
            (label, [name in served for name in NAMES_OF_WAYS])
            for label, served in _subjects(settings, language)
        ],
        desks=[
            (desk.text("who", language), desk.text("desk", language), [names[way] for way in desk.ways])
            for desk in user_desks(settings)
        ],
        numbers=settings.ways.phone_visibility,
        may_change=may(visit.actor, "ways.manage"),
        changed={name for name in NAMES_OF_WAYS if name in kept},
        alone=[subject_name(each, language) for each in keeping.left_alone(settings)],
        saved=visit.request.query_params.get("saved", "") == "yes",
    )


def _row(visit: Visit, name: WayName, now: Choice | None) -> WayRow:
    settings, t = visit.settings_now, visit.t
    segments = settings.ways.only_for.get(name, [])
    for_whom = " / ".join(segments) or t("Everybody")
    label = channels()[name].text("name", visit.language)
    if now is None:
        return WayRow(label, name, t("Off"), _kept_off_by(visit.settings, name), "–", "–", "–", for_whom)
    state = t("Open") if now.open else now.why or t("Outside the hours")
    return WayRow(label, name, state, "", now.hours, now.cost, now.answer or "–", for_whom)


def _kept_off_by(settings: Settings, name: WayName) -> str:
    return "ways.off" if name in settings.ways.off else NEEDS.get(name, "ways.off")


def _subjects(settings: Settings, language: str) -> list[tuple[str, list[WayName]]]:
    """Each of `subjects_of` in words, and the ways that serve it here."""
    there = switched_on(settings)
    return [
        (subject_name(each, language), [way for way in serving(settings, each) if way in there])
        for each in subjects_of(settings)
    ]


def subjects_of(settings: Settings) -> list[str]:
    """Every group of enquiries, and under it each kind with ways of its own."""
    own = [kind for kind in categories() if kind in settings.ways.serves or kind in usual()]
    return [
        each
        for group in group_labels()
        for each in (group, *(kind for kind in own if kind.startswith(f"{group}.")))
    ]


def subject_name(subject: str, language: str) -> str:
    """A group in words, a kind with its group before it."""
    labels = group_labels()[subject.partition(".")[0]]
    group = labels.get(language) or labels["en"]
    return group if subject in group_labels() else f"{group} › {categories()[subject].label(language)}"
