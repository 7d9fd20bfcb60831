"""What the written policy says to a deed on an order: `decide` and `possible`. Pure, and never raises.

`Decision.effects` says in order what will happen, `refund_parts` where money goes; connectors carry out exactly
that. before_shipment: cancel, address, lines, payment. coming_back: return, exchange. not_arrived: reship, refund
of what is missing or was charged twice. guarantee: what a granted claim pays. Requirements RET-001 to RET-017, ORD-004 to ORD-018, PAY-003, PAY-009 to
PAY-013.
"""

from madoguchi.counter.orders.policy.outlook import possible, possible_by_line
from madoguchi.counter.orders.policy.verdict import decide

__all__ = ["decide", "possible", "possible_by_line"]
