"""The people of the day: each agent as routing sees one, who is there when, and how many slots each crew has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.counter.routing.outlook import Staffing
from madoguchi.counter.routing.policy import Candidate
from madoguchi.rehearsal.day.scenario import DAY_S, Group, Scenario

_Signature = tuple[frozenset[str], frozenset[str]]  # queues and languages


@dataclass
class Crew:
    """Agents who serve the same. `slots` of those on duty now, `held` by them; `plan`: (second of the day,
    difference in slots), in order.
    """

    member: Candidate
    plan: list[tuple[int, int]]
    slots: int = 0
    held: int = 0

    def staffing(self, at_s: float) -> Staffing:
        slots, changes = self.slots, []
        for moment, difference in self.plan:
            if moment > at_s and moment < DAY_S:
                slots += difference
                changes.append((moment - at_s, slots))
        return Staffing(self.slots, max(0, self.slots - self.held), tuple(changes))


class Crews:
    """Everybody, and which crew each belongs to. `shifts`: (second, agent's number, comes or goes), in order."""

    def __init__(self, scenario: Scenario, midnight: datetime) -> None:
        self.agents: list[Candidate] = []
        self.crews: list[Crew] = []
        self.shifts: list[tuple[int, int, bool]] = []
        self._crew_of: list[int] = []
        self._in_hand: list[int] = []
        self._on_duty: list[bool] = []
        by_signature: dict[_Signature, int] = {}
        for group in scenario.groups:
            signature = (group.queues, group.languages)
            crew = by_signature.setdefault(signature, len(self.crews))
            if crew == len(self.crews):
                self.crews.append(Crew(_candidate(group, len(self.agents), midnight), []))
            for _ in range(group.number):
                self._hire(group, crew, midnight)
        self.shifts.sort(key=lambda shift: (shift[0], not shift[2], shift[1]))
        for each in self.crews:
            each.plan = _summed(each.plan)

    def comes(self, number: int) -> None:
        self._count(number, 1)

    def goes(self, number: int) -> None:
        """What is in hand is brought to its end, and takes no slot of those who are there."""
        self._count(number, -1)

    def hold(self, number: int, more: int) -> None:
        """The agent has that many more contacts in hand."""
        self._in_hand[number] += more
        if self._on_duty[number]:
            self.crews[self._crew_of[number]].held += more

    def _hire(self, group: Group, crew: int, midnight: datetime) -> None:
        number = len(self.agents)
        self.agents.append(_candidate(group, number, midnight))
        self._crew_of.append(crew)
        self._in_hand.append(0)
        self._on_duty.append(False)
        self.crews[crew].plan += [(group.start_s, group.capacity), (group.end_s, -group.capacity)]
        self.shifts += [(group.start_s, number, True), (group.end_s, number, False)]

    def _count(self, number: int, sign: int) -> None:
        crew = self.crews[self._crew_of[number]]
        crew.slots += sign * self.agents[number].capacity
        crew.held += sign * self._in_hand[number]
        self._on_duty[number] = sign > 0


def _candidate(group: Group, number: int, midnight: datetime) -> Candidate:
    """Off duty, as everybody is before the shift."""
    return Candidate(
        agent_id=f"agent_{number:06d}",
        name=f"agent_{number:06d}",
        languages=group.languages,
        queues=group.queues,
        supervisor=False,
        capacity=group.capacity,
        held=0,
        status="offline",
        since=midnight,
        present=True,
    )


def _summed(plan: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """One difference for each moment."""
    sums: dict[int, int] = {}
    for moment, difference in plan:
        sums[moment] = sums.get(moment, 0) + difference
    return sorted((moment, difference) for moment, difference in sums.items() if difference)
