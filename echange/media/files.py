"""A file from a stranger that is no photo: kept as it is when its content is of a kind we hand on."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from echange.media.intake import MAX_BYTES
from echange.media.names import fit_name
from echange.media.office import kind_of_office
from echange.media.refusals import FileRefused
from echange.media.store import Store

TYPES: Final = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "ics": "text/calendar",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# Writers of PDF leave a few bytes after the mark of its end (ISO 32000-1, 7.5.5 and annex H).
_PDF_END: Final = 1024
# Control characters that no text holds: all but tab, line feed, form feed, carriage return.
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# A text is told from a page, a drawing or a programme by how it begins, and by what browsers look for.
_MARKUP: Final = re.compile(
    r"\A\s*(<|#!)|<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|%)", re.IGNORECASE
)


@dataclass(frozen=True)
class StoredFile:
    """A file kept in the store under `name`; `filename` is what its sender calls it, made safe."""

    name: str
    filename: str
    media_type: str


async def take_file(data: bytes, filename: str, store: Store) -> StoredFile:
    """Keep a PDF, a text, CSV, iCalendar, OpenDocument or Office document of at most 10 MB.

    Raises FileRefused when it is none of these, StorageFull when there is no room; nothing is kept then.
    """
    return await asyncio.to_thread(_take, data, filename, store)


def _take(data: bytes, filename: str, store: Store) -> StoredFile:
    ending = _ending_of(data, filename)
    name = secrets.token_hex(16)
    store.keep_file(name, data)
    return StoredFile(name, fit_name(filename, ending), TYPES[ending])


def _ending_of(data: bytes, filename: str) -> str:
    """What the content is, by our own ending for it; raises FileRefused."""
    if not data:
        raise FileRefused("empty")
    if len(data) > MAX_BYTES:
        raise FileRefused("too_heavy")
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_PDF_END:]:
            raise FileRefused("broken")
        return "pdf"
    return kind_of_office(data) if data.startswith(b"PK") else _kind_of_text(data, filename)


def _kind_of_text(data: bytes, filename: str) -> str:
    """Only its name tells a table from a text, and a programme from either: a few endings are taken."""
    text = _decoded(data).removeprefix("\ufeff")
    if _NO_TEXT.search(text) or _MARKUP.search(text):
        raise FileRefused("not_taken")
    if text.startswith("BEGIN:VCALENDAR"):
        if not text.rstrip().endswith("END:VCALENDAR"):
            raise FileRefused("broken")
        return "ics"
    ending = PurePath(filename.strip()).suffix.lower()
    if ending not in {".txt", ".csv", ".text", ".md", ""}:
        raise FileRefused("not_taken")
    return "csv" if ending == ".csv" else "txt"


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        # What spreadsheets on Windows write; a handful of bytes mean nothing in it, and are then no text.
        return data.decode("cp1252", "replace").replace("\ufffd", "\x00")
