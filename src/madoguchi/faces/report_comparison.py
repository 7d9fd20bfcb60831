"""Our own answer times beside the published ones of other shops, channel by channel (CMP-001)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from madoguchi.counter.reports import gathering, others
from madoguchi.counter.reports.gathering import Asked
from madoguchi.counter.reports.others import OtherShop
from madoguchi.engine.database import Transaction
from madoguchi.engine.report_sections import Reports
from madoguchi.engine.texts import tr
from madoguchi.faces.charts import Plot, Series
from madoguchi.faces.report_charts import Drawn
from madoguchi.faces.report_words import seconds_text
from madoguchi.faces.wording import channel_label

# Channel → the histogram that answers "how soon": a call is answered by a person, a letter or a chat by whoever is first.
_MEASURED = {"phone": ("wait",), "chat": ("assistant", "person"), "mail": ("letter",)}


def compared(tx: Transaction, asked: Asked, zone: ZoneInfo, settings: Reports, language: str) -> list[Drawn]:
    """A chart for each channel on which we or others answer: ours is what half and nine of ten waited."""
    sums = gathering.gather(tx, asked, zone)
    noted = others.others(tx)
    found = []
    for channel in others.CHANNELS:
        tally = sums.letters if channel == "mail" else sums.of(channel)
        ours = [
            (label, tally.percentile(measure, 0.5), tally.percentile(measure, 0.9))
            for measure in _MEASURED[channel]
            if tally.percentile(measure, 0.5) is not None
            for label in [_ours(measure, language)]
        ]
        theirs = [(_label(each), each.low_s, each.high_s) for each in noted if each.channel == channel]
        rows = [*ours, *(row for row in theirs if row[2] is not None)]
        if rows:
            found.append(_drawn(channel, rows, language))
    return found


def _drawn(channel: str, rows: list[tuple[str, int | None, int | None]], language: str) -> Drawn:
    title = tr(language, "{channel}: until an answer", channel=channel_label(channel, language))
    series = [
        Series(tr(language, "Half within, or from"), [row[1] for row in rows]),
        Series(tr(language, "Nine of ten within, or up to"), [row[2] for row in rows]),
    ]
    say = lambda seconds: seconds_text(seconds, language)  # noqa: E731
    told = tr(language, "Our own times are measured, those of other shops are published.")
    plot = Plot(f"others-{channel}", title, told, [row[0] for row in rows], series, say)
    return Drawn(plot, "bars", tr(language, "Shop"))


def _ours(measure: str, language: str) -> str:
    words = {"assistant": "We, by the AI assistant", "person": "We, by people"}.get(measure, "We")
    return tr(language, words)


def _label(each: OtherShop) -> str:
    return f"{each.shop} ({each.as_of[:4]})"
