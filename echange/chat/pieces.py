"""An attachment as people see it: what it is called, where it lies, and who may have it."""

from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import orjson

from echange.database import fetch_one
from echange.http import NotFound, Viewer

COLUMNS: Final = """a.id, a.name, a.kind, a.filename, a.media_type, a.bytes, a.width, a.height, a.widths,
    a.alt, a.conversation_id"""
# Whoever reads the message may have what goes with it; what is not sent yet is its sender's alone.
_FOR_READER: Final = f"""
    SELECT {COLUMNS} FROM attachment a
    JOIN conversation c ON c.id = a.conversation_id
    JOIN participant p ON p.conversation_id = c.id AND p.member_id = $3
    LEFT JOIN event e ON e.conversation_id = c.id AND e.seq = a.seq
    WHERE c.id = $1 AND a.name = $2 AND CASE
        WHEN a.seq IS NULL THEN a.member_id = $3
        ELSE NOT e.gone AND a.seq >= p.from_seq AND a.seq >= c.first_seq
            AND NOT (c.is_group AND a.member_id = ANY($4::int[])) END"""  # noqa: S608 — our own column names


@dataclass(frozen=True, slots=True)
class Piece:
    """A photo or file of a conversation.

    `name` is that of its files, `filename` what its sender calls it. A photo has a size in pixels, and
    `widths` with the smallest first.
    """

    id: int
    name: str
    kind: str
    filename: str
    media_type: str
    bytes: int
    width: int
    height: int
    widths: tuple[int, ...]
    alt: str
    conversation: int

    @property
    def url(self) -> str:
        return f"/messages/{self.conversation}/pieces/{self.name}"

    def told(self) -> dict[str, Any]:
        """What a message says of it. A photo's variants lie at `url` + "-320.webp", and so on."""
        said: dict[str, Any] = {"id": self.id, "kind": self.kind, "filename": self.filename, "url": self.url}
        if self.kind == "photo":
            shown = {"width": self.width, "height": self.height, "widths": list(self.widths), "alt": self.alt}
            return {**said, **shown}
        return {**said, "bytes": self.bytes}


def piece_of(row: asyncpg.Record) -> Piece:
    """An attachment from a row of COLUMNS."""
    return Piece(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        filename=row["filename"],
        media_type=row["media_type"],
        bytes=row["bytes"],
        width=row["width"],
        height=row["height"],
        widths=tuple(orjson.loads(row["widths"])),
        alt=row["alt"],
        conversation=row["conversation_id"],
    )


async def piece_for(viewer: Viewer, conversation_id: int, name: str) -> Piece:
    """The attachment called so; raises NotFound for whoever may not read the message that carries it."""
    row = await fetch_one(_FOR_READER, conversation_id, name, viewer.id, sorted(viewer.unseen))
    if row is None:
        raise NotFound
    return piece_of(row)
