"""Cases that always need the same steps: the five of a fraud's victim (CASE-013, PHI-020), a suspected leak (PRIV-006)."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import events, queries, rows, tasks
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr

_FILE = Path(__file__).with_name("templates.toml")


class Step(BaseModel):
    """One task: who does it, and in how many hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    queue: str
    hours: int = Field(gt=0)


class Template(BaseModel):
    """`queue` and `priority`: of the case from its beginning."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    queue: str
    priority: int
    topics: tuple[str, ...] = ()
    step: tuple[Step, ...]


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    return {
        name: Template.model_validate(given)
        for name, given in tomllib.loads(_FILE.read_text("utf-8")).items()
    }


def template_of(topic: str) -> str:
    """The template that a kind of enquiry begins; empty for most."""
    return next((name for name, each in templates().items() if topic in each.topics), "")


def begin(tx: Transaction, case_id: str, name: str, by: Actor, language: str = "ja") -> list[tasks.Task]:
    """The template's steps as tasks; the case is put before its desk, and staff are told. A second time is no time.

    Raises Invalid("unknown_template").
    """
    template = templates().get(name)
    if template is None:
        raise Invalid("unknown_template", field="template")
    seen = rows.hold(tx, case_id)
    begun = [each for each in tasks.of_case(tx, case_id) if each.template == name]
    if begun:
        return begun
    for step in template.step:
        tasks.add(
            tx,
            case_id,
            step.title,
            by,
            queue=step.queue,
            due_at=tx.now + timedelta(hours=step.hours),
            template=name,
        )
    rows.change(
        tx, case_id, priority=min(seen.priority, template.priority), queue=seen.queue or template.queue
    )
    events.note(tx, case_id, "template.begun", {"template": name, "title": template.title}, by)
    _tell_staff(tx, seen, template, name, language)
    return [each for each in tasks.of_case(tx, case_id) if each.template == name]


def begin_for(tx: Transaction, case_id: str | None, topic: str, by: Actor, language: str = "ja") -> None:
    """The steps that a kind of enquiry needs, when a person takes it over; nothing for other kinds."""
    name = template_of(topic)
    if name and case_id:
        begin(tx, queries.going_on(tx, queries.get(tx, case_id)).id, name, by, language)


def _tell_staff(tx: Transaction, seen: Case, template: Template, name: str, language: str) -> None:
    found = contact_queries.of_case(tx, seen.id)
    if not found:
        return
    steps = "\n".join(
        f"{place}. {tr(language, step.title)}" for place, step in enumerate(template.step, start=1)
    )
    contacts.append(
        tx,
        found[-1].id,
        facts.NOTE,
        {"text": f"{tr(language, template.title)}\n{steps}"},
        actor=SYSTEM,
        client_key=f"template/{seen.id}/{name}",
    )
