"""What an agent does about abuse: answer with the house's warning, or end the conversation by the house's rule."""

from __future__ import annotations

from madoguchi.channels.mail.answers import say_by_mail
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries, service
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict
from madoguchi.counter.quality import strain
from madoguchi.counter.routing import service as routing
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr


def warn(tx: Transaction, actor: Actor, contact_id: str, owner_version: int) -> None:
    """Say the warning in the customer's language, as the agent's own word. Raises Conflict("no_abuse" | "owner_changed")."""
    seen = queries.visible(tx, actor, contact_id)
    found = strain.of_contact(tx, contact_id)
    if found is None or found.kind != "abusive":
        raise Conflict("no_abuse")
    entry = service.say(
        tx,
        contact_id,
        actor=actor,
        text=tr(seen.language, strain.WARNING),
        lang=seen.language,
        client_key=f"warning/{found.last_seq}",
        owner_version=owner_version,
    )
    say_by_mail(tx, seen, entry)
    strain.warned(tx, contact_id, entry.seq)


def end(tx: Transaction, actor: Actor, contact_id: str, owner_version: int) -> Contact:
    """The contact ends, its case stays open. Raises as `strain.end_abuse`."""
    queries.visible(tx, actor, contact_id)
    ended = strain.end_abuse(tx, contact_id, actor, owner_version)
    routing.finished(tx, contact_id)
    return ended
