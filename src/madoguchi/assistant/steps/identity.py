"""Who is asking: a step that needs a higher rung says so, shows the sign-in card, and goes on by itself afterwards."""

from __future__ import annotations

from madoguchi.assistant.questions import Option, Question
from madoguchi.assistant.talk import Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.orders.policy.draft import RUNGS

_NAMES = {Rung.ORDER: "order", Rung.SIGNED_IN: "signed_in", Rung.FRESH: "fresh"}


async def prove(talk: Talk, needed: Rung) -> None:
    """Go on only when the customer has proved at least `needed`; the ledger's `contact.identified` wakes the flow."""
    seen = talk.scene.contact
    name = _NAMES[max(needed, Rung.ORDER)]
    key = f"sign_in_{name}"
    if seen.rung >= needed:
        if key in talk.run.asked:
            talk.speech.clear()
        return
    known = Option("person", talk.words("button.person"))
    talk.say(f"identity.{name}")
    talk.show({"kind": "sign_in", "rung": int(needed), "order_number": seen.order_number})
    await talk.stop_at(
        Question(key, talk.words("identity.wait"), (known,), rephrased=talk.words("identity.wait_again"))
    )


async def prove_for(talk: Talk, action: str) -> None:
    """The rung that the shop's policy asks for this deed (`identity.actions`)."""
    rung = next(rung for name, rung in talk.scene.desk.rules.identity.actions.items() if name == action)
    await prove(talk, RUNGS[rung])


async def prove_to_see(talk: Talk) -> None:
    """The rung that the shop's policy asks before an order is shown (`identity.show`)."""
    await prove(talk, RUNGS[talk.scene.desk.rules.identity.show])
