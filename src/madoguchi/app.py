"""The composition root: the only module that knows every other."""

from __future__ import annotations

import madoguchi.counter.cases.model
import madoguchi.counter.contacts.model
import madoguchi.counter.customers.model
import madoguchi.counter.orders.model
import madoguchi.counter.routing.model
import madoguchi.counter.team.model
import madoguchi.engine.audit
import madoguchi.engine.outbox
import madoguchi.engine.sessions  # noqa: F401
from madoguchi.engine.schema import metadata

__all__ = ["metadata"]
