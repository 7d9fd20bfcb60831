"""Measuring the assistant on labelled lines, offline: `madoguchi assistant evaluate`."""

from madoguchi.assistant.evaluation.lines import BadLine, Line, read_lines
from madoguchi.assistant.evaluation.measures import Judged, Measured, measure
from madoguchi.assistant.evaluation.outcomes import leading_kind, outcome_of, outcome_of_run

__all__ = [
    "BadLine",
    "Judged",
    "Line",
    "Measured",
    "leading_kind",
    "measure",
    "outcome_of",
    "outcome_of_run",
    "read_lines",
]
