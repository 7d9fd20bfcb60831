"""The impersonation desk: judges what a customer was sent, and keeps what they report. It opens no address, ever."""

from __future__ import annotations

from collections.abc import Collection

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.trust import service
from madoguchi.counter.trust.model import Report
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.policy import Judgement, Known, Message, judge
from madoguchi.engine.database import Database
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings


class TrustDesk:
    """Synchronous; may be used by any number of threads."""

    def __init__(self, database: Database, keys: Keys, settings: Settings) -> None:
        self._database = database
        self._keys = keys
        self.ours = Ours.of(settings)
        self._wave = settings.trust.campaign_reports

    def check(
        self,
        message: Message,
        actor: Actor,
        *,
        email: str = "",
        orders: Collection[str] = (),
        called: bool = False,
    ) -> Judgement:
        """The verdict. `email`, `orders`: the customer's own; both count only for whoever has signed in (no oracle).
        `called`: we have just called whoever asks.
        """
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            return judge(message, self.ours, Known(called=called))

        def was_sent(text: str) -> bool:
            return bool(email) and self._database.read(
                lambda tx: service.was_sent(tx, self._keys, to=email, text=text)
            )

        return judge(message, self.ours, Known(orders=orders, was_sent=was_sent, called=called))

    def report(
        self,
        message: Message,
        judgement: Judgement,
        actor: Actor,
        *,
        contact_id: str | None = None,
        received: str = "",
    ) -> Report:
        return self._database.write(
            service.keep_report,
            message,
            judgement,
            contact_id=contact_id,
            customer_id=actor.customer_id,
            received=received,
        )

    def is_wave(self, report: Report) -> bool:
        """Many people report the same within an hour (PHI-019)."""
        return report.similar >= self._wave
