"""Steps that somebody has ticked on our pages, in the words in which they are handed over (HLP-014)."""

from __future__ import annotations

from collections.abc import Iterable

from madoguchi.assistant import troubleshooting
from madoguchi.assistant.troubleshooting import Tree
from madoguchi.faces.customer.recipes import check_text, recipe_for
from madoguchi.faces.customer.visit import Visit


def tried_words(visit: Visit, problem: str, guide: str, done: Iterable[str]) -> list[str]:
    """Only steps that there are: of the guide of a device, or of the problem's own checks."""
    tree = trees(visit).get(guide) if guide else None
    known = recipe_for(problem).checks
    found = []
    for step in dict.fromkeys(done):
        if tree is not None and step in tree.step:
            words = tree.step[step].tried
            found.append(words.get(visit.language) or words["en"])
        elif step in known:
            found.append(check_text(step, visit.language))
    return found


def trees(visit: Visit) -> dict[str, Tree]:
    """The guides of this shop."""
    return troubleshooting.load(visit.settings.data.folder / "troubleshooting")
