"""The account desk: every way to look at an account or to change it. Assistant, agents and pages use the same calls.

Synchronous, run in worker threads, never inside a transaction. A change is proposed, then confirmed, as on orders:
reserve, let whoever keeps the accounts do it under the proposal's id, write down the end; an answer that got lost is
asked for, never tried again. Each deed needs the rung that `policy.toml` names (section `identity.account`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.customers import account_service, queries, service
from madoguchi.counter.customers.account_deeds import DEED, FOR_ANYBODY, AccountDeed, AccountDeedName
from madoguchi.counter.customers.account_model import AccountProposal, SignIn, Standing
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.ports import (
    AccountConnector,
    AccountJournal,
    AccountRefused,
    AccountUnreachable,
)
from madoguchi.counter.problems import Conflict, NotAllowed, NotFound, SignInNeeded
from madoguchi.engine.database import Database, outside
from madoguchi.engine.failpoints import failpoint

log = structlog.get_logger()
UNRESOLVED_AFTER = timedelta(seconds=60)
HISTORY_DAYS = 90

OwnerOfOrder = Callable[[str], str | None]


class AccountDesk:
    """`rungs`: what each deed asks for, asked for anew each time; `renew`: look at the newest of it before a confirmation; `owner_of_order`: whose account an order number that was proved belongs to."""

    def __init__(
        self,
        database: Database,
        accounts: AccountConnector,
        rungs: Mapping[AccountDeedName, Rung],
        owner_of_order: OwnerOfOrder,
        journal: AccountJournal | None = None,
        *,
        minutes: Callable[[], int] = lambda: 30,
        renew: Callable[[], object] = lambda: None,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._rungs = rungs
        self._owner_of_order = owner_of_order
        self._journal = journal
        self._minutes = minutes
        self._renew = renew

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    def can(self, deed: AccountDeedName) -> bool:
        """Whether it can be done here at all; otherwise the shop's account page is the place."""
        return deed in self._accounts.deeds()

    def rung(self, deed: AccountDeedName) -> Rung:
        return self._rungs[deed]

    def standing(self, actor: Actor) -> Standing | None:
        """How the actor's account stands; None for whoever has not signed in."""
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            return None
        outside()
        return self._accounts.standing(actor.customer_id)

    def holdings(self, actor: Actor) -> Holdings | None:
        """What a signed-in customer holds beside orders; None where the shop does not tell. Raises SignInNeeded."""
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            raise SignInNeeded(rung=int(Rung.SIGNED_IN))
        outside()
        return self._accounts.holdings(actor.customer_id)

    def sign_ins(self, actor: Actor, *, limit: int = 10) -> Sequence[SignIn] | None:
        """The newest sign-ins of a signed-in customer; None where they are kept elsewhere. Raises SignInNeeded."""
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            raise SignInNeeded(rung=int(Rung.SIGNED_IN))
        outside()
        since = self._database.clock() - timedelta(days=HISTORY_DAYS)
        return self._accounts.sign_ins(actor.customer_id, since=since, limit=limit)

    def proposal(self, actor: Actor, proposal_id: str, *, contact_id: str = "") -> AccountProposal:
        """Raises NotFound, also when it is somebody else's."""
        found = self._database.read(account_service.find, proposal_id)
        mine = actor.customer_id is not None and actor.customer_id == found.customer_id
        here = bool(contact_id) and contact_id == found.contact_id
        if not (actor.kind in ("agent", "system") or here or (mine and actor.rung >= Rung.SIGNED_IN)):
            raise NotFound("proposal_not_found")
        return found

    # ── proposing, confirming ─────────────────────────────────────────────────────────────────────

    def propose(
        self, actor: Actor, deed: AccountDeed, *, contact_id: str | None = None, visitor_id: str = ""
    ) -> AccountProposal:
        """Say what would happen; refusals are kept too. `visitor_id`: the session in which it is asked for.

        Raises SignInNeeded where the deed needs more than was proved.
        """
        outside()
        self._need(actor, deed.deed)
        owner = self._owner(actor)
        return self._database.write(
            account_service.store,
            actor,
            deed,
            owner,
            rung=int(self._rungs[deed.deed]),
            reasons=self._objections(deed, owner),
            contact_id=contact_id,
            visitor_id=visitor_id,
            minutes=self._minutes(),
            journal=self._journal,
        )

    def confirm(self, actor: Actor, proposal_id: str, key: str, *, contact_id: str = "") -> AccountProposal:
        """Carry it out, once; a second confirm returns what the first brought.

        Raises NotFound, SignInNeeded (the rung has been lost since), Conflict: `proposal_outdated`,
        `proposal_not_open`.
        """
        found = self.proposal(actor, proposal_id, contact_id=contact_id)
        if found.state in ("done", "failed"):
            return found
        self._renew()
        self._need(actor, found.deed)
        if self._owner(actor) != found.customer_id:
            raise NotFound("proposal_not_found")
        reservation = self._database.write(account_service.reserve, proposal_id, actor, key, self._journal)
        if reservation.outcome == "outdated":
            raise Conflict("proposal_outdated", proposal=proposal_id)
        if reservation.outcome == "not_open":
            raise Conflict("proposal_not_open", state=reservation.proposal.state)
        if reservation.outcome == "already":
            return reservation.proposal
        return self._perform(reservation.proposal, actor.language)

    def withdraw(self, actor: Actor, proposal_id: str, *, contact_id: str = "") -> AccountProposal:
        self.proposal(actor, proposal_id, contact_id=contact_id)
        return self._database.write(account_service.withdraw, proposal_id, actor, self._journal)

    def unlock(self, actor: Actor, customer_id: str) -> Customer:
        """Let a locked customer sign in again. Raises NotAllowed for anybody but a person of the shop (ACC-009)."""
        if not actor.may("agent") and not actor.may("supervisor"):
            raise NotAllowed("staff_only")
        return self._database.write(service.unlock, customer_id, actor)

    def resolve_unknown(self, older_than: timedelta = UNRESOLVED_AFTER) -> int:
        """Ask what became of deeds without an end; returns how many have one now. Run by a timer."""
        resolved = 0
        before = self._database.clock() - older_than
        for proposal in self._database.read(account_service.unresolved, before):
            try:
                outcome = self._accounts.outcome(proposal.id)
            except AccountUnreachable:
                log.warning("accounts.still_unknown", proposal=proposal.id)
                continue
            if outcome is not None:
                self._database.write(account_service.finish_done, proposal.id, outcome, self._journal)
            else:
                self._fail(proposal, "not_carried_out")
            resolved += 1
        return resolved

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _perform(self, proposal: AccountProposal, language: str) -> AccountProposal:
        failpoint("accounts.confirm.reserved")
        deed = DEED.validate_python(proposal.request)
        try:
            done = self._accounts.perform(
                deed,
                proposal.customer_id,
                visitor_id=proposal.visitor_id,
                language=language,
                key=proposal.id,
            )
        except AccountRefused as refusal:
            return self._fail(proposal, refusal.code)
        except AccountUnreachable:
            log.warning("accounts.unknown", proposal=proposal.id)
            return self._database.write(account_service.finish_unknown, proposal.id)
        failpoint("accounts.confirm.performed")
        return self._database.write(account_service.finish_done, proposal.id, done, self._journal)

    def _fail(self, proposal: AccountProposal, code: str) -> AccountProposal:
        return self._database.write(account_service.finish_failed, proposal.id, code, self._journal)

    def _need(self, actor: Actor, deed: AccountDeedName) -> None:
        needed = self._rungs[deed]
        if actor.rung < needed:
            raise SignInNeeded(rung=int(needed))

    def _owner(self, actor: Actor) -> str | None:
        """Whose account: the signed-in customer's, or the one behind the order that a guest has proved."""
        if actor.customer_id is not None and actor.rung >= Rung.SIGNED_IN:
            return actor.customer_id
        owners = {self._owner_of_order(number) for number in actor.order_numbers}
        return owners.pop() if len(owners) == 1 and actor.rung >= Rung.ORDER else None

    def _objections(self, deed: AccountDeed, owner: str | None) -> list[str]:
        if not self.can(deed.deed):
            return ["on_account_page"]
        if owner is None:
            named = deed.deed in FOR_ANYBODY and bool(getattr(deed, "email", ""))
            return [] if named else ["no_account_named"]
        customer = self._database.read(queries.find, owner)
        if customer is None:
            return ["no_account_named"]
        if customer.locked_at is not None:
            return ["already_locked" if deed.deed == "lock_account" else "account_locked"]
        return []
