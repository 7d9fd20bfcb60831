"""What contacts cost, by channel: settings say what a contact and a minute of an agent cost, or it is unknown."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.counter.reports.definitions import Family, Figure, Sums, Value
from madoguchi.counter.reports.tally import Tally
from madoguchi.engine.report_sections import Reports


def cost_of(channel: str, tally: Tally, settings: Reports) -> float | None:
    """All contacts of a channel; None where the settings do not say what they cost."""
    each, minute = settings.cost_per_contact.get(channel), settings.cost_per_agent_minute.get(channel)
    if each is None and minute is None:
        return None
    return tally["contacts"] * (each or 0) + tally["handled_s"] / 60 * (minute or 0)


def known_costs(by_channel: Mapping[str, Tally], settings: Reports) -> dict[str, float | None]:
    return {name: cost_of(name, tally, settings) for name, tally in by_channel.items()}


def _total(sums: Sums, settings: Reports) -> Value:
    """Unknown as soon as one channel's cost is."""
    costs = known_costs(sums.by_channel, settings)
    if not costs or None in costs.values():
        return Value(None, 0)
    return Value(sum(cost or 0 for cost in costs.values()), sums.all["contacts"])


def _per_contact(sums: Sums, settings: Reports) -> Value:
    whole = _total(sums, settings)
    return Value(whole.value / whole.count if whole.value is not None and whole.count else None, whole.count)


_TOLD = "Contacts times reports.cost_per_contact, and minutes in people's hands times reports.cost_per_agent_minute, by channel. Unknown until the settings say so for every channel in use."

FAMILY = Family(
    "costs",
    "Costs",
    (
        Figure("cost", "Cost of contacts", _TOLD, "money", "QLT-007", _total, better="lower"),
        Figure("cost_per_contact", "Cost of one contact", _TOLD, "money", "QLT-007", _per_contact, better="lower"),
    ),
)  # fmt: skip
