"""API keys of the shop's programs: make one with its scopes, see when it was used last, take it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.problems import NotFound
from madoguchi.counter.team import queries as team
from madoguchi.counter.team import service
from madoguchi.counter.team.policy import Scope
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit

router = APIRouter(prefix="/console/keys")
HOME = "/console/keys"
Keeping = Annotated[Visit, Depends(door("keys.manage", HOME))]
SCOPES: dict[Scope, str] = {
    "read": "Read contacts, customers, orders and figures",
    "contacts": "Read contacts and act in them",
    "actions": "Read orders and propose changes to them",
    "webhooks": "Manage webhooks",
    "admin": "Manage staff, read the audit log",
    "reports": "Read figures and reports only",
}


@router.get("")
def keys_page(visit: Keeping) -> Response:
    return _page(visit)


@router.post("")
def make(visit: Keeping) -> Response:
    """The key itself is on this answer and nowhere else, ever."""
    name = visit.form.text("name", needed="Please enter a name", longest=120)
    scopes = [scope for scope in visit.form.values("scope") if scope in SCOPES]
    if not scopes:
        visit.form.wrong("scope", "Please choose at least one")
    if visit.form.errors:
        return _page(visit, 422)
    key, secret = visit.house.database.write(service.create_key, name, scopes, visit.actor)
    visit.form.clear()
    return _page(visit, 201, fresh=key.name, secret=secret)


@router.post("/{key_id}/revoke")
def revoke(visit: Keeping, key_id: str) -> Response:
    """Pressed twice, the second finds nothing to do."""
    try:
        visit.house.database.write(service.revoke_key, key_id, visit.actor)
    except NotFound:
        if key_id not in {key.id for key in visit.house.database.read(team.keys)}:
            raise
    return visit.redirect(HOME)


def _page(visit: Visit, status: int = 200, *, fresh: str = "", secret: str = "") -> Response:
    keys = visit.house.database.read(team.keys)
    scopes = [(name, visit.t(words)) for name, words in SCOPES.items()]
    return visit.page("console/keys.html", status, keys=keys, scopes=scopes, fresh=fresh, secret=secret)
