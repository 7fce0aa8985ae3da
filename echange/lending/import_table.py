"""A list of equipment as somebody sends it: which encoding, which separator, which columns."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from echange.http import Refusal
from echange.i18n import mark

MOST_LINES: Final = 5000
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 4000
_SEPARATORS: Final = ";,\t"


class NotASheet(Refusal):
    status = 422
    code = "not_a_sheet"
    sentence = mark(
        "Ce fichier n’est pas un tableau CSV que nous savons lire. Dans votre tableur, choisissez "
        "« Enregistrer sous », puis « CSV »."
    )


class TooManyLines(Refusal):
    status = 422
    code = "too_many_lines"
    sentence = mark("Ce tableau a plus de {most} lignes : envoyez-le en plusieurs fois.")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` with their line number in the file, 1 being the first line; as many cells as `heads`."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def text_of(data: bytes) -> str:
    """The words of a file: UTF-8, else what French spreadsheets wrote before it. Raises NotASheet."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotASheet


def read_table(text: str) -> Table:
    """The table in it. Raises NotASheet, TooManyLines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    rows: list[tuple[int, tuple[str, ...]]] = []
    heads: tuple[str, ...] | None = None
    try:
        for cells in reader:
            told = tuple(_shown(cell) for cell in cells)
            if not any(told):
                continue
            if heads is None:
                heads = told
                continue
            if len(rows) == MOST_LINES:
                raise TooManyLines(most=MOST_LINES)
            width = len(heads)
            rows.append((reader.line_num, (*told[:width], *[""] * (width - len(told)))))
    except csv.Error as error:
        raise NotASheet from error
    if heads is None or not 1 <= len(heads) <= MOST_COLUMNS:
        raise NotASheet
    return Table(heads, tuple(rows))


def _separator(text: str) -> str:
    """Whatever the first line that says something has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _shown(cell: str) -> str:
    """Words without what cannot be seen or stored, on one line."""
    words = "".join(char if char.isprintable() else " " for char in cell[:LONGEST_CELL])
    return " ".join(words.split())
