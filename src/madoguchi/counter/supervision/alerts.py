"""The verbs of alerts: looked for in rounds, raised once, acknowledged by somebody, ended by themselves. None commits.

What comes back within a few minutes is the same alert as before: a queue that dances around its target rings once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.supervision import facts as gathering
from madoguchi.counter.supervision.conditions import DELIVERED, amiss, delivered_rule
from madoguchi.counter.supervision.facts import Elsewhere
from madoguchi.counter.supervision.model import KINDS, Alert, AlertKind, AlertRule, Signal, alert, alert_rule
from madoguchi.engine import audit, outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

TOPIC = "alerts"  # wake-up: something was raised, acknowledged or ended
MAIL = "mail.alert"  # errand: {"alert_id"}
RAISED, ENDED = "alert.raised", "alert.ended"  # what webhooks may listen to
HOOKS = (RAISED, ENDED)
SAME_WITHIN = timedelta(minutes=10)
_NOTHING = Elsewhere()


def rules_of(tx: Transaction) -> dict[AlertKind, AlertRule]:
    """Every rule as it holds now."""
    own = {row.kind: row for row in tx.all(select(alert_rule))}
    return {
        kind: AlertRule(kind, own[kind].active, own[kind].threshold, own[kind].by_mail)
        if kind in own
        else delivered_rule(kind)
        for kind in KINDS
    }


def set_rule(tx: Transaction, rule: AlertRule, by: Actor) -> None:
    """Raises Invalid("threshold") for one that the kind cannot have."""
    bounds = DELIVERED[rule.kind]
    if not bounds.low <= rule.threshold <= bounds.high:
        raise Invalid("threshold", field=f"threshold-{rule.kind}", low=bounds.low, high=bounds.high)
    tx.lock("alerts")
    before = rules_of(tx)[rule.kind]
    if before == rule:
        return
    values = {"active": rule.active, "threshold": rule.threshold, "by_mail": rule.by_mail}
    changed = tx.execute(
        update(alert_rule).where(alert_rule.c.kind == rule.kind).values(changed_at=tx.now, **values)
    )
    if not changed.rowcount:
        tx.execute(insert(alert_rule).values(kind=rule.kind, changed_at=tx.now, **values))
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action="alert_rule.changed",
        object_kind="alert_rule",
        object_id=rule.kind,
        before={"active": before.active, "threshold": before.threshold, "by_mail": before.by_mail},
        after=values,
    )


def look(tx: Transaction, rules: Rules, zone: ZoneInfo, elsewhere: Elsewhere = _NOTHING) -> list[Alert]:
    """One round: raise what is amiss and new, note how it stands, end what is over. Returns what was raised."""
    tx.lock("alerts")
    known = rules_of(tx)
    facts = gathering.gather(tx, rules, zone, elsewhere)
    found = {(s.kind, s.subject): s for s in amiss(facts, known)}
    live = {(each.kind, each.subject): each for each in open_alerts(tx)}
    for key, each in live.items():
        if key not in found:
            _end(tx, each)
        elif found[key].value != each.value:
            _set(tx, each.id, value=found[key].value)
    return [_raise(tx, signal, known[signal.kind]) for key, signal in found.items() if key not in live]


def acknowledge(tx: Transaction, alert_id: str, by: Actor) -> None:
    """Somebody looks after it. The first one counts; an alert that is over needs nobody. Raises NotFound."""
    found = get(tx, alert_id)
    if found.acknowledged_at is not None or found.ended_at is not None:
        return
    _set(tx, alert_id, acknowledged_at=tx.now, acknowledged_by=by.id)
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action="alert.acknowledged",
        object_kind="alert",
        object_id=alert_id,
        kind=found.kind,
        subject=found.subject,
    )
    tx.wake(TOPIC)


def get(tx: Transaction, alert_id: str) -> Alert:
    """Raises NotFound."""
    row = tx.first(select(alert).where(alert.c.id == alert_id))
    if row is None:
        raise NotFound("not_found")
    return Alert(**row._mapping)


def open_alerts(tx: Transaction) -> list[Alert]:
    """What is amiss now, the newest first."""
    rows = tx.all(select(alert).where(alert.c.ended_at.is_(None)).order_by(alert.c.raised_at.desc()))
    return [Alert(**row._mapping) for row in rows]


def past_alerts(tx: Transaction, *, limit: int = 50) -> list[Alert]:
    rows = tx.all(
        select(alert).where(alert.c.ended_at.is_not(None)).order_by(alert.c.ended_at.desc()).limit(limit)
    )
    return [Alert(**row._mapping) for row in rows]


def _raise(tx: Transaction, signal: Signal, rule: AlertRule) -> Alert:
    before = _just_ended(tx, signal)
    if before is not None:
        _set(tx, before.id, ended_at=None, value=signal.value)
        tx.wake(TOPIC)
        return replace(before, ended_at=None, value=signal.value)
    raised = Alert(
        id=new_id("alr"),
        kind=signal.kind,
        subject=signal.subject,
        value=signal.value,
        threshold=rule.threshold,
        raised_at=tx.now,
        acknowledged_at=None,
        acknowledged_by="",
        ended_at=None,
    )
    tx.execute(insert(alert).values(**vars(raised)))
    if rule.by_mail:
        outbox.put(tx, MAIL, {"alert_id": raised.id}, key=f"{MAIL}/{raised.id}")
    _tell_listeners(tx, raised.id, RAISED)
    tx.wake(TOPIC)
    return raised


def _just_ended(tx: Transaction, signal: Signal) -> Alert | None:
    row = tx.first(
        select(alert)
        .where(
            alert.c.kind == signal.kind,
            alert.c.subject == signal.subject,
            alert.c.ended_at > tx.now - SAME_WITHIN,
        )
        .order_by(alert.c.ended_at.desc())
        .limit(1)
    )
    return Alert(**row._mapping) if row else None


def _end(tx: Transaction, over: Alert) -> None:
    _set(tx, over.id, ended_at=tx.now)
    _tell_listeners(tx, over.id, ENDED)
    tx.wake(TOPIC)


def _tell_listeners(tx: Transaction, alert_id: str, event: str) -> None:
    """Those who asked for this kind by name; `[]` is every fact of contacts, and this is none."""
    for row in tx.all(select(webhook).where(webhook.c.active.is_(True))):
        if event in row.kinds:
            payload = {"webhook": row.id, "alert": alert_id, "event": event}
            outbox.put(tx, "webhook", payload, lane=f"webhook/{row.id}/{alert_id}")


def _set(tx: Transaction, alert_id: str, **values: object) -> None:
    tx.execute(update(alert).where(alert.c.id == alert_id).values(**values))
