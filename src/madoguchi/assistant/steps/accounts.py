"""Doing something to an account: propose, show, ask, do once, tell; or the shop's account page where it is done there.

As with orders, the proposal's id is a recorded answer, a yes counts for this proposal only, and the confirmation's
key is made of contact and proposal.
"""

from __future__ import annotations

from madoguchi.assistant.questions import yes_no
from madoguchi.assistant.steps.identity import prove
from madoguchi.assistant.talk import Outcome, StartOver, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.customers.account_deeds import AccountDeed, AccountDeedName
from madoguchi.counter.customers.account_model import AccountProposal
from madoguchi.counter.customers.account_wording import account_reason, account_view
from madoguchi.counter.problems import Conflict, SignInNeeded

_FINISHED = ("done", "failed", "unknown", "executing")
_OUTCOMES: dict[AccountDeedName, str] = {
    "lock_account": "lock_account",
    "sign_out_everywhere": "lock_account",
    "reset_password": "reset_password",
    "resend_code": "resend_code",
    "change_default_address": "change_address",
}


async def settle_account(talk: Talk, deed: AccountDeed, *, again_from: str = "") -> Outcome:
    """The whole way of a deed, whatever comes of it; on the account page where this counter cannot do it."""
    if not talk.scene.accounts.can(deed.deed):
        return show_account_page(talk)
    if not talk.may_act(deed.deed):
        return talk.hand_over("configured")
    await prove_for_account(talk, deed.deed)
    proposal = propose_account(talk, deed)
    if proposal.state == "refused":
        return refused(talk, proposal)
    if not await confirm_account(talk, proposal, again_from):
        withdraw_account(talk, proposal)
        talk.say("nothing.changed")
        return Outcome("nothing", "declined")
    return carry_out_account(talk, proposal, again_from)


async def prove_for_account(talk: Talk, deed: AccountDeedName) -> None:
    """The rung that the policy asks for; deeds for anybody ask nothing."""
    needed = talk.scene.accounts.rung(deed)
    if needed > Rung.VISITOR:
        await prove(talk, needed)


def has_proved(talk: Talk, deed: AccountDeedName) -> bool:
    return talk.scene.contact.rung >= talk.scene.accounts.rung(deed)


def propose_account(talk: Talk, deed: AccountDeed) -> AccountProposal:
    """Kept once per run; a replay reads it again."""
    desk, scene = talk.scene.accounts, talk.scene
    known = talk.noted(
        f"proposal_{deed.deed}",
        lambda: (
            desk.propose(
                scene.actor, deed, contact_id=scene.contact.id, visitor_id=scene.contact.visitor_id
            ).id
        ),
    )
    return desk.proposal(scene.actor, known, contact_id=scene.contact.id)


async def confirm_account(talk: Talk, proposal: AccountProposal, again_from: str = "") -> bool:
    """Show what will happen and ask. Only a yes to this proposal counts."""
    if proposal.state in _FINISHED:
        return True
    if proposal.state in ("expired", "withdrawn") or talk.scene.now > proposal.expires_at:
        raise StartOver(again_from or f"proposal_{proposal.deed}", "deed.outdated")
    view = account_view(proposal, talk.scene.customer, talk.language, talk.scene.zone)
    question = yes_no(
        f"confirm_{proposal.id}",
        talk.words("account.confirm"),
        view["confirm_label"],
        talk.words("button.not_now"),
        rephrased=talk.words("deed.confirm_again", label=view["confirm_label"]),
        proposal_id=proposal.id,
        card={"kind": "proposal", **view, "asked": True},
    )
    talk.has_tried("proposed", deed=view["title"])
    return bool(await talk.ask(question) == "yes")


def carry_out_account(talk: Talk, proposal: AccountProposal, again_from: str = "") -> Outcome:
    """Confirm it at the account desk and tell what came of it."""
    scene = talk.scene
    try:
        done = scene.accounts.confirm(
            scene.actor, proposal.id, f"{scene.contact.id}:{proposal.id}", contact_id=scene.contact.id
        )
    except Conflict as conflict:
        raise StartOver(again_from or f"proposal_{proposal.deed}", "deed.outdated") from conflict
    except SignInNeeded as missing:
        raise StartOver(f"confirm_{proposal.id}", "identity.lost") from missing
    view = account_view(done, scene.customer, talk.language, scene.zone)
    if done.state == "done":
        talk.say("account.done", deed=view["title"])
        talk.show({"kind": "receipt", **view})
        talk.has_tried("account_deed", deed=view["title"])
        return Outcome("action", _OUTCOMES[done.deed], ask_solved=True)
    if done.state == "failed":
        talk.tell((view["receipt"] or {}).get("text", ""))
        talk.say("deed.failed")
        return talk.hand_over("tool_failed")
    talk.say("deed.unknown")
    return Outcome("action", "unknown")


def withdraw_account(talk: Talk, proposal: AccountProposal) -> None:
    talk.scene.accounts.withdraw(talk.scene.actor, proposal.id, contact_id=talk.scene.contact.id)


def refused(talk: Talk, proposal: AccountProposal) -> Outcome:
    """Say why not; a locked account is for a person, what is done elsewhere leads there."""
    if "on_account_page" in proposal.reasons:
        return show_account_page(talk)
    for code in proposal.reasons:
        talk.tell(account_reason(code, talk.language))
    if "already_locked" in proposal.reasons:
        return Outcome("nothing", "refused")
    return talk.hand_over("policy")


def show_account_page(talk: Talk) -> Outcome:
    """Where the account is kept by the shop itself."""
    if not account_page(talk):
        return talk.hand_over("cannot_solve")
    talk.say("account.on_page")
    return Outcome("other_channel", "account_page", ask_solved=True)


def account_page(talk: Talk) -> bool:
    """Show the card of the shop's account page; False where the shop has named none."""
    url = talk.scene.settings.shop.account_url
    if not url:
        return False
    title = talk.words("security.page")
    talk.show({"kind": "link", "title": title, "url": url})
    talk.has_tried("linked", page=title)
    return True
