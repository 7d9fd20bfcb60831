"""What was asked for the sake of privacy: a contact that its customer had erased, and a case that must be kept."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries
from madoguchi.counter.privacy import holds, service
from madoguchi.demonstration.stage import Scene
from madoguchi.engine.settings import Settings


def ask(scene: Scene, erased: Case, kept: Case, settings: Settings) -> None:
    """The erasure is due at once: the desk that carries requests out does it."""
    scene.go_to(1, 10, 50)
    until = scene.present + timedelta(days=90)
    reason = "警察への被害届に必要な記録のため。"
    holds.set_hold(scene.tx, scene.staff("yamada"), case=kept.label, reason=reason, until=until)
    scene.go_to(1, 21)
    customer = scene.customer("C1009")
    contact = queries.of_case(scene.tx, erased.id)[0]
    wish = service.ask(scene.tx, customer, "contact", contact_id=contact.id)
    service.confirm(scene.tx, customer, wish.id, settings.privacy)
