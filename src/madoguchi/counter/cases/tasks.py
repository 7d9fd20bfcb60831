"""What other desks have to do for a case: sub-tasks with a desk, a due time, a state and a result (CASE-013)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Column, Index, Integer, String, Table, func, insert, or_, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import events, rows
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.kit.ids import new_id

TaskState = Literal["open", "doing", "done", "dropped"]
TaskDeed = Literal["start", "finish", "drop", "reopen"]
DEEDS: tuple[TaskDeed, ...] = get_args(TaskDeed)
LEGAL: dict[tuple[TaskState, TaskDeed], TaskState] = {
    ("open", "start"): "doing",
    ("open", "finish"): "done",
    ("doing", "finish"): "done",
    ("open", "drop"): "dropped",
    ("doing", "drop"): "dropped",
    ("done", "reopen"): "open",
    ("dropped", "reopen"): "open",
}
LIVE: tuple[TaskState, ...] = ("open", "doing")
LONGEST_TITLE = 200
LONGEST_RESULT = 2000
_MOST = 100

case_task = Table(
    "case_task",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("case_id", String(60), nullable=False),
    Column("place", Integer, nullable=False),  # among the tasks of the case, from 1
    Column("template", String(40), nullable=False),  # "" for one that somebody wrote
    Column("title", String(200), nullable=False),  # of a template: an English message id
    Column("queue", String(40), nullable=False),  # the desk that does it
    Column("assignee_id", String(60), nullable=False),
    Column("due_at", Moment),
    Column("state", String(12), nullable=False),
    Column("result", String(2000), nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("updated_at", Moment, nullable=False),
    Index("ix_case_task_case", "case_id", "place"),
    Index("ix_case_task_queue", "state", "queue"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"), withheld=("result",))),
)


@dataclass(frozen=True)
class Task:
    """Columns as in the table."""

    id: str
    case_id: str
    place: int
    template: str
    title: str
    queue: str
    assignee_id: str
    due_at: datetime | None
    state: TaskState
    result: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    updated_at: datetime


def add(
    tx: Transaction,
    case_id: str,
    title: str,
    by: Actor,
    *,
    queue: str = "",
    assignee_id: str = "",
    due_at: datetime | None = None,
    template: str = "",
) -> Task:
    """Ask a desk for something. Raises Invalid, Conflict("case_merged"). Whether the desk exists is for the caller."""
    rows.hold(tx, case_id)
    words = redact(title.strip())
    if not words or len(words) > LONGEST_TITLE:
        raise Invalid("task_title", field="title", longest=LONGEST_TITLE)
    held = of_case(tx, case_id)
    if len(held) >= _MOST:
        raise Invalid("too_many_tasks", field="title", most=_MOST)
    task_id = new_id("tsk")
    tx.execute(
        insert(case_task).values(
            id=task_id,
            case_id=case_id,
            place=max((each.place for each in held), default=0) + 1,
            template=template,
            title=words,
            queue=queue,
            assignee_id=assignee_id,
            due_at=due_at,
            state="open",
            result="",
            created_by=by.id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    events.note(tx, case_id, "task.added", {"task": task_id, "title": words, "queue": queue}, by)
    rows.record(tx, by, "case.task_added", case_id, task=task_id, queue=queue)
    _ring(tx, case_id, assignee_id)
    return get(tx, task_id)


def move_on(
    tx: Transaction,
    task_id: str,
    deed: TaskDeed,
    by: Actor,
    *,
    result: str = "",
    seen: TaskState | None = None,
) -> Task:
    """Start, finish, drop or open a task again; whoever starts one that is nobody's has it.

    `seen`: the state that the actor saw. A finished or dropped one needs a result. Raises Conflict("task_state"),
    Invalid("task_result").
    """
    before = _hold(tx, task_id)
    state = LEGAL.get((before.state, deed))
    if state is None or (seen is not None and seen != before.state):
        raise Conflict("task_state", state=before.state)
    words = redact(result.strip())
    if (deed in ("finish", "drop") and not words) or len(words) > LONGEST_RESULT:
        raise Invalid("task_result", field="result", longest=LONGEST_RESULT)
    values: dict[str, Any] = {"state": state, "finished_at": None if state in LIVE else tx.now}
    if words:
        values["result"] = words
    if deed in ("start", "finish") and not before.assignee_id and by.kind == "agent":
        values["assignee_id"] = by.id
    return _set(tx, before, f"task.{state}" if deed != "reopen" else "task.reopened", by, values)


def pass_to(tx: Transaction, task_id: str, by: Actor, *, queue: str = "", assignee_id: str = "") -> Task:
    """Another desk, or one person, does it. Raises Conflict("task_state") for one that is done."""
    before = _hold(tx, task_id)
    if before.state not in LIVE:
        raise Conflict("task_state", state=before.state)
    values = {"queue": queue or before.queue, "assignee_id": assignee_id}
    return _set(tx, before, "task.passed", by, values)


def get(tx: Transaction, task_id: str) -> Task:
    """Raises NotFound."""
    row = tx.first(select(case_task).where(case_task.c.id == task_id))
    if row is None:
        raise NotFound("task_not_found")
    return Task(**row._mapping)


def of_case(tx: Transaction, case_id: str) -> list[Task]:
    query = select(case_task).where(case_task.c.case_id == case_id)
    return [Task(**row._mapping) for row in tx.all(query.order_by(case_task.c.place, case_task.c.id))]


def open_of(tx: Transaction, case_id: str) -> int:
    """How many are not done: a case with such is not solved lightly."""
    query = select(func.count()).where(case_task.c.case_id == case_id, case_task.c.state.in_(LIVE))
    return int(tx.scalar(query))


def of_desks(
    tx: Transaction, agent_id: str, queues: Sequence[str] | None, *, limit: int = 100
) -> list[tuple[Task, Case]]:
    """What an agent's desks have to do, with the case; what is due first stands first. None: every desk."""
    mine = case_task.c.assignee_id == agent_id
    free = case_task.c.assignee_id == ""
    of_desk = free if queues is None else free & case_task.c.queue.in_(["", *queues])
    query = (
        select(case_task)
        .where(case_task.c.state.in_(LIVE), or_(mine, of_desk))
        .order_by(case_task.c.due_at.is_(None), case_task.c.due_at, case_task.c.created_at)
        .limit(limit)
    )
    found = [Task(**row._mapping) for row in tx.all(query)]
    ids = {each.case_id for each in found}
    cases = {row.id: Case(**row._mapping) for row in tx.all(select(case_file).where(case_file.c.id.in_(ids)))}
    return [(each, cases[each.case_id]) for each in found if each.case_id in cases]


def move_all(tx: Transaction, from_id: str, to_id: str) -> list[str]:
    """The tasks of one case become another's; returns which."""
    moved = [each.id for each in of_case(tx, from_id)]
    move(tx, moved, from_id, to_id)
    return moved


def move(tx: Transaction, ids: Iterable[str], from_id: str, to_id: str) -> None:
    """Of these, what the one case still has becomes the other's."""
    wanted = list(ids)
    where = (case_task.c.case_id == from_id) & case_task.c.id.in_(wanted)
    if wanted:
        tx.execute(update(case_task).where(where).values(case_id=to_id))


def _hold(tx: Transaction, task_id: str) -> Task:
    row = tx.first(select(case_task).where(case_task.c.id == task_id).with_for_update())
    if row is None:
        raise NotFound("task_not_found")
    return Task(**row._mapping)


def _set(tx: Transaction, before: Task, fact: str, by: Actor, values: Mapping[str, Any]) -> Task:
    tx.execute(update(case_task).where(case_task.c.id == before.id).values(**values, updated_at=tx.now))
    after = get(tx, before.id)
    body = {"task": after.id, "title": after.title, "queue": after.queue, "result": after.result}
    events.note(tx, after.case_id, fact, body, by)
    rows.record(tx, by, f"case.{fact.replace('.', '_')}", after.case_id, task=after.id)
    _ring(tx, after.case_id, after.assignee_id)
    return after


def _ring(tx: Transaction, case_id: str, assignee_id: str) -> None:
    tx.wake("inbox", f"case:{case_id}", *([f"agent:{assignee_id}"] if assignee_id else []))
