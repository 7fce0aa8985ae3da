"""The picture of a group, as pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.chat import picturing
from echange.chat.asking import conversation_in
from echange.chat.models import GroupPicture
from echange.chat.pages.groups import ChoosingForm, group_page, group_url
from echange.chat.refusals import SenderAway
from echange.http import Invalid, NotFound, Rate, blank, member, page, read_upload, redirect, signed_in
from echange.http.routing import PHOTO_BODY
from echange.i18n import gettext as _
from echange.media import WIDTHS, PhotoRefused, StorageFull, Store

PICTURING: Final = Rate("group pictures", burst=20, per=3600)


async def put_picture(request: Request) -> Response:
    """POST /messages/{id}/groupe/image."""
    conversation = await conversation_in(request)
    bound = blank(ChoosingForm)
    store: Store = request.app.state.store
    try:
        sent = await read_upload(request, "image", missing=_("Choisissez une photo."))
        await picturing.put_picture(conversation.id, sent.data, store, by=signed_in(request).id)
    except (PhotoRefused, StorageFull) as error:
        return await group_page(request, bound.refuse(Invalid({"image": [error.message]})), refused=True)
    except (Invalid, SenderAway) as refusal:
        return await group_page(request, bound.refuse(refusal, at="image"), refused=True)
    return redirect(request, group_url(conversation), say=_("L’image du groupe est en place."))


async def drop_picture(request: Request) -> Response:
    """POST /messages/{id}/groupe/image/retrait."""
    conversation = await conversation_in(request)
    await picturing.drop_picture(conversation.id, by=signed_in(request).id)
    return redirect(request, group_url(conversation), say=_("L’image du groupe est retirée."))


async def show_picture(request: Request) -> Response:
    """GET /messages/{id}/image-320.webp, for those who take part."""
    width: int = request.path_params["width"]
    conversation = await conversation_in(request)
    picture = await GroupPicture.get_or_none(conversation_id=conversation.id)
    if width not in WIDTHS or picture is None:
        raise NotFound
    store: Store = request.app.state.store
    path = store.path(
        picture.name, min((one for one in picture.widths if one >= width), default=picture.width)
    )
    if not path.is_file():
        raise NotFound
    # Kept for an hour by the reader alone: who may see it can change.
    return FileResponse(path, media_type="image/webp", headers={"cache-control": "private, max-age=3600"})


routes = [
    page("/messages/{id:id}/groupe/image", put_picture, who=member, methods=("POST",), limit=PICTURING,
         max_body=PHOTO_BODY),
    page("/messages/{id:id}/groupe/image/retrait", drop_picture, who=member, methods=("POST",)),
    page("/messages/{id:id}/image-{width:id}.webp", show_picture, who=member),
]  # fmt: skip
