"""A customer's visit to one of our pages: who they are, what they sent, and the answers a page can give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.responses import Response

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases.ways.keeping import laid_over
from madoguchi.counter.customers import identity, service
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.problems import SignInNeeded
from madoguchi.engine.settings import Settings
from madoguchi.faces.conditions import Status, status
from madoguchi.faces.forms import Form, check_form, read_form
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import (
    CUSTOMER_COOKIE,
    Principal,
    find_principal,
    principal_of,
    set_session_cookie,
)
from madoguchi.faces.rendering import (
    DISPLAY_COOKIE,
    Display,
    Reader,
    pick_language,
    with_query,
)
from madoguchi.faces.sign_in import begin_visitor

NOBODY = Actor(kind="customer", id="")


@dataclass
class Visit(Reader):
    """One request of a customer or visitor. Handlers that take a visit run in a worker thread."""

    house: House
    principal: Principal | None
    form: Form
    token: str = ""  # of a session that began or rose during this visit

    @property
    def actor(self) -> Actor:
        return self.principal.actor if self.principal else NOBODY

    @property
    def csrf(self) -> str:
        return self.principal.csrf if self.principal else ""

    @property
    def signed_in(self) -> bool:
        return self.actor.rung >= Rung.SIGNED_IN

    @property
    def address(self) -> str:
        """The network's."""
        return self.request.client.host if self.request.client else ""

    def begin(self) -> Principal:
        """The session of this visit; a visitor's begins with the first form, never by looking at a page."""
        if self.principal is None or self.principal.session is None:
            agent = self.request.headers.get("user-agent", "")
            self.enter(begin_visitor(self.house, self.language, self.address, agent))
        assert self.principal is not None
        return self.principal

    def enter(self, token: str) -> None:
        """Go on with this session."""
        self.token = token
        self.principal = self.house.database.read(find_principal, self.house, token, cookie=True)

    def need_rung(self, rung: int, back: str = "") -> None:
        """Send to the sign-in page, and back to this step afterwards (CH-013), unless the rung is reached."""
        if self.actor.rung < rung:
            self.sign_in_first(rung, back)

    def sign_in_first(self, rung: int, back: str = "") -> NoReturn:
        raise SignInNeeded(rung=int(rung), back=back or self.here)

    def page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        return super().page(
            template, status, visit=self, form=self.form, **{"person_link": self.person_link(), **values}
        )

    def _keep_language(self) -> None:
        """A language chosen by somebody who has signed in is theirs from now on, on other devices too (LNG-009)."""
        known, wished = self.actor.customer_id, self.request.query_params.get("lang", "")
        if not self.signed_in or known is None or wished != self.language:
            return
        found = self.house.database.read(customers.find, known)
        if found is not None and found.preferred_language != wished:
            self.house.database.write(service.prefer_language, known, wished)

    @property
    def account(self) -> str:
        """Which account is signed in, told to its owner only: 佐••• m•••@example.jp. Empty without one."""
        if not self.signed_in:
            return ""
        known = self.actor.customer_id
        found = self.house.database.read(customers.find, known) if known else None
        mail = found.email if found else ""
        shown = f"{self.actor.name[:1]}•••" if self.actor.name else ""
        return f"{shown} {identity.mask_email(mail)}".strip()

    @cached_property
    def status(self) -> Status:
        """How our parts work at this moment."""
        return self.house.database.read(status, self.settings, self.language)

    @cached_property
    def settings_now(self) -> Settings:
        """The settings with what the console has said about ways laid over them."""
        return self.house.database.read(laid_over, self.settings)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.settings.shop.timezone)

    def person_link(self, order: str = "", problem: str = "") -> str:
        """Where 担当者と話す leads, with what is known so far."""
        return with_query("/person", order=order, problem=problem)

    def remember(self, response: Response) -> None:
        super().remember(response)
        self._keep_language()
        if self.token:
            set_session_cookie(response, self.house, CUSTOMER_COOKIE, self.token)


async def arrive(request: Request) -> Visit:
    """A customer or visitor. Raises NotAllowed("csrf")."""
    return await arrive_as(request, CUSTOMER_COOKIE, lambda found: found.actor.kind == "customer")


async def arrive_as(request: Request, cookie: str, is_meant: Callable[[Principal], bool]) -> Visit:
    """The visit of this request, its form read and its origin proved. Raises NotAllowed("csrf").

    `is_meant`: for whom the page is; anybody else comes as nobody.
    """
    house = house_of(request)
    found = await principal_of(request, prefer=cookie)
    principal = found if found is not None and is_meant(found) else None
    language = pick_language(request, house.settings, principal.actor.language if principal else "")
    visit = Visit(
        request=request,
        settings=house.settings,
        language=language,
        display=Display.from_cookie(request.cookies.get(DISPLAY_COOKIE, "")),
        clock=house.database.clock,
        house=house,
        principal=principal,
        form=Form(language),
    )
    request.state.visit = visit
    visit.form = await read_form(request, language)
    check_form(request, visit.form, visit.csrf)
    return visit


Visiting = Annotated[Visit, Depends(arrive)]
