"""What staff do with a case: verbs that join the rooms cases, contacts and routing, each in one transaction."""

from __future__ import annotations

from madoguchi.channels.mail.answers import say_by_mail
from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import (
    follow_ups,
    holding,
    joining,
    links,
    orders_of,
    queries,
    service,
    tasks,
    templates,
)
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.preferences import wants
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.faces.api.case_schemas import (
    CaseDetailsIn,
    CaseOrderIn,
    CaseStateIn,
    EscalateIn,
    FollowUpIn,
    LinkIn,
    MergeIn,
    SplitIn,
    TaskDeedIn,
    TaskIn,
)
from madoguchi.faces.case_states import STATE_VERBS


def change_state(tx: Transaction, actor: Actor, number: str, wish: CaseStateIn, settings: Settings) -> Case:
    """Raises Conflict("case_moved" | "open_tasks" | "case_state"): a case with open tasks is solved only knowingly."""
    seen = queries.get_for_update(tx, queries.visible(tx, actor, number).id)
    if wish.state and wish.state != seen.state:
        raise Conflict("case_moved", state=seen.state)
    if wish.deed == "resolve" and not wish.anyway:
        warn_of_tasks(tx, seen.id)
    return STATE_VERBS[wish.deed](tx, seen.id, actor, settings)


def warn_of_tasks(tx: Transaction, case_id: str) -> None:
    left = tasks.open_of(tx, case_id)
    if left:
        raise Conflict("open_tasks", left=left)


def set_details(tx: Transaction, actor: Actor, number: str, wish: CaseDetailsIn) -> Case:
    """Wish, kind, desk and owner; what is not given stays."""
    seen = queries.visible(tx, actor, number)
    if wish.queue:
        queues.get(tx, wish.queue)
    if wish.wish is not None or wish.category is not None:
        service.classify(tx, seen.id, wish=wish.wish, category=wish.category)
    if wish.owner_id is not None or wish.queue:
        owner = seen.owner_id if wish.owner_id is None else wish.owner_id
        holding.give(tx, seen.id, actor, owner_id=owner, queue=wish.queue or "")
    return queries.get(tx, seen.id)


def add_order(tx: Transaction, actor: Actor, number: str, wish: CaseOrderIn, customer_ref: str) -> Case:
    """`customer_ref`: whose order it is, as the shop says. Raises NotFound for anybody else's."""
    seen = queries.visible(tx, actor, number)
    whose = customers.by_shop_ref(tx, customer_ref)
    proved = any(wish.order_number in each.proven_orders for each in contact_queries.of_case(tx, seen.id))
    if not proved and (whose is None or whose.id != seen.customer_id):
        raise NotFound("order_not_found")
    return orders_of.add(tx, seen.id, wish.order_number, wish.lines, actor)


def remove_order(tx: Transaction, actor: Actor, number: str, order_number: str) -> Case:
    return orders_of.remove(tx, queries.visible(tx, actor, number).id, order_number, actor)


def follow_up(tx: Transaction, actor: Actor, number: str, wish: FollowUpIn) -> Case:
    return follow_ups.follow_up(
        tx, queries.visible(tx, actor, number).id, wish.at, actor, why=wish.why.strip()
    )


def escalate(tx: Transaction, actor: Actor, number: str, wish: EscalateIn, settings: Settings) -> Case:
    """The case, and the contact that the actor holds in it, go to a senior desk or person; the customer is told so."""
    seen = queries.visible(tx, actor, number)
    queue = queues.get(tx, wish.queue or holding.SENIOR).id
    escalated = holding.escalate(tx, seen.id, wish.reason, actor, queue=queue, agent_id=wish.agent_id)
    live = [each for each in contact_queries.of_case(tx, seen.id) if each.state != "ended"]
    if not live:
        return escalated
    _tell_customer(tx, live[-1])
    for each in live:
        if each.owner_kind == "agent" and each.owner_id == actor.id and each.owner_id != wish.agent_id:
            _pass_on(tx, actor, each, queue, wish, settings)
    return queries.get(tx, seen.id)


def merge(tx: Transaction, actor: Actor, number: str, wish: MergeIn) -> Case:
    """The case of this very number goes on in the other."""
    seen = queries.visible(tx, actor, number)
    return joining.merge(tx, seen.id, queries.visible(tx, actor, wish.into).id, actor)


def unmerge(tx: Transaction, actor: Actor, number: str) -> Case:
    """The number is that of the case that was merged away."""
    queries.visible(tx, actor, number)
    merged = queries.exactly(tx, number)
    assert merged is not None
    return joining.undo(tx, merged.id, actor)


def split(tx: Transaction, actor: Actor, number: str, wish: SplitIn) -> Case:
    seen = queries.visible(tx, actor, number)
    return joining.split(tx, seen.id, wish.contacts, actor, category=wish.category)


def link(tx: Transaction, actor: Actor, number: str, wish: LinkIn) -> Case:
    seen = queries.visible(tx, actor, number)
    links.link(tx, seen.id, queries.visible(tx, actor, wish.other).id, wish.kind, actor)
    return seen


def unlink(tx: Transaction, actor: Actor, number: str, other: str) -> Case:
    seen = queries.visible(tx, actor, number)
    links.unlink(tx, seen.id, queries.visible(tx, actor, other).id, actor)
    return seen


def add_task(tx: Transaction, actor: Actor, number: str, wish: TaskIn) -> Case:
    """One task, or all of a template."""
    seen = queries.visible(tx, actor, number)
    if wish.template:
        templates.begin(tx, seen.id, wish.template, actor, actor.language)
        return queries.get(tx, seen.id)
    if wish.queue:
        queues.get(tx, wish.queue)
    if wish.assignee_id:
        holding.require_staff(tx, wish.assignee_id)
    tasks.add(
        tx,
        seen.id,
        wish.title,
        actor,
        queue=wish.queue,
        assignee_id=wish.assignee_id,
        due_at=wish.due_at,
    )
    return seen


def move_task(tx: Transaction, actor: Actor, number: str, task_id: str, wish: TaskDeedIn) -> Case:
    seen = queries.visible(tx, actor, number)
    if tasks.get(tx, task_id).case_id != seen.id:
        raise NotFound("task_not_found")
    if wish.deed != "pass":
        tasks.move_on(tx, task_id, wish.deed, actor, result=wish.result, seen=wish.state)
        return seen
    if wish.queue:
        queues.get(tx, wish.queue)
    if wish.assignee_id:
        holding.require_staff(tx, wish.assignee_id)
    tasks.pass_to(tx, task_id, actor, queue=wish.queue, assignee_id=wish.assignee_id)
    return seen


def _tell_customer(tx: Transaction, newest: Contact) -> None:
    """In the contact; by mail to somebody who writes by mail and has not said no to news."""
    entry = contacts.say(
        tx,
        newest.id,
        actor=SYSTEM,
        text=tr(
            newest.language,
            "A more senior person now looks at your enquiry. You need not tell anything again.",
        ),
        lang=newest.language,
        client_key=f"escalated/{newest.last_seq}",
    )
    if wants(tx, newest.customer_id, "case_updates"):
        say_by_mail(tx, newest, entry)


def _pass_on(
    tx: Transaction, actor: Actor, held: Contact, queue: str, wish: EscalateIn, settings: Settings
) -> None:
    if wish.agent_id:
        routing.transfer_to_agent(
            tx,
            held.id,
            wish.agent_id,
            Rules.of(settings),
            actor=actor,
            owner_version=held.owner_version,
            note=wish.reason,
        )
        return
    routing.transfer_to_queue(
        tx, held.id, queue, actor=actor, owner_version=held.owner_version, note=wish.reason
    )
