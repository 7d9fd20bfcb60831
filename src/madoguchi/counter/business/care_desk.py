"""Looking after companies: what staff see and change, what a company books, what a group shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from madoguchi.counter.actors import Actor
from madoguchi.counter.business import care, queries
from madoguchi.counter.business.model import Appointment, Member, Organisation, Terms
from madoguchi.counter.business.workflow import BusinessDesk
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.problems import Invalid, NotAllowed
from madoguchi.counter.routing.queues import BUSINESS
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings
from madoguchi.kit.languages import NAMES

FOR_SUPERVISORS = frozenset({"manager_id", "group_id", "shares_cases"})


@dataclass(frozen=True)
class Company:
    """Everything that staff see of a company."""

    organisation: Organisation
    members: list[Member]
    terms: list[Terms]
    appointments: list[Appointment]
    group: list[Organisation]


class CareDesk:
    """For the shop's people, and for the companies themselves."""

    def __init__(self, database: Database, business: BusinessDesk, settings: Settings) -> None:
        self._database = database
        self._business = business
        self._settings = settings

    # ── the shop's people ─────────────────────────────────────────────────────────────────────────

    def find(self, actor: Actor, text: str) -> list[Organisation]:
        _staff(actor)
        return self._database.read(queries.search, text)

    def company(self, actor: Actor, organisation_id: str) -> Company:
        """Raises NotAllowed, NotFound."""
        _staff(actor)
        return self._database.read(_company, organisation_id)

    def change(self, actor: Actor, organisation_id: str, **values: Any) -> Company:
        """Notes, language and time zone by anybody at the desk; who looks after it and its group by a supervisor."""
        _staff(actor)
        given = {name for name, value in values.items() if value is not None}
        if given & FOR_SUPERVISORS and not actor.may("supervisor"):
            raise NotAllowed("approval_needs_supervisor")
        _check_place(values.get("language"), values.get("timezone"))
        self._database.write(care.change, organisation_id, actor, values)
        return self.company(actor, organisation_id)

    def ask_terms(
        self, actor: Actor, organisation_id: str, kind: str, text: str, payment_days: int | None
    ) -> Terms:
        """Raises Invalid("unknown_terms") for a kind that the policy does not name."""
        _staff(actor)
        kinds = self._business.rules.business.contract_kinds
        if kind not in kinds:
            raise Invalid("unknown_terms", field="kind", kinds=", ".join(kinds))
        return self._database.write(care.ask_terms, organisation_id, kind, text, payment_days, actor)

    def decide_terms(self, actor: Actor, terms_id: str, approved: bool, reason: str) -> Terms:
        _staff(actor)
        return self._database.write(care.decide_terms, terms_id, approved, reason, actor)

    # ── the company ───────────────────────────────────────────────────────────────────────────────

    def own(self, actor: Actor) -> Company:
        """The caller's own company as its people see it: terms that hold, no notes of the shop's."""
        to, _ = self._business.organisation(actor)
        found = self._database.read(_company, to.id)
        holding = [each for each in found.terms if each.state == "approved"]
        return Company(found.organisation, found.members, holding, found.appointments, found.group)

    def book(self, actor: Actor, at: datetime, about: str, key: str) -> Appointment:
        """Raises Invalid("desk_closed") outside the desk's hours, and what `care.book` raises."""
        to, _ = self._business.organisation(actor)
        hours = self._database.read(load, self._settings).hours_for(
            BUSINESS, language=actor.language, segments=("business",)
        )
        if not hours.is_open(at):
            raise Invalid("desk_closed", field="at")
        minutes = self._business.rules.business.appointment_minutes
        return self._database.write(care.book, to, actor, at, minutes, about, key)

    def cases(self, actor: Actor) -> list[tuple[Organisation, Case]]:
        """Cases of the caller's company, and of those of its group that share theirs, if it shares its own (BIZ-013)."""
        to, _ = self._business.organisation(actor, "history")

        def read(tx: Transaction) -> list[tuple[Organisation, Case]]:
            sharing = [each for each in queries.group_of(tx, to) if each.shares_cases and to.shares_cases]
            found = [
                (each, case)
                for each in (to, *sharing)
                for member in queries.members(tx, each.id)
                for case in cases.of_customer(tx, member.customer_id)
            ]
            return sorted(found, key=lambda pair: pair[1].opened_at, reverse=True)

        return self._database.read(read)


def _company(tx: Transaction, organisation_id: str) -> Company:
    found = queries.get(tx, organisation_id)
    return Company(
        found,
        queries.members(tx, organisation_id),
        queries.terms_of(tx, organisation_id),
        queries.appointments_of(tx, organisation_id),
        queries.group_of(tx, found),
    )


def _staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise NotAllowed("staff_only")


def _check_place(language: str | None, timezone: str | None) -> None:
    if language and language.split("-")[0] not in {name.split("-")[0] for name in NAMES}:
        raise Invalid("unknown_language", field="language")
    try:
        ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("unknown_timezone", field="timezone") from error
