"""Doing something to an order: propose, show, ask, do once, tell. The only way in which a flow changes anything.

The proposal's id is a recorded answer, so a replay never proposes again; a proposal that was stored just before a
crash is found in the ledger and used. A yes counts for this proposal only. The confirmation carries a key made of
contact and proposal, so that saying yes twice is doing it once (I5, I7).
"""

from __future__ import annotations

from dataclasses import replace

from madoguchi.assistant.answers import said
from madoguchi.assistant.questions import Option, choice, yes_no
from madoguchi.assistant.steps.identity import prove, prove_for
from madoguchi.assistant.steps.returning import tell_label
from madoguchi.assistant.steps.topics import LEAVE
from madoguchi.assistant.talk import Outcome, StartOver, Talk
from madoguchi.counter.actors import SYSTEM, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.customers.account_model import PREFIX as ACCOUNT
from madoguchi.counter.orders.actions import Action, HoldOrder
from madoguchi.counter.orders.model import Order, Proposal
from madoguchi.counter.orders.policy.unusual import UNKNOWN_TO_CUSTOMER
from madoguchi.counter.orders.wording import proposal_view, reason_text
from madoguchi.counter.problems import Conflict, NotFound, SignInNeeded

_FINISHED = ("done", "failed", "unknown", "executing", "awaiting_approval")


async def settle(talk: Talk, order: Order, action: Action, *, again_from: str = "order") -> Outcome:
    """The whole way of a deed, whatever comes of it."""
    if not talk.may_act(action.action):
        return talk.hand_over("configured")
    await prove_for(talk, action.action)
    proposal = await propose(talk, order, action)
    if proposal.state == "refused":
        return await explain(talk, proposal)
    if not await confirm(talk, order, proposal, again_from):
        withdraw(talk, proposal)
        talk.say("nothing.changed")
        return Outcome("nothing", "declined")
    return carry_out(talk, order, proposal, again_from)


async def propose(talk: Talk, order: Order, action: Action) -> Proposal:
    """Ask the policy; raises the customer's rung first where this very deed needs it."""
    key = f"proposal_{action.action}"
    desk, actor = talk.scene.desk, talk.scene.actor

    def make() -> str:
        earlier = _left_over(talk, order, action)
        made = earlier or desk.propose(actor, order.number, action, contact_id=talk.scene.contact.id)
        return made.id

    known = talk.run.answers.get(key)
    proposal = desk.proposal(actor, known if known is not None else talk.noted(key, make))
    if any(reason.code == "identity" for reason in proposal.decision.reasons):
        talk.run.answer(key, None)
        talk.recorded.append((key, None))
        await prove(talk, Rung(proposal.decision.rung))
    return proposal


async def confirm(talk: Talk, order: Order, proposal: Proposal, again_from: str) -> bool:
    """Show what will happen and ask. Only a yes to this proposal counts."""
    if proposal.state in _FINISHED:
        return True  # confirmed on its card, or by this very yes before a crash
    if proposal.state in ("expired", "withdrawn") or talk.scene.now > proposal.expires_at:
        raise StartOver(again_from, "deed.outdated")
    view = proposal_view(proposal, order, talk.language, talk.scene.desk.rules)
    if view["needs_approval"]:
        talk.say("deed.needs_person")
    question = yes_no(
        f"confirm_{proposal.id}",
        talk.words("deed.confirm"),
        view["confirm_label"],
        talk.words("button.not_now"),
        rephrased=talk.words("deed.confirm_again", label=view["confirm_label"]),
        proposal_id=proposal.id,
        card={"kind": "proposal", **view, "asked": True},
    )
    talk.has_tried("proposed", deed=view["title"])
    return bool(await talk.ask(question) == "yes")


def carry_out(talk: Talk, order: Order, proposal: Proposal, again_from: str) -> Outcome:
    """Confirm it at the order desk and tell what came of it."""
    desk, actor = talk.scene.desk, talk.scene.actor
    try:
        done = desk.confirm(actor, proposal.id, f"{talk.scene.contact.id}:{proposal.id}")
    except Conflict as conflict:
        if conflict.code == "order_busy":
            talk.say("deed.busy")
            return talk.hand_over("tool_failed")
        why = "deed.rules_changed" if conflict.code == "rules_changed" else "deed.outdated"
        raise StartOver(again_from, why) from conflict
    except SignInNeeded as missing:
        raise StartOver(f"confirm_{proposal.id}", "identity.lost") from missing
    view = proposal_view(done, order, talk.language, desk.rules)
    if done.state == "done":
        receipt = view["receipt"] or {}
        talk.say("deed.done", deed=view["title"], reference=receipt.get("reference", ""))
        talk.show({"kind": "receipt", **view})
        _show_labels(talk, done)
        return Outcome("action", done.action, ask_solved=True)
    if done.state == "awaiting_approval":
        talk.say("deed.awaits_person", deed=view["title"])
        return talk.hand_over("approval_needed", priority=3)
    if done.state == "failed" and _was_never_tried(done):
        raise StartOver(f"proposal_{done.action}", "deed.not_tried")
    if done.state == "failed":
        talk.tell((view["receipt"] or {}).get("text", ""))
        talk.say("deed.failed")
        return talk.hand_over("tool_failed")
    talk.say("deed.unknown")
    return Outcome("action", "unknown")


def _show_labels(talk: Talk, done: Proposal) -> None:
    """Goods that come back go with a label, at once (RET-011)."""
    started = [each["id"] for each in (done.receipt or {}).get("returns", [])]
    if not started:
        return
    after = talk.scene.desk.order(talk.scene.actor, done.order_number)
    for record in after.returns:
        if record.id in started:
            tell_label(talk, after, record)


async def explain(talk: Talk, proposal: Proposal) -> Outcome:
    """Why not, in the policy's words, and what would be possible instead (RET-009, RET-017)."""
    for reason in proposal.decision.reasons:
        talk.tell(reason_text(reason, talk.language))
    talk.has_tried("refused", deed=proposal_view(proposal, None, talk.language)["title"])
    instead = [name for name in proposal.decision.alternatives if f"{name}" in _FLOW_OF]
    options = [Option(f"topic {_FLOW_OF[name]}", talk.words(f"instead.{name}")) for name in instead]
    return await ways_out(talk, options, f"refused_{proposal.action}")


async def ways_out(
    talk: Talk, options: list[Option], key: str, text: str = "refused.what_next", helper: str = ""
) -> Outcome:
    """What else there is: other deeds, a person, or leaving it. `helper`: by name, who helped before and is there now."""
    offered = [
        *options,
        Option(
            "person", talk.words("button.same_person", name=helper) if helper else talk.words("button.person")
        ),
        Option(
            LEAVE,
            talk.words("button.leave"),
            named_by=said("talk.leave_it"),
        ),
    ]
    question = choice(key, talk.words(text), offered, rephrased=talk.words("refused.what_next_again"))
    chosen: str = await talk.ask(replace(question, optional=True, early=False))
    if chosen.startswith("topic "):
        return Outcome("other_flow", chosen.removeprefix("topic "))
    if chosen == "person":
        return talk.hand_over("policy")
    talk.say("nothing.left_as_is")
    return Outcome("nothing", "refused")


def _was_never_tried(done: Proposal) -> bool:
    """Something broke between the yes and the shop: the shop says that nothing happened, so it may be asked anew."""
    reasons = (done.receipt or {}).get("reasons", [])
    return any(reason.get("code") == "not_carried_out" for reason in reasons)


def withdraw(talk: Talk, proposal: Proposal) -> None:
    """Nobody wants it any more; a proposal that is gone already is none the worse."""
    try:
        talk.scene.desk.withdraw(talk.scene.actor, proposal.id)
    except (Conflict, NotFound):
        return


_FLOW_OF = {
    "return": "return_exchange_cancel.return_request",
    "exchange": "return_exchange_cancel.exchange_request",
    "cancel": "return_exchange_cancel.cancel_order",
    "refund_missing": "order_delivery.item_not_received",
}


def hold_back(talk: Talk, order: Order) -> bool:
    """Keep an order that its customer does not know, and does not cancel, in the house (ACC-021).

    It is the house's own deed: no money moves, the customer may cancel as before, and a person lets it go. False where
    it cannot be held any more.
    """

    def hold() -> bool:
        desk, contact = talk.scene.desk, talk.scene.contact
        holder = replace(SYSTEM, customer_id=contact.customer_id)
        made = desk.propose(
            holder, order.number, HoldOrder(pattern=UNKNOWN_TO_CUSTOMER), contact_id=contact.id
        )
        if made.state == "refused":
            return any(reason.code == "already_held" for reason in made.decision.reasons)
        try:
            return desk.confirm(holder, made.id, f"hold/{made.id}").state == "done"
        except Conflict:
            return False

    return bool(talk.noted("held", hold))


def _left_over(talk: Talk, order: Order, action: Action) -> Proposal | None:
    """The same proposal, stored in a turn whose words were lost."""
    known = {
        value for run in talk.scene.history.runs for value in run.answers.values() if isinstance(value, str)
    }
    wanted = action.model_dump(mode="json")
    for proposal_id, fact in talk.scene.history.proposals.items():
        open_fact = fact in (events.PROPOSED, events.CONFIRMED, events.DONE)
        if not open_fact or proposal_id in known or proposal_id.startswith(ACCOUNT):
            continue
        found = talk.scene.desk.proposal(talk.scene.actor, proposal_id)
        if found.order_number == order.number and found.request == wanted and found.actor_kind == "assistant":
            return found
    return None
