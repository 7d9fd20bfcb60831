"""Who may come in: a dependency for the pages of one verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from madoguchi.counter.problems import SignInNeeded
from madoguchi.counter.team.policy import Verb
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need


def door(verb: Verb, home: str) -> Callable[[Visit], Awaitable[Visit]]:
    """Lets in whoever may do this; it raises SignInNeeded (and leads to `home` after a form), NotAllowed."""

    async def enter(visit: Working) -> Visit:
        if visit.principal is None:
            raise SignInNeeded("session_needed", back=visit.here if visit.request.method == "GET" else home)
        need(visit.principal, verb)
        return visit

    return enter
