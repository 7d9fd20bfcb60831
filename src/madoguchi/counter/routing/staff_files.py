"""Staff as a CSV file: a line for each account, by its sign-in name. Accounts that a file does not name stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from madoguchi.counter.actors import Actor, Role
from madoguchi.counter.problems import Invalid
from madoguchi.counter.routing import staffing
from madoguchi.counter.routing.staffing import HIGHEST, Member
from madoguchi.counter.team import queries, service
from madoguchi.counter.team.policy import ROLES
from madoguchi.engine.database import Transaction
from madoguchi.kit.sheets import Change, Fault, Line, differences

HEADINGS = (
    "login",
    "name",
    "display_name",
    "roles",
    "languages",
    "queues",
    "capacity",
    "profile",
    "active",
)


@dataclass(frozen=True)
class Wanted:
    """An account as the file has it; `agent_id` "" for a new one."""

    line: int
    member: Member
    agent_id: str = ""


class _CellFault(ValueError):
    def __init__(self, column: str, code: str, **params: object) -> None:
        self.column, self.code, self.params = column, code, params
        super().__init__(code)


def rows(tx: Transaction) -> list[list[str]]:
    """Every member of staff, below `HEADINGS`; sellers' accounts are theirs and left out."""
    members = [Member.of(each) for each in queries.agents(tx) if not each.seller_id]
    return [list(_told(each).values()) for each in members]


def read(tx: Transaction, lines: Sequence[Line]) -> tuple[list[Wanted], list[Fault]]:
    """What the file asks for; an empty cell leaves what is there, or takes what new accounts begin with."""
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for line in lines:
        try:
            found = _wanted(tx, line)
            if found.member.login in seen:
                raise _CellFault("login", "twice_in_file")
            seen.add(found.member.login)
            wanted.append(found)
        except _CellFault as fault:
            faults.append(Fault(line.number, fault.column, fault.code, fault.params))
        except Invalid as problem:
            params = {key: value for key, value in problem.params.items() if key != "field"}
            column = str(problem.params.get("field", ""))
            faults.append(Fault(line.number, column, problem.code, params))
    return wanted, faults


def changes(tx: Transaction, wanted: Sequence[Wanted]) -> list[Change]:
    """What would be different; accounts that stay as they are are left out."""
    found = []
    for each in wanted:
        old = Member.of(queries.get(tx, each.agent_id)) if each.agent_id else None
        before, after = differences(_told(old) if old else {}, _told(each.member))
        if before or after:
            found.append(Change(each.member.login, before, after, new=old is None))
    return found


def apply(tx: Transaction, actor: Actor, wanted: Sequence[Wanted], hashes: Mapping[str, str]) -> None:
    """Make the accounts so. `hashes`: of the first passwords of new ones, by login. Raises what staffing raises."""
    for each in wanted:
        if each.agent_id:
            found = queries.get(tx, each.agent_id)
            if Member.of(found) != each.member:
                staffing.change(tx, actor, found.id, each.member, staffing.mark_of(found))
        else:
            login = each.member.login
            staffing.hire(tx, actor, each.member, "", shortest_password=0, password_hash=hashes[login])


def _wanted(tx: Transaction, line: Line) -> Wanted:
    login = service.checked_login(line["login"])
    found = queries.by_login(tx, login)
    if found is not None and found.seller_id:
        raise _CellFault("login", "sellers_account")
    old = Member.of(found) if found else Member(login, line["name"], line["display_name"] or line["name"])
    member = Member(
        login=login,
        name=line["name"] or old.name,
        display_name=line["display_name"] or old.display_name,
        roles=_roles(line["roles"]) or old.roles,
        languages=_levels(line, "languages") or old.languages,
        queues=_levels(line, "queues") or old.queues,
        capacity=_number(line, "capacity", old.capacity),
        profile_id="" if line["profile"] == "-" else line["profile"] or old.profile_id,
        active=_yes(line, "active", otherwise=old.active),
    )
    if found is None and not line["name"]:
        raise _CellFault("name", "cell_missing")
    return Wanted(line.number, staffing.checked(tx, member), found.id if found else "")


def _roles(text: str) -> list[Role]:
    given = _words(text)
    if any(each not in ROLES for each in given):
        raise _CellFault("roles", "unknown_role", roles=", ".join(ROLES))
    return [role for role in ROLES if role in given]


def _levels(line: Line, column: str) -> dict[str, int]:
    """`ja:5 en:3`; without a figure the highest."""
    found = {}
    for word in _words(line[column]):
        skill, _, level = word.partition(":")
        if level and level not in "12345":
            raise _CellFault(column, "out_of_range", low=1, high=HIGHEST)
        found[skill] = int(level or HIGHEST)
    return found


def _number(line: Line, column: str, otherwise: int) -> int:
    text = line[column]
    if not text:
        return otherwise
    if not text.isdecimal() or not 1 <= int(text) <= 50:
        raise _CellFault(column, "out_of_range", low=1, high=50)
    return int(text)


def _yes(line: Line, column: str, *, otherwise: bool) -> bool:
    text = line[column].lower()
    if text not in ("", "yes", "no"):
        raise _CellFault(column, "yes_or_no")
    return text == "yes" if text else otherwise


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def _told(each: Member) -> dict[str, str]:
    values = (
        each.login,
        each.name,
        each.display_name,
        " ".join(each.roles),
        " ".join(f"{skill}:{level}" for skill, level in each.languages.items()),
        " ".join(f"{skill}:{level}" for skill, level in each.queues.items()),
        str(each.capacity),
        each.profile_id or "-",
        "yes" if each.active else "no",
    )
    return dict(zip(HEADINGS, values, strict=True))
