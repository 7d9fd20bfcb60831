"""What comes first when an account or a card is in danger: advice, one tap that locks, and the security desk at once."""

from __future__ import annotations

from madoguchi.assistant.answers import says
from madoguchi.assistant.questions import Heard, Option, Question, says_yes_to
from madoguchi.assistant.steps.accounts import (
    account_page,
    carry_out_account,
    has_proved,
    propose_account,
    withdraw_account,
)
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.understanding.wishes import resolution
from madoguchi.assistant.wording import moment_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.customers.account_deeds import LockAccount
from madoguchi.counter.customers.account_wording import account_view

EMERGENCY = 1
_TELLING, _LONGEST = 12, 200  # characters from which words tell what happened; longest that is kept as a fact


async def offer_lock(talk: Talk) -> None:
    """One tap locks the account and ends all its sessions; whatever else is answered leads straight to a person.

    Only for whoever has proved enough already: in an emergency nobody is sent away to prove more.
    """
    if not talk.scene.accounts.can("lock_account"):
        account_page(talk)
        return
    if not has_proved(talk, "lock_account"):
        talk.say("protect.prove")
        talk.show({"kind": "sign_in", "rung": int(Rung.SIGNED_IN), "order_number": ""})
        return
    proposal = propose_account(talk, LockAccount())
    if proposal.state == "refused":
        talk.say("protect.locked_already")
        return
    view = account_view(proposal, talk.scene.customer, talk.language, talk.scene.zone)

    def read(heard: Heard, direct: bool) -> str | None:
        if not direct or not heard.text.strip():
            return None
        lock = talk.words("button.lock")
        agrees = (
            heard.understanding.answer == "yes" or says_yes_to(heard.folded, lock) or _asks_for_lock(heard)
        )
        return "yes" if agrees else "no"

    question = Question(
        f"confirm_{proposal.id}",
        talk.words("protect.lock"),
        (Option("yes", talk.words("button.lock")), Option("no", talk.words("button.no_lock"))),
        read=read,
        early=False,
        proposal_id=proposal.id,
        card={"kind": "proposal", **view, "asked": True},
    )
    finished = proposal.state not in ("offered", "expired", "withdrawn")
    if finished or await talk.ask(question) == "yes":
        carry_out_account(talk, proposal)
    else:
        withdraw_account(talk, proposal)


def _asks_for_lock(heard: Heard) -> bool:
    return bool(
        says("protect.lock").search(heard.folded) and not says("protect.no_lock").search(heard.folded)
    )


def to_security(talk: Talk) -> Outcome:
    """The security desk, first in line, with what it will want to know (ACC-002, ACC-010, HND-011)."""
    talk.has_tried("protected")
    _gather(talk)
    talk.fact("sign_ins", "; ".join(sign_in_lines(talk, limit=3)))
    talk.tell(promise_text(talk.kind, talk.language, talk.scene.segments))
    return talk.hand_over("emergency", queue="security", priority=EMERGENCY)


def _gather(talk: Talk) -> None:
    """When, what, and what is wished: kept as said; the rest is asked once and holds nobody up (ACC-010)."""
    own = [heard for heard in talk.said if not heard.key and heard.text.strip()]
    days = [day.isoformat() for heard in own for day in heard.understanding.entities.dates]
    told = max((heard.text.strip() for heard in own), key=len, default="")
    wish = next(filter(None, (resolution(heard.text) for heard in own)), "")
    found = {
        "incident_time": days[0] if days else "",
        "incident_content": told[:_LONGEST] if len(told) >= _TELLING else "",
        "wish": talk.words(f"wish.{wish}") if wish else "",
    }
    for name, value in found.items():
        talk.fact(name, value)
    missing = [talk.words(f"gather.{name}") for name, value in found.items() if not value]
    if missing:
        talk.say("gather.ask", what="\n".join(f"・{line}" for line in missing))


def telephone(talk: Talk) -> None:
    shop = talk.scene.settings.shop
    if shop.phone:
        talk.say("security.phone", phone=shop.phone, hours=talk.scene.phone_hours())


def sign_in_lines(talk: Talk, *, limit: int) -> list[str]:
    """The newest sign-ins in words; nothing for whoever has not signed in, or where they are kept elsewhere."""
    scene = talk.scene
    if scene.contact.customer_id is None or scene.contact.rung < Rung.SIGNED_IN:
        return []
    lines = []
    for found in scene.accounts.sign_ins(scene.actor, limit=limit) or ():
        at = moment_text(found.at.astimezone(scene.zone), talk.language)
        known = " / ".join(filter(None, (found.device, found.place)))
        lines.append(f"{at} {known or talk.words('login.device_unknown')}")
    return lines
