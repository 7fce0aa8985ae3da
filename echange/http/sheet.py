"""Rows as a CSV file that a French spreadsheet opens as it is."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.responses import Response

# What a spreadsheet would compute (OWASP, CSV injection).
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet(name: str, rows: Iterable[Sequence[str | int]]) -> Response:
    """A file called `name`: UTF-8 with its mark, semicolons; texts like formulas are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def _harmless(cell: str | int) -> str | int:
    if isinstance(cell, str) and cell.lstrip().startswith(_COMPUTED):
        return f"'{cell}"
    return cell
