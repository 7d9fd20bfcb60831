"""Orders of the demonstration that fit a story, each given out once, so that stories do not meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

ORDINARY = [f"cus_c{number}" for number in range(2001, 2051)]  # those of the cast belong to other tests


@dataclass(frozen=True)
class Bought:
    """An order and whose it is."""

    customer_id: str
    customer: str
    number: str
    articles: int


class Shopping:
    """Finds orders as the customers themselves see them, through the public API."""

    def __init__(self, url: str, staff: httpx.Client) -> None:
        self._url = url
        self._staff = staff
        self._given: set[str] = set()
        self._orders: list[tuple[str, dict[str, Any]]] = []

    def not_shipped(self) -> Bought:
        """Paid, and can be cancelled at once."""
        return self._next(lambda order: order["state"] == "processing", "cancel")

    def returnable(self) -> Bought:
        """Delivered, one piece that may come back as the policy stands, below the limit of approvals."""
        return self._next(_is_one_returnable_piece, "return")

    def delivered(self) -> Bought:
        """Any order that has arrived."""
        return self._next(lambda order: order["state"] == "delivered")

    def _next(self, fits: Callable[[dict[str, Any]], bool], action: str = "") -> Bought:
        for customer_id, order in self._all():
            if order["number"] in self._given or not fits(order):
                continue
            name, allowed = self._looks(customer_id, order["number"])
            if action and action not in allowed:
                continue
            self._given.add(order["number"])
            return Bought(customer_id, name, order["number"], len(order["lines"]))
        raise AssertionError(f"the demonstration has no further order for {action!r}")

    def _all(self) -> list[tuple[str, dict[str, Any]]]:
        if not self._orders:
            for customer_id in ORDINARY:
                answer = self._staff.get("/orders", params={"customer_id": customer_id, "limit": 50})
                self._orders += [(customer_id, order) for order in answer.raise_for_status().json()["orders"]]
        return self._orders

    def _looks(self, customer_id: str, number: str) -> tuple[str, set[str]]:
        """Their name, and what they may do with the order."""
        with httpx.Client(base_url=f"{self._url}/api/v1", timeout=20) as http:
            visitor = http.post("/sessions/visitor", json={"language": "ja"}).raise_for_status().json()
            http.headers["Authorization"] = f"Bearer {visitor['token']}"
            session = http.post("/sessions/demo", json={"customer_id": customer_id}).raise_for_status().json()
            http.headers["Authorization"] = f"Bearer {session.get('token') or visitor['token']}"
            possible = http.get(f"/orders/{number}/possible").raise_for_status().json()
        return session["name"], {one["action"] for one in possible["actions"] if one["verdict"] == "allowed"}


def _is_one_returnable_piece(order: dict[str, Any]) -> bool:
    (line, *others) = order["lines"]
    return (
        order["state"] == "delivered"
        and not others
        and line["quantity"] == line["active"] == 1
        and order["total"] <= 9000
        and bool(order["payments"])  # what was never charged is not refunded
    )
