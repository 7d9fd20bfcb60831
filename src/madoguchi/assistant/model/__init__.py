"""The language model as a colleague without authority: it reads, words, drafts; rules decide, and never wait for it.

Whatever it says is checked by code that trusts none of it, and thrown away where it does not hold; the deterministic
way is always there. It has no tools, sees no more than the customer's rung allows, and costs no more than its budget.
"""

from madoguchi.assistant.model.agent_help import Written, suggestion, summary, translation, visible_orders
from madoguchi.assistant.model.answers import Answer, Passage, answer
from madoguchi.assistant.model.colleague import Colleague, Sitting

__all__ = [
    "Answer",
    "Colleague",
    "Passage",
    "Sitting",
    "Written",
    "answer",
    "suggestion",
    "summary",
    "translation",
    "visible_orders",
]
