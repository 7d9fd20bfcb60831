"""Staff at the console: the list with its search, one account, its password and second factor (QUE-015)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Role
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import profiles, schedules, staffing
from madoguchi.counter.routing import queries as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.staffing import Member
from madoguchi.counter.routing.wording import status_label
from madoguchi.counter.team import passwords, queries, service
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.console.gates import Employing, Planning
from madoguchi.faces.console.profiles import levels_typed, queue_names
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import NAMES
from madoguchi.kit.text import fold

router = APIRouter(prefix="/console/staff")
HOME = "/console/staff"
ROLES: tuple[Role, ...] = ("agent", "supervisor", "operator", "editor")


@router.get("")
def listed(visit: Planning) -> Response:
    query = visit.request.query_params
    wanted, view = query.get("q", "")[:60], query.get("view", "")

    def read(tx: Transaction) -> list[dict[str, Any]]:
        planned = schedules.plans(tx)
        rules = Rules.of(visit.settings)
        return [
            _row(tx, each, visit.language, rules, planned=each.id in planned)
            for each in queries.agents(tx)
            if _listed(each, view) and _found(each, wanted)
        ]

    return visit.page(
        "console/staff.html",
        rows=visit.house.database.read(read),
        wanted=wanted,
        view=view,
        may_change=may(visit.actor, "agents.manage"),
    )


@router.get("/member")
def member_page(visit: Employing) -> Response:
    wanted = visit.request.query_params.get("id", "")
    return _page(visit, visit.house.database.read(queries.get, wanted) if wanted else None)


@router.post("/member")
def save(visit: Employing) -> Response:
    form, database = visit.form, visit.house.database
    agent_id = form.value("agent_id")
    shown = database.read(queries.get, agent_id) if agent_id else None
    wanted = _typed(visit, shown)
    if form.errors:
        return _page(visit, shown, 422)
    password = "" if shown else passwords.make()
    try:
        if shown is not None:
            found = database.write(staffing.change, visit.actor, agent_id, wanted, form.value("seen"))
        else:
            found = database.write(
                staffing.hire,
                visit.actor,
                wanted,
                password,
                shortest_password=visit.settings.identity.staff_password_length,
                seller_id=form.text("seller_id", longest=60),
            )
    except Problem as problem:
        tell(form, problem, "form")
        fresh = database.read(queries.get, agent_id) if agent_id else None
        return _page(visit, fresh, problem.status)
    if password:
        visit.form.clear()
        return _page(visit, found, made=password)
    return visit.redirect(with_query(f"{HOME}/member", id=found.id))


@router.post("/password")
def reset_password(visit: Employing) -> Response:
    """A new password, shown this once; the agent is signed out everywhere."""
    made = passwords.make()
    agent_id = visit.form.value("agent_id")
    visit.house.database.write(
        service.set_password,
        agent_id,
        made,
        shortest_password=visit.settings.identity.staff_password_length,
        by=visit.actor,
    )
    visit.form.clear()
    return _page(visit, visit.house.database.read(queries.get, agent_id), made=made)


@router.post("/second-factor")
def remove_second_factor(visit: Employing) -> Response:
    """For somebody who has lost the device; the sessions that it protected end."""
    agent_id = visit.form.value("agent_id")
    visit.house.database.write(service.remove_totp, agent_id, by=visit.actor)
    return visit.redirect(with_query(f"{HOME}/member", id=agent_id))


def role_label(role: str, language: str) -> str:
    return {
        "agent": tr(language, "Agent"),
        "supervisor": tr(language, "Supervisor"),
        "operator": tr(language, "Operator"),
        "editor": tr(language, "Editor"),
        "seller": tr(language, "Seller"),
    }[role]


def _page(visit: Visit, shown: Agent | None, status: int = 200, *, made: str = "") -> Response:
    language = visit.language
    fresh = Member.of(shown) if shown else Member("", "", "")
    visit.form.start_with(
        login=fresh.login, name=fresh.name, display_name=fresh.display_name, capacity=fresh.capacity
    )
    chosen: list[tuple[str, str]] = [("", visit.t("Own skills"))]
    chosen += [
        (each.id, each.name) for each in visit.house.database.read(profiles.profiles, active_only=True)
    ]
    return visit.page(
        "console/member.html",
        status,
        shown=shown,
        member=fresh,
        seen=staffing.mark_of(shown),
        roles=[(each, role_label(each, language)) for each in ROLES],
        languages={each: NAMES[each] for each in NAMES},
        queues=visit.house.database.read(queue_names, language),
        profiles=chosen,
        made=made,
        is_seller=bool(shown and shown.seller_id),
    )


def _typed(visit: Visit, shown: Agent | None) -> Member:
    form = visit.form
    seller = bool(shown.seller_id) if shown else bool(form.value("seller_id"))
    queue_ids = list(visit.house.database.read(queue_names, visit.language))
    return Member(
        login=shown.login if shown else form.text("login", needed="Enter a sign-in name", longest=119),
        name=form.text("name", needed="Enter a name", longest=120),
        display_name=form.text("display_name", longest=120),
        roles=[role for role in ROLES if role in form.values("roles")],
        languages={"ja": 5} if seller else levels_typed(form, "language", list(NAMES)),
        queues=levels_typed(form, "queue", queue_ids),
        capacity=3 if seller else form.number("capacity", 1, 50),
        profile_id=form.value("profile"),
        active=form.value("active") == "yes" or shown is None,
    )


def _row(tx: Transaction, each: Agent, language: str, rules: Rules, *, planned: bool) -> dict[str, Any]:
    doing = routing.presence(tx, each.id, rules)
    profile = profiles.find(tx, each.profile_id) if each.profile_id else None
    return {
        "agent": each,
        "roles": "、".join(role_label(role, language) for role in each.roles),
        "languages": "、".join(NAMES.get(one, one) for one in each.languages),
        "skills": profile.name if profile else tr(language, "Own skills"),
        "status": status_label(doing.status, language) if doing.present else "",
        "planned": planned,
    }


def _listed(each: Agent, view: str) -> bool:
    """Staff at work; switched-off accounts and sellers' accounts apart."""
    if view == "sellers":
        return bool(each.seller_id)
    return not each.seller_id and each.active != (view == "off")


def _found(each: Agent, wanted: str) -> bool:
    text = fold(f"{each.login} {each.name} {each.display_name}")
    return all(word in text for word in fold(wanted).split())
