"""View models of cases: what one reader may see of a case, in that reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import (
    evidence,
    followers,
    holding,
    joining,
    links,
    listing,
    memos,
    orders_of,
    policy,
    queries,
    tasks,
    templates,
    tried,
)
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.next_steps import (
    WISH_LABELS,
    link_label,
    next_step,
    task_state_label,
    wish_label,
)
from madoguchi.counter.cases.wording import category_label, state_label
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.routing import queues
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.case_schemas import (
    CaseFileOut,
    CaseLine,
    EvidenceOut,
    LinkedOut,
    MemoOut,
    NamedOut,
    OrderOfCaseOut,
    TaskOut,
    TriedOut,
)
from madoguchi.faces.case_states import STATE_VERBS
from madoguchi.faces.views import case_out, contacts_out


def lines_out(tx: Transaction, actor: Actor, cases: Sequence[Case], language: str) -> list[CaseLine]:
    """Cases of a list."""
    names = customers.by_ids(tx, sorted({each.customer_id for each in cases if each.customer_id}))
    followed = followers.followed_by(tx, actor.id) if actor.kind == "agent" else frozenset()
    return [
        line_out(
            tx,
            actor,
            case,
            language,
            customer_name=names[case.customer_id].name if case.customer_id in names else "",
            following=case.id in followed,
        )
        for case in cases
    ]


def line_out(
    tx: Transaction,
    actor: Actor,
    case: Case,
    language: str,
    *,
    customer_name: str = "",
    following: bool = False,
) -> CaseLine:
    shown = CaseLine(
        **case_out(case, language).model_dump(),
        wish=case.wish,
        wish_label=wish_label(case.wish, language),
        next_step=next_step(case.state, language),
    )
    if actor.kind == "customer":
        return shown
    due = case.follow_up_at is not None and case.follow_up_at <= tx.now and policy.is_live(case.state)
    return shown.model_copy(
        update={
            "priority": case.priority,
            "queue": _queue(tx, case.queue, language),
            "owner": _agent(tx, case.owner_id),
            "follow_up_at": case.follow_up_at,
            "follow_up_due": due,
            "customer_name": customer_name,
            "following": following,
        }
    )


def case_file_out(tx: Transaction, actor: Actor, case: Case, language: str, zone: ZoneInfo) -> CaseFileOut:
    """A whole case for a reader. A customer's own contacts only, and nothing of the work behind the counter."""
    contacts = [each for each in contact_queries.of_case(tx, case.id) if contact_queries.may_see(actor, each)]
    customer = customers.find(tx, case.customer_id) if case.customer_id else None
    line = line_out(
        tx,
        actor,
        case,
        language,
        customer_name=customer.name if customer else "",
        following=actor.kind == "agent" and case.id in followers.followed_by(tx, actor.id),
    )
    shown = CaseFileOut(
        **line.model_dump(),
        escalated=holding.is_escalated(tx, case.id),
        joined=[each.label for each in joining.joined_into(tx, case.id)],
        orders=[
            OrderOfCaseOut(order_number=each.order_number, lines=list(each.lines))
            for each in orders_of.of_case(tx, case)
        ],
        contacts=contacts_out(tx, actor, contacts, language, timezone=zone),
        evidence=_evidence(tx, case, {each.id for each in contacts}, language),
        memos=_memos(tx, case, language),
        wishes=[NamedOut(id=wish, name=wish_label(wish, language)) for wish in WISH_LABELS],
    )
    return (
        shown
        if actor.kind == "customer"
        else shown.model_copy(update=_behind_the_counter(tx, case, language))
    )


def _behind_the_counter(tx: Transaction, case: Case, language: str) -> dict[str, object]:
    return {
        "linked": [
            LinkedOut(
                number=each.case.label,
                kind=each.kind,
                backwards=each.backwards,
                label=link_label(each.kind, each.backwards, language),
                title=category_label(each.case.category, language) or tr(language, "Enquiry"),
                state_label=state_label(each.case.state, language),
            )
            for each in links.linked(tx, case.id)
        ],
        "tasks": [task_out(tx, each, case, language) for each in tasks.of_case(tx, case.id)],
        "tried": [
            TriedOut(
                kind=each.kind,
                text=each.text,
                at=each.at,
                contact_id=each.contact_id,
                channel=each.channel,
                order_number=each.order_number,
            )
            for each in tried.of_case(tx, case, language)
        ],
        "deeds": [
            deed for deed in STATE_VERBS if policy.next_state(case.state, deed) not in (None, case.state)
        ],
        "templates": [
            NamedOut(id=name, name=tr(language, each.title)) for name, each in templates.templates().items()
        ],
    }


def task_out(tx: Transaction, task: tasks.Task, case: Case, language: str) -> TaskOut:
    deeds = [deed for deed in tasks.DEEDS if (task.state, deed) in tasks.LEGAL]
    return TaskOut(
        id=task.id,
        case_number=case.label,
        title=tr(language, task.title) if task.template else task.title,
        state=task.state,
        state_label=task_state_label(task.state, language),
        queue=_queue(tx, task.queue, language),
        assignee=_agent(tx, task.assignee_id),
        due_at=task.due_at,
        overdue=task.state in tasks.LIVE and task.due_at is not None and task.due_at < tx.now,
        result=task.result,
        finished_at=task.finished_at,
        deeds=[*deeds, "pass"] if task.state in tasks.LIVE else deeds,
    )


def own_cases(tx: Transaction, actor: Actor, limit: int) -> list[Case]:
    """What a customer may list: their own, proved by this session or by signing in."""
    found = listing.own(tx, actor.customer_id, actor.id, limit=limit)
    return [each for each in found if queries.may_see(actor, each)]


def _evidence(tx: Transaction, case: Case, contact_ids: set[str], language: str) -> list[EvidenceOut]:
    return [
        EvidenceOut(
            **{key: value for key, value in vars(each).items() if key not in ("author_kind", "author_id")},
            uploader=name_of(tx, each.author_kind, each.author_id, case, language),
            uploader_kind=each.author_kind,
            url=f"/api/v1/attachments/{each.id}",
        )
        for each in evidence.of_case(tx, case.id)
        if each.contact_id in contact_ids
    ]


def _memos(tx: Transaction, case: Case, language: str) -> list[MemoOut]:
    return [
        MemoOut(
            id=each.id,
            happened_at=each.happened_at,
            text=each.text,
            author=name_of(tx, each.author_kind, each.author_id, case, language),
            author_kind=each.author_kind,
            written_at=each.written_at,
        )
        for each in memos.of_case(tx, case.id)
    ]


def name_of(tx: Transaction, kind: str, actor_id: str, case: Case | None, language: str) -> str:
    """Who did it, as both sides may read it."""
    if kind == "agent":
        return team.display_name(tx, actor_id)
    if kind == "assistant":
        return tr(language, "AI assistant")
    if kind == "customer":
        found = customers.find(tx, case.customer_id) if case and case.customer_id else None
        return found.name if found else tr(language, "Customer (not signed in)")
    if kind == "shop":
        return tr(language, "The shop")
    return tr(language, "System")


def _queue(tx: Transaction, queue_id: str, language: str) -> NamedOut | None:
    found = queues.find(tx, queue_id) if queue_id else None
    return NamedOut(id=found.id, name=found.label(language)) if found else None


def _agent(tx: Transaction, agent_id: str) -> NamedOut | None:
    return NamedOut(id=agent_id, name=team.display_name(tx, agent_id)) if agent_id else None
