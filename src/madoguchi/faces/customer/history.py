"""Earlier enquiries by case, newest first, with state, last word, next step (W5, HIS-001, CASE-007)."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import CaseOut, ContactOut
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.views import contacts_out

router = APIRouter(include_in_schema=False)
STATES = ("all", "open", "done")


@dataclass
class CaseFile:
    """A case with its contacts, newest first; contacts without a case stand alone."""

    case: CaseOut | None
    contacts: list[ContactOut] = field(default_factory=list)

    @property
    def live(self) -> bool:
        return any(contact.state != "ended" for contact in self.contacts)


@router.get("/history")
def history(visit: Visiting) -> Response:
    """Visitors see this session's own; everything of the account after signing in (HIS-010)."""
    if visit.principal is None:
        visit.sign_in_first(Rung.SIGNED_IN)
    window = visit.settings.history
    older = visit.request.query_params.get("older") == "yes"
    state = visit.request.query_params.get("state", "all")
    files = case_files(visit, window.keep_days if older else window.list_days)
    if state in ("open", "done"):
        files = [file for file in files if file.live == (state == "open")]
    return visit.page(
        "customer/history.html",
        files=files,
        older=older,
        state=state if state in STATES else "all",
        list_days=window.list_days,
        keep_days=window.keep_days,
    )


def case_files(visit: Visit, days: int) -> list[CaseFile]:
    mine = visit.house.chat.history(visit.actor, days=days)

    def read(tx: Transaction) -> list[ContactOut]:
        return contacts_out(tx, visit.actor, mine, visit.language, timezone=visit.zone)

    files: dict[str, CaseFile] = {}
    for contact in visit.house.database.read(read):
        key = contact.case.id if contact.case else contact.id
        files.setdefault(key, CaseFile(contact.case)).contacts.append(contact)
    return list(files.values())
