"""One mail on a page: words or safe HTML, what is known of its origin, the raw head and the file. Without scripts."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import SignInNeeded
from madoguchi.faces import mails
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.mail_words import result_text
from madoguchi.faces.principal import need

router = APIRouter(prefix="/desk/mails", include_in_schema=False)


@router.get("/{mail_id}")
def mail_page(visit: Working, mail_id: str) -> Response:
    _at_work(visit)
    looked = mails.look(visit.house, visit.actor, mail_id)
    mail, found = looked.mail, looked.authentication
    wants_html = visit.request.query_params.get("view") == "html"
    results = (
        [
            (name, result_text(getattr(found, name.lower()), visit.language))
            for name in ("SPF", "DKIM", "DMARC")
        ]
        if found is not None
        else []
    )
    answer = visit.page(
        "desk/mail.html",
        received=looked.received,
        mail=mail,
        found=found,
        results=results,
        shows_html=bool(mail and mail.html) and wants_html,
    )
    policy = answer.headers["Content-Security-Policy"]
    answer.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return answer


@router.get("/{mail_id}/original")
def original_page(visit: Working, mail_id: str) -> Response:
    _at_work(visit)
    received, raw = mails.original(visit.house, visit.actor, mail_id)
    return visit.page("desk/mail_original.html", received=received, head=mails.raw_head(raw), size=len(raw))


def _at_work(visit: Visit) -> None:
    """Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here)
    need(visit.principal, "contacts.work")
