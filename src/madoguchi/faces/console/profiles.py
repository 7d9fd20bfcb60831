"""Routing profiles at the console: what a group of agents serves, how well, and how much of it at once (QUE-015)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.routing import profiles, queues
from madoguchi.counter.routing.policy import EVERY_QUEUE
from madoguchi.counter.routing.profiles import CHANNELS, Profile
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.console.gates import Planning
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.forms import Form
from madoguchi.faces.refusals import tell
from madoguchi.faces.wording import channel_label

router = APIRouter(prefix="/console/profiles")
HOME = "/console/profiles"


@router.get("")
def listed(visit: Planning) -> Response:
    def read(tx: Transaction) -> list[tuple[Profile, str, int]]:
        names = queue_names(tx, visit.language)
        return [
            (each, skills_text(each.queues, names), len(profiles.users_of(tx, each.id)))
            for each in profiles.profiles(tx)
        ]

    return visit.page("console/profiles.html", rows=visit.house.database.read(read))


@router.get("/profile")
def profile_page(visit: Planning) -> Response:
    wanted = visit.request.query_params.get("id", "")
    found = visit.house.database.read(profiles.find, wanted) if wanted else None
    if wanted and found is None:
        raise NotFound("not_found")
    return _page(visit, found)


@router.post("/profile")
def save(visit: Planning) -> Response:
    form = visit.form
    known = visit.house.database.read(profiles.find, form.value("id")) if form.value("known") else None
    wanted = _typed(form, list(visit.house.database.read(queue_names, visit.language)))
    if not form.is_fine:
        return _page(visit, known, 422)
    try:
        visit.house.database.write(profiles.save, visit.actor, wanted, form.value("seen"))
    except Problem as problem:
        tell(form, problem, "form")
        return _page(visit, known, problem.status)
    return visit.redirect(HOME)


def queue_names(tx: Transaction, language: str) -> dict[str, str]:
    """Every queue in use by id, after `*` for all of them."""
    found = {each.id: each.label(language) for each in queues.queues(tx)}
    return {EVERY_QUEUE: tr(language, "All queues"), **found}


def skills_text(skills: dict[str, int], names: dict[str, str]) -> str:
    """`注文・配送 5、返品・交換 3`."""
    return "、".join(f"{names.get(each, each)} {level}" for each, level in skills.items())


def levels_typed(form: Form, prefix: str, of: list[str]) -> dict[str, int]:
    """Skill → proficiency, of those for which one was chosen."""
    chosen = {each: form.value(f"{prefix}_{each}") for each in of}
    return {each: int(level) for each, level in chosen.items() if level in ("1", "2", "3", "4", "5")}


def _page(visit: Visit, shown: Profile | None, status: int = 200) -> Response:
    fresh = shown or Profile("", "", {}, 3)
    visit.form.start_with(
        id=fresh.id,
        name=fresh.name,
        capacity=fresh.capacity,
        **{f"channel_{each}": most for each, most in fresh.channels.items()},
    )
    return visit.page(
        "console/profile.html",
        status,
        shown=shown,
        seen=profiles.mark_of(shown),
        queues=visit.house.database.read(queue_names, visit.language),
        levels=fresh.queues,
        channels={each: channel_label(each, visit.language) for each in CHANNELS},
        active=fresh.active,
        users=visit.house.database.read(profiles.users_of, fresh.id) if shown else [],
    )


def _typed(form: Form, queue_ids: list[str]) -> Profile:
    channels = {
        each: form.number(f"channel_{each}", 0, 50) for each in CHANNELS if form.value(f"channel_{each}")
    }
    return Profile(
        id=form.text("id", needed="Enter a name", longest=40),
        name=form.text("name", needed="Enter a name", longest=120),
        queues=levels_typed(form, "queue", queue_ids),
        capacity=form.number("capacity", 1, 50),
        channels=channels,
        active=form.value("active") == "yes" or not form.value("known"),
    )
