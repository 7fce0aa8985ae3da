"""Photos and files of messages: handed out to those who read them, taken in from the page's form."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.chat import uploading
from echange.chat.attaching import MOST
from echange.chat.pieces import Piece, piece_for
from echange.chat.uploading import UPLOADING, TooMuchToday
from echange.http import AltForm, Id, NotFound, member, page, read_form, signed_in
from echange.http.rates import limiter_of
from echange.http.refusals import NoRoom, TooMany
from echange.http.uploads import chosen_files, shown_name
from echange.i18n import gettext as _
from echange.media import MAX_BYTES, FileRefused, PhotoRefused, Store

# All files of a message at their heaviest, and its words.
ATTACHED_BODY: Final = MOST * MAX_BYTES + 1024 * 1024
# Nothing in it runs, wherever it is opened, and no other page frames it.
_HEADERS: Final = {
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
}


class AttachedForm(AltForm):
    """What goes with a message from the page: `pieces` chosen before, and `alt` for all of its new photos."""

    client_id: str = Field(default="", max_length=64)
    pieces: list[Id] = Field(default_factory=list, max_length=MOST)


@dataclass(frozen=True, slots=True)
class Attached:
    """What waits to go with a message, and sentences about what could not be taken."""

    pieces: list[Piece]
    complaints: list[str]

    @property
    def ids(self) -> list[int]:
        return [piece.id for piece in self.pieces]


async def attached_to(request: Request, conversation_id: int) -> Attached:
    """Take the files of the composer's form, beside those that it names already.

    A form that comes twice brings its files twice: those that went with the message are the ones.
    """
    viewer = signed_in(request)
    bound = await read_form(request, AttachedForm)
    if bound.data is None:
        return Attached([], [sentence for told in bound.errors.values() for sentence in told])
    files = chosen_files(await request.form(), "fichiers")
    named = bound.data.pieces
    sent = await uploading.sent_with(conversation_id, viewer.id, bound.data.client_id)
    if sent and len(sent) == len(files) + len(named):
        return Attached(sent, [])
    pieces = await uploading.waiting(conversation_id, viewer.id, named) if named else []
    if len(files) + len(pieces) > MOST:
        return Attached(pieces, [_("Six pièces jointes au plus par message.")])
    return await _with_files(request, conversation_id, pieces, files, bound.data.alt)


async def _with_files(
    request: Request, conversation_id: int, pieces: list[Piece], files: Sequence[UploadFile], alt: str
) -> Attached:
    complaints: list[str] = []
    for file in files:
        try:
            limiter_of(request).check(UPLOADING, request)
            pieces.append(await _take(request, conversation_id, file, alt))
        except (PhotoRefused, FileRefused) as refused:
            complaints.append(_("{name} : {reason}").format(name=shown_name(file), reason=refused.message))
        except (NoRoom, TooMany, TooMuchToday) as refusal:
            return Attached(pieces, [*complaints, refusal.title])
    return Attached(pieces, complaints)


async def _take(request: Request, conversation_id: int, file: UploadFile, alt: str) -> Piece:
    return await uploading.take(
        conversation_id,
        by=signed_in(request).id,
        data=await file.read(MAX_BYTES + 1),
        filename=file.filename or "",
        store=request.app.state.attachments,
        alt=alt,
    )


async def show_file(request: Request) -> Response:
    """GET /messages/12/pieces/ab…: a file to be kept, or a photo in its largest width."""
    piece = await _piece(request)
    if piece.kind == "photo":
        return _answer(_store(request).path(piece.name, max(piece.widths)), piece)
    return _answer(
        _store(request).file(piece.name), piece, {"content-disposition": disposition(piece.filename)}
    )


async def show_photo(request: Request) -> Response:
    """GET /messages/12/pieces/ab…-640.webp"""
    piece = await _piece(request)
    width: int = request.path_params["width"]
    if piece.kind != "photo" or width not in piece.widths:
        raise NotFound
    return _answer(_store(request).path(piece.name, width), piece)


async def _piece(request: Request) -> Piece:
    return await piece_for(signed_in(request), request.path_params["id"], request.path_params["name"])


def _store(request: Request) -> Store:
    store: Store = request.app.state.attachments
    return store


def _answer(path: Path, piece: Piece, headers: dict[str, str] | None = None) -> Response:
    if not path.is_file():
        raise NotFound
    return FileResponse(path, media_type=piece.media_type, headers={**_HEADERS, **(headers or {})})


def disposition(filename: str) -> str:
    """To be kept, not shown: RFC 6266, with plain letters for those who know no others (its appendix D)."""
    plain = "".join(char if char.isascii() and char not in '"\\%' else "_" for char in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


routes = [
    page("/messages/{id:id}/pieces/{name:word}-{width:id}.webp", show_photo, who=member),
    page("/messages/{id:id}/pieces/{name:word}", show_file, who=member),
]
