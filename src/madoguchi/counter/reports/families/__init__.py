"""The families of figures, in the order in which they are shown. A new family is one file here and one name below."""

from madoguchi.counter.reports.definitions import Family, Figure
from madoguchi.counter.reports.families import (
    answers,
    assistant,
    call_backs,
    costs,
    forecasts,
    outcomes,
    staff,
    volumes,
    waits,
    work,
)
from madoguchi.engine.texts import tr

FAMILIES: tuple[Family, ...] = (
    volumes.FAMILY,
    waits.FAMILY,
    answers.FAMILY,
    assistant.FAMILY,
    work.FAMILY,
    staff.FAMILY,
    call_backs.FAMILY,
    outcomes.FAMILY,
    costs.FAMILY,
    forecasts.FAMILY,
)
FIGURES: dict[str, Figure] = {figure.id: figure for family in FAMILIES for figure in family.figures}


def figure_names(language: str) -> dict[str, str]:
    """What each figure is called, by its id."""
    return {figure.id: tr(language, figure.name) for figure in FIGURES.values()}
