"""What lies on the desks when the demonstration opens: mails that agents have taken, one whose reply waits, and a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from madoguchi.channels.form.composing import compose
from madoguchi.channels.form.model import Draft
from madoguchi.channels.form.opening import Enquiry, open_enquiry
from madoguchi.channels.mail import inbox, replies
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import holding
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.routing import service as routing
from madoguchi.demonstration.stage import Scene, moment, order_of


def lay_out(scene: Scene, mails: Mapping[str, str]) -> None:
    """`mails`: by their names. The wrong colour has waited too long already; nobody has taken it."""
    _form(scene)
    scene.go_to(1, 15)
    _take(scene, mails["gift-wrapping"], scene.staff("ito"))
    kato = scene.staff("kato")
    taken = _take(scene, mails["invoice-name"], kato)
    scene.come_back()
    replies.hold(
        scene.tx,
        taken,
        kato,
        text="前田様\n\n領収書の宛名を「前田建設株式会社」に変更いたしました。ご注文のページから受け取れます。",
        files=[],
        client_key="demo/invoice-name",
        owner_version=taken.owner_version,
        send_at=_tomorrow(scene),
        undo_seconds=0,
    )


def _form(scene: Scene) -> None:
    scene.go_to(2, 13)
    order = order_of("C1014", 1)
    draft = Draft(
        id="demo_form",
        kind="order_delivery.delivery_failed",
        order=order,
        problem="荷物が差出人に戻されてしまいました。",
        course="不在票に気づかず、保管期限を過ぎました。",
        wish="reship",
    )
    customer = scene.customer("C1014")
    text = compose(draft, "ja")
    open_enquiry(scene.tx, customer, Enquiry(draft, text, "ja", "yu.kimura@example.jp", customer.name), [])


def _take(scene: Scene, mail_id: str, agent: Actor) -> Contact:
    received = inbox.get(scene.tx, mail_id)
    if received is None or received.contact_id is None:
        raise LookupError(f"the mail {mail_id} became no contact")
    seen = queries.get(scene.tx, received.contact_id)
    taken = routing.take(scene.tx, seen.id, agent, seen.owner_version)
    holding.own(scene.tx, seen.case_id, agent)
    return taken


def _tomorrow(scene: Scene) -> datetime:
    return moment(scene.present, scene.zone, 0, 9) + timedelta(days=1)
