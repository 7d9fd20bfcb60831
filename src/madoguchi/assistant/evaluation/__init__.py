"""Measuring the assistant on labelled lines, offline: `madoguchi assistant evaluate`."""

from madoguchi.assistant.evaluation.lines import BadLine, Line, read_lines
from madoguchi.assistant.evaluation.measures import Measured, measure
from madoguchi.assistant.evaluation.outcomes import outcome_of

__all__ = ["BadLine", "Line", "Measured", "measure", "outcome_of", "read_lines"]
