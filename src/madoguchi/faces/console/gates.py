"""Who may open the pages on which the house is set up: people who lead plan staff, operators set queues and hours."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from madoguchi.counter.problems import SignInNeeded
from madoguchi.counter.team.policy import Verb
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need


def _allowed(visit: Visit, verb: Verb) -> Visit:
    if visit.principal is None:
        back = visit.here if visit.request.method == "GET" else visit.request.url.path
        raise SignInNeeded("session_needed", back=back)
    need(visit.principal, verb)
    return visit


async def planner(visit: Working) -> Visit:
    """Somebody who plans staff. Raises SignInNeeded, NotAllowed."""
    return _allowed(visit, "staffing.manage")


async def keeper(visit: Working) -> Visit:
    """Somebody who sets queues and hours. Raises SignInNeeded, NotAllowed."""
    return _allowed(visit, "queues.manage")


async def employer(visit: Working) -> Visit:
    """Somebody who makes and changes accounts. Raises SignInNeeded, NotAllowed."""
    return _allowed(visit, "agents.manage")


async def answerer(visit: Working) -> Visit:
    """Somebody who answers customers. Raises SignInNeeded, NotAllowed."""
    return _allowed(visit, "contacts.work")


async def divider(visit: Working) -> Visit:
    """Somebody who says what the assistant leaves to people. Raises SignInNeeded, NotAllowed."""
    return _allowed(visit, "assistant.divide")


Planning = Annotated[Visit, Depends(planner)]
Keeping = Annotated[Visit, Depends(keeper)]
Dividing = Annotated[Visit, Depends(divider)]
Employing = Annotated[Visit, Depends(employer)]
Answering = Annotated[Visit, Depends(answerer)]
