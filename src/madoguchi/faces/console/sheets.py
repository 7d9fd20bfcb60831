"""A table for a spreadsheet: CSV that opens as UTF-8 and in which no cell can be a formula (S-19)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.rendering import page_headers

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(visit: Visit, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """`name`: of the file, without its ending."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([_plain(value) for value in row] for row in rows)
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
