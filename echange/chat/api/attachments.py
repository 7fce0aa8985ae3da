"""Photos and files in JSON: chosen before the message that carries them, described, put aside."""

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import uploading
from echange.chat.asking import conversation_in
from echange.chat.pieces import Piece
from echange.chat.uploading import UPLOADING
from echange.http import (
    AltForm,
    Invalid,
    Out,
    answer,
    api,
    member,
    read_alt,
    read_json,
    read_upload,
    signed_in,
)
from echange.media import FileRefused, PhotoRefused


class AttachmentOut(Out):
    """`kind` is photo or file. A photo's variants lie at `url` + "-320.webp", by `widths` in pixels."""

    id: int
    kind: str
    filename: str
    url: str
    bytes: int
    width: int
    height: int
    widths: list[int]
    alt: str


async def upload(request: Request) -> Response:
    """Multipart: `file`, and `alt` for what one sees on it."""
    conversation = await conversation_in(request)
    sent, alt = await read_upload(request), await read_alt(request)
    try:
        piece = await uploading.take(
            conversation.id,
            by=signed_in(request).id,
            data=sent.data,
            filename=sent.filename,
            store=request.app.state.attachments,
            alt=alt,
        )
    except (PhotoRefused, FileRefused) as refused:
        raise Invalid({"file": [refused.message]}) from refused
    return answer(_out(piece), 201)


async def describe(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, AltForm)
    piece = await uploading.describe(
        request.path_params["attachment"], form.alt, conversation_id=conversation.id, by=signed_in(request).id
    )
    return answer(_out(piece))


async def put_aside(request: Request) -> Response:
    conversation = await conversation_in(request)
    await uploading.put_aside(
        request.path_params["attachment"], conversation_id=conversation.id, by=signed_in(request).id
    )
    return answer(None, 204)


def _out(piece: Piece) -> AttachmentOut:
    return AttachmentOut(
        id=piece.id,
        kind=piece.kind,
        filename=piece.filename,
        url=piece.url,
        bytes=piece.bytes,
        width=piece.width,
        height=piece.height,
        widths=list(piece.widths),
        alt=piece.alt,
    )


routes = [
    api("POST", "/conversations/{id:id}/attachments", upload, who=member, upload=True, status=201,
        summary="Choisir une photo ou un fichier à envoyer (champ « file », 10 Mo au plus) ; gardé un jour",
        answer=AttachmentOut, limit=UPLOADING),
    api("PATCH", "/conversations/{id:id}/attachments/{attachment:id}", describe, who=member,
        summary="Dire ce que montre une photo pas encore envoyée", body=AltForm, answer=AttachmentOut),
    api("DELETE", "/conversations/{id:id}/attachments/{attachment:id}", put_aside, who=member,
        summary="Ne pas envoyer une pièce jointe, après tout", status=204),
]  # fmt: skip
