"""The security page: who we really are, how fakes are told, a check of what one has received, the latest advice (PHI).

The lists come from the settings, the advice from the article `security`, which editors keep up to date like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.callbacks.queries import called_lately
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.knowledge import markup
from madoguchi.counter.problems import NotFound
from madoguchi.counter.trust.ours import phones_in
from madoguchi.counter.trust.policy import Channel, Judgement, Message
from madoguchi.counter.trust.wording import finding_text
from madoguchi.engine.settings import Settings
from madoguchi.faces.articles import asker_of
from madoguchi.faces.customer.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)
ARTICLE = "security"
CHECKS, WITHIN_S = 20, 600
CHANNELS: tuple[Channel, ...] = ("mail", "sms", "phone", "site")
LONGEST = 8000


@dataclass(frozen=True)
class Identities:
    """Everything that is ours, as people read it. `phone`: the desk's, for those who have signed in (CH-014)."""

    sites: tuple[str, ...]
    domains: tuple[str, ...]
    senders: tuple[str, ...]
    phones: tuple[str, ...]
    partners: tuple[str, ...]
    hides_phone: bool

    @classmethod
    def of(cls, visit: Visit) -> Identities:
        settings, ours = visit.settings, visit.house.trust.ours
        shop = settings.shop
        desk = (shop.phone,) if shop.phone and visit.signed_in else ()
        return cls(
            tuple(dict.fromkeys(filter(None, (shop.url, shop.account_url, settings.base_url)))),
            tuple(sorted(ours.domains)),
            tuple(sorted(ours.senders)),
            (*desk, *filter(None, [settings.callback.caller_id]), *settings.trust.phones),
            tuple(sorted(ours.partners)),
            bool(shop.phone) and not visit.signed_in,
        )


@router.get("/help/security")
def security(visit: Visiting) -> Response:
    about = visit.request.query_params.get("about", "")
    visit.form.start_with(channel=about if about in CHANNELS else "mail")
    return _page(visit)


@router.post("/help/security")
def check(visit: Visiting) -> Response:
    """What somebody received, against the lists; for the signed-in also against what we have sent them."""
    text = visit.form.text("text", needed="Please paste what you received", longest=LONGEST)
    channel = visit.form.one_of("channel", CHANNELS, otherwise="mail")
    address = visit.request.client.host if visit.request.client else ""
    wait = visit.house.limiter.check("trust_check", visit.actor.id or address, CHECKS, WITHIN_S)
    if wait is not None:
        visit.form.wrong("text", "Too many tries; please wait {retry_after} seconds", retry_after=wait)
    if not visit.form.is_fine:
        return _page(visit, status=422)
    message = Message(next(each for each in CHANNELS if each == channel), text, phones=phones_in(text))
    actor = visit.actor
    found = visit.house.database.read(customers.find, actor.customer_id) if actor.customer_id else None
    called = channel == "phone" and visit.house.database.read(called_lately, _person_id(visit))
    email = found.email if found else ""
    return _page(visit, visit.house.trust.check(message, actor, email=email, called=called))


def _person_id(visit: Visit) -> str:
    return (visit.actor.customer_id if visit.signed_in else None) or visit.actor.id


@router.get(f"/help/articles/{ARTICLE}")
def article(visit: Visiting) -> Response:
    return visit.redirect("/help/security")


def _page(visit: Visit, judgement: Judgement | None = None, status: int = 200) -> Response:
    house = visit.house
    actor = visit.principal.actor if visit.principal else None
    try:
        told = house.library.read(ARTICLE, asker_of(house, actor, visit.language), fallback=True)
    except NotFound:  # withdrawn by an editor: the lists stay
        told = None
    return visit.page(
        "customer/security.html",
        status,
        ours=Identities.of(visit) if _is_at_home(visit.settings, visit.request.url.hostname) else None,
        home=f"{visit.settings.base_url}/help/security",
        article=told,
        blocks=markup.blocks(told.body)[1:] if told else [],
        updated=told.article.texts[told.language].updated if told else None,
        judgement=judgement,
        reasons=[finding_text(each, visit.language) for each in judgement.findings] if judgement else [],
        channels=CHANNELS,
    )


def _is_at_home(settings: Settings, host: str | None) -> bool:
    """The lists are shown at the configured address only: a copy under another name shows where the real ones are."""
    return not settings.server.base_url or host == urlsplit(settings.server.base_url).hostname
