"""OpenDocument and Office documents: archives, looked into without unpacking them."""

import zipfile
from io import BytesIO
from typing import Final

from echange.media.refusals import FileRefused

# A directory of the archive's size could name hundreds of thousands of files, to no end but our time.
MOST_ENTRIES: Final = 5_000
# What it unfolds to on a neighbour's device, in bytes; we unfold two small files of it at most.
MOST_UNFOLDED: Final = 300 * 1024 * 1024
LONGEST_READ: Final = 1024 * 1024
_ENTRY: Final = b"PK\x01\x02"
# ODF 1.3, part 2, 3.3: the type stands in the first file, uncompressed.
_OPENDOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
# ECMA-376, part 2: [Content_Types].xml names the type of the main part.
_OFFICE: Final = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
# Where programmes live: OpenDocument's Basic and scripts; Visual Basic, ActiveX and packed files of Office.
_PROGRAMMES: Final = ("basic/", "scripts/", "vbaproject", "vbadata", "activex", "macrosheets/", "oleobject")


def kind_of_office(data: bytes) -> str:
    """Which of odt, ods, odp, docx, xlsx, pptx an archive is; raises FileRefused for none, and for macros."""
    if data.count(_ENTRY) > MOST_ENTRIES:
        raise FileRefused("not_taken")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _kind(archive)
    except FileRefused:
        raise
    except Exception as error:  # Hostile archives raise nearly anything: each means the same here.
        raise FileRefused("broken") from error


def _kind(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNFOLDED:
        raise FileRefused("not_taken")
    if any(place in entry.filename.lower() for entry in entries for place in _PROGRAMMES):
        raise FileRefused("has_macros")
    names = {entry.filename for entry in entries}
    if "mimetype" in names:
        kind = _OPENDOCUMENT.get(_read(archive, "mimetype").strip())
    elif "[Content_Types].xml" in names:
        kind = _office(_read(archive, "[Content_Types].xml"))
    else:
        kind = None
    if kind is None:
        raise FileRefused("not_taken")
    return kind


def _office(types: bytes) -> str | None:
    if b"macroenabled" in types.lower():
        raise FileRefused("has_macros")
    return next((kind for name, kind in _OFFICE.items() if b'"' + name + b'"' in types), None)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(LONGEST_READ)
